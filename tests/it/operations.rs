//! One source for the operations: what `fhir/operation` defines is what is routed, and nothing else
//! (<https://hl7.org/fhir/R4/operationdefinition.html>).

use std::collections::BTreeSet;
use std::fs;

use roster::definitions::operations;
use serde_json::Value;

fn here(path: &str) -> String {
    format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))
}

/// Name and level of every operation that has a route.
fn routed() -> BTreeSet<(String, &'static str)> {
    let page = fs::read_to_string(here("src/http/mod.rs")).expect("the routes");
    let places = page.split("on(\"").skip(1).filter_map(|rest| rest.split('"').next());
    let named = places.filter_map(|place| place.rsplit_once("/$"));
    named
        .map(|(above, name)| {
            let level = match above {
                "" => "system",
                above if above.contains("{id}") => "instance",
                _ => "type",
            };
            (name.to_owned(), level)
        })
        .collect()
}

#[test]
fn what_is_defined_is_what_is_routed() {
    let levels = operations().iter().flat_map(|one| {
        let levels = [("system", one.system), ("type", one.of_type), ("instance", one.instance)];
        levels.into_iter().filter(|(_, there)| *there).map(|(level, _)| (one.code.clone(), level))
    });
    assert_eq!(levels.collect::<BTreeSet<_>>(), routed());
}

#[test]
fn every_file_is_a_definition_under_its_own_name() {
    let mut count = 0;
    for file in fs::read_dir(here("fhir/operation")).expect("the definitions") {
        let path = file.expect("a file").path();
        let text = fs::read_to_string(&path).expect("a text");
        let definition: Value = serde_json::from_str(&text).expect("JSON");
        let id = definition["id"].as_str().expect("an id");
        assert_eq!(path.file_stem().and_then(|name| name.to_str()), Some(id));
        assert!(definition["url"].as_str().is_some_and(|url| url.ends_with(id)), "{id}");
        for element in ["name", "title", "status", "description", "parameter"] {
            assert!(!definition[element].is_null(), "{id} has no {element}");
        }
        count += 1;
    }
    assert_eq!(count, operations().len());
}

on_both!(the_capability_statement_declares_them, |world| {
    let statement = world.anonymous.get("metadata").expect(200).json();
    let rest = &statement["rest"][0];
    let names = |place: &Value| -> BTreeSet<String> {
        let list = place["operation"].as_array().cloned().unwrap_or_default();
        list.iter().map(|one| one["name"].as_str().expect("a name").to_owned()).collect()
    };
    let due: BTreeSet<String> =
        operations().iter().filter(|one| one.system).map(|one| one.code.clone()).collect();
    assert_eq!(names(rest), due);
    for resource in rest["resource"].as_array().expect("types") {
        let kind = resource["type"].as_str().expect("a type");
        let due: BTreeSet<String> =
            operations().iter().filter(|one| one.is_of(kind)).map(|one| one.code.clone()).collect();
        assert_eq!(names(resource), due, "{kind}");
    }
});
