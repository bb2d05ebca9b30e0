//! The Americas and the west and south of Europe.

use super::Culture;
use super::Order::GivenFirst;

pub const CULTURES: &[Culture] = &[
    Culture {
        language: "en-US",
        share: 90,
        order: GivenFirst,
        women: "Mary, Jennifer, Patricia, Linda, Elizabeth, Susan, Jessica, Sarah, Karen, Ashley, Emily, Michelle,
            Amanda, Melissa, Stephanie, Rebecca, Nicole, Samantha, Katherine, Christine, Rachel, Carolyn, Janet,
            Heather, Diane, Olivia, Julie, Joyce, Victoria, Kelly, Zoë/Zoe, Renée/Renee",
        men: "James, Michael, Robert, John, David, William, Richard, Joseph, Thomas, Christopher, Charles, Daniel,
            Matthew, Anthony, Mark, Steven, Andrew, Joshua, Kevin, Brian, George, Timothy, Jason, Edward, Ryan,
            Jacob, Nicholas, Gary, Eric, Jonathan, Stephen, Larry",
        families: "Smith, Johnson, Williams, Brown, Jones, Miller, Davis, Wilson, Anderson, Thomas, Taylor, Moore,
            Jackson, Martin, Lee, Thompson, White, Harris, Clark, Lewis, Robinson, Walker, Young, Allen, King,
            Wright, Scott, Hill, Green, Adams, Nelson, Baker, Hall, Campbell, Mitchell, Carter, Roberts, Phillips,
            Evans, Turner, Parker, Edwards, Collins, Stewart, Morris, Murphy, Cook, Rogers, Morgan, Cooper,
            Peterson, Reed, Bailey, Bell, Kelly, Howard, Ward, Cox, Richardson, Watson",
        families_of_women: "",
        double: (4, "-"),
        places: "
            Boston | MA | 021## | US | America/New_York | +1 617 555 01##
            Chicago | IL | 606## | US | America/Chicago | +1 312 555 01##
            Denver | CO | 802## | US | America/Denver | +1 303 555 01##
            San Francisco | CA | 941## | US | America/Los_Angeles | +1 415 555 01##
            Austin | TX | 787## | US | America/Chicago | +1 512 555 01##",
        streets: "% Main Street, % Oak Avenue, % Maple Drive, % Washington Street, % Lakeview Road, % Park Avenue",
        institutions: "@ General Hospital, @ Medical Center, Mercy Clinic of @, @ Family Practice",
    },
    Culture {
        language: "en-GB",
        share: 50,
        order: GivenFirst,
        women: "Margaret, Susan, Olivia, Amelia, Charlotte, Emma, Claire, Siobhán/Siobhan, Niamh, Catrin, Fiona, Eilidh,
            Harriet, Alison, Joanne, Gillian, Aoife, Bronwen, Imogen, Chloë/Chloe",
        men: "David, Paul, Oliver, Jack, Harry, George, Callum, Alistair, Hamish, Owen, Rhys, Seán/Sean, Declan,
            Graham, Stuart, Nigel, Ewan, Cillian, Pádraig/Padraig, Gareth",
        families: "Smith, Jones, Taylor, Davies, Evans, Williams, O'Brien/OBrien, Hughes, MacDonald, Byrne, Walsh,
            Ó Súilleabháin/OSuilleabhain, Fraser, Campbell, Llewellyn, Griffiths, Ashworth, Thornton, Bradshaw,
            Fitzgerald, McCarthy, Sinclair, Nic Dhòmhnaill/Nic Dhomhnaill, Pemberton, Barrowclough, Hathersage",
        families_of_women: "",
        double: (8, "-"),
        places: "
            London | England | NW1 #QA | GB | Europe/London | +44 20 7946 0###
            Manchester | England | M1 #AE | GB | Europe/London | +44 161 496 0###
            Edinburgh | Scotland | EH1 #RE | GB | Europe/London | +44 131 496 0###
            Cardiff | Wales | CF10 #AT | GB | Europe/London | +44 29 2018 0###
            Baile Átha Cliath | Leinster | D02 X28# | IE | Europe/Dublin | +353 20 91# ####",
        streets: "% High Street, % Church Lane, % Victoria Road, % Station Road, % Mill Lane",
        institutions: "@ Royal Infirmary, @ Community Hospital, The Old Surgery @, St Brigid's Hospice @",
    },
    Culture {
        language: "es",
        share: 85,
        order: GivenFirst,
        women: "María/Maria, Carmen, Ana, Isabel, Lucía/Lucia, Sofía/Sofia, Guadalupe, Martina, Begoña/Begona,
            Concepción/Concepcion, Ximena, Valentina, Rocío/Rocio, Inés/Ines, Pilar, Nuria, Montserrat,
            Belén/Belen, Itziar, Camila",
        men: "José/Jose, Antonio, Juan, Luis, Javier, Jesús/Jesus, Ángel/Angel, Miguel, Íñigo/Inigo, Andrés/Andres,
            Santiago, Mateo, Óscar/Oscar, Joaquín/Joaquin, Ramón/Ramon, Sebastián/Sebastian, Álvaro/Alvaro, Xavier,
            Unai, Diego",
        families: "García/Garcia, Rodríguez/Rodriguez, Martínez/Martinez, Hernández/Hernandez, López/Lopez,
            González/Gonzalez, Pérez/Perez, Sánchez/Sanchez, Ramírez/Ramirez, Torres, Flores, Muñoz/Munoz,
            Núñez/Nunez, Ibáñez/Ibanez, de la Cruz, Ortega, Vázquez/Vazquez, Peña/Pena, Castaño/Castano,
            Etxeberria, Quiñones/Quinones, Güell/Guell, Zúñiga/Zuniga, Mendoza, Aguilar, Cañizares/Canizares",
        families_of_women: "",
        double: (85, " "),
        places: "
            Madrid | Comunidad de Madrid | 280## | ES | Europe/Madrid | +34 91 ### ## ##
            Málaga | Andalucía | 290## | ES | Europe/Madrid | +34 952 ## ## ##
            Ciudad de México | CDMX | 06### | MX | America/Mexico_City | +52 55 #### ####
            Bogotá | Cundinamarca | 110### | CO | America/Bogota | +57 601 ### ####
            Córdoba | Córdoba | X50## | AR | America/Argentina/Cordoba | +54 351 ### ####",
        streets: "Calle Mayor %, Avenida de la Constitución %, Calle San Martín %, Paseo del Prado %, Calle Peñón %",
        institutions: "Hospital General de @, Clínica Nuestra Señora de @, Centro de Salud @ Norte",
    },
    Culture {
        language: "pt",
        share: 50,
        order: GivenFirst,
        women: "Maria, Ana, Francisca, Antónia/Antonia, Adriana, Juliana, Márcia/Marcia, Fernanda, Patrícia/Patricia,
            Letícia/Leticia, Inês/Ines, Conceição/Conceicao, Luísa/Luisa, Beatriz, Graça/Graca, Júlia/Julia",
        men: "José/Jose, João/Joao, António/Antonio, Francisco, Carlos, Paulo, Pedro, Lucas, Luís/Luis, Tomás/Tomas,
            Gonçalo/Goncalo, Sérgio/Sergio, Márcio/Marcio, Estêvão/Estevao, Simão/Simao, Rafael",
        families: "Silva, Santos, Oliveira, Souza, Rodrigues, Ferreira, Alves, Pereira, Lima, Gomes, Costa, Ribeiro,
            Martins, Carvalho, Araújo/Araujo, Melo, Conceição/Conceicao, Gonçalves/Goncalves, Simões/Simoes,
            Magalhães/Magalhaes, Assunção/Assuncao, Guimarães/Guimaraes, Leitão/Leitao, d'Ávila/dAvila",
        families_of_women: "",
        double: (70, " "),
        places: "
            Lisboa | Lisboa | 1100-### | PT | Europe/Lisbon | +351 21 ### ####
            Porto | Porto | 4000-### | PT | Europe/Lisbon | +351 22 ### ####
            São Paulo | SP | 01###-### | BR | America/Sao_Paulo | +55 11 #### ####
            Belém | PA | 66###-### | BR | America/Belem | +55 91 #### ####",
        streets: "Rua Augusta %, Avenida da Liberdade %, Rua das Flores %, Travessa do Carmo %, Praça da Sé %",
        institutions: "Hospital de Santa Maria de @, Clínica São João de @, Centro de Saúde de @",
    },
    Culture {
        language: "fr",
        share: 55,
        order: GivenFirst,
        women: "Marie, Nathalie, Isabelle, Sylvie, Catherine, Françoise/Francoise, Hélène/Helene, Aurélie/Aurelie,
            Chloé/Chloe, Léa/Lea, Anaïs/Anais, Zoé/Zoe, Noëlle/Noelle, Amélie/Amelie, Gaëlle/Gaelle, Inès/Ines,
            Océane/Oceane, Maëlys/Maelys",
        men: "Jean, Philippe, Michel, Alain, Nicolas, Frédéric/Frederic, Stéphane/Stephane, François/Francois,
            Jérôme/Jerome, Loïc/Loic, Rémi/Remi, Benoît/Benoit, Gaëtan/Gaetan, Cédric/Cedric, Aurélien/Aurelien,
            Étienne/Etienne, Raphaël/Raphael, Théo/Theo",
        families: "Martin, Bernard, Dubois, Thomas, Robert, Petit, Durand, Leroy, Moreau, Lefèvre/Lefevre,
            Lefebvre, Mercier, Béranger/Beranger, Gauthier, Noël/Noel, Le Gall, Guérin/Guerin, Tremblay, Gagné/Gagne,
            Bélanger/Belanger, d'Orléans/dOrleans, Léger/Leger, Châtelain/Chatelain, Lemaître/Lemaitre",
        families_of_women: "",
        double: (6, "-"),
        places: "
            Paris | Île-de-France | 750## | FR | Europe/Paris | +33 1 99 00 ## ##
            Orléans | Centre-Val de Loire | 450## | FR | Europe/Paris | +33 2 61 91 ## ##
            Besançon | Bourgogne-Franche-Comté | 250## | FR | Europe/Paris | +33 3 53 01 ## ##
            Montréal | QC | H2X #A# | CA | America/Montreal | +1 514 555 01##
            Liège | Wallonie | 40## | BE | Europe/Brussels | +32 4 ### ## ##",
        streets: "% rue de la République, % avenue Victor-Hugo, % rue du Général-Leclerc, % boulevard Saint-Michel,
            % chemin des Écoliers",
        institutions: "Centre hospitalier de @, Clinique Sainte-Thérèse de @, Maison de santé de @",
    },
    Culture {
        language: "it",
        share: 40,
        order: GivenFirst,
        women: "Maria, Anna, Giuseppina, Rosa, Giulia, Francesca, Chiara, Sara, Martina, Alessandra, Elisa, Federica,
            Beatrice, Ilaria, Niccolina, Letizia",
        men: "Giuseppe, Giovanni, Antonio, Mario, Luigi, Francesco, Niccolò/Niccolo, Alessandro, Matteo, Lorenzo,
            Davide, Andrea, Simone, Riccardo, Gianluca, Nicolò/Nicolo",
        families: "Rossi, Russo, Ferrari, Esposito, Bianchi, Romano, Colombo, Ricci, Marino, Greco, Bruno, Gallo,
            Conti, De Luca, Mancini, D'Angelo/DAngelo, Lo Giudice, Dell'Orto/DellOrto, Nicolò/Nicolo, Caffarà/Caffara,
            Pugliese, Zanetti, Fabbri, Montanari",
        families_of_women: "",
        double: (2, " "),
        places: "
            Roma | RM | 001## | IT | Europe/Rome | +39 06 ### ####
            Milano | MI | 201## | IT | Europe/Rome | +39 02 ### ####
            Forlì | FC | 471## | IT | Europe/Rome | +39 0543 ## ####
            Palermo | PA | 901## | IT | Europe/Rome | +39 091 ### ####",
        streets: "Via Roma %, Corso Garibaldi %, Via Dante %, Piazza della Libertà %, Via San Niccolò %",
        institutions: "Ospedale Civile di @, Policlinico di @, Ambulatorio Santa Chiara di @",
    },
];
