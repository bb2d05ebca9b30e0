//! Uri parameters: <https://hl7.org/fhir/R4/search.html#uri>.

use serde_json::json;

use crate::client::id;
use crate::sample::{patient, with};

on_both!(a_uri_is_found_whole, |world| {
    let profiled =
        |url: &str| id(&world.admin.create(&with(patient("A", "B"), json!({"meta": {"profile": [url]}}))));
    let (core, deep) =
        (profiled("https://example.com/fhir/core"), profiled("https://example.com/fhir/core/patient"));
    assert_eq!(world.admin.found("Patient?_profile=https://example.com/fhir/core"), [core.as_str()]);
    assert!(world.admin.found("Patient?_profile=https://example.com/fhir").is_empty());
    assert!(world.admin.found("Patient?_profile=https://EXAMPLE.com/fhir/core").is_empty());
    let mut below = world.admin.found("Patient?_profile:below=https://example.com/fhir/core");
    below.sort();
    let mut both = [core, deep];
    both.sort();
    assert_eq!(below, both);
});

on_both!(a_source_is_a_uri, |world| {
    let fed = id(&world
        .admin
        .create(&with(patient("A", "B"), json!({"meta": {"source": "https://hr.example.com/feed"}}))));
    assert_eq!(world.admin.found("Patient?_source=https://hr.example.com/feed"), [fed.as_str()]);
    assert_eq!(world.admin.found("Patient?_source:below=https://hr.example.com"), [fed]);
});
