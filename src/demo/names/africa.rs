//! Africa south of the Sahara, with its own script in Ethiopia, and the islands of the Pacific.

use super::Culture;
use super::Order::GivenFirst;

pub const CULTURES: &[Culture] = &[
    Culture {
        language: "am",
        share: 12,
        order: GivenFirst,
        women: "አልማዝ/Almaz, ሰላም/Selam, ብርቱካን/Birtukan, ሄለን/Helen, ትዕግስት/Tigist, መስከረም/Meskerem, ሐና/Hanna, ፀሐይ/Tsehay, እመቤት/Emebet, ዘውዲቱ/Zewditu",
        men: "አበበ/Abebe, ተስፋዬ/Tesfaye, ዳዊት/Dawit, ሙሉጌታ/Mulugeta, ኃይሌ/Haile, ዮሐንስ/Yohannes, ብርሃኑ/Birhanu, ግርማ/Girma, ከበደ/Kebede, ጌታቸው/Getachew",
        families: "ተሰማ/Tessema, ገብረመድኅን/Gebremedhin, ወልደማርያም/Woldemariam, ደስታ/Desta, ኃይለሥላሴ/Haileselassie, በቀለ/Bekele, ታደሰ/Tadesse, መኮንን/Mekonnen,
            አለሙ/Alemu, ሰይፉ/Seyfu",
        families_of_women: "",
        double: (0, ""),
        places: "
            አዲስ አበባ | አዲስ አበባ | 10## | ET | Africa/Addis_Ababa | +251 11 ### ####
            ባሕር ዳር | አማራ | 60## | ET | Africa/Addis_Ababa | +251 58 ### ####",
        streets: "ቦሌ መንገድ %, ቸርችል ጎዳና %, ምኒልክ ጎዳና %",
        institutions: "@ አጠቃላይ ሆስፒታል, @ ጤና ጣቢያ",
    },
    Culture {
        language: "yo",
        share: 18,
        order: GivenFirst,
        women: "Fọláṣadé/Folasade, Adébísí/Adebisi, Títílayọ̀/Titilayo, Àṣàkẹ́/Asake, Ọmọ́tọ́lá/Omotola, Chidinma, Ngozi, Adaeze, Ṣadé/Sade, Yétúndé/Yetunde",
        men: "Adébáyọ̀/Adebayo, Olúwaṣeun/Oluwaseun, Babátúndé/Babatunde, Táíwò/Taiwo, Kẹ́hìndé/Kehinde, Chukwuemeka, Emeka, Ìdòwú/Idowu, Ṣẹ́gun/Segun, Obinna",
        families: "Okafor, Adéyẹmí/Adeyemi, Balógun/Balogun, Ọ̀básànjọ́/Obasanjo, Okonkwo, Adébọ̀wálé/Adebowale, Nwosu, Ẹkwueme/Ekwueme, Akíntọ́lá/Akintola, Eze, Ògúnlẹ́sì/Ogunlesi, Mùsá/Musa",
        families_of_women: "",
        double: (4, "-"),
        places: "
            Lagos | Lagos | 100### | NG | Africa/Lagos | +234 1 ### ####
            Ìbàdàn | Ọ̀yọ́ | 200### | NG | Africa/Lagos | +234 2 ### ####
            Accra | Greater Accra | GA-### | GH | Africa/Accra | +233 30 ### ####",
        streets: "% Awólọ́wọ̀ Road, % Broad Street, % Independence Avenue",
        institutions: "@ Teaching Hospital, @ Mission Hospital",
    },
    Culture {
        language: "sw",
        share: 18,
        order: GivenFirst,
        women: "Wanjiru, Achieng, Amina, Neema, Zawadi, Nyambura, Rehema, Grace, Mwajuma, Fatuma, Subira, Njeri",
        men: "Kamau, Otieno, Juma, Baraka, Hassan, Mwangi, Kipchoge, Joseph, Ochieng', Salim, Daudi, Omari",
        families: "Mwangi, Otieno, Kariuki, Njoroge, Ochieng', Kimani, Wafula, Mushi, Mwakyusa, Nyerere, Ng'ang'a/Nganga, Odhiambo, Massawe, Kiprono",
        families_of_women: "",
        double: (0, ""),
        places: "
            Nairobi | Nairobi | 00### | KE | Africa/Nairobi | +254 20 ### ####
            Dar es Salaam | Dar es Salaam | 11### | TZ | Africa/Dar_es_Salaam | +255 22 ### ####",
        streets: "% Kenyatta Avenue, % Uhuru Road, % Moi Avenue",
        institutions: "Hospitali ya @, Kituo cha Afya @",
    },
    Culture {
        language: "zu",
        share: 12,
        order: GivenFirst,
        women: "Nomvula, Thandiwe, Zanele, Nokuthula, Lerato, Busisiwe, Ayanda, Annelise, Zinhle, Refilwe",
        men: "Sipho, Themba, Bongani, Thabo, Mandla, Sibusiso, Pieter, Lwazi, Tshepo, Jabulani",
        families: "Dlamini, Nkosi, Ndlovu, Khumalo, Mokoena, van der Merwe, Sithole, Mkhize, Botha, Ngcobo, Zulu, Naidoo, du Plessis, Labuschagné/Labuschagne",
        families_of_women: "",
        double: (4, "-"),
        places: "
            Johannesburg | Gauteng | 20## | ZA | Africa/Johannesburg | +27 11 ### ####
            eThekwini | KwaZulu-Natal | 40## | ZA | Africa/Johannesburg | +27 31 ### ####",
        streets: "% Nelson Mandela Drive, % Long Street, % Florida Road",
        institutions: "@ Provincial Hospital, @ Day Clinic",
    },
    Culture {
        language: "mi",
        share: 6,
        order: GivenFirst,
        women: "Mereana, Aroha, Hinemoa, Ngaio, Kahurangi, Leilani, Mālia/Malia, Sefina",
        men: "Tāne/Tane, Rāwiri/Rawiri, Wiremu, Māui/Maui, Keoni, Tevita, Hēmi/Hemi, Nīkau/Nikau",
        families: "Ngata, Pōtatau/Potatau, Tūhoe/Tuhoe, Parata, Te Rangi, Kamakawiwoʻole/Kamakawiwoole, Faleʻafa/Faleafa, Tāmihana/Tamihana",
        families_of_women: "",
        double: (4, "-"),
        places: "
            Tāmaki Makaurau | Auckland | 10## | NZ | Pacific/Auckland | +64 9 ### ####
            Hawaiʻi | HI | 967## | US | Pacific/Honolulu | +1 808 555 01##",
        streets: "% Queen Street, % Aotea Road, % Kapiʻolani Boulevard",
        institutions: "@ Hospital, Hauora @",
    },
];
