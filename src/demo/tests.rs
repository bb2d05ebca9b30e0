//! The promises of the demo population: unique keys, one seed one population, plausible shares.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::names::Tables;
use super::{Name, Population};

fn text<'a>(resource: &'a Value, element: &str) -> &'a str {
    resource[element].as_str().unwrap_or_default()
}

#[test]
fn unique_keys_are_unique() {
    let population = Population::default();
    let mut seen = HashSet::new();
    for n in 0..50_000 {
        let user = population.user(n);
        assert!(seen.insert(text(&user, "email").to_owned()), "{user}");
        assert!(seen.insert(text(&user, "externalId").to_owned()), "{user}");
    }
}

#[test]
fn emails_are_plain_ascii() {
    for person in Population::default().people().take(50_000) {
        let email = person.email();
        let (local, domain) = email.split_once('@').expect("one @");
        assert!(local.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.'), "{email}");
        assert!(!local.contains("..") && !local.starts_with('.'), "{email}");
        assert!(["example.org", "example.com", "example.net"].contains(&domain), "{email}");
    }
}

#[test]
fn one_seed_one_population() {
    let (one, same, other) = (Population::new(7), Population::new(7), Population::new(8));
    assert_eq!(one.user(123_456), same.user(123_456));
    assert_ne!(one.user(123_456), other.user(123_456));
    assert_ne!(one.patient(1)["name"], one.practitioner(1)["name"]);
}

#[test]
fn the_number_is_found_in_what_must_be_unique_only() {
    let user = Population::default().user(987_654_321);
    assert!(text(&user, "email").contains("987654321"));
    assert_eq!(text(&user, "externalId"), "EMP-987654321");
}

#[test]
fn a_common_first_name_is_one_in_a_hundred() {
    let mut count = HashMap::<&str, usize>::new();
    for person in Population::default().people().take(100_000) {
        *count.entry(person.given.native).or_default() += 1;
    }
    let most = count.values().max().copied().unwrap_or_default();
    assert!((700..2_500).contains(&most), "{most}");
    assert!(count.len() > 800, "{}", count.len());
}

#[test]
fn a_user_is_about_a_kilobyte() {
    let population = Population::default();
    let bytes: usize = (0..2_000).map(|n| population.user(n).to_string().len()).sum();
    assert!((900..1_400).contains(&(bytes / 2_000)), "{}", bytes / 2_000);
}

#[test]
fn the_tables_are_whole() {
    for nation in Tables::read().nations {
        let of_women = &nation.families_of_women;
        assert!(of_women.is_empty() || of_women.len() == nation.families.len(), "{}", nation.language);
        assert!(!nation.institutions.is_empty() && !nation.streets.is_empty(), "{}", nation.language);
        for place in &nation.places {
            assert!(place.timezone.contains('/') && place.phone.starts_with('+'), "{place:?}");
            assert_eq!(place.country.len(), 2, "{place:?}");
        }
        let all = [nation.women, nation.men, nation.families, nation.families_of_women].concat();
        for Name { native, roman } in all {
            assert!(roman.is_ascii(), "{native} needs a Latin spelling");
            assert!(roman.chars().any(char::is_alphabetic), "{native}");
            assert!(!native.contains('\n'), "{native} is broken over two lines");
        }
    }
}
