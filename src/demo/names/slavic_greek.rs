//! Those who write Cyrillic, Greek, Georgian or Armenian.

use super::Culture;
use super::Order::GivenFirst;

pub const CULTURES: &[Culture] = &[
    Culture {
        language: "ru",
        share: 45,
        order: GivenFirst,
        women: "Елена/Elena, Ольга/Olga, Наталья/Natalya, Анна/Anna, Мария/Maria, Татьяна/Tatyana, Екатерина/Ekaterina,
            Ирина/Irina, Светлана/Svetlana, Юлия/Yuliya, Людмила/Lyudmila, Полина/Polina, Алёна/Alyona",
        men: "Александр/Aleksandr, Сергей/Sergey, Дмитрий/Dmitriy, Андрей/Andrey, Алексей/Aleksey, Иван/Ivan,
            Михаил/Mikhail, Николай/Nikolay, Владимир/Vladimir, Пётр/Pyotr, Фёдор/Fyodor, Юрий/Yuriy, Илья/Ilya, Артём/Artyom",
        families: "Иванов/Ivanov, Смирнов/Smirnov, Кузнецов/Kuznetsov, Попов/Popov, Васильев/Vasilyev, Петров/Petrov,
            Соколов/Sokolov, Михайлов/Mikhaylov, Новиков/Novikov, Фёдоров/Fyodorov, Морозов/Morozov, Волков/Volkov,
            Алексеев/Alekseyev, Лебедев/Lebedev, Семёнов/Semyonov, Щукин/Shchukin, Королёв/Korolyov, Чайковский/Chaykovskiy",
        families_of_women: "Иванова/Ivanova, Смирнова/Smirnova, Кузнецова/Kuznetsova, Попова/Popova, Васильева/Vasilyeva,
            Петрова/Petrova, Соколова/Sokolova, Михайлова/Mikhaylova, Новикова/Novikova, Фёдорова/Fyodorova,
            Морозова/Morozova, Волкова/Volkova, Алексеева/Alekseyeva, Лебедева/Lebedeva, Семёнова/Semyonova,
            Щукина/Shchukina, Королёва/Korolyova, Чайковская/Chaykovskaya",
        double: (2, "-"),
        places: "
            Москва | Москва | 101### | RU | Europe/Moscow | +7 495 ###-##-##
            Новосибирск | Новосибирская область | 630### | RU | Asia/Novosibirsk | +7 383 ###-##-##
            Алматы | Алматы | 050### | KZ | Asia/Almaty | +7 727 ###-##-##",
        streets: "ул. Ленина %, ул. Гагарина %, просп. Мира %, ул. Пушкина %, ул. Лесная %",
        institutions: "Городская больница № % (@), Поликлиника № % (@), Медицинский центр «@»",
    },
    Culture {
        language: "uk",
        share: 25,
        order: GivenFirst,
        women: "Олена/Olena, Наталія/Nataliia, Оксана/Oksana, Ганна/Hanna, Юлія/Yuliia, Соломія/Solomiia, Ірина/Iryna,
            Катерина/Kateryna, Євгенія/Yevheniia, Марія/Mariia, Ярослава/Yaroslava",
        men: "Олександр/Oleksandr, Сергій/Serhii, Володимир/Volodymyr, Андрій/Andrii, Тарас/Taras, Богдан/Bohdan,
            Ігор/Ihor, Євген/Yevhen, Максим/Maksym, Григорій/Hryhorii, Остап/Ostap, Юрій/Yurii",
        families: "Мельник/Melnyk, Шевченко/Shevchenko, Бойко/Boiko, Коваленко/Kovalenko, Бондаренко/Bondarenko,
            Ткаченко/Tkachenko, Кравченко/Kravchenko, Олійник/Oliinyk, Лисенко/Lysenko, Марченко/Marchenko,
            Їжакевич/Yizhakevych, Гончар/Honchar, Євтушенко/Yevtushenko, Ґудзь/Gudz, Кучеренко/Kucherenko, Щур/Shchur",
        families_of_women: "",
        double: (2, "-"),
        places: "
            Київ | Київ | 01### | UA | Europe/Kyiv | +380 44 ### ## ##
            Львів | Львівська область | 79### | UA | Europe/Kyiv | +380 32 ### ## ##
            Одеса | Одеська область | 65### | UA | Europe/Kyiv | +380 48 ### ## ##",
        streets: "вул. Шевченка %, вул. Франка %, просп. Свободи %, вул. Садова %",
        institutions: "Міська лікарня @, Клініка «@»",
    },
    Culture {
        language: "bg",
        share: 8,
        order: GivenFirst,
        women: "Мария/Mariya, Иванка/Ivanka, Елена/Elena, Йорданка/Yordanka, Десислава/Desislava, Цветелина/Tsvetelina",
        men: "Георги/Georgi, Иван/Ivan, Димитър/Dimitar, Стоян/Stoyan, Йордан/Yordan, Христо/Hristo, Щилиян/Shtiliyan",
        families: "Иванов/Ivanov, Георгиев/Georgiev, Димитров/Dimitrov, Петров/Petrov, Христов/Hristov, Тодоров/Todorov, Ангелов/Angelov",
        families_of_women: "Иванова/Ivanova, Георгиева/Georgieva, Димитрова/Dimitrova, Петрова/Petrova, Христова/Hristova, Тодорова/Todorova, Ангелова/Angelova",
        double: (4, "-"),
        places: "
            София | София-град | 10## | BG | Europe/Sofia | +359 2 ### ####
            Пловдив | Пловдив | 40## | BG | Europe/Sofia | +359 32 ### ###",
        streets: "бул. Витоша %, ул. Раковски %, ул. Шипка %",
        institutions: "Болница „@“, Медицински център @",
    },
    Culture {
        language: "sr",
        share: 10,
        order: GivenFirst,
        women: "Милица/Milica, Јелена/Jelena, Марија/Marija, Љиљана/Ljiljana, Биљана/Biljana, Ђурђица/Djurdjica, Снежана/Snezana, Анђела/Andjela",
        men: "Драган/Dragan, Милан/Milan, Никола/Nikola, Зоран/Zoran, Ђорђе/Djordje, Љубомир/Ljubomir, Ненад/Nenad, Стефан/Stefan",
        families: "Јовановић/Jovanovic, Петровић/Petrovic, Николић/Nikolic, Марковић/Markovic, Ђорђевић/Djordjevic,
            Стојановић/Stojanovic, Илић/Ilic, Станковић/Stankovic, Љубичић/Ljubicic, Његош/Njegos",
        families_of_women: "",
        double: (4, " "),
        places: "
            Београд | Београд | 110## | RS | Europe/Belgrade | +381 11 ### ####
            Ниш | Нишавски округ | 180## | RS | Europe/Belgrade | +381 18 ### ###",
        streets: "Кнеза Милоша %, Његошева %, Цара Душана %",
        institutions: "Општа болница @, Дом здравља @",
    },
    Culture {
        language: "el",
        share: 20,
        order: GivenFirst,
        women: "Μαρία/Maria, Ελένη/Eleni, Αικατερίνη/Aikaterini, Βασιλική/Vasiliki, Σοφία/Sofia, Αγγελική/Angeliki, Γεωργία/Georgia,
            Δήμητρα/Dimitra, Ιωάννα/Ioanna, Άννα/Anna, Ευαγγελία/Evangelia, Χρυσούλα/Chrysoula",
        men: "Γεώργιος/Georgios, Ιωάννης/Ioannis, Κωνσταντίνος/Konstantinos, Δημήτριος/Dimitrios, Νικόλαος/Nikolaos,
            Παναγιώτης/Panagiotis, Βασίλειος/Vasileios, Χρήστος/Christos, Αθανάσιος/Athanasios, Μιχαήλ/Michail, Άγγελος/Angelos, Θεόδωρος/Theodoros",
        families: "Παπαδόπουλος/Papadopoulos, Παππάς/Pappas, Καραγιάννης/Karagiannis, Βλάχος/Vlachos, Ιωαννίδης/Ioannidis,
            Οικονόμου/Oikonomou, Παπαγεωργίου/Papageorgiou, Μακρής/Makris, Κωνσταντινίδης/Konstantinidis,
            Δημόπουλος/Dimopoulos, Γεωργίου/Georgiou, Αλεξίου/Alexiou, Νικολάου/Nikolaou, Χατζής/Chatzis",
        families_of_women: "Παπαδοπούλου/Papadopoulou, Παππά/Pappa, Καραγιάννη/Karagianni, Βλάχου/Vlachou, Ιωαννίδου/Ioannidou,
            Οικονόμου/Oikonomou, Παπαγεωργίου/Papageorgiou, Μακρή/Makri, Κωνσταντινίδου/Konstantinidou,
            Δημοπούλου/Dimopoulou, Γεωργίου/Georgiou, Αλεξίου/Alexiou, Νικολάου/Nikolaou, Χατζή/Chatzi",
        double: (4, "-"),
        places: "
            Αθήνα | Αττική | 105 ## | GR | Europe/Athens | +30 21 #### ####
            Θεσσαλονίκη | Κεντρική Μακεδονία | 546 ## | GR | Europe/Athens | +30 231 ### ####
            Λευκωσία | Λευκωσία | 10## | CY | Asia/Nicosia | +357 22 ######",
        streets: "Ερμού %, Πανεπιστημίου %, Αγίας Σοφίας %, Ελευθερίου Βενιζέλου %",
        institutions: "Γενικό Νοσοκομείο (@), Ιατρικό Κέντρο (@)",
    },
    Culture {
        language: "ka",
        share: 8,
        order: GivenFirst,
        women: "ნინო/Nino, მარიამი/Mariam, თამარი/Tamar, ანა/Ana, ნათია/Natia, ეკატერინე/Ekaterine, მაია/Maia, სალომე/Salome",
        men: "გიორგი/Giorgi, დავითი/Davit, ლევანი/Levan, ირაკლი/Irakli, ნიკოლოზი/Nikoloz, ზურაბი/Zurab, შოთა/Shota, ვახტანგი/Vakhtang",
        families: "ბერიძე/Beridze, მაისურაძე/Maisuradze, კაპანაძე/Kapanadze, გელაშვილი/Gelashvili, ლომიძე/Lomidze,
            წიკლაური/Tsiklauri, კვარაცხელია/Kvaratskhelia, ჯაფარიძე/Japaridze, ჭავჭავაძე/Chavchavadze",
        families_of_women: "",
        double: (0, ""),
        places: "
            თბილისი | თბილისი | 01## | GE | Asia/Tbilisi | +995 32 ### ## ##
            ქუთაისი | იმერეთი | 46## | GE | Asia/Tbilisi | +995 431 ## ## ##",
        streets: "რუსთაველის გამზირი %, აღმაშენებლის გამზირი %, ჭავჭავაძის გამზირი %",
        institutions: "@ — საავადმყოფო, @ — სამედიცინო ცენტრი",
    },
    Culture {
        language: "hy",
        share: 8,
        order: GivenFirst,
        women: "Անահիտ/Anahit, Մարիամ/Mariam, Նարե/Nare, Լուսինե/Lusine, Գայանե/Gayane, Հասմիկ/Hasmik, Արփինե/Arpine, Շուշան/Shushan",
        men: "Արմեն/Armen, Տիգրան/Tigran, Հայկ/Hayk, Գեւորգ/Gevorg, Դավիթ/Davit, Վարդան/Vardan, Աշոտ/Ashot, Լեւոն/Levon",
        families: "Գրիգորյան/Grigoryan, Հարությունյան/Harutyunyan, Սարգսյան/Sargsyan, Հովհաննիսյան/Hovhannisyan,
            Պետրոսյան/Petrosyan, Խաչատրյան/Khachatryan, Վարդանյան/Vardanyan, Ղազարյան/Ghazaryan, Մկրտչյան/Mkrtchyan",
        families_of_women: "",
        double: (0, ""),
        places: "
            Երևան | Երևան | 00## | AM | Asia/Yerevan | +374 10 ## ## ##
            Գյումրի | Շիրակ | 31## | AM | Asia/Yerevan | +374 312 # ## ##",
        streets: "Աբովյան փողոց %, Մաշտոցի պողոտա %, Թումանյան փողոց %",
        institutions: "@ — հիվանդանոց, @ — բժշկական կենտրոն",
    },
];
