//! The profiles of the official package: <https://hl7.org/fhir/R4/profilelist.html>.

use std::sync::Arc;

use roster::definitions::{ProfileTree, Rule, compile_profile};
use roster::error::Severity;
use roster::resource::{Known, Profiles, conform, parse};
use serde_json::{Value, json};

use super::{DEFINITIONS, official, resources};

const BP: &str = "http://hl7.org/fhir/StructureDefinition/bp";

/// The profiles of the package alone.
struct Package;

fn source(url: &str) -> Option<Value> {
    let plain = url.split('|').next().unwrap_or(url);
    DEFINITIONS.profiles.get(plain).map(|profile| parse(profile.text.as_bytes()).expect("JSON"))
}

impl Profiles for Package {
    fn profile(&self, url: &str) -> Known {
        let core = DEFINITIONS.structures.values().find(|structure| structure.url == url);
        if let Some(of) = core.map(|structure| structure.name.clone()) {
            let root = Rule { name: of.clone(), ..Rule::default() };
            return Known::Tree(Arc::new(ProfileTree { url: url.to_owned(), of, root }));
        }
        let Some(definition) = source(url) else { return Known::Unknown };
        match compile_profile(&DEFINITIONS, &definition, &source) {
            Ok(tree) => Known::Tree(Arc::new(tree)),
            Err(error) => Known::Unusable(error.to_string()),
        }
    }
}

#[test]
fn every_profile_can_be_used() {
    let mut faults = Vec::new();
    for (url, profile) in DEFINITIONS.profiles.iter() {
        let definition = parse(profile.text.as_bytes()).expect("JSON");
        if let Err(error) = compile_profile(&DEFINITIONS, &definition, &source) {
            faults.push(format!("{url}: {error}"));
        }
    }
    assert!(DEFINITIONS.profiles.len() > 400);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_example_is_what_it_claims_to_be() {
    let mut faults = Vec::new();
    let mut count = 0;
    for (name, example) in resources(1 << 18, |name| !name.starts_with("CodeSystem-v")) {
        if example.pointer("/meta/profile").is_none() {
            continue;
        }
        count += 1;
        let issues = conform(&DEFINITIONS, &Package, &example, &[]);
        let errors: Vec<_> = issues.iter().filter(|issue| issue.severity == Severity::Error).collect();
        if !errors.is_empty() {
            faults.push(format!("{name}: {:?}", errors.iter().take(3).collect::<Vec<_>>()));
        }
    }
    assert!(count > 500, "{count}");
    assert!(
        faults.is_empty(),
        "{} of {count}\n{}",
        faults.len(),
        faults.iter().take(60).cloned().collect::<Vec<_>>().join("\n")
    );
}

/// An example of a blood pressure, as that profile wants it.
fn pressure() -> Value {
    let mut found = resources(u64::MAX, |name| name == "Observation-blood-pressure.json");
    let mut example = found.pop().expect("the example").1;
    example["meta"] = json!({"profile": [BP]});
    example
}

/// The errors that a blood pressure gets by its profile.
fn faults(example: &Value) -> Vec<(&'static str, String)> {
    let issues = conform(&DEFINITIONS, &Package, example, &[]);
    let errors = issues.into_iter().filter(|issue| issue.severity == Severity::Error);
    errors.map(|issue| (issue.code, issue.expression.unwrap_or_default())).collect()
}

#[test]
fn a_blood_pressure_is_judged_slice_by_slice() {
    let sound = pressure();
    assert_eq!(faults(&sound), []);
    let fault = |pointer: &str, change: &dyn Fn(&mut Value)| {
        let mut example = sound.clone();
        change(example.pointer_mut(pointer).expect("a place"));
        faults(&example)
    };
    let at = |code, place: &str| (code, place.to_owned());
    let told = fault("/component", &|list| _ = list.as_array_mut().map(Vec::pop));
    let missing = at("required", "Observation.component");
    assert!(!told.is_empty() && told.iter().all(|one| *one == missing), "{told:?}");
    let told = fault("/component/0/valueQuantity/code", &|code| *code = json!("kPa"));
    let place = "Observation.component[0].value";
    assert_eq!(told, [at("code-invalid", place), at("value", &format!("{place}.code"))]);
    let told = fault("/component/1/code/coding/0/code", &|code| *code = json!("0-0"));
    assert_eq!(told, [at("required", "Observation.component")]);
    let told = fault("/category/0/coding/0/code", &|code| *code = json!("exam"));
    assert_eq!(told, [at("required", "Observation.category")]);
    let told = fault("", &|whole| _ = whole.as_object_mut().map(|one| one.shift_remove("subject")));
    assert_eq!(told, [at("required", "Observation.subject")]);
}

on_both!(a_profile_of_a_package_is_judged_on_write, |config| official(config), |world| {
    let sound = pressure();
    world.admin.create(&sound);
    let mut broken = sound;
    broken["component"].as_array_mut().expect("a list").pop();
    world.admin.post("Observation", &broken).refused(422, "required").at("Observation.component");
    let place = format!("Observation/$validate?profile={BP}");
    world.admin.post(&place, &broken).refused(200, "required").at("Observation.component");
});
