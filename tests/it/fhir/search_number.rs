//! Number parameters: <https://hl7.org/fhir/R4/search.html#number>. No type that comes with the server has
//! one, so a directory of definitions brings its own.

use serde_json::json;

use crate::client::id;
use crate::clinic;

on_both!(a_number_is_as_exact_as_it_is_written, |config| clinic::define(config), |world| {
    let ward = |beds: &str| {
        let body = format!(r#"{{"resourceType":"Ward","name":"W","area":{beds}}}"#);
        let call = world.admin.call("POST", "Ward").body("application/fhir+json", body);
        id(&call.send().expect(201).json())
    };
    let (exact, near, large) = (ward("100"), ward("100.4"), ward("1200.5"));
    for (query, expected) in [
        ("100", vec![&exact, &near]),
        ("100.0", vec![&exact]),
        ("100.4", vec![&near]),
        ("1e2", vec![&exact, &near]),
        ("gt100", vec![&near, &large]),
        ("ge100", vec![&exact, &near, &large]),
        ("lt100.4", vec![&exact]),
        ("le100.4", vec![&exact, &near]),
        ("ne100", vec![&large]),
        ("-100", vec![]),
    ] {
        let mut found = world.admin.found(&format!("Ward?area={query}"));
        let mut expected: Vec<String> = expected.into_iter().cloned().collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{query}");
    }
});

on_both!(numbers_are_sorted_by_their_size, |config| clinic::define(config), |world| {
    for area in ["9", "-3.5", "100", "0.001", "1E1"] {
        let body = format!(r#"{{"resourceType":"Ward","name":"W{area}","area":{area}}}"#);
        world.admin.call("POST", "Ward").body("application/fhir+json", body).send().expect(201);
    }
    world.admin.create(&json!({"resourceType": "Ward", "name": "none"}));
    let names = |query| -> Vec<String> {
        world
            .admin
            .search(query)
            .iter()
            .map(|ward| ward["name"].as_str().expect("a name").to_owned())
            .collect()
    };
    assert_eq!(names("Ward?_sort=area"), ["W-3.5", "W0.001", "W9", "W1E1", "W100", "none"]);
    assert_eq!(names("Ward?_sort=-area"), ["W100", "W1E1", "W9", "W0.001", "W-3.5", "none"]);
});
