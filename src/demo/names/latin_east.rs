//! The east of Europe, Türkiye and Viet Nam, as far as they write Latin.

use super::Culture;
use super::Order::{FamilyFirst, GivenFirst};

pub const CULTURES: &[Culture] = &[
    Culture {
        language: "pl",
        share: 40,
        order: GivenFirst,
        women: "Anna, Katarzyna, Maria, Małgorzata/Malgorzata, Agnieszka, Barbara, Ewa, Elżbieta/Elzbieta, Zofia, Joanna,
            Łucja/Lucja, Wisława/Wislawa, Grażyna/Grazyna, Aleksandra, Bożena/Bozena, Jagoda",
        men: "Piotr, Krzysztof, Andrzej, Tomasz, Paweł/Pawel, Jan, Michał/Michal, Marcin, Stanisław/Stanislaw,
            Jerzy, Łukasz/Lukasz, Wojciech, Zbigniew, Kazimierz, Grzegorz, Rafał/Rafal",
        families: "Nowak, Kowalski, Wiśniewski/Wisniewski, Wójcik/Wojcik, Kowalczyk, Kamiński/Kaminski,
            Lewandowski, Zieliński/Zielinski, Szymański/Szymanski, Woźniak/Wozniak, Dąbrowski/Dabrowski,
            Kozłowski/Kozlowski, Jabłoński/Jablonski, Mazur, Łęcki/Lecki, Krawczyk, Piątek/Piatek, Gołąb/Golab,
            Źródłowski/Zrodlowski, Szczęsny/Szczesny",
        families_of_women: "Nowak, Kowalska, Wiśniewska/Wisniewska, Wójcik/Wojcik, Kowalczyk, Kamińska/Kaminska,
            Lewandowska, Zielińska/Zielinska, Szymańska/Szymanska, Woźniak/Wozniak, Dąbrowska/Dabrowska,
            Kozłowska/Kozlowska, Jabłońska/Jablonska, Mazur, Łęcka/Lecka, Krawczyk, Piątek/Piatek, Gołąb/Golab,
            Źródłowska/Zrodlowska, Szczęsna/Szczesna",
        double: (7, "-"),
        places: "
            Warszawa | mazowieckie | 00-### | PL | Europe/Warsaw | +48 22 ### ## ##
            Kraków | małopolskie | 31-### | PL | Europe/Warsaw | +48 12 ### ## ##
            Łódź | łódzkie | 90-### | PL | Europe/Warsaw | +48 42 ### ## ##
            Gdańsk | pomorskie | 80-### | PL | Europe/Warsaw | +48 58 ### ## ##",
        streets: "ul. Długa %, ul. Mickiewicza %, al. Jana Pawła II %, ul. Świętokrzyska %, ul. Kościuszki %",
        institutions: "Szpital Miejski @, Przychodnia Zdrowia @, Klinika Świętej Anny @",
    },
    Culture {
        language: "cs",
        share: 15,
        order: GivenFirst,
        women: "Jana, Marie, Eva, Hana, Anna, Lenka, Kateřina/Katerina, Věra/Vera, Božena/Bozena, Žofie/Zofie, Markéta/Marketa, Ludmila",
        men: "Jiří/Jiri, Jan, Petr, Josef, Pavel, Martin, Tomáš/Tomas, Zdeněk/Zdenek, Václav/Vaclav, Ondřej/Ondrej, Luboš/Lubos, Matěj/Matej",
        families: "Novák/Novak, Svoboda, Novotný/Novotny, Dvořák/Dvorak, Černý/Cerny, Procházka/Prochazka,
            Kučera/Kucera, Veselý/Vesely, Horák/Horak, Němec/Nemec, Růžička/Ruzicka, Říha/Riha, Šťastný/Stastny, Žižka/Zizka",
        families_of_women: "Nováková/Novakova, Svobodová/Svobodova, Novotná/Novotna, Dvořáková/Dvorakova,
            Černá/Cerna, Procházková/Prochazkova, Kučerová/Kucerova, Veselá/Vesela, Horáková/Horakova,
            Němcová/Nemcova, Růžičková/Ruzickova, Říhová/Rihova, Šťastná/Stastna, Žižková/Zizkova",
        double: (2, " "),
        places: "
            Praha | Praha | 110 ## | CZ | Europe/Prague | +420 2## ### ###
            Plzeň | Plzeňský kraj | 301 ## | CZ | Europe/Prague | +420 377 ### ###
            Košice | Košický kraj | 040 ## | SK | Europe/Bratislava | +421 55 ### ####",
        streets: "Nádražní %, Husova %, Školní %, náměstí Míru %",
        institutions: "Nemocnice @, Poliklinika @",
    },
    Culture {
        language: "hu",
        share: 12,
        order: FamilyFirst,
        women: "Mária/Maria, Erzsébet/Erzsebet, Katalin, Ilona, Éva/Eva, Zsuzsanna, Ágnes/Agnes, Anna, Réka/Reka, Piroska, Boglárka/Boglarka, Ildikó/Ildiko",
        men: "László/Laszlo, István/Istvan, József/Jozsef, János/Janos, Zoltán/Zoltan, Sándor/Sandor, Ferenc,
            Gábor/Gabor, Attila, Bence, Győző/Gyozo, Ödön/Odon",
        families: "Nagy, Kovács/Kovacs, Tóth/Toth, Szabó/Szabo, Horváth/Horvath, Varga, Kiss, Molnár/Molnar,
            Németh/Nemeth, Farkas, Balogh, Takács/Takacs, Juhász/Juhasz, Szűcs/Szucs, Kőszegi/Koszegi, Vörös/Voros",
        families_of_women: "",
        double: (0, ""),
        places: "
            Budapest | Budapest | 10## | HU | Europe/Budapest | +36 1 ### ####
            Győr | Győr-Moson-Sopron | 902# | HU | Europe/Budapest | +36 96 ### ###",
        streets: "Kossuth Lajos utca %, Petőfi utca %, Fő tér %, Rákóczi út %",
        institutions: "@i Kórház, @i Rendelőintézet",
    },
    Culture {
        language: "ro",
        share: 15,
        order: GivenFirst,
        women: "Maria, Elena, Ana, Ioana, Ștefania/Stefania, Mihaela, Cristina, Andreea, Rodica, Viorica, Mărioara/Marioara, Smaranda",
        men: "Ion, Gheorghe, Andrei, Alexandru, Ștefan/Stefan, Mihai, Vasile, Constantin, Răzvan/Razvan, Bogdan, Cătălin/Catalin, Ilie",
        families: "Popa, Popescu, Ionescu, Radu, Dumitru, Stan, Stoica, Gheorghe, Matei, Ciobanu, Rusu, Șerban/Serban,
            Țurcanu/Turcanu, Brâncuși/Brancusi, Mănescu/Manescu, Bălan/Balan",
        families_of_women: "",
        double: (4, "-"),
        places: "
            București | București | 01#### | RO | Europe/Bucharest | +40 21 ### ####
            Iași | Iași | 70#### | RO | Europe/Bucharest | +40 232 ### ###
            Chișinău | Chișinău | MD-20## | MD | Europe/Chisinau | +373 22 ### ###",
        streets: "Strada Mihai Eminescu %, Bulevardul Unirii %, Strada Ștefan cel Mare %",
        institutions: "Spitalul Județean @, Clinica Sfânta Maria @",
    },
    Culture {
        language: "lt",
        share: 6,
        order: GivenFirst,
        women: "Ona, Rasa, Eglė/Egle, Jūratė/Jurate, Živilė/Zivile, Gabija, Ugnė/Ugne, Aušra/Ausra",
        men: "Jonas, Vytautas, Žilvinas/Zilvinas, Mindaugas, Gediminas, Šarūnas/Sarunas, Ąžuolas/Azuolas, Tomas",
        families: "Kazlauskas, Petrauskas, Žukauskas/Zukauskas, Stankevičius/Stankevicius, Šimkus/Simkus, Ąžuolaitis/Azuolaitis",
        families_of_women: "Kazlauskienė/Kazlauskiene, Petrauskienė/Petrauskiene, Žukauskaitė/Zukauskaite,
            Stankevičienė/Stankeviciene, Šimkutė/Simkute, Ąžuolaitytė/Azuolaityte",
        double: (0, ""),
        places: "
            Vilnius | Vilniaus apskritis | LT-01### | LT | Europe/Vilnius | +370 5 ### ####
            Klaipėda | Klaipėdos apskritis | LT-91### | LT | Europe/Vilnius | +370 46 ## ## ##",
        streets: "Gedimino pr. %, Žalgirio g. %, Liepų g. %",
        institutions: "@ ligoninė, @ poliklinika",
    },
    Culture {
        language: "tr",
        share: 25,
        order: GivenFirst,
        women: "Fatma, Ayşe/Ayse, Emine, Hatice, Zeynep, Elif, Merve, Büşra/Busra, Gülşen/Gulsen, Çiğdem/Cigdem, İpek/Ipek, Özlem/Ozlem, Şule/Sule, Tuğba/Tugba",
        men: "Mehmet, Mustafa, Ahmet, Ali, Hüseyin/Huseyin, Hasan, İbrahim/Ibrahim, Yusuf, Çağatay/Cagatay, Oğuz/Oguz, Ömer/Omer, Uğur/Ugur, Işık/Isik, Şahin/Sahin",
        families: "Yılmaz/Yilmaz, Kaya, Demir, Şahin/Sahin, Çelik/Celik, Yıldız/Yildiz, Yıldırım/Yildirim, Öztürk/Ozturk,
            Aydın/Aydin, Özdemir/Ozdemir, Arslan, Doğan/Dogan, Kılıç/Kilic, Aslan, Çetin/Cetin, Güneş/Gunes, Ünal/Unal, Işıklı/Isikli",
        families_of_women: "",
        double: (4, " "),
        places: "
            İstanbul | İstanbul | 34### | TR | Europe/Istanbul | +90 212 ### ## ##
            Diyarbakır | Diyarbakır | 21### | TR | Europe/Istanbul | +90 412 ### ## ##
            Muğla | Muğla | 48### | TR | Europe/Istanbul | +90 252 ### ## ##",
        streets: "Atatürk Caddesi %, İstiklal Caddesi %, Çiçek Sokak %, Gül Sokak %",
        institutions: "@ Devlet Hastanesi, @ Aile Sağlığı Merkezi",
    },
    Culture {
        language: "vi",
        share: 30,
        order: FamilyFirst,
        women: "Thị Lan/Thi Lan, Thu Hà/Thu Ha, Ngọc Ánh/Ngoc Anh, Thảo/Thao, Phương/Phuong, Bích/Bich, Hương/Huong,
            Tuyết/Tuyet, Quỳnh Như/Quynh Nhu, Mỹ Duyên/My Duyen, Ái Vân/Ai Van, Kim Chi",
        men: "Văn Hùng/Van Hung, Minh, Đức/Duc, Quốc Bảo/Quoc Bao, Tuấn/Tuan, Dũng/Dung, Thành/Thanh, Hữu Phước/Huu Phuoc,
            Đình Trọng/Dinh Trong, Ngọc Sơn/Ngoc Son, Khánh/Khanh, Việt/Viet",
        families: "Nguyễn/Nguyen, Trần/Tran, Lê/Le, Phạm/Pham, Huỳnh/Huynh, Hoàng/Hoang, Phan, Vũ/Vu, Võ/Vo, Đặng/Dang,
            Bùi/Bui, Đỗ/Do, Hồ/Ho, Ngô/Ngo, Dương/Duong, Lý/Ly",
        families_of_women: "",
        double: (0, ""),
        places: "
            Hà Nội | Hà Nội | 100### | VN | Asia/Ho_Chi_Minh | +84 24 #### ####
            Đà Nẵng | Đà Nẵng | 550### | VN | Asia/Ho_Chi_Minh | +84 236 ### ####
            Cần Thơ | Cần Thơ | 900### | VN | Asia/Ho_Chi_Minh | +84 292 ### ####",
        streets: "% Đường Lê Lợi, % Phố Hàng Bông, % Đường Trần Hưng Đạo",
        institutions: "Bệnh viện Đa khoa @, Phòng khám @",
    },
];
