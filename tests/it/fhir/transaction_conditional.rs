//! Conditions within a transaction (<https://hl7.org/fhir/R4/http.html#trules>).

use std::sync::Barrier;

use serde_json::{Value, json};

use super::batch::{post, status};
use super::transaction::{done, transaction};
use crate::client::{id, place};
use crate::sample::with;

fn organization(number: &str) -> Value {
    json!({"resourceType": "Organization", "identifier": [{"system": "urn:n", "value": number}], "name": "W"})
}

fn patient_of(reference: &str) -> Value {
    json!({"resourceType": "Patient", "managingOrganization": {"reference": reference}})
}

fn unless(entry: Value, query: &str) -> Value {
    let mut entry = entry;
    entry["request"]["ifNoneExist"] = json!(query);
    entry
}

const NAME: &str = "urn:uuid:6e0a2f0e-0d4f-4b84-9c0e-8b7a3a7b9d01";

on_both!(a_conditional_reference_leads_to_the_one_that_answers, |world| {
    let stored = world.admin.create(&organization("1"));
    let entries = done(
        &world.admin,
        &json!([
            post("Patient", &patient_of("Organization?identifier=urn:n|1")),
            // One that is created by the same transaction answers, too.
            post("Organization", &organization("2")),
            post("Patient", &patient_of("Organization?identifier=urn:n|2")),
        ]),
    );
    assert_eq!(entries[0]["resource"]["managingOrganization"]["reference"], place(&stored));
    assert_eq!(entries[2]["resource"]["managingOrganization"]["reference"], place(&entries[1]["resource"]));
    transaction(&world.admin, &json!([post("Patient", &patient_of("Organization?identifier=none"))]))
        .expect(412)
        .at("Bundle.entry[0]");
    world.admin.create(&organization("1"));
    transaction(&world.admin, &json!([post("Patient", &patient_of("Organization?identifier=urn:n|1"))]))
        .refused(412, "multiple-matches");
    transaction(&world.admin, &json!([post("Patient", &patient_of("Organization?no-such=1"))])).expect(400);
    assert_eq!(world.admin.found("Patient").len(), 2);
});

on_both!(references_to_what_exists_already_lead_there, |world| {
    let stored = world.admin.create(&organization("1"));
    let entry = || {
        json!([
            unless(
                with(post("Organization", &organization("1")), json!({"fullUrl": NAME})),
                "identifier=urn:n|1"
            ),
            post("Patient", &patient_of(NAME)),
        ])
    };
    let entries = done(&world.admin, &entry());
    assert_eq!(entries.iter().map(status).collect::<Vec<_>>(), ["200", "201"]);
    assert_eq!(entries[1]["resource"]["managingOrganization"]["reference"], place(&stored));
    world.admin.create(&organization("1"));
    transaction(&world.admin, &entry()).refused(412, "multiple-matches").at("Bundle.entry[0]");
});

on_both!(of_two_entries_with_one_condition_the_second_finds_the_first, |world| {
    let other = "urn:uuid:6e0a2f0e-0d4f-4b84-9c0e-8b7a3a7b9d02";
    let conditional = |name: &str| {
        unless(with(post("Organization", &organization("1")), json!({"fullUrl": name})), "identifier=urn:n|1")
    };
    let entries = done(
        &world.admin,
        &json!([conditional(NAME), conditional(other), post("Patient", &patient_of(other))]),
    );
    assert_eq!(entries.iter().map(status).collect::<Vec<_>>(), ["201", "200", "201"]);
    assert_eq!(id(&entries[0]["resource"]), id(&entries[1]["resource"]));
    assert_eq!(entries[2]["resource"]["managingOrganization"]["reference"], place(&entries[0]["resource"]));
});

on_both!(what_is_deleted_first_is_not_found_any_more, |world| {
    let stored = world.admin.create(&organization("1"));
    let entries = done(
        &world.admin,
        &json!([
            unless(post("Organization", &organization("1")), "identifier=urn:n|1"),
            {"request": {"method": "DELETE", "url": "Organization?identifier=urn:n|1"}},
        ]),
    );
    assert_eq!(entries.iter().map(status).collect::<Vec<_>>(), ["201", "204"]);
    world.admin.get(&place(&stored)).expect(410);
});

on_both!(updates_on_a_condition, |world| {
    let put = |number: &str| {
        json!({"request": {"method": "PUT", "url": format!("Organization?identifier=urn:n|{number}")},
            "fullUrl": NAME, "resource": organization(number)})
    };
    let first = done(&world.admin, &json!([put("1"), post("Patient", &patient_of(NAME))]));
    assert_eq!(status(&first[0]), "201");
    assert_eq!(first[1]["resource"]["managingOrganization"]["reference"], place(&first[0]["resource"]));
    let again = done(&world.admin, &json!([put("1"), post("Patient", &patient_of(NAME))]));
    assert_eq!(status(&again[0]), "200");
    assert_eq!(again[1]["resource"]["managingOrganization"]["reference"], place(&first[0]["resource"]));
    let absent = json!({"request": {"method": "PUT", "url": "Organization/new", "ifNoneMatch": "*"},
        "resource": with(organization("2"), json!({"id": "new"}))});
    done(&world.admin, &json!([absent]));
    transaction(&world.admin, &json!([absent])).expect(412).at("Bundle.entry[0]");
});

on_both!(of_many_transactions_at_once_one_creates, |world| {
    let start = Barrier::new(12);
    let statuses: Vec<String> = std::thread::scope(|scope| {
        let one = || {
            let entry = unless(
                with(post("Organization", &organization("1")), json!({"fullUrl": NAME})),
                "identifier=urn:n|1",
            );
            let entries = json!([entry, post("Patient", &patient_of(NAME))]);
            start.wait();
            status(&done(&world.admin, &entries)[0]).to_owned()
        };
        let all: Vec<_> = (0..12).map(|_| scope.spawn(one)).collect();
        all.into_iter().map(|one| one.join().expect("no panic")).collect()
    });
    assert_eq!(statuses.iter().filter(|status| *status == "201").count(), 1, "{statuses:?}");
    let organizations = world.admin.found("Organization");
    assert_eq!(organizations.len(), 1);
    assert_eq!(world.admin.found(&format!("Patient?organization={}", organizations[0])).len(), 12);
});
