//! The north of Europe and its middle, as far as it writes Latin.

use super::Culture;
use super::Order::GivenFirst;

pub const CULTURES: &[Culture] = &[
    Culture {
        language: "de",
        share: 65,
        order: GivenFirst,
        women: "Ursula, Monika, Petra, Sabine, Andrea, Claudia, Susanne, Anna, Käthe/Kaethe,
            Bärbel/Baerbel, Franziska, Lena, Johanna, Margarethe, Gisela, Heike, Theres, Anneliese, Zoë/Zoe",
        men: "Peter, Michael, Thomas, Andreas, Wolfgang, Klaus, Jürgen/Juergen, Günter/Guenter, Stefan, Jörg/Joerg,
            Björn/Bjoern, Matthias, Götz/Goetz, Maximilian, Lukas, Felix, Rüdiger/Ruediger, Florian, Urs, Beat",
        families: "Müller/Mueller, Schmidt, Schneider, Fischer, Weber, Meyer, Wagner, Becker, Schulz, Hoffmann,
            Schäfer/Schaefer, Koch, Bauer, Richter, Klein, Wolf, Schröder/Schroeder, Neumann, Schwarz,
            Zimmermann, Krüger/Krueger, Köhler/Koehler, König/Koenig, Weiß/Weiss, Groß/Gross, Jäger/Jaeger,
            Böhm/Boehm, von Bülow/von Buelow, Strauß/Strauss, Hürlimann/Huerlimann, Gruber, Großmann/Grossmann",
        families_of_women: "",
        double: (6, "-"),
        places: "
            Berlin | Berlin | 101## | DE | Europe/Berlin | +49 30 23125 ###
            München | Bayern | 803## | DE | Europe/Berlin | +49 89 99998 ###
            Köln | Nordrhein-Westfalen | 506## | DE | Europe/Berlin | +49 221 4710 ###
            Wien | Wien | 10#0 | AT | Europe/Vienna | +43 1 ### ####
            Zürich | ZH | 80## | CH | Europe/Zurich | +41 44 ### ## ##",
        streets: "Hauptstraße %, Bahnhofstraße %, Schillerstraße %, Am Mühlbach %, Königsallee %, Kirchgasse %",
        institutions: "Universitätsklinikum @, Städtisches Krankenhaus @, Gemeinschaftspraxis @ Süd",
    },
    Culture {
        language: "nl",
        share: 20,
        order: GivenFirst,
        women: "Johanna, Maria, Anna, Elisabeth, Sanne, Lotte, Fleur, Noëlle/Noelle, Roos, Marijke, Femke, Loïs/Lois",
        men: "Johannes, Jan, Cornelis, Pieter, Daan, Sem, Thijs, Joost, Maarten, Koen, Sjoerd",
        families: "de Jong, Jansen, de Vries, van den Berg, Bakker, van Dijk, Visser, Smit, Meijer, de Boer, Mulder,
            van der Meer, Peeters, Claeys, Wouters, van 't Hof/van t Hof, Coppens, Zuiderduijn",
        families_of_women: "",
        double: (4, "-"),
        places: "
            Amsterdam | Noord-Holland | 10## AB | NL | Europe/Amsterdam | +31 20 ### ####
            Utrecht | Utrecht | 35## CD | NL | Europe/Amsterdam | +31 30 ### ####
            Gent | Oost-Vlaanderen | 90## | BE | Europe/Brussels | +32 9 ### ## ##",
        streets: "Kerkstraat %, Dorpsstraat %, Prinsengracht %, Molenweg %",
        institutions: "Ziekenhuis @, Medisch Centrum @, Huisartsenpraktijk @",
    },
    Culture {
        language: "sv",
        share: 15,
        order: GivenFirst,
        women: "Anna, Eva, Maria, Karin, Kristina, Åsa/Asa, Märta/Marta, Elsa, Linnéa/Linnea, Ebba, Annika, Görel/Gorel",
        men: "Lars, Anders, Johan, Per, Björn/Bjorn, Göran/Goran, Åke/Ake, Håkan/Hakan, Mårten/Marten, Nils, Axel, Östen/Osten",
        families: "Andersson, Johansson, Karlsson, Nilsson, Eriksson, Larsson, Svensson, Lindström/Lindstrom,
            Åberg/Aberg, Öberg/Oberg, Sjöberg/Sjoberg, Bergström/Bergstrom, Ekström/Ekstrom, Ström/Strom, Hägglund/Hagglund, Löfgren/Lofgren",
        families_of_women: "",
        double: (4, " "),
        places: "
            Stockholm | Stockholms län | 111 ## | SE | Europe/Stockholm | +46 8 465 004 ##
            Göteborg | Västra Götaland | 411 ## | SE | Europe/Stockholm | +46 31 390 06 ##
            Malmö | Skåne | 211 ## | SE | Europe/Stockholm | +46 40 628 06 ##",
        streets: "Storgatan %, Drottninggatan %, Kungsgatan %, Ängsvägen %",
        institutions: "@ sjukhus, @ vårdcentral, Länssjukhuset i @",
    },
    Culture {
        language: "da",
        share: 10,
        order: GivenFirst,
        women: "Anne, Kirsten, Mette, Hanne, Søs/Sos, Bodil, Inge, Åse/Ase, Gitte, Kjerstine",
        men: "Peter, Jens, Lars, Søren/Soren, Jørgen/Jorgen, Bjørn/Bjorn, Rasmus, Mads, Aage, Anders",
        families: "Nielsen, Jensen, Hansen, Pedersen, Andersen, Christensen, Sørensen/Sorensen, Jørgensen/Jorgensen,
            Møller/Moller, Kjær/Kjaer, Østergaard/Ostergaard, Nørgaard/Norgaard, Bæk/Baek, Skovgård/Skovgard",
        families_of_women: "",
        double: (8, " "),
        places: "
            København | Hovedstaden | 21## | DK | Europe/Copenhagen | +45 33 ## ## ##
            Århus | Midtjylland | 80## | DK | Europe/Copenhagen | +45 86 ## ## ##",
        streets: "Nørregade %, Vestergade %, Søndergade %, Åboulevarden %",
        institutions: "@ Sygehus, Lægehuset i @",
    },
    Culture {
        language: "nb",
        share: 8,
        order: GivenFirst,
        women: "Inger, Ingrid, Kari, Solveig, Åshild/Ashild, Bjørg/Bjorg, Sunniva, Ragnhild, Gunnhild, Tuva",
        men: "Olav, Jan, Bjørn/Bjorn, Kåre/Kare, Øyvind/Oyvind, Håvard/Havard, Sindre, Geir, Terje, Pål/Pal",
        families: "Hansen, Johansen, Olsen, Larsen, Bakke, Haugen, Bråten/Braten, Sæther/Saether, Ødegård/Odegard,
            Bjørnstad/Bjornstad, Nygård/Nygard, Kjærstad/Kjaerstad, Solbakken, Vågen/Vagen",
        families_of_women: "",
        double: (10, " "),
        places: "
            Oslo | Oslo | 01## | NO | Europe/Oslo | +47 22 ## ## ##
            Tromsø | Troms | 90## | NO | Europe/Oslo | +47 77 ## ## ##",
        streets: "Kongens gate %, Storgata %, Åsveien %, Sjøgata %",
        institutions: "@ sykehus, @ legesenter",
    },
    Culture {
        language: "fi",
        share: 10,
        order: GivenFirst,
        women: "Anne, Päivi/Paivi, Tuula, Ritva, Leena, Aino, Helmi, Sirkka, Marja-Leena, Hilla, Kyllikki, Pirjo",
        men: "Juha, Timo, Matti, Kari, Mikko, Väinö/Vaino, Yrjö/Yrjo, Pentti, Eero, Onni, Jyrki, Heikki",
        families: "Korhonen, Virtanen, Mäkinen/Makinen, Nieminen, Mäkelä/Makela, Hämäläinen/Hamalainen, Laine,
            Heikkinen, Koskinen, Järvinen/Jarvinen, Lehtonen, Väisänen/Vaisanen, Ylönen/Ylonen, Pääkkönen/Paakkonen",
        families_of_women: "",
        double: (4, "-"),
        places: "
            Helsinki | Uusimaa | 001## | FI | Europe/Helsinki | +358 9 ### ####
            Jyväskylä | Keski-Suomi | 401## | FI | Europe/Helsinki | +358 14 ### ####",
        streets: "Mannerheimintie %, Hämeenkatu %, Kirkkokatu %, Järvikatu %",
        institutions: "@ keskussairaala, @ terveysasema",
    },
    Culture {
        language: "is",
        share: 4,
        order: GivenFirst,
        women: "Guðrún/Gudrun, Anna, Kristín/Kristin, Sigríður/Sigridur, Þórunn/Thorunn, Ásta/Asta, Björk/Bjork, Æsa/Aesa",
        men: "Jón/Jon, Sigurður/Sigurdur, Guðmundur/Gudmundur, Þór/Thor, Ólafur/Olafur, Ægir/Aegir, Björn/Bjorn, Kári/Kari",
        families: "Jónsson/Jonsson, Sigurðsson/Sigurdsson, Guðmundsson/Gudmundsson, Þórsson/Thorsson, Ólafsson/Olafsson, Blöndal/Blondal",
        families_of_women: "Jónsdóttir/Jonsdottir, Sigurðardóttir/Sigurdardottir, Guðmundsdóttir/Gudmundsdottir,
            Þórsdóttir/Thorsdottir, Ólafsdóttir/Olafsdottir, Blöndal/Blondal",
        double: (0, ""),
        places: "
            Reykjavík | Höfuðborgarsvæðið | 10# | IS | Atlantic/Reykjavik | +354 5## ####
            Akureyri | Norðurland eystra | 60# | IS | Atlantic/Reykjavik | +354 4## ####",
        streets: "Laugavegur %, Þórsgata %, Ægisgata %",
        institutions: "Sjúkrahúsið í @, Heilsugæslan @",
    },
];
