//! Every route below the FHIR base, and what is called there.

use std::collections::BTreeSet;
use std::fs;

/// Method, route, and places to call; `{id}` is one patient and then the other.
pub const WALK: &[(&str, &str, &[&str])] = &[
    ("GET", "", &["/fhir/R4", "/fhir/R4?_type=Patient&_total=accurate", "/fhir/R4?_summary=count"]),
    ("BATCH", "", &["/fhir/R4"]),
    ("TRANSACTION", "", &["/fhir/R4"]),
    ("GET", "/", &["/fhir/R4/?_type=Patient,RelatedPerson"]),
    ("BATCH", "/", &["/fhir/R4/"]),
    ("GET", "/_history", &["_history", "_history?_count=1"]),
    ("FORM", "/_search", &["_search", "_search?_type=Patient&_summary=count"]),
    (
        "GET",
        "/{type}",
        &[
            "Patient?_total=accurate",
            "Patient?_summary=count",
            "Patient?_count=1",
            "Patient?family=Verb",
            "Patient?family:contains=erborg",
            "Patient?_sort=family",
            "Patient?_sort=-birthdate",
            "Patient?birthdate=1980",
            "Patient?birthdate:missing=false",
            "Patient?_content=Geheimnis&_total=accurate",
            "Patient?_filter=birthdate%20eq%201980",
            "Patient?_has:RelatedPerson:patient:name=Base",
            "Patient?_revinclude=RelatedPerson:patient",
            "Patient?_id={id}&_elements=birthDate,name",
            "Patient?_contained=true&family=Verb",
            "Patient?_contained=both&family=Verb",
            "RelatedPerson?patient.family=Verb&_total=accurate",
            "RelatedPerson?patient:Patient.family=Verb&_summary=count",
            "RelatedPerson?_filter=patient.family%20sw%20Verb",
            "RelatedPerson?patient.birthdate=1980&_total=accurate",
            "RelatedPerson?_filter=not(patient.birthdate%20gt%201980)",
            "Organization?_has:Patient:organization:family=Verb&_total=accurate",
            "Organization?_has:Patient:organization:birthdate=1980&_total=accurate",
            "RelatedPerson?_include=RelatedPerson:patient",
            "RelatedPerson?_include=*&_revinclude=*",
            "Organization?_revinclude:iterate=Patient:organization",
        ],
    ),
    ("POST", "/{type}", &["Patient"]),
    ("IF-NONE-EXIST", "/{type}", &["Patient"]),
    ("PUT", "/{type}", &["Patient?_id={id}", "Patient?family=Verb", "Patient?birthdate=1980"]),
    ("PATCH", "/{type}", &["Patient?_id={id}", "Patient?family=Verb", "Patient?birthdate=1980"]),
    ("DELETE", "/{type}", &["Patient?family=Verb"]),
    ("FORM", "/{type}/_search", &["Patient/_search", "Patient/_search?family=Verb&_total=accurate"]),
    ("GET", "/{type}/_history", &["Patient/_history", "Patient/_history?_count=1"]),
    (
        "GET",
        "/{type}/{id}",
        &["Patient/{id}", "Patient/{id}?_elements=birthDate", "Patient/{id}?_summary=true"],
    ),
    ("HEAD", "/{type}/{id}", &["Patient/{id}"]),
    ("PUT", "/{type}/{id}", &["Patient/{id}", "Patient/new-one"]),
    ("PATCH", "/{type}/{id}", &["Patient/{id}"]),
    ("DELETE", "/{type}/{id}", &["Patient/{id}"]),
    ("GET", "/{type}/{id}/_history", &["Patient/{id}/_history"]),
    ("GET", "/{type}/{id}/_history/{version}", &["Patient/{id}/_history/1", "Patient/{id}/_history/2"]),
    ("GET", "/{type}/{id}/{kind}", &["Patient/{id}/RelatedPerson", "Patient/{id}/*", "Patient/{id}/Patient"]),
    ("FORM", "/{type}/{id}/{kind}/_search", &["Patient/{id}/*/_search", "Patient/{id}/Patient/_search"]),
    ("GET", "/$meta", &["$meta"]),
    ("GET", "/{type}/$meta", &["Patient/$meta"]),
    ("GET", "/{type}/{id}/$meta", &["Patient/{id}/$meta"]),
    ("GET", "/{type}/{id}/_history/{version}/$meta", &["Patient/{id}/_history/1/$meta"]),
    ("LABEL", "/{type}/{id}/$meta-add", &["Patient/{id}/$meta-add"]),
    ("LABEL", "/{type}/{id}/$meta-delete", &["Patient/{id}/$meta-delete"]),
    ("LABEL", "/{type}/{id}/_history/{version}/$meta-add", &["Patient/{id}/_history/1/$meta-add"]),
    ("LABEL", "/{type}/{id}/_history/{version}/$meta-delete", &["Patient/{id}/_history/1/$meta-delete"]),
    ("GET", "/Patient/$everything", &["Patient/$everything", "Patient/$everything?start=1979-01-01"]),
    ("GET", "/Patient/{id}/$everything", &["Patient/{id}/$everything"]),
    ("EXPUNGE", "/$expunge", &["$expunge"]),
    ("EXPUNGE", "/{type}/$expunge", &["Patient/$expunge"]),
    ("EXPUNGE", "/{type}/{id}/$expunge", &["Patient/{id}/$expunge"]),
    ("POST", "/$reindex", &["$reindex"]),
    ("POST", "/{type}/$reindex", &["Patient/$reindex"]),
    ("POST", "/{type}/{id}/$reindex", &["Patient/{id}/$reindex"]),
    (
        "GET",
        "/$graphql",
        &[
            "$graphql?query=%7BPatientList%7Bid%20birthDate%20name%7Bfamily%7D%7D%7D",
            "$graphql?query=%7BPatientList(family:%22Verb%22)%7Bid%7D%7D",
            "$graphql?query=%7BPatientConnection%7Bcount%20edges%7Bresource%7Bid%20birthDate%7D%7D%7D%7D",
            "$graphql?query=%7BPatient(id:%22{id}%22)%7Bid%20birthDate%20name%7Bfamily%7D%7D%7D",
            "$graphql?query=%7BRelatedPersonList%7Bpatient%7Bresource%7B...on%20Patient%7BbirthDate%20name%7Bfamily%7D%7D%7D%7D%7D%7D",
        ],
    ),
    ("GET", "/{type}/{id}/$graphql", &["Patient/{id}/$graphql?query=%7BbirthDate%20name%7Bfamily%7D%7D"]),
    ("POST", "/{type}/$validate", &["Patient/$validate", "Patient/$validate?mode=create"]),
    ("GET", "/{type}/{id}/$validate", &["Patient/{id}/$validate"]),
    (
        "POST",
        "/{type}/{id}/$validate",
        &["Patient/{id}/$validate?mode=update", "Patient/{id}/$validate?mode=delete"],
    ),
    ("GET", "/Subscription/{id}/$deliveries", &["Subscription/{id}/$deliveries"]),
    ("GET", "/SearchParameter/{id}/$status", &["SearchParameter/{id}/$status"]),
];

/// Routes that show nothing of what is stored.
const OTHERS: [&str; 4] =
    ["/.well-known/smart-configuration", "/_async/{job}", "/metadata", "/Subscription/{id}/$replay"];
/// Operations on types that a policy has to name; see `operations_of_administration`.
pub const ADMINISTRATION: [&str; 5] =
    ["/User/", "/Project/", "/ProjectMembership/", "/ClientApplication/", "/AccessPolicy/"];

/// The routes below the FHIR base as `http/mod.rs` has them.
pub fn declared() -> BTreeSet<String> {
    let page =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/http/mod.rs")).expect("the routes");
    let from = |start: &str| {
        let after = &page[page.find(start).unwrap_or_else(|| panic!("{start} is gone"))..];
        after[..after.find("\n}\n").expect("the end of a function")].to_owned()
    };
    let text = from("scope(\"/fhir/R4\")") + &from("fn operations(");
    let after = text.match_indices("on(\"").map(|(place, _)| &text[place + 4..]);
    after.map(|rest| rest.split('"').next().expect("a route").to_owned()).collect()
}

/// Whether it is an operation on a type that a policy has to name.
pub fn is_administration(route: &str) -> bool {
    ADMINISTRATION.iter().any(|start| route.starts_with(start))
}

#[test]
fn every_route_is_walked() {
    let walked: BTreeSet<&str> = WALK.iter().map(|(_, route, _)| *route).collect();
    let declared = declared();
    assert!(declared.len() > 40, "{declared:?}");
    let is_known = |route: &&String| {
        walked.contains(route.as_str()) || OTHERS.contains(&route.as_str()) || is_administration(route)
    };
    let missing: Vec<&String> = declared.iter().filter(|route| !is_known(route)).collect();
    assert!(missing.is_empty(), "no policy was put to these routes: {missing:?}");
}
