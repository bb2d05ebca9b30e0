//! capabilities: <https://hl7.org/fhir/R4/http.html#capabilities>.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::client::{PUBLIC_URL, place};
use crate::sample::{patient, with};

fn types(statement: &Value) -> BTreeSet<String> {
    let resources = statement["rest"][0]["resource"].as_array().expect("resources");
    resources.iter().map(|resource| resource["type"].as_str().expect("a type").to_owned()).collect()
}

on_both!(anybody_may_read_what_the_server_can_do, |world| {
    let answer = world.anonymous.get("metadata").expect(200);
    assert!(answer.header("Content-Type").expect("a type").starts_with("application/fhir+json"));
    let statement = answer.json();
    assert_eq!(statement["resourceType"], "CapabilityStatement");
    assert_eq!(statement["fhirVersion"], "4.0.1");
    assert_eq!(statement["kind"], "instance");
    assert_eq!(statement["implementation"]["url"], format!("{PUBLIC_URL}/fhir/R4"));
    assert!(
        types(&statement)
            .is_superset(&["Group", "Organization", "Patient", "User"].map(str::to_owned).into())
    );
});

on_both!(a_mode_makes_no_difference, |world| {
    let whole = world.anonymous.get("metadata").expect(200).json();
    for mode in ["full", "normative", "terminology"] {
        assert_eq!(world.anonymous.get(&format!("metadata?mode={mode}")).expect(200).json(), whole);
    }
});

on_both!(every_type_it_names_can_be_searched, |world| {
    let statement = world.anonymous.get("metadata").expect(200).json();
    for kind in types(&statement) {
        let answer = world.super_admin.get(&format!("{kind}?_count=1"));
        assert_eq!(answer.status, 200, "{kind}: {}", answer.text());
    }
});

on_both!(every_search_parameter_it_names_can_be_asked, |world| {
    let statement = world.anonymous.get("metadata").expect(200).json();
    for resource in statement["rest"][0]["resource"].as_array().expect("resources") {
        for param in resource["searchParam"].as_array().into_iter().flatten() {
            let text = |value: &Value| value.as_str().expect("a text").to_owned();
            let (kind, name) = (text(&resource["type"]), text(&param["name"]));
            let query = match name.as_str() {
                "_content" | "_text" => format!("{kind}?{name}=word"),
                _ => format!("{kind}?{name}:missing=true"),
            };
            let answer = world.super_admin.get(&query);
            assert_eq!(answer.status, 200, "{query}: {}", answer.text());
        }
    }
});

on_both!(what_it_declares_of_a_type_is_done, |world| {
    let statement = world.anonymous.get("metadata").expect(200).json();
    let interactions: Vec<Vec<&str>> = statement["rest"][0]["resource"]
        .as_array()
        .expect("resources")
        .iter()
        .map(|kind| kind["interaction"].as_array().expect("interactions"))
        .map(|all| all.iter().map(|one| one["code"].as_str().expect("a code")).collect())
        .collect();
    let made = place(&world.admin.create(&patient("Chalmers", "0")));
    for declared in interactions.iter().flatten() {
        let answer = match *declared {
            "read" => world.admin.get(&made),
            "vread" => world.admin.get(&format!("{made}/_history/1")),
            "update" => {
                let body = with(patient("Chalmers", "1"), json!({"id": made.rsplit('/').next()}));
                world.admin.put(&made, &body)
            }
            "patch" => {
                let patch = r#"[{"op": "add", "path": "/active", "value": true}]"#;
                world.admin.call("PATCH", &made).body("application/json-patch+json", patch).send()
            }
            "delete" => world.admin.delete(&place(&world.admin.create(&patient("Short", "0")))),
            "history-instance" => world.admin.get(&format!("{made}/_history")),
            "history-type" => world.admin.get("Patient/_history"),
            "create" => world.admin.post("Patient", &patient("Other", "0")),
            "search-type" => world.admin.get("Patient?family=chal"),
            unknown => panic!("{unknown} is declared and not tried here"),
        };
        assert!((200..300).contains(&answer.status), "{declared}: {} {}", answer.status, answer.text());
    }
    for system in statement["rest"][0]["interaction"].as_array().expect("interactions") {
        let bundle = |kind: &str| json!({"resourceType": "Bundle", "type": kind});
        match system["code"].as_str().expect("a code") {
            kind @ ("batch" | "transaction") => world.admin.post("", &bundle(kind)).expect(200),
            "history-system" => world.admin.get("_history").expect(200),
            "search-system" => world.admin.get("?_type=Patient&_id=x").expect(200),
            unknown => panic!("{unknown} is declared and not tried here"),
        };
    }
});

on_both!(a_client_that_knows_it_already_is_told_so, |world| {
    let answer = world.anonymous.get("metadata").expect(200);
    let etag = answer.header("ETag").expect("an entity tag");
    world.anonymous.call("GET", "metadata").header("If-None-Match", etag).send().expect(304);
});
