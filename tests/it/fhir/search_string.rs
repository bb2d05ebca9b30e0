//! String parameters: <https://hl7.org/fhir/R4/search.html#string>.

use serde_json::json;

use crate::client::id;
use crate::sample::{patient, user, with};

on_both!(a_string_is_found_by_its_beginning_without_case_and_accents, |world| {
    let severine = id(&world.admin.create(&patient("Éveillard", "Séverine")));
    let eve = id(&world.admin.create(&patient("Bauer", "Ève")));
    for (query, expected) in [
        ("given=eve", vec![&eve]),
        ("given=ÈVE", vec![&eve]),
        ("given=severine", vec![&severine]),
        ("given=verine", vec![]),
        ("family=eveil", vec![&severine]),
        ("name=eve", vec![&severine, &eve]),
        ("name=bauer,severine", vec![&severine, &eve]),
    ] {
        let mut found = world.admin.found(&format!("Patient?{query}"));
        let mut expected: Vec<_> = expected.into_iter().cloned().collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{query}");
    }
});

on_both!(exact_means_every_accent_and_capital, |world| {
    let stored = id(&world.admin.create(&patient("Éveillard", "Séverine")));
    assert_eq!(world.admin.found("Patient?given:exact=Séverine"), [stored]);
    for value in ["séverine", "Severine", "Séver", "Séverine "] {
        assert!(
            world.admin.found(&format!("Patient?given:exact={}", value.replace(' ', "%20"))).is_empty(),
            "{value}"
        );
    }
});

on_both!(contains_looks_anywhere, |world| {
    let stored = id(&world.admin.create(&patient("van der Waals", "Johannes")));
    world.admin.create(&patient("Wald", "Anna"));
    for value in ["WAAL", "der%20waals", "aa", "s", "n%20d"] {
        assert_eq!(
            world.admin.found(&format!("Patient?family:contains={value}")),
            [stored.as_str()],
            "{value}"
        );
    }
    assert!(world.admin.found("Patient?family:contains=zz").is_empty());
});

on_both!(signs_of_the_store_are_letters_to_a_search, |world| {
    let percent = id(&world.admin.create(&patient("100%_sure", "O'Brien\\")));
    world.admin.create(&patient("1000 unsure", "O-Brien"));
    assert_eq!(world.admin.found("Patient?family=100%25_"), [percent.as_str()]);
    assert_eq!(world.admin.found("Patient?family:contains=%25_s"), [percent.as_str()]);
    assert_eq!(world.admin.found("Patient?given=o'brien"), [percent.as_str()]);
    assert!(world.admin.found("Patient?family=%25").is_empty());
    assert!(world.admin.found("Patient?family:contains=_%25").is_empty());
    assert!(world.admin.found("Patient?given=x'%20OR%201=1--").is_empty());
});

on_both!(an_email_is_found_in_any_case, |world| {
    let stored = id(&world.admin.create(&user("ada@example.com")));
    world.admin.create(&user("grace@example.com"));
    assert_eq!(world.admin.found("User?email=ADA@Example.com"), [stored.as_str()]);
    assert_eq!(world.admin.found("User?email:exact=ada@example.com"), [stored.as_str()]);
});

on_both!(a_very_long_value_is_found_by_its_beginning, |world| {
    let long = "a".repeat(2000);
    let stored = id(&world.admin.create(&with(user("l@example.com"), json!({"displayName": long}))));
    assert_eq!(world.admin.found(&format!("User?name={}", &long[..200])), [stored]);
});
