//! capabilities: <https://hl7.org/fhir/R4/http.html#capabilities>.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::client::PUBLIC_URL;

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
            let (kind, name) = (&resource["type"], &param["name"]);
            let query =
                format!("{}?{}:missing=true", kind.as_str().expect("a type"), name.as_str().expect("a name"));
            let answer = world.super_admin.get(&query);
            assert_eq!(answer.status, 200, "{query}: {}", answer.text());
        }
    }
});

on_both!(what_it_does_not_declare_is_refused, |world| {
    let statement = world.anonymous.get("metadata").expect(200).json();
    for resource in statement["rest"][0]["resource"].as_array().expect("resources") {
        let has = |code: &str| {
            resource["interaction"].as_array().expect("interactions").iter().any(|i| i["code"] == code)
        };
        assert!(!has("patch") && !has("history-type"), "{resource}");
        assert_ne!(resource["conditionalCreate"], true);
        assert_ne!(resource["conditionalUpdate"], true);
    }
    let patch = world.admin.call("PATCH", "Patient/x").body("application/json-patch+json", "[]").send();
    let batch = world.admin.post("", &json!({"resourceType": "Bundle", "type": "batch"}));
    for answer in [patch, batch, world.admin.get("Patient/_history"), world.admin.get("_history")] {
        assert!(matches!(answer.status, 400 | 404 | 405 | 415 | 501), "{}: {}", answer.status, answer.text());
        answer.issues();
    }
});

on_both!(a_client_that_knows_it_already_is_told_so, |world| {
    let answer = world.anonymous.get("metadata").expect(200);
    let etag = answer.header("ETag").expect("an entity tag");
    world.anonymous.call("GET", "metadata").header("If-None-Match", etag).send().expect(304);
});
