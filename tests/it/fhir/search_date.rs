//! Date parameters: <https://hl7.org/fhir/R4/search.html#date>.

use serde_json::json;

use crate::client::id;
use crate::sample::{patient, with};

on_both!(a_date_is_the_stretch_of_time_it_names, |world| {
    let born = |date: &str| id(&world.admin.create(&with(patient(date, "B"), json!({"birthDate": date}))));
    let (year, month, day) = (born("1970"), born("1970-03"), born("1970-03-15"));
    for (query, expected) in [
        ("1970", vec![&year, &month, &day]),
        ("1970-03", vec![&month, &day]),
        ("1970-03-15", vec![&day]),
        ("ne1970-03", vec![&year]),
        ("gt1970-03-14", vec![&year, &month, &day]),
        ("gt1970-03-15", vec![&year, &month]),
        ("ge1970-03-15", vec![&year, &month, &day]),
        ("lt1970-03-15", vec![&year, &month]),
        ("le1970-02-28", vec![&year]),
        ("sa1970-03-14", vec![&day]),
        ("sa1969", vec![&year, &month, &day]),
        ("eb1970-04", vec![&month, &day]),
        ("eb1971", vec![&year, &month, &day]),
        ("1969,1970-03-15", vec![&day]),
        ("1971", vec![]),
    ] {
        let mut found = world.admin.found(&format!("Patient?birthdate={query}"));
        let mut expected: Vec<String> = expected.into_iter().cloned().collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{query}");
    }
});

on_both!(two_bounds_make_a_window, |world| {
    let born = |date: &str| id(&world.admin.create(&with(patient(date, "B"), json!({"birthDate": date}))));
    let (_, within, _) = (born("1969-12-31"), born("1975-06-01"), born("1980-01-01"));
    assert_eq!(world.admin.found("Patient?birthdate=ge1970&birthdate=lt1980"), [within]);
});

on_both!(the_zone_of_a_time_counts, |world| {
    let died =
        |time: &str| id(&world.admin.create(&with(patient("A", "B"), json!({"deceasedDateTime": time}))));
    let stored = died("2020-01-01T01:30:00+02:00");
    assert_eq!(world.admin.found("Patient?death-date=2019-12-31T23:30:00Z"), [stored.as_str()]);
    assert_eq!(world.admin.found("Patient?death-date=2019-12-31T18:30:00-05:00"), [stored.as_str()]);
    assert_eq!(world.admin.found("Patient?death-date=2019-12-31T23:30:00Z&deceased=true"), [stored]);
    assert!(world.admin.found("Patient?death-date=2020-01-01T01:30:00Z").is_empty());
});

on_both!(last_updated_finds_the_new_and_the_changed, |world| {
    let first = world.admin.create(&patient("A", "B"));
    let time = first["meta"]["lastUpdated"].as_str().expect("a time").replace('+', "%2B");
    assert_eq!(world.admin.found(&format!("Patient?_lastUpdated=ge{time}")), [id(&first)]);
    assert_eq!(world.admin.found(&format!("Patient?_lastUpdated={time}")), [id(&first)]);
    assert!(world.admin.found(&format!("Patient?_lastUpdated=lt{time}")).is_empty());
    assert!(world.admin.found("Patient?_lastUpdated=lt2001").is_empty());
    assert_eq!(world.admin.found("Patient?_lastUpdated=gt2001").len(), 1);
});
