//! Those who write from right to left: Arabic, Persian, Urdu and Hebrew.

use super::Culture;
use super::Order::GivenFirst;

pub const CULTURES: &[Culture] = &[
    Culture {
        language: "ar",
        share: 50,
        order: GivenFirst,
        women: "فاطمة/Fatima, مريم/Maryam, عائشة/Aisha, زينب/Zaynab, نور/Nour, سارة/Sara, ليلى/Layla, هدى/Huda, رنا/Rana,
            سلمى/Salma, ياسمين/Yasmin, خديجة/Khadija, أسماء/Asma, شيماء/Shaimaa, رُقيّة/Ruqayya, دعاء/Doaa",
        men: "محمد/Muhammad, أحمد/Ahmad, علي/Ali, عبد الله/Abdullah, خالد/Khalid, عمر/Omar, يوسف/Yusuf, إبراهيم/Ibrahim,
            حسن/Hasan, حسين/Hussein, مصطفى/Mustafa, طارق/Tariq, عبد الرحمن/Abdulrahman, سعيد/Said, كريم/Karim, زياد/Ziad",
        families: "الأحمد/Al-Ahmad, حسن/Hassan, الخطيب/Al-Khatib, المصري/Al-Masri, علي/Ali, إبراهيم/Ibrahim, الشريف/Al-Sharif,
            النجار/Al-Najjar, الحداد/Al-Haddad, العلي/Al-Ali, منصور/Mansour, القحطاني/Al-Qahtani, الزهراني/Al-Zahrani,
            بن علي/Ben Ali, الفاسي/El-Fassi, بوزيد/Bouzid, الحسيني/Al-Husseini, عبد الله/Abdullah, صباغ/Sabbagh, غانم/Ghanem",
        families_of_women: "",
        double: (4, " "),
        places: "
            القاهرة | القاهرة | 11### | EG | Africa/Cairo | +20 2 #### ####
            الرياض | الرياض | 12### | SA | Asia/Riyadh | +966 11 ### ####
            دبي | دبي | 00000 | AE | Asia/Dubai | +971 4 ### ####
            الدار البيضاء | الدار البيضاء سطات | 20### | MA | Africa/Casablanca | +212 522 ## ## ##
            عمّان | العاصمة | 111## | JO | Asia/Amman | +962 6 ### ####",
        streets: "شارع النيل %, شارع الملك فهد %, شارع الجمهورية %, شارع الحرية %",
        institutions: "مستشفى @ العام, مركز @ الطبي, عيادة @",
    },
    Culture {
        language: "fa",
        share: 15,
        order: GivenFirst,
        women: "زهرا/Zahra, فاطمه/Fatemeh, مریم/Maryam, پریسا/Parisa, شیرین/Shirin, نرگس/Narges, گلناز/Golnaz, ژاله/Zhaleh",
        men: "محمد/Mohammad, علی/Ali, رضا/Reza, حسین/Hossein, داریوش/Dariush, کوروش/Kourosh, پرویز/Parviz, بهرام/Bahram",
        families: "محمدی/Mohammadi, حسینی/Hosseini, احمدی/Ahmadi, رضایی/Rezaei, کریمی/Karimi, موسوی/Mousavi, جعفری/Jafari,
            صادقی/Sadeghi, پهلوان/Pahlavan, گیلانی/Gilani, چگینی/Chegini, علی‌پور/Alipour",
        families_of_women: "",
        double: (3, " "),
        places: "
            تهران | تهران | 11### | IR | Asia/Tehran | +98 21 #### ####
            شیراز | فارس | 71### | IR | Asia/Tehran | +98 71 #### ####",
        streets: "خیابان ولیعصر %, خیابان حافظ %, خیابان سعدی %",
        institutions: "بیمارستان @, درمانگاه @",
    },
    Culture {
        language: "ur",
        share: 20,
        order: GivenFirst,
        women: "عائشہ/Ayesha, فاطمہ/Fatima, زینب/Zainab, صبا/Saba, نادیہ/Nadia, شازیہ/Shazia, رخسانہ/Rukhsana, ثناء/Sana, گل ناز/Gulnaz",
        men: "محمد علی/Muhammad Ali, عمران/Imran, بلال/Bilal, عثمان/Usman, طارق/Tariq, وقار/Waqar, شاہد/Shahid, فیصل/Faisal, کامران/Kamran",
        families: "خان/Khan, احمد/Ahmed, علی/Ali, حسین/Hussain, قریشی/Qureshi, ملک/Malik, چوہدری/Chaudhry, بٹ/Butt, شیخ/Sheikh,
            صدیقی/Siddiqui, ہاشمی/Hashmi, ڈار/Dar",
        families_of_women: "",
        double: (0, ""),
        places: "
            لاہور | پنجاب | 54### | PK | Asia/Karachi | +92 42 #######
            کراچی | سندھ | 74### | PK | Asia/Karachi | +92 21 ########",
        streets: "مال روڈ %, جناح روڈ %, شاہراہ فیصل %",
        institutions: "جنرل ہسپتال @, میڈیکل سینٹر @",
    },
    Culture {
        language: "he",
        share: 18,
        order: GivenFirst,
        women: "שרה/Sarah, רחל/Rachel, אסתר/Esther, מרים/Miriam, תמר/Tamar, נועה/Noa, יעל/Yael, חנה/Hannah, שירה/Shira, מאיה/Maya, אביגיל/Avigail, צופיה/Tzofia",
        men: "משה/Moshe, יוסף/Yosef, דוד/David, אברהם/Avraham, יצחק/Yitzhak, דניאל/Daniel, איתי/Itai, אורי/Uri, נועם/Noam, יונתן/Yonatan, עמית/Amit, צבי/Tzvi",
        families: "כהן/Cohen, לוי/Levi, מזרחי/Mizrahi, פרץ/Peretz, ביטון/Biton, דהן/Dahan, אברהם/Avraham, פרידמן/Friedman,
            מלכה/Malka, אזולאי/Azoulay, כץ/Katz, יוסף/Yosef, בן־דוד/Ben-David, אור־לב/Or-Lev, שפירא/Shapira, צור/Tzur",
        families_of_women: "",
        double: (6, "־"),
        places: "
            ירושלים | ירושלים | 91##### | IL | Asia/Jerusalem | +972 2 ### ####
            תל אביב־יפו | תל אביב | 61##### | IL | Asia/Jerusalem | +972 3 ### ####
            חיפה | חיפה | 31##### | IL | Asia/Jerusalem | +972 4 ### ####",
        streets: "רחוב הרצל %, רחוב ויצמן %, שדרות רוטשילד %, רחוב הגפן %",
        institutions: "בית חולים @, מרפאת @",
    },
];
