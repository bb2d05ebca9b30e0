//! Tokens by what is known of their codes: `:in :not-in :above :below :of-type`, and the systems of plain codes
//! (<https://hl7.org/fhir/R4/search.html#token>).

use serde_json::{Value, json};

use crate::client::id;
use crate::sample::{patient, with};
use crate::world::World;

fn found(world: &World, query: &str) -> Vec<String> {
    let mut found = world.admin.found(&query.replace('|', "%7C"));
    found.sort();
    found
}

fn sorted(resources: &[&Value]) -> Vec<String> {
    let mut ids: Vec<String> = resources.iter().map(|one| id(one)).collect();
    ids.sort();
    ids
}

/// Three organizations of different kinds, and the code system of the kinds.
fn kinds(world: &World) -> [Value; 3] {
    world.admin.create(&json!({
        "resourceType": "CodeSystem", "url": "urn:kinds", "status": "active", "content": "complete",
        "concept": [{"code": "care", "concept": [{"code": "hospital", "concept": [{"code": "clinic"}]}]}, {"code": "payer"}]
    }));
    ["hospital", "clinic", "payer"].map(|code| {
        world.admin.create(&json!({
            "resourceType": "Organization", "name": code,
            "type": [{"coding": [{"system": "urn:kinds", "code": code}]}]
        }))
    })
}

on_both!(codes_have_others_above_and_below, |world| {
    let [hospital, clinic, payer] = &kinds(world);
    let cases: [(&str, Vec<&Value>); 6] = [
        ("type:below=urn:kinds|care", vec![hospital, clinic]),
        ("type:below=urn:kinds|hospital", vec![hospital, clinic]),
        ("type:below=urn:kinds|clinic", vec![clinic]),
        ("type:above=urn:kinds|clinic", vec![hospital, clinic]),
        ("type:above=urn:kinds|care", vec![]),
        ("type:below=urn:kinds|clinic,urn:kinds|payer", vec![clinic, payer]),
    ];
    for (query, expected) in cases {
        assert_eq!(found(world, &format!("Organization?{query}")), sorted(&expected), "{query}");
    }
    world.admin.get("Organization?type:below=urn:kinds%7Cnothing").refused(400, "not-found");
    world.admin.get("Organization?type:below=urn:nothing%7Cx").refused(400, "not-found");
    world.admin.get("Organization?type:below=care").refused(400, "value");
});

on_both!(codes_are_in_a_value_set_or_not, |world| {
    let [hospital, clinic, payer] = &kinds(world);
    let set = |url: &str, compose: Value| {
        world
            .admin
            .create(&json!({"resourceType": "ValueSet", "url": url, "status": "active", "compose": compose}))
    };
    let listed = set(
        "urn:listed",
        json!({"include": [{"system": "urn:kinds", "concept": [{"code": "hospital"}, {"code": "payer"}]}]}),
    );
    set(
        "urn:whole",
        json!({"include": [{"system": "urn:kinds"}], "exclude": [{"system": "urn:kinds", "concept": [{"code": "payer"}]}]}),
    );
    set(
        "urn:is-a",
        json!({"include": [{"system": "urn:kinds", "filter": [{"property": "concept", "op": "is-a", "value": "hospital"}]}]}),
    );
    set(
        "urn:under",
        json!({"include": [{"system": "urn:kinds", "filter": [{"property": "concept", "op": "descendent-of", "value": "hospital"}]}]}),
    );
    set("urn:both", json!({"include": [{"valueSet": ["urn:listed", "urn:whole"]}]}));
    set("urn:circle", json!({"include": [{"valueSet": ["urn:circle"]}]}));
    set(
        "urn:strange",
        json!({"include": [{"system": "urn:kinds", "filter": [{"property": "colour", "op": "=", "value": "red"}]}]}),
    );
    let cases: [(&str, Vec<&Value>); 8] = [
        ("type:in=urn:listed", vec![hospital, payer]),
        (&format!("type:in=ValueSet/{}", id(&listed)), vec![hospital, payer]),
        ("type:not-in=urn:listed", vec![clinic]),
        ("type:in=urn:whole", vec![hospital, clinic]),
        ("type:in=urn:is-a", vec![hospital, clinic]),
        ("type:in=urn:under", vec![clinic]),
        ("type:in=urn:both", vec![hospital]),
        ("type:in=urn:under,urn:both", vec![hospital, clinic]),
    ];
    for (query, expected) in cases {
        assert_eq!(found(world, &format!("Organization?{query}")), sorted(&expected), "{query}");
    }
    for (set, code) in
        [("urn:nothing", "not-found"), ("urn:circle", "processing"), ("urn:strange", "not-supported")]
    {
        world.admin.get(&format!("Organization?type:in={set}")).refused(400, code);
    }
    // Another project's value sets are not there.
    world.stranger.get("Organization?type:in=urn:listed").refused(400, "not-found");
});

on_both!(what_the_server_holds_is_there_for_every_project, |world| {
    let [hospital, ..] = &kinds(world);
    world.super_admin.create(&json!({
        "resourceType": "ValueSet", "url": "urn:of-all", "status": "active",
        "compose": {"include": [{"system": "urn:kinds", "concept": [{"code": "hospital"}]}]}
    }));
    assert_eq!(found(world, "Organization?type:in=urn:of-all"), [id(hospital)]);
    assert!(world.stranger.found("Organization?type:in=urn:of-all").is_empty());
});

on_both!(a_plain_code_has_the_system_it_is_bound_to, |world| {
    let he = world.admin.create(&with(patient("He", "0"), json!({"gender": "male"})));
    let she = world.admin.create(&with(patient("She", "0"), json!({"gender": "female"})));
    const SYSTEM: &str = "http://hl7.org/fhir/administrative-gender";
    assert_eq!(found(world, &format!("Patient?gender={SYSTEM}|male")), [id(&he)]);
    assert_eq!(found(world, &format!("Patient?gender={SYSTEM}|")), sorted(&[&he, &she]));
    assert_eq!(found(world, "Patient?gender=urn:other|male"), [""; 0]);
    assert_eq!(
        found(world, "Patient?gender:in=http://hl7.org/fhir/ValueSet/administrative-gender"),
        sorted(&[&he, &she])
    );
    assert_eq!(
        found(world, "Patient?gender:not-in=http://hl7.org/fhir/ValueSet/administrative-gender"),
        [""; 0]
    );
});

on_both!(an_identifier_is_found_with_its_type, |world| {
    let kind = |code: &str| json!({"coding": [{"system": "urn:types", "code": code}]});
    let one = world.admin.create(&with(
        patient("Ann", "0"),
        json!({"identifier": [{"type": kind("MR"), "system": "urn:a", "value": "1"}, {"type": kind("SS"), "value": "2"}]}),
    ));
    world
        .admin
        .create(&with(patient("Bob", "0"), json!({"identifier": [{"type": kind("MR"), "value": "2"}]})));
    assert_eq!(found(world, "Patient?identifier:of-type=urn:types|MR|1"), [id(&one)]);
    assert_eq!(found(world, "Patient?identifier:of-type=urn:types|SS|1"), [""; 0]);
    assert_eq!(found(world, "Patient?identifier:of-type=urn:other|MR|1"), [""; 0]);
    for wrong in ["MR", "urn:types|MR", "urn:types||1", "a|b|c|d"] {
        world
            .admin
            .get(&format!("Patient?identifier:of-type={}", wrong.replace('|', "%7C")))
            .refused(400, "value");
    }
});

on_both!(a_truth_value_is_true_or_false, |world| {
    let one = world.admin.create(&with(patient("Ann", "0"), json!({"active": true})));
    assert_eq!(found(world, "Patient?active=true"), [id(&one)]);
    world.admin.get("Patient?active=maybe").refused(400, "value").at("active");
});
