//! A demo population: believable people from many countries, the same ones for the same seed.
//!
//! `fill` puts them into a database; all else is pure. `person(n)` makes up the n-th person, the functions of `render` show
//! one as a FHIR resource. E-mail addresses and external ids contain n, so no two people share one.

mod draw;
mod fill;
mod names;
mod person;
mod render;
mod work;

pub use fill::{Demo, fill};
pub use names::Name;
pub use person::{Gender, Person};
pub use render::object;

use names::Tables;

/// The seed of `roster demo`, known to the benchmark too, so that it can tell who must be in a database.
pub const SEED: u64 = 20_000_101;

/// Everybody who could be drawn with one seed.
pub struct Population {
    seed: u64,
    tables: Tables,
}

impl Population {
    pub fn new(seed: u64) -> Self {
        Self { seed, tables: Tables::read() }
    }

    /// All people, without end.
    pub fn people(&self) -> impl Iterator<Item = Person<'_>> {
        (0..).map(|n| self.person(n))
    }
}

impl Default for Population {
    fn default() -> Self {
        Self::new(SEED)
    }
}

#[cfg(test)]
mod tests;
