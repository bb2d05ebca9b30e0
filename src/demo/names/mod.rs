//! What people are called and where they live, country by country.
//!
//! The tables are written to be read: names in the order of how common they are, separated by commas, with
//! the Latin spelling after a slash where it is not ASCII already. They are cut up once, at the start.

mod africa;
mod east_asia;
mod latin_east;
mod latin_north;
mod latin_west;
mod middle_east;
mod slavic_greek;
mod south_asia;

/// How a full name is put together.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Anna Kowalska
    GivenFirst,
    /// Nagy Anna
    FamilyFirst,
    /// 王秀英
    FamilyFirstJoined,
}

/// One table: people who share a language and a country.
pub struct Culture {
    /// BCP 47
    language: &'static str,
    /// How many of the population, against the other shares.
    share: usize,
    order: Order,
    women: &'static str,
    men: &'static str,
    families: &'static str,
    /// The same families in the same order, as a woman bears them; empty where it makes no difference.
    families_of_women: &'static str,
    /// Two family names: how many in a hundred have them, and what joins them.
    double: (usize, &'static str),
    /// A line each: city | state | postal code | country | time zone | telephone
    places: &'static str,
    streets: &'static str,
    /// `@` stands for the city.
    institutions: &'static str,
}

/// A name as its bearer writes it, and in ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name {
    pub native: &'static str,
    pub roman: &'static str,
}

/// Where a person lives. Patterns are for `Draw::fill`.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub city: &'static str,
    pub state: &'static str,
    pub postal_code: &'static str,
    pub country: &'static str,
    pub timezone: &'static str,
    pub phone: &'static str,
}

/// A `Culture`, cut up.
pub struct Nation {
    pub language: &'static str,
    pub order: Order,
    pub women: Vec<Name>,
    pub men: Vec<Name>,
    pub families: Vec<Name>,
    pub families_of_women: Vec<Name>,
    pub double: (usize, &'static str),
    pub places: Vec<Place>,
    pub streets: Vec<&'static str>,
    pub institutions: Vec<&'static str>,
}

pub struct Tables {
    pub nations: Vec<Nation>,
    /// The index of a nation, as often as its share: one draw finds one.
    pub lots: Vec<usize>,
}

impl Tables {
    pub fn read() -> Self {
        let all = [
            latin_west::CULTURES,
            latin_north::CULTURES,
            latin_east::CULTURES,
            slavic_greek::CULTURES,
            middle_east::CULTURES,
            south_asia::CULTURES,
            east_asia::CULTURES,
            africa::CULTURES,
        ];
        let cultures: Vec<&Culture> = all.into_iter().flatten().collect();
        let lots = cultures.iter().enumerate().flat_map(|(i, culture)| vec![i; culture.share]).collect();
        Self { nations: cultures.into_iter().map(Nation::read).collect(), lots }
    }
}

impl Nation {
    fn read(culture: &Culture) -> Self {
        Self {
            language: culture.language,
            order: culture.order,
            women: names(culture.women),
            men: names(culture.men),
            families: names(culture.families),
            families_of_women: names(culture.families_of_women),
            double: culture.double,
            places: culture.places.lines().map(str::trim).filter(|l| !l.is_empty()).map(place).collect(),
            streets: list(culture.streets).collect(),
            institutions: list(culture.institutions).collect(),
        }
    }
}

fn list(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.split(',').map(str::trim).filter(|entry| !entry.is_empty())
}

fn names(text: &'static str) -> Vec<Name> {
    list(text)
        .map(|entry| match entry.split_once('/') {
            Some((native, roman)) => Name { native, roman },
            None => Name { native: entry, roman: entry },
        })
        .collect()
}

fn place(line: &'static str) -> Place {
    let mut cells = line.split('|').map(str::trim);
    let mut cell = || cells.next().unwrap_or_default();
    Place {
        city: cell(),
        state: cell(),
        postal_code: cell(),
        country: cell(),
        timezone: cell(),
        phone: cell(),
    }
}
