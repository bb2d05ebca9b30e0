//! Profiles: <https://hl7.org/fhir/R4/profiling.html>, claimed in `meta.profile` or asked for in `$validate`.

use serde_json::{Value, json};

use crate::client::{Client, place};
use crate::sample::{patient, with};

pub const BASE: &str = "https://example.com/fhir/StructureDefinition/";

/// A profile of a type, by its differential.
pub fn profile(name: &str, of: &str, elements: Value) -> Value {
    json!({
        "resourceType": "StructureDefinition", "url": format!("{BASE}{name}"), "name": name, "status": "active",
        "kind": if of == "Extension" { "complex-type" } else { "resource" }, "abstract": false, "type": of,
        "context": if of == "Extension" { json!([{"type": "element", "expression": "Element"}]) } else { Value::Null },
        "baseDefinition": format!("http://hl7.org/fhir/StructureDefinition/{of}"), "derivation": "constraint",
        "differential": {"element": elements}
    })
}

/// Stores a profile, with what the rules on definitions want besides.
pub fn define(client: &Client, profile: Value) -> Value {
    client.create(&complete(profile))
}

fn complete(mut profile: Value) -> Value {
    profile.as_object_mut().expect("a profile").retain(|_, value| !value.is_null());
    for view in ["snapshot", "differential"] {
        for element in profile
            .pointer_mut(&format!("/{view}/element"))
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            let path = element["path"].as_str().expect("a path").to_owned();
            let slice = element["sliceName"].as_str().map(|slice| format!(":{slice}")).unwrap_or_default();
            if element["id"].is_null() {
                element["id"] = json!(format!("{path}{slice}"));
            }
            if view == "snapshot" {
                element["definition"] = json!("x");
                element["base"] = json!({"path": path, "min": 0, "max": "*"});
            }
        }
    }
    profile
}

/// Code and place of the errors and warnings that a resource gets by a profile.
pub fn faults(client: &Client, name: &str, resource: &Value) -> Vec<(String, String)> {
    let kind = resource["resourceType"].as_str().expect("a resource");
    let answer = client.post(&format!("{kind}/$validate?profile={BASE}{name}"), resource).expect(200);
    let issues = answer.issues();
    let told = issues.iter().filter(|issue| issue["severity"] != "information");
    told.map(|issue| {
        let place = issue["expression"][0].as_str().unwrap_or_default();
        (issue["code"].as_str().expect("a code").to_owned(), place.to_owned())
    })
    .collect()
}

#[track_caller]
pub fn expect(client: &Client, name: &str, resource: Value, expected: &[(&str, &str)]) {
    let found = faults(client, name, &resource);
    let found: Vec<(&str, &str)> =
        found.iter().map(|(code, place)| (code.as_str(), place.as_str())).collect();
    assert_eq!(
        found,
        expected,
        "{resource} {}",
        client
            .post(
                &format!("{}/$validate?profile={BASE}{name}", resource["resourceType"].as_str().unwrap()),
                &resource
            )
            .text()
    );
}

fn person(elements: Value) -> Value {
    with(json!({"resourceType": "Patient"}), elements)
}

on_both!(elements_are_judged_by_number_value_type_and_rule, |world| {
    define(
        &world.admin,
        profile(
            "strict",
            "Patient",
            json!([
                {"path": "Patient", "constraint": [
                    {"key": "own-1", "severity": "error", "human": "has a name or a telecom", "expression": "name.exists() or telecom.exists()"},
                    {"key": "own-2", "severity": "warning", "human": "should have a birth date", "expression": "birthDate.exists()"}
                ]},
                {"path": "Patient.active", "min": 1, "fixedBoolean": true},
                {"path": "Patient.photo", "max": "0"},
                {"path": "Patient.name", "max": "2"},
                {"path": "Patient.name.family", "min": 1, "maxLength": 5},
                {"path": "Patient.maritalStatus", "patternCodeableConcept": {"coding": [{"system": "urn:s", "code": "M"}]}},
                {"path": "Patient.deceased[x]", "type": [{"code": "boolean"}]},
                {"path": "Patient.birthDate", "minValueDate": "1900-01-01"},
                {"path": "Patient.generalPractitioner", "type": [
                    {"code": "Reference", "targetProfile": ["http://hl7.org/fhir/StructureDefinition/Organization"]}
                ]},
                {"path": "Patient.telecom.use", "binding": {"strength": "required", "valueSet": "http://hl7.org/fhir/ValueSet/name-use"}},
                {"path": "Patient.contact", "min": 0},
                {"path": "Patient.contact.gender", "min": 1}
            ]),
        ),
    );
    let sound = json!({"active": true, "name": [{"family": "Short"}], "birthDate": "1990-01-01"});
    let judge = |elements: Value, expected: &[(&str, &str)]| {
        expect(&world.admin, "strict", with(person(sound.clone()), elements), expected);
    };
    judge(json!({}), &[]);
    judge(json!({"active": false}), &[("value", "Patient.active")]);
    judge(json!({"photo": [{"url": "http://example.com/x"}]}), &[("structure", "Patient.photo")]);
    judge(
        json!({"name": [{"family": "A"}, {"text": "x"}, {"family": "TooLong"}]}),
        &[
            ("structure", "Patient.name"),
            ("required", "Patient.name[1].family"),
            ("too-long", "Patient.name[2].family"),
        ],
    );
    let coding =
        |code: &str| json!({"coding": [{"system": "urn:s", "code": code, "display": "x"}, {"code": "y"}]});
    judge(json!({"maritalStatus": coding("M")}), &[]);
    judge(json!({"maritalStatus": coding("S")}), &[("value", "Patient.maritalStatus")]);
    judge(json!({"deceasedBoolean": true}), &[]);
    judge(json!({"deceasedDateTime": "2020"}), &[("structure", "Patient.deceased")]);
    judge(json!({"birthDate": "1899-12-31"}), &[("invariant", "Patient.birthDate")]);
    judge(json!({"generalPractitioner": [{"reference": "Organization/1"}]}), &[]);
    judge(
        json!({"generalPractitioner": [{"reference": "Practitioner/1"}]}),
        &[("value", "Patient.generalPractitioner[0]")],
    );
    judge(
        json!({"telecom": [{"system": "phone", "value": "1", "use": "mobile"}]}),
        &[("code-invalid", "Patient.telecom[0].use")],
    );
    judge(
        json!({"contact": [{"gender": "female", "name": {"text": "x"}}, {"name": {"text": "x"}}]}),
        &[("required", "Patient.contact[1].gender")],
    );
    expect(
        &world.admin,
        "strict",
        person(json!({"gender": "male"})),
        &[("invariant", "Patient"), ("invariant", "Patient"), ("required", "Patient.active")],
    );
});

on_both!(a_profile_may_come_as_snapshot_or_derive_from_another, |world| {
    let mut whole = profile("whole", "Patient", Value::Null);
    whole["snapshot"] = json!({"element": [
        {"id": "Patient", "path": "Patient", "min": 0, "max": "*", "constraint": [
            {"key": "dom-3", "severity": "error", "human": "x", "expression": "contained.empty()"}
        ]},
        {"id": "Patient.gender", "path": "Patient.gender", "min": 1, "max": "1", "type": [{"code": "code"}]},
        {"id": "Patient.name", "path": "Patient.name", "min": 1, "max": "*", "type": [{"code": "HumanName"}]}
    ]});
    whole.as_object_mut().expect("a profile").shift_remove("differential");
    define(&world.admin, whole);
    let mut heir = profile("heir", "Patient", json!([{"path": "Patient.birthDate", "min": 1}]));
    heir["baseDefinition"] = json!(format!("{BASE}whole"));
    define(&world.admin, heir);
    expect(
        &world.admin,
        "whole",
        person(json!({"active": true})),
        &[("required", "Patient.gender"), ("required", "Patient.name")],
    );
    expect(
        &world.admin,
        "heir",
        person(json!({"gender": "male"})),
        &[("required", "Patient.name"), ("required", "Patient.birthDate")],
    );
    let mut orphan = profile("orphan", "Patient", json!([{"path": "Patient.birthDate", "min": 1}]));
    orphan["baseDefinition"] = json!(format!("{BASE}nobody"));
    define(&world.admin, orphan);
    expect(&world.admin, "orphan", person(json!({"gender": "male"})), &[("processing", "profile")]);
    define(&world.admin, profile("lost", "Patient", json!([{"path": "Patient.nonsense", "min": 1}])));
    expect(&world.admin, "lost", person(json!({"gender": "male"})), &[("processing", "profile")]);
    let mut circle = profile("circle", "Patient", json!([]));
    circle["differential"] = json!({"element": [{"path": "Patient"}]});
    circle["baseDefinition"] = json!(format!("{BASE}circle"));
    define(&world.admin, circle);
    expect(&world.admin, "circle", person(json!({"gender": "male"})), &[("processing", "profile")]);
    world.admin.create(&with(patient("A", "B"), json!({"meta": {"profile": [format!("{BASE}circle")]}})));
});

on_both!(a_claim_is_judged_on_write, |world| {
    let claiming = |url: &str| with(patient("A", "B"), json!({"meta": {"profile": [url]}}));
    let url = format!("{BASE}active");
    // Nobody knows it yet: a warning for who asks, no obstacle for who writes.
    let answer = world.admin.post("Patient/$validate", &claiming(&url)).expect(200);
    assert_eq!(answer.issues()[0]["severity"], "warning");
    answer.at("Patient.meta.profile[0]");
    let before = world.admin.create(&claiming(&url));

    let definition =
        define(&world.admin, profile("active", "Patient", json!([{"path": "Patient.active", "min": 1}])));
    world.admin.post("Patient", &claiming(&url)).refused(422, "required").at("Patient.active");
    world
        .admin
        .put(&place(&before), &with(before.clone(), json!({"gender": "male"})))
        .refused(422, "required");
    let sound = with(claiming(&url), json!({"active": true}));
    world.admin.create(&sound);
    // Contained and carried resources make claims of their own.
    let holder = json!({"resourceType": "Patient", "contained": [with(claiming(&url), json!({"id": "p"}))],
        "link": [{"other": {"reference": "#p"}, "type": "seealso"}]});
    world.admin.post("Patient", &holder).refused(422, "required").at("Patient.contained[0].active");
    let bundle =
        json!({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": claiming(&url)}]});
    world.admin.post("Bundle", &bundle).refused(422, "required").at("Bundle.entry[0].resource.active");
    // A change of the profile counts at once.
    let relaxed = with(
        definition.clone(),
        json!({"differential": {"element": [{"path": "Patient.gender", "min": 1}]}}),
    );
    world.admin.update(&complete(relaxed));
    world.admin.post("Patient", &claiming(&url)).refused(422, "required").at("Patient.gender");
    world.admin.delete(&place(&definition)).expect(204);
    world.admin.create(&claiming(&url));
    // The definition of the type itself asks nothing further; that of another type cannot be met.
    world.admin.create(&claiming("http://hl7.org/fhir/StructureDefinition/Patient"));
    let other = claiming("http://hl7.org/fhir/StructureDefinition/Practitioner");
    world.admin.post("Patient", &other).refused(422, "structure").at("Patient");
});

on_both!(labels_that_claim_a_profile_are_judged, |world| {
    define(&world.admin, profile("active", "Patient", json!([{"path": "Patient.active", "min": 1}])));
    let stored = world.admin.create(&patient("A", "B"));
    let meta = json!({"profile": [format!("{BASE}active")]});
    let asked = json!({"resourceType": "Parameters", "parameter": [{"name": "meta", "valueMeta": meta}]});
    world.admin.post(&format!("{}/$meta-add", place(&stored)), &asked).refused(422, "required");
});

on_both!(a_project_knows_its_own_profiles_and_those_of_the_server, |world| {
    let claiming =
        |name: &str| with(patient("A", "B"), json!({"meta": {"profile": [format!("{BASE}{name}")]}}));
    define(&world.admin, profile("own", "Patient", json!([{"path": "Patient.active", "min": 1}])));
    define(&world.super_admin, profile("shared", "Patient", json!([{"path": "Patient.gender", "min": 1}])));
    world.admin.post("Patient", &claiming("own")).refused(422, "required");
    world.stranger.create(&claiming("own"));
    expect(&world.stranger, "own", patient("A", "B"), &[("not-found", "profile")]);
    for client in [&world.admin, &world.stranger, &world.super_admin] {
        client.post("Patient", &claiming("shared")).refused(422, "required").at("Patient.gender");
    }
    // What is done for a project is judged by its profiles.
    let placed =
        with(claiming("own"), json!({"meta": {"project": world.project, "profile": [format!("{BASE}own")]}}));
    world.super_admin.post("Patient", &placed).refused(422, "required").at("Patient.active");
    // The project's own goes first.
    define(&world.admin, profile("shared", "Patient", json!([{"path": "Patient.birthDate", "min": 1}])));
    world.admin.post("Patient", &claiming("shared")).refused(422, "required").at("Patient.birthDate");
    world.stranger.post("Patient", &claiming("shared")).refused(422, "required").at("Patient.gender");
});

on_both!(a_version_is_found_by_its_name, |world| {
    for (version, element) in [("1.9.0", "Patient.active"), ("1.10.0", "Patient.gender")] {
        let one = profile("versioned", "Patient", json!([{"path": element, "min": 1}]));
        define(&world.admin, with(one, json!({"version": version})));
    }
    let sound = patient("A", "B");
    expect(&world.admin, "versioned|1.9.0", sound.clone(), &[("required", "Patient.active")]);
    expect(&world.admin, "versioned|1.10.0", sound.clone(), &[("required", "Patient.gender")]);
    expect(&world.admin, "versioned", sound.clone(), &[("required", "Patient.gender")]);
    expect(&world.admin, "versioned|3", sound, &[("not-found", "profile")]);
});
