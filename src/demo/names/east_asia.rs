//! China, Taiwan, Japan and Korea: the family name comes first.

use super::Culture;
use super::Order::{FamilyFirst, FamilyFirstJoined};

pub const CULTURES: &[Culture] = &[
    Culture {
        language: "zh-Hans",
        share: 75,
        order: FamilyFirstJoined,
        women: "秀英/Xiuying, 敏/Min, 静/Jing, 丽/Li, 艳/Yan, 娟/Juan, 霞/Xia, 秀兰/Xiulan, 婷/Ting, 雪梅/Xuemei, 玉兰/Yulan, 欣怡/Xinyi, 梓涵/Zihan,
            佳怡/Jiayi, 雨桐/Yutong, 晓燕/Xiaoyan, 红/Hong, 芳/Fang, 慧/Hui, 思琪/Siqi",
        men: "伟/Wei, 强/Qiang, 磊/Lei, 军/Jun, 洋/Yang, 勇/Yong, 杰/Jie, 涛/Tao, 明/Ming, 超/Chao, 建国/Jianguo, 志强/Zhiqiang, 浩然/Haoran,
            子轩/Zixuan, 宇航/Yuhang, 俊杰/Junjie, 鹏/Peng, 海燕/Haiyan, 国栋/Guodong, 文博/Wenbo",
        families: "王/Wang, 李/Li, 张/Zhang, 刘/Liu, 陈/Chen, 杨/Yang, 黄/Huang, 赵/Zhao, 吴/Wu, 周/Zhou, 徐/Xu, 孙/Sun, 马/Ma, 朱/Zhu, 胡/Hu,
            郭/Guo, 何/He, 高/Gao, 林/Lin, 罗/Luo, 郑/Zheng, 梁/Liang, 谢/Xie, 宋/Song, 唐/Tang, 许/Xu, 韩/Han, 冯/Feng, 邓/Deng, 曹/Cao, 欧阳/Ouyang, 司马/Sima",
        families_of_women: "",
        double: (0, ""),
        places: "
            北京市 | 北京 | 1000## | CN | Asia/Shanghai | +86 10 #### ####
            上海市 | 上海 | 2000## | CN | Asia/Shanghai | +86 21 #### ####
            广州市 | 广东省 | 5100## | CN | Asia/Shanghai | +86 20 #### ####
            成都市 | 四川省 | 6100## | CN | Asia/Shanghai | +86 28 #### ####",
        streets: "人民路%号, 中山路%号, 解放大道%号, 长江路%号",
        institutions: "@第一人民医院, @中心医院, @社区卫生服务中心",
    },
    Culture {
        language: "zh-Hant",
        share: 15,
        order: FamilyFirstJoined,
        women: "淑芬/Shufen, 美玲/Meiling, 雅婷/Yating, 怡君/Yijun, 淑惠/Shuhui, 麗華/Lihua, 佩珊/Peishan, 詩涵/Shihan, 寶珠/Baozhu, 靜宜/Jingyi",
        men: "志明/Zhiming, 家豪/Jiahao, 俊傑/Junjie, 冠宇/Guanyu, 建宏/Jianhong, 國華/Guohua, 偉強/Weiqiang, 宗翰/Zonghan, 啟東/Qidong, 榮華/Ronghua",
        families: "陳/Chen, 林/Lin, 黃/Huang, 張/Zhang, 李/Li, 王/Wang, 吳/Wu, 劉/Liu, 蔡/Cai, 楊/Yang, 許/Xu, 鄭/Zheng, 謝/Xie, 郭/Guo, 歐陽/Ouyang",
        families_of_women: "",
        double: (0, ""),
        places: "
            臺北市 | 臺灣 | 10### | TW | Asia/Taipei | +886 2 #### ####
            香港 | 九龍 | 999077 | HK | Asia/Hong_Kong | +852 #### ####",
        streets: "中正路%號, 彌敦道%號, 忠孝東路%號",
        institutions: "@總醫院, @聯合醫院",
    },
    Culture {
        language: "ja",
        share: 50,
        order: FamilyFirst,
        women: "陽子/Yoko, 恵子/Keiko, 美咲/Misaki, 葵/Aoi, 結衣/Yui, さくら/Sakura, 裕子/Yuko, 真由美/Mayumi, 直美/Naomi, 愛/Ai, 彩香/Ayaka, 久美子/Kumiko, 麻衣/Mai, ひなた/Hinata, 千尋/Chihiro, エミリ/Emiri",
        men: "翔太/Shota, 大輔/Daisuke, 健太/Kenta, 隆/Takashi, 誠/Makoto, 浩/Hiroshi, 拓也/Takuya, 蓮/Ren, 大翔/Hiroto, 悠斗/Yuto, 直樹/Naoki, 修/Osamu, 学/Manabu, 健一/Kenichi, 剛/Tsuyoshi, ケン/Ken",
        families: "佐藤/Sato, 鈴木/Suzuki, 高橋/Takahashi, 田中/Tanaka, 伊藤/Ito, 渡辺/Watanabe, 山本/Yamamoto, 中村/Nakamura, 小林/Kobayashi,
            加藤/Kato, 吉田/Yoshida, 山田/Yamada, 佐々木/Sasaki, 山口/Yamaguchi, 松本/Matsumoto, 井上/Inoue, 木村/Kimura, 林/Hayashi,
            清水/Shimizu, 斎藤/Saito, 齋藤/Saito, 髙橋/Takahashi, 五十嵐/Igarashi, 勅使河原/Teshigawara",
        families_of_women: "",
        double: (0, ""),
        places: "
            新宿区 | 東京都 | 160-00## | JP | Asia/Tokyo | +81 3 #### ####
            大阪市 | 大阪府 | 530-00## | JP | Asia/Tokyo | +81 6 #### ####
            札幌市 | 北海道 | 060-00## | JP | Asia/Tokyo | +81 11 ### ####",
        streets: "中央町%番地, 本町%番地, 桜ヶ丘%番地, 緑町%番地",
        institutions: "@総合病院, @中央クリニック, @市民病院",
    },
    Culture {
        language: "ko",
        share: 30,
        order: FamilyFirstJoined,
        women: "서연/Seoyeon, 지우/Jiwoo, 민지/Minji, 수빈/Subin, 영희/Younghee, 은주/Eunju, 미경/Mikyung, 하은/Haeun, 지현/Jihyun, 유진/Yujin, 보라/Bora, 순자/Sunja",
        men: "민준/Minjun, 서준/Seojun, 지훈/Jihoon, 현우/Hyunwoo, 영수/Youngsoo, 성민/Sungmin, 동현/Donghyun, 준호/Junho, 상철/Sangchul, 재석/Jaesuk, 태양/Taeyang, 한결/Hangyeol",
        families: "김/Kim, 이/Lee, 박/Park, 최/Choi, 정/Jung, 강/Kang, 조/Cho, 윤/Yoon, 장/Jang, 임/Lim, 한/Han, 오/Oh, 서/Seo, 신/Shin, 권/Kwon, 황/Hwang, 남궁/Namgung, 선우/Sunwoo",
        families_of_women: "",
        double: (0, ""),
        places: "
            서울특별시 | 서울 | 04### | KR | Asia/Seoul | +82 2 #### ####
            부산광역시 | 부산 | 48### | KR | Asia/Seoul | +82 51 ### ####",
        streets: "세종대로 %, 강남대로 %, 해운대로 %, 중앙로 %",
        institutions: "@ 종합병원, @ 의료원, @ 내과의원",
    },
];
