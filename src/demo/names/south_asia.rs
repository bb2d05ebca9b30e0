//! India and its neighbours, in the scripts of several of its languages, and Thailand.

use super::Culture;
use super::Order::GivenFirst;

pub const CULTURES: &[Culture] = &[
    Culture {
        language: "hi",
        share: 60,
        order: GivenFirst,
        women: "सुनीता/Sunita, अनीता/Anita, प्रिया/Priya, पूजा/Pooja, आरती/Aarti, कविता/Kavita, नेहा/Neha, सीमा/Seema, राधा/Radha, लक्ष्मी/Lakshmi,
            ज्योति/Jyoti, श्रेया/Shreya, मीरा/Meera, किरण/Kiran, ऋचा/Richa, वैष्णवी/Vaishnavi",
        men: "राज/Raj, अमित/Amit, राहुल/Rahul, संजय/Sanjay, विजय/Vijay, सुरेश/Suresh, अनिल/Anil, मोहन/Mohan, अर्जुन/Arjun, दीपक/Deepak,
            कृष्ण/Krishna, रोहित/Rohit, प्रकाश/Prakash, हर्ष/Harsh, श्याम/Shyam, आदित्य/Aditya",
        families: "शर्मा/Sharma, कुमार/Kumar, सिंह/Singh, वर्मा/Verma, गुप्ता/Gupta, यादव/Yadav, मिश्रा/Mishra, पांडेय/Pandey, चौहान/Chauhan,
            तिवारी/Tiwari, जोशी/Joshi, अग्रवाल/Agarwal, श्रीवास्तव/Srivastava, त्रिपाठी/Tripathi, देशमुख/Deshmukh, कुलकर्णी/Kulkarni, थापा/Thapa, राठौड़/Rathore",
        families_of_women: "",
        double: (3, " "),
        places: "
            नई दिल्ली | दिल्ली | 1100## | IN | Asia/Kolkata | +91 11 #### ####
            मुंबई | महाराष्ट्र | 4000## | IN | Asia/Kolkata | +91 22 #### ####
            जयपुर | राजस्थान | 3020## | IN | Asia/Kolkata | +91 141 ### ####
            काठमांडू | बागमती | 446## | NP | Asia/Kathmandu | +977 1 ### ####",
        streets: "% महात्मा गांधी मार्ग, % स्टेशन रोड, % नेहरू नगर, % शिवाजी चौक",
        institutions: "@ सामान्य अस्पताल, @ चिकित्सा केंद्र",
    },
    Culture {
        language: "bn",
        share: 30,
        order: GivenFirst,
        women: "ফাতেমা/Fatema, সুমাইয়া/Sumaiya, নুসরাত/Nusrat, মৌসুমী/Mousumi, শর্মিলা/Sharmila, তানিয়া/Tania, রেহানা/Rehana, অর্পিতা/Arpita, পূর্ণিমা/Purnima, ঐশী/Oishi",
        men: "মোহাম্মদ/Mohammad, আব্দুল/Abdul, রহিম/Rahim, সৌরভ/Sourav, শুভ/Shubho, তানভীর/Tanvir, রাকিব/Rakib, অনির্বাণ/Anirban, কামাল/Kamal, ঋত্বিক/Ritwik",
        families: "ইসলাম/Islam, হোসেন/Hossain, রহমান/Rahman, আহমেদ/Ahmed, দাস/Das, চৌধুরী/Chowdhury, আক্তার/Akter, সরকার/Sarkar,
            মুখোপাধ্যায়/Mukhopadhyay, চট্টোপাধ্যায়/Chattopadhyay, বসু/Basu, ঘোষ/Ghosh, খাতুন/Khatun",
        families_of_women: "",
        double: (0, ""),
        places: "
            ঢাকা | ঢাকা | 12## | BD | Asia/Dhaka | +880 2 #### ####
            কলকাতা | পশ্চিমবঙ্গ | 7000## | IN | Asia/Kolkata | +91 33 #### ####",
        streets: "% মিরপুর রোড, % রবীন্দ্র সরণি, % গুলশান এভিনিউ",
        institutions: "@ জেনারেল হাসপাতাল, @ স্বাস্থ্য কেন্দ্র",
    },
    Culture {
        language: "ta",
        share: 20,
        order: GivenFirst,
        women: "லட்சுமி/Lakshmi, மீனாட்சி/Meenakshi, கவிதா/Kavitha, தமிழ்செல்வி/Tamilselvi, பிரியா/Priya, அனிதா/Anitha, சரஸ்வதி/Saraswathi,
            வள்ளி/Valli, யாழினி/Yazhini, நந்தினி/Nandhini",
        men: "முருகன்/Murugan, குமார்/Kumar, செந்தில்/Senthil, கார்த்திக்/Karthik, சுப்பிரமணியன்/Subramanian, ராஜா/Raja, பாலாஜி/Balaji, அருண்/Arun,
            இளங்கோ/Ilango, விக்னேஷ்/Vignesh",
        families: "ராமசாமி/Ramasamy, கிருஷ்ணன்/Krishnan, சுந்தரம்/Sundaram, வெங்கடேசன்/Venkatesan, நடராஜன்/Natarajan, பழனிசாமி/Palanisamy,
            சண்முகம்/Shanmugam, ஆறுமுகம்/Arumugam, ராஜேந்திரன்/Rajendran, பிள்ளை/Pillai, செல்வராஜ்/Selvaraj",
        families_of_women: "",
        double: (0, ""),
        places: "
            சென்னை | தமிழ்நாடு | 6000## | IN | Asia/Kolkata | +91 44 #### ####
            மதுரை | தமிழ்நாடு | 6250## | IN | Asia/Kolkata | +91 452 ### ####
            யாழ்ப்பாணம் | வட மாகாணம் | 400## | LK | Asia/Colombo | +94 21 ### ####",
        streets: "% அண்ணா சாலை, % காந்தி தெரு, % கோவில் தெரு",
        institutions: "@ அரசு மருத்துவமனை, @ மருத்துவ மையம்",
    },
    Culture {
        language: "te",
        share: 12,
        order: GivenFirst,
        women: "లక్ష్మి/Lakshmi, సరోజ/Saroja, పద్మ/Padma, స్వాతి/Swathi, అనూష/Anusha, శ్రావణి/Sravani, దుర్గ/Durga, భాగ్యలక్ష్మి/Bhagyalakshmi",
        men: "వెంకట/Venkata, శ్రీనివాస్/Srinivas, రాము/Ramu, కృష్ణ/Krishna, సాయి/Sai, నాగేశ్వర/Nageswara, చరణ్/Charan, పవన్/Pavan",
        families: "రెడ్డి/Reddy, రావు/Rao, నాయుడు/Naidu, చౌదరి/Chowdary, వర్మ/Varma, శాస్త్రి/Sastry, గౌడ్/Goud, యాదవ్/Yadav",
        families_of_women: "",
        double: (0, ""),
        places: "
            హైదరాబాద్ | తెలంగాణ | 5000## | IN | Asia/Kolkata | +91 40 #### ####
            విజయవాడ | ఆంధ్ర ప్రదేశ్ | 5200## | IN | Asia/Kolkata | +91 866 ### ####",
        streets: "% స్టేషన్ రోడ్, % గాంధీ నగర్, % బంజారా హిల్స్",
        institutions: "@ ప్రభుత్వ ఆసుపత్రి, @ వైద్య కేంద్రం",
    },
    Culture {
        language: "pa",
        share: 8,
        order: GivenFirst,
        women: "ਹਰਪ੍ਰੀਤ/Harpreet, ਗੁਰਪ੍ਰੀਤ/Gurpreet, ਸਿਮਰਨ/Simran, ਮਨਪ੍ਰੀਤ/Manpreet, ਜਸਲੀਨ/Jasleen, ਅੰਮ੍ਰਿਤਾ/Amrita",
        men: "ਗੁਰਦੀਪ/Gurdeep, ਹਰਜੀਤ/Harjit, ਬਲਵਿੰਦਰ/Balwinder, ਜਸਪਾਲ/Jaspal, ਕੁਲਦੀਪ/Kuldeep, ਮਨਜੀਤ/Manjit",
        families: "ਸਿੰਘ/Singh, ਗਿੱਲ/Gill, ਸੰਧੂ/Sandhu, ਢਿੱਲੋਂ/Dhillon, ਸਿੱਧੂ/Sidhu, ਬਰਾੜ/Brar",
        families_of_women: "ਕੌਰ/Kaur, ਗਿੱਲ/Gill, ਸੰਧੂ/Sandhu, ਢਿੱਲੋਂ/Dhillon, ਸਿੱਧੂ/Sidhu, ਬਰਾੜ/Brar",
        double: (0, ""),
        places: "
            ਅੰਮ੍ਰਿਤਸਰ | ਪੰਜਾਬ | 1430## | IN | Asia/Kolkata | +91 183 ### ####
            ਲੁਧਿਆਣਾ | ਪੰਜਾਬ | 1410## | IN | Asia/Kolkata | +91 161 ### ####",
        streets: "% ਮਾਲ ਰੋਡ, % ਲਾਰੈਂਸ ਰੋਡ",
        institutions: "@ ਸਿਵਲ ਹਸਪਤਾਲ",
    },
    Culture {
        language: "th",
        share: 20,
        order: GivenFirst,
        women: "สมหญิง/Somying, มาลี/Malee, ศิริพร/Siriporn, สุดา/Suda, พรทิพย์/Porntip, นภัสสร/Napatsorn, กัญญา/Kanya, วันเพ็ญ/Wanpen, ณัฐธิดา/Natthida, ปิยะ/Piya",
        men: "สมชาย/Somchai, ประเสริฐ/Prasert, วิชัย/Wichai, สมศักดิ์/Somsak, ณัฐพล/Nattaphon, ธนกร/Thanakorn, กิตติ/Kitti, อนุชา/Anucha, ปิยะ/Piya, ชัยวัฒน์/Chaiwat",
        families: "แสงทอง/Saengthong, ศรีสุข/Srisuk, บุญมี/Boonmee, ทองดี/Thongdee, แก้วมณี/Kaewmanee, จันทร์เพ็ญ/Chanpen, สุวรรณ/Suwan,
            วงศ์สวัสดิ์/Wongsawat, เจริญสุข/Charoensuk, พงษ์พานิช/Pongpanich, รัตนากร/Rattanakorn, ไชยวงศ์/Chaiwong",
        families_of_women: "",
        double: (0, ""),
        places: "
            กรุงเทพมหานคร | กรุงเทพมหานคร | 10### | TH | Asia/Bangkok | +66 2 ### ####
            เชียงใหม่ | เชียงใหม่ | 50### | TH | Asia/Bangkok | +66 53 ### ###",
        streets: "% ถนนสุขุมวิท, % ถนนพหลโยธิน, % ถนนช้างเผือก",
        institutions: "โรงพยาบาล@, คลินิก@",
    },
];
