//! transaction (<https://hl7.org/fhir/R4/http.html#transaction>): all or nothing, and links between entries.

use serde_json::{Value, json};

use super::batch::{bundle, get, post, status};
use crate::client::{Answer, Client, id, place};
use crate::sample::{patient, user, with};

pub fn transaction(client: &Client, entries: &Value) -> Answer {
    client.post("", &bundle("transaction", entries))
}

pub fn done(client: &Client, entries: &Value) -> Vec<Value> {
    let answer = transaction(client, entries).expect(200).json();
    assert_eq!(answer["type"], "transaction-response");
    answer["entry"].as_array().cloned().unwrap_or_default()
}

const ORGANIZATION: &str = "urn:uuid:6e0a2f0e-0d4f-4b84-9c0e-8b7a3a7b9d01";
const PATIENT: &str = "urn:uuid:6e0a2f0e-0d4f-4b84-9c0e-8b7a3a7b9d02";

fn named(full_url: &str, entry: Value) -> Value {
    with(entry, json!({"fullUrl": full_url}))
}

on_both!(links_between_entries_become_links_between_resources, |world| {
    let entries = done(
        &world.admin,
        &json!([
            named(
                PATIENT,
                post(
                    "Patient",
                    &json!({
                        "resourceType": "Patient",
                        "text": {"status": "generated", "div":
                            format!("<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"{ORGANIZATION}\">where</a> \
                                <img src='{PATIENT}' alt=\"who\"/></div>")},
                        "extension": [{"url": "http://example.com/seen-at", "valueUri": ORGANIZATION}],
                        "identifier": [{"system": "urn:ietf:rfc:3986", "value": ORGANIZATION}],
                        "contained": [{"resourceType": "Patient", "id": "twin",
                            "managingOrganization": {"reference": ORGANIZATION}}],
                        "link": [{"other": {"reference": "#twin"}, "type": "seealso"}],
                        "managingOrganization": {"reference": ORGANIZATION}
                    })
                )
            ),
            named(
                ORGANIZATION,
                post("Organization", &json!({"resourceType": "Organization", "name": "Ward"}))
            ),
        ]),
    );
    let organization = format!("Organization/{}", id(&entries[1]["resource"]));
    let found = &entries[0]["resource"];
    let who = place(found);
    assert_eq!(found["managingOrganization"]["reference"], organization);
    assert_eq!(found["contained"][0]["managingOrganization"]["reference"], organization);
    assert_eq!(found["extension"][0]["valueUri"], organization);
    assert_eq!(found["link"][0]["other"]["reference"], "#twin");
    // An identifier is a text that looks like a link.
    assert_eq!(found["identifier"][0]["value"], ORGANIZATION);
    let div = found["text"]["div"].as_str().expect("a narrative");
    assert!(
        div.contains(&format!("href=\"{organization}\"")) && div.contains(&format!("src='{who}'")),
        "{div}"
    );
    assert_eq!(world.admin.found(&format!("Patient?organization={organization}")), [id(found)]);
});

on_both!(a_full_url_of_another_server_is_a_name_too, |world| {
    let base = "https://elsewhere.example/fhir";
    let entries = done(
        &world.admin,
        &json!([
            named(
                &format!("{base}/Organization/1"),
                post("Organization", &json!({"resourceType": "Organization", "id": "1", "name": "Ward"}))
            ),
            named(
                &format!("{base}/Patient/1"),
                post(
                    "Patient",
                    &json!({"resourceType": "Patient",
            "managingOrganization": {"reference": "Organization/1"},
            "generalPractitioner": [{"reference": format!("{base}/Organization/1")},
                {"reference": "Practitioner/unrelated"}]})
                )
            ),
        ]),
    );
    let organization = format!("Organization/{}", id(&entries[0]["resource"]));
    let found = &entries[1]["resource"];
    assert_eq!(found["managingOrganization"]["reference"], organization);
    assert_eq!(found["generalPractitioner"][0]["reference"], organization);
    assert_eq!(found["generalPractitioner"][1]["reference"], "Practitioner/unrelated");
});

on_both!(one_that_fails_undoes_all_and_is_named, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    let failing = [
        (
            post("Patient", &json!({"resourceType": "Patient", "gender": "purple"})),
            422,
            "Bundle.entry[2].resource.gender",
        ),
        (post("User", &user("taken@example.com")), 409, "Bundle.entry[2].resource.email"),
        (get("Patient/none"), 404, "Bundle.entry[2]"),
        (get("Patient?no-such=1"), 400, "Bundle.entry[2]"),
        (get("NoSuchType/1"), 404, "Bundle.entry[2]"),
        (post("Organization", &patient("A", "B")), 400, "Bundle.entry[2]"),
        (
            post(
                "Patient",
                &json!({"resourceType": "Patient", "managingOrganization":
            {"reference": "urn:uuid:6e0a2f0e-0d4f-4b84-9c0e-000000000000"}}),
            ),
            400,
            "Bundle.entry[2]",
        ),
        (
            json!({"request": {"method": "DELETE", "url": place(&stored), "ifMatch": "W/\"7\""}}),
            412,
            "Bundle.entry[2]",
        ),
        (
            json!({"request": {"method": "POST", "url": "Patient/$validate"}, "resource": patient("A", "B")}),
            501,
            "Bundle.entry[2]",
        ),
    ];
    world.admin.create(&user("taken@example.com"));
    for (entry, code, blamed) in failing {
        let answer = transaction(
            &world.admin,
            &json!([
                post("Patient", &patient("Undone", "A")),
                {"request": {"method": "PUT", "url": "Patient/undone"},
                    "resource": with(patient("Undone", "B"), json!({"id": "undone"}))},
                entry,
            ]),
        );
        answer.expect(code).at(blamed);
        assert_eq!(world.admin.found("Patient?family=undone").len(), 0, "{entry}");
        world.admin.get("Patient/undone").expect(404);
    }
    world.admin.get(&place(&stored)).expect(200);
});

on_both!(verbs_take_effect_in_their_order_whatever_that_of_the_entries, |world| {
    let old = world.admin.create(&user("ada@example.com"));
    let entries = done(
        &world.admin,
        &json!([
            get("User?email=ada@example.com"),
            {"request": {"method": "PUT", "url": "Patient/p"}, "resource": with(patient("P", "P"), json!({"id": "p"}))},
            get("Patient/p"),
            // The address is free again before it is taken.
            post("User", &user("ada@example.com")),
            {"request": {"method": "DELETE", "url": place(&old)}},
        ]),
    );
    assert_eq!(entries.iter().map(status).collect::<Vec<_>>(), ["200", "201", "200", "201", "204"]);
    let found = &entries[0]["resource"]["entry"][0]["resource"];
    assert_eq!(id(found), id(&entries[3]["resource"]));
    assert_ne!(id(found), id(&old));
    assert_eq!(entries[2]["resource"]["name"][0]["family"], "P");
    assert_eq!(entries[4]["response"]["etag"], "W/\"2\"");
});

on_both!(two_entries_do_not_write_the_same_resource, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    let put = json!({"request": {"method": "PUT", "url": place(&stored)}, "resource": stored});
    let delete = json!({"request": {"method": "DELETE", "url": place(&stored)}});
    transaction(&world.admin, &json!([put, put])).expect(400).at("Bundle.entry[1]");
    transaction(&world.admin, &json!([put, delete])).expect(400);
    let by_condition =
        json!({"request": {"method": "PUT", "url": "Patient?family=chalmers"}, "resource": stored});
    transaction(&world.admin, &json!([put, by_condition])).expect(400);
    assert_eq!(world.admin.get(&place(&stored)).expect(200).json(), stored);
});

on_both!(a_user_and_his_membership_come_together, |world| {
    let person = "urn:uuid:6e0a2f0e-0d4f-4b84-9c0e-8b7a3a7b9d03";
    let entries = done(
        &world.admin,
        &json!([
            post(
                "ProjectMembership",
                &json!({"resourceType": "ProjectMembership",
            "project": {"reference": format!("Project/{}", world.project)},
            "user": {"reference": person}, "profile": {"reference": person}})
            ),
            named(person, post("User", &user("ada@example.com"))),
        ]),
    );
    assert_eq!(entries[0]["resource"]["user"]["reference"], place(&entries[1]["resource"]));
});

on_both!(nobody_reaches_another_project_by_a_transaction, |world| {
    let theirs = world.stranger.create(&patient("Theirs", "X"));
    transaction(&world.admin, &json!([get(&place(&theirs))])).expect(404);
    let entries = done(&world.admin, &json!([{"request": {"method": "DELETE", "url": place(&theirs)}}]));
    assert_eq!(status(&entries[0]), "204");
    world.stranger.get(&place(&theirs)).expect(200);
    transaction(&world.member, &json!([post("Patient", &patient("A", "B"))])).expect(403);
    transaction(&world.anonymous, &json!([post("Patient", &patient("A", "B"))])).expect(401);
});

on_both!(five_hundred_entries_are_no_matter, |world| {
    let entries: Vec<Value> = (0..500)
        .map(|n| {
            let patient = with(
                patient("Many", &format!("N{n}")),
                json!({
                    "managingOrganization": {"reference": ORGANIZATION}
                }),
            );
            post("Patient", &patient)
        })
        .chain([named(
            ORGANIZATION,
            post("Organization", &json!({"resourceType": "Organization", "name": "W"})),
        )])
        .collect();
    let entries = done(&world.admin, &json!(entries));
    assert!(entries.iter().all(|entry| status(entry) == "201"));
    let counted = world.admin.get("Patient?family=many&_summary=count").expect(200).json();
    assert_eq!(counted["total"], 500);
});

on_both!(transactions_that_meet_are_both_whole_or_one_is_tried_again, |world| {
    let shared: Vec<String> = (0..4).map(|n| format!("shared-{n}")).collect();
    std::thread::scope(|scope| {
        for writer in 0..6 {
            let (shared, client) = (&shared, &world.admin);
            scope.spawn(move || {
                for round in 0..4 {
                    let mut entries: Vec<Value> = shared
                        .iter()
                        .map(|id| {
                            let body = with(patient(&format!("W{writer}R{round}"), "X"), json!({"id": id}));
                            json!({"request": {"method": "PUT", "url": format!("Patient/{id}")}, "resource": body})
                        })
                        .collect();
                    if writer % 2 == 1 {
                        entries.reverse();
                    }
                    done(client, &json!(entries));
                }
            });
        }
    });
    let families: Vec<Value> = shared
        .iter()
        .map(|id| world.admin.get(&format!("Patient/{id}")).expect(200).json()["name"][0]["family"].clone())
        .collect();
    assert!(families.iter().all(|family| *family == families[0]), "{families:?}");
});
