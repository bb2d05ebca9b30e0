//! One made-up person: the facts that every resource about that person agrees on.

use super::Population;
use super::draw::{Draw, number};
use super::names::{Name, Nation, Order, Place};
use super::work::{JOBS, SPECIALTIES, Specialty};

/// All ages are counted back from here, so that the population does not depend on the day it is made.
const THIS_YEAR: u16 = 2026;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    Female,
    Male,
    Other,
}

impl Gender {
    pub fn code(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
            Self::Other => "other",
        }
    }
}

/// Which crowd a person is drawn from. User n and Practitioner n are the same person, Patient n is not.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Crowd {
    Staff = 1,
    Patients = 2,
    Places = 3,
}

pub struct Person<'a> {
    pub n: u64,
    pub(super) nation: &'a Nation,
    pub gender: Gender,
    pub given: Name,
    pub middle: Option<Name>,
    pub family: Name,
    pub second_family: Option<Name>,
    pub place: &'a Place,
    /// Year, month, day.
    pub born: (u16, u8, u8),
    /// When it joined: a practitioner the house, a patient the practice.
    pub joined: (u16, u8, u8),
    /// A doctor has one; about a quarter of the staff are.
    pub specialty: Option<&'static Specialty>,
    pub department: &'static Specialty,
    pub title: &'static str,
    /// Continues where the facts above ended: for details that only one resource shows.
    pub(super) seed: u64,
}

impl Population {
    /// The n-th member of staff.
    pub fn person(&self, n: u64) -> Person<'_> {
        self.draw(Crowd::Staff, n)
    }

    pub(super) fn draw(&self, crowd: Crowd, n: u64) -> Person<'_> {
        let draw = &mut Draw::new(self.seed, crowd as u64, n);
        let nation = &self.tables.nations[*draw.any(&self.tables.lots)];
        let gender = match draw.below(200) {
            0 => Gender::Other,
            1..=112 => Gender::Female,
            _ => Gender::Male,
        };
        let woman = gender == Gender::Female || (gender == Gender::Other && draw.chance(50));
        let first_names = if woman { &nation.women } else { &nation.men };
        let families = match woman && !nation.families_of_women.is_empty() {
            true => &nation.families_of_women,
            false => &nation.families,
        };
        let given = *draw.common(first_names);
        let middle = (nation.order == Order::GivenFirst && draw.chance(12))
            .then(|| *draw.any(first_names))
            .filter(|&middle| middle != given);
        let family = *draw.common(families);
        let second_family =
            draw.chance(nation.double.0).then(|| *draw.common(families)).filter(|&second| second != family);
        let (youngest, oldest) = if crowd == Crowd::Patients { (0, 98) } else { (22, 67) };
        let age = youngest + draw.below(oldest - youngest);
        let years_here = draw.below(age.saturating_sub(20).clamp(1, 25));
        let department = draw.common(SPECIALTIES);
        let specialty = draw.chance(26).then_some(department);
        Person {
            n,
            nation,
            gender,
            given,
            middle,
            family,
            second_family,
            place: draw.any(&nation.places),
            born: day(draw, THIS_YEAR - 1 - age as u16),
            joined: day(draw, THIS_YEAR - 1 - years_here as u16),
            specialty,
            department,
            title: specialty.map_or_else(|| *draw.common(JOBS), |specialty| specialty.doctor),
            seed: self.seed ^ crowd as u64,
        }
    }
}

fn day(draw: &mut Draw, year: u16) -> (u16, u8, u8) {
    // No month is shorter than 28 days: nobody is born on the 30th of February.
    (year, draw.below(12) as u8 + 1, draw.below(28) as u8 + 1)
}

impl Person<'_> {
    pub fn family_name(&self) -> String {
        self.family_by(|name| name.native, self.nation.double.1)
    }

    /// As its bearer writes it.
    pub fn full_name(&self) -> String {
        let family = self.family_name();
        match self.nation.order {
            Order::GivenFirst => joined(self.given.native, " ", &family),
            Order::FamilyFirst => joined(&family, " ", self.given.native),
            Order::FamilyFirstJoined => joined(&family, "", self.given.native),
        }
    }

    /// In ASCII, given name first.
    pub fn roman_name(&self) -> String {
        joined(self.given.roman, " ", &self.roman_family())
    }

    pub fn roman_family(&self) -> String {
        self.family_by(|name| name.roman, "-")
    }

    /// No two people share one: it ends with their number.
    pub fn email(&self) -> String {
        let mut email = String::with_capacity(64);
        letters(self.given.roman, &mut email);
        email.push('.');
        letters(self.family.roman, &mut email);
        email.push('.');
        number(self.n, &mut email);
        email.push_str(["@example.org", "@example.com", "@example.net"][self.family.roman.len() % 3]);
        email
    }

    pub fn language(&self) -> &'static str {
        self.nation.language
    }

    fn family_by(&self, spelling: fn(Name) -> &'static str, join: &str) -> String {
        match self.second_family {
            Some(second) => joined(spelling(self.family), join, spelling(second)),
            None => spelling(self.family).to_owned(),
        }
    }
}

fn joined(first: &str, by: &str, second: &str) -> String {
    let mut text = String::with_capacity(first.len() + by.len() + second.len());
    text.push_str(first);
    text.push_str(by);
    text.push_str(second);
    text
}

/// What an e-mail address may keep of a name: `Al-Zahrani` becomes `alzahrani`.
fn letters(name: &str, into: &mut String) {
    into.extend(name.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()));
}
