//! The order of a result: <https://hl7.org/fhir/R4/search.html#sort>.

use serde_json::{Value, json};

use crate::sample::{patient, with};
use crate::world::World;

fn born(world: &World, family: &str, date: Option<&str>) {
    let birth = date.map_or(json!({}), |date| json!({"birthDate": date}));
    world.admin.create(&with(patient(family, "X"), birth));
}

fn families(world: &World, query: &str) -> Vec<String> {
    let family = |patient: &Value| patient["name"][0]["family"].as_str().unwrap_or("-").to_owned();
    world.admin.search(query).iter().map(family).collect()
}

on_both!(names_are_sorted_without_case_and_accents, |world| {
    for family in ["Zoë", "ábc", "Abd", "éclair", "Öz", "abb"] {
        born(world, family, None);
    }
    assert_eq!(families(world, "Patient?_sort=family"), ["abb", "ábc", "Abd", "éclair", "Öz", "Zoë"]);
    assert_eq!(families(world, "Patient?_sort=-family"), ["Zoë", "Öz", "éclair", "Abd", "ábc", "abb"]);
});

on_both!(who_has_no_value_comes_last_both_ways, |world| {
    born(world, "late", Some("1990-01-01"));
    born(world, "none", None);
    born(world, "early", Some("1950-01-01"));
    assert_eq!(families(world, "Patient?_sort=birthdate"), ["early", "late", "none"]);
    assert_eq!(families(world, "Patient?_sort=-birthdate"), ["late", "early", "none"]);
});

on_both!(the_second_key_decides_where_the_first_does_not, |world| {
    for (family, date) in [("b", "1950-01-01"), ("a", "1990-01-01"), ("c", "1950-01-01"), ("d", "1990-01-01")]
    {
        born(world, family, Some(date));
    }
    assert_eq!(families(world, "Patient?_sort=birthdate,-family"), ["c", "b", "d", "a"]);
    assert_eq!(families(world, "Patient?_sort=-birthdate,family"), ["a", "d", "b", "c"]);
});

on_both!(several_values_sort_by_the_lowest_or_the_highest, |world| {
    world.admin.create(&json!({"resourceType": "Patient", "name": [{"family": "m"}, {"family": "a"}]}));
    world.admin.create(&json!({"resourceType": "Patient", "name": [{"family": "f"}]}));
    world.admin.create(&json!({"resourceType": "Patient", "name": [{"family": "c"}, {"family": "z"}]}));
    assert_eq!(families(world, "Patient?_sort=family"), ["m", "c", "f"]);
    assert_eq!(families(world, "Patient?_sort=-family"), ["c", "m", "f"]);
});

on_both!(a_filter_keeps_the_order, |world| {
    for (family, date) in
        [("ab", "1990-01-01"), ("bb", "1950-01-01"), ("aa", "1960-01-01"), ("ac", "1955-01-01")]
    {
        born(world, family, Some(date));
    }
    assert_eq!(families(world, "Patient?family=a&_sort=birthdate"), ["ac", "aa", "ab"]);
    assert_eq!(families(world, "Patient?birthdate=lt1980&_sort=-family"), ["bb", "ac", "aa"]);
});

on_both!(the_last_change_is_a_sort_key, |world| {
    born(world, "first", None);
    born(world, "second", None);
    let first = world.admin.search("Patient?family=first").remove(0);
    world.admin.update(&with(first, json!({"active": true})));
    assert_eq!(families(world, "Patient?_sort=_lastUpdated"), ["second", "first"]);
    assert_eq!(families(world, "Patient?_sort=-_lastUpdated"), ["first", "second"]);
});

on_both!(ids_can_be_sorted_by, |world| {
    for _ in 0..4 {
        born(world, "x", None);
    }
    let ids = world.admin.found("Patient?_sort=_id");
    let mut sorted = ids.clone();
    sorted.sort();
    assert_eq!(ids, sorted);
    sorted.reverse();
    assert_eq!(world.admin.found("Patient?_sort=-_id"), sorted);
});
