//! Reference parameters: <https://hl7.org/fhir/R4/search.html#reference>.

use serde_json::{Value, json};

use crate::client::{PUBLIC_URL, id};
use crate::sample::{organization, patient, user, with};
use crate::world::World;

fn patient_of(reference: Value) -> Value {
    with(patient("A", "B"), json!({"managingOrganization": reference}))
}

#[track_caller]
fn finds(world: &World, query: &str, expected: &[&String]) {
    let found = world.admin.found(query);
    assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{query}");
}

on_both!(a_reference_is_found_however_it_is_written, |world| {
    let clinic = id(&world.admin.create(&organization("Clinic")));
    let stored = id(&world.admin.create(&patient_of(json!({"reference": format!("Organization/{clinic}")}))));
    for asked in [
        format!("organization=Organization/{clinic}"),
        format!("organization={clinic}"),
        format!("organization={PUBLIC_URL}/fhir/R4/Organization/{clinic}"),
        format!("organization:Organization={clinic}"),
        format!("organization=none,{clinic}"),
    ] {
        finds(world, &format!("Patient?{asked}"), &[&stored]);
    }
    for asked in [
        format!("organization=Patient/{clinic}"),
        "organization=none".to_owned(),
        format!("organization:not={clinic}"),
    ] {
        finds(world, &format!("Patient?{asked}"), &[]);
    }
});

on_both!(an_absolute_reference_of_our_own_is_the_same_reference, |world| {
    let clinic = id(&world.admin.create(&organization("Clinic")));
    let written = format!("{PUBLIC_URL}/fhir/R4/Organization/{clinic}");
    let stored = id(&world.admin.create(&patient_of(json!({"reference": written}))));
    finds(world, &format!("Patient?organization=Organization/{clinic}"), &[&stored]);
});

on_both!(a_reference_elsewhere_is_found_by_its_url, |world| {
    let url = "https://elsewhere.example/fhir/Organization/1";
    let stored = id(&world.admin.create(&patient_of(json!({"reference": url}))));
    finds(world, &format!("Patient?organization={url}"), &[&stored]);
    finds(world, "Patient?organization=Organization/1", &[]);
});

on_both!(a_logical_reference_is_found_by_its_identifier, |world| {
    let logical = json!({"identifier": {"system": "urn:hr", "value": "417"}, "display": "Northside Clinic"});
    let stored = id(&world.admin.create(&patient_of(logical)));
    finds(world, "Patient?organization:identifier=urn:hr|417", &[&stored]);
    finds(world, "Patient?organization:identifier=417", &[&stored]);
    finds(world, "Patient?organization:identifier=urn:x|417", &[]);
    finds(world, "Patient?organization=417", &[]);
});

on_both!(the_users_of_a_project_are_found_by_it, |world| {
    let ada = id(&world.admin.create(&user("ada@example.com")));
    finds(world, &format!("User?project=Project/{}", world.project), &[&ada]);
    finds(world, &format!("User?project={}", world.project), &[&ada]);
    finds(world, &format!("User?project={}", world.other_project), &[]);
    let elsewhere = id(&world.stranger.create(&user("ada@example.com")));
    let asked = format!("User?project={}", world.other_project);
    assert_eq!(world.super_admin.found(&asked), [elsewhere]);
});

on_both!(who_has_no_reference_is_missing_it, |world| {
    let with_one = id(&world.admin.create(&patient_of(json!({"reference": "Organization/1"}))));
    let without = id(&world.admin.create(&patient("C", "D")));
    finds(world, "Patient?organization:missing=true", &[&without]);
    finds(world, "Patient?organization:missing=false", &[&with_one]);
});
