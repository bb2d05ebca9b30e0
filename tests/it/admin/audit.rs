//! The record of acts: appended with the act, found by the admin of the project.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::{admin, invite, invited, local, reference};
use crate::auth::person::person;
use crate::client::{Client, id, place};
use crate::sample::{patient, with};

fn acts(client: &Client, what: &str) -> Vec<Value> {
    client.search(&format!("AuditEvent?subtype=https://roster.dev/fhir/CodeSystem/audit|{what}"))
}

on_both!(an_act_of_an_admin_is_recorded_where_he_finds_it, |world| {
    let membership = invited(world, &local("ada@example.com"));
    let found = acts(&world.admin, "invite");
    assert_eq!(found.len(), 1, "{found:?}");
    let event = &found[0];
    assert_eq!(event["outcome"], "0");
    assert!(
        event
            .pointer("/agent/0/who/reference")
            .and_then(Value::as_str)
            .is_some_and(|who| who.starts_with("ClientApplication/"))
    );
    assert_eq!(event.pointer("/agent/0/network/address"), Some(&json!("127.0.0.1")));
    for reference in [place(&membership), reference(&membership, "user").to_owned()] {
        let by_entity = world.admin.found(&format!("AuditEvent?entity={reference}"));
        assert!(by_entity.contains(&id(event)), "{reference}");
    }
    assert!(!event.to_string().contains("UserSecurityRequest"));
    assert!(acts(&world.stranger, "invite").is_empty());
    world.admin.delete(&admin(world, &format!("members/{}", id(&membership)))).expect(200);
    assert_eq!(acts(&world.admin, "remove-member").len(), 1);
});

on_both!(what_is_refused_is_not_recorded_as_done, |world| {
    invited(world, &local("ada@example.com"));
    invite(&world.admin, &world.project, &local("ada@example.com")).expect(409);
    assert_eq!(acts(&world.admin, "invite").len(), 1);
});

on_both!(what_decides_who_may_do_what_is_recorded_however_it_is_written, |world| {
    let before = acts(&world.admin, "create").len();
    let policy = world.admin.create(&json!({"resourceType": "AccessPolicy", "name": "P"}));
    world.admin.create(&patient("A", "B"));
    let found = acts(&world.admin, "create");
    assert_eq!(found.len(), before + 1);
    assert_eq!(world.admin.found(&format!("AuditEvent?entity={}&action=C", place(&policy))).len(), 1);
    world.admin.update(&with(policy.clone(), json!({"name": "Q"})));
    world.admin.delete(&place(&policy)).expect(204);
    assert_eq!(world.admin.found(&format!("AuditEvent?entity={}", place(&policy))).len(), 3);
});

on_both!(nobody_rewrites_the_record, |world| {
    invited(world, &local("ada@example.com"));
    let event = acts(&world.admin, "invite").remove(0);
    for client in [&world.admin, &world.super_admin] {
        client.put(&place(&event), &with(event.clone(), json!({"outcome": "8"}))).expect(403);
        client.delete(&place(&event)).expect(403);
        client.delete("AuditEvent?action=E").expect(403);
        let expunged = client.post(&format!("{}/$expunge", place(&event)), &json!({
            "resourceType": "Parameters", "parameter": [{"name": "expungeEverything", "valueBoolean": true}]
        }));
        assert!(matches!(expunged.status, 403 | 409), "{}", expunged.text());
    }
    assert_eq!(world.admin.get(&place(&event)).expect(200).json(), event);
});

on_both!(reads_are_recorded_if_that_is_wanted, |config| config.audit = "reads".to_owned(), |world| {
    let stored = world.admin.create(&patient("A", "B"));
    world.admin.get(&place(&stored)).expect(200);
    let of = |action: &str| {
        world.admin.found(&format!("AuditEvent?entity={}&action={action}", place(&stored))).len()
    };
    assert_eq!((of("C"), of("R")), (1, 1));
});

on_both!(nothing_is_recorded_if_that_is_wanted, |config| config.audit = "off".to_owned(), |world| {
    invited(world, &local("ada@example.com"));
    assert!(acts(&world.admin, "invite").is_empty());
});

/// What was asked for, of each record of a search or a history.
fn queries(client: &Client, what: &str) -> Vec<String> {
    let decoded = |event: &Value| {
        let query = event["entity"][0]["query"].as_str()?;
        String::from_utf8(BASE64_STANDARD.decode(query).ok()?).ok()
    };
    let mut all: Vec<String> = acts(client, what).iter().filter_map(decoded).collect();
    all.sort();
    all
}

on_both!(searches_were_not_recorded, |config| config.audit = "reads".to_owned(), |world| {
    let stored = world.admin.create(&patient("A", "B"));
    let other = world.admin.create(&patient("C", "D"));
    world.admin.create(&json!({"resourceType": "Group", "type": "person", "actual": true, "name": "G",
        "member": [{"entity": {"reference": place(&stored)}}, {"entity": {"reference": place(&other)}}]}));
    let asked = [
        "Patient?family=A",
        "Patient?family=nobody",
        "Patient",
        "Group?type=person&_include=Group:member",
        "Group?type=person",
    ];
    asked.iter().for_each(|query| drop(world.admin.get(query).expect(200)));
    world.admin.call("POST", "Patient/_search").form("family=C").send().expect(200);
    let graphql = json!({"query": "{ PatientList(family: \"A\") { id } }"});
    world.admin.post("/fhir/R4/$graphql", &graphql).expect(200);
    assert_eq!(
        queries(&world.admin, "search"),
        [
            "Group?type=person&_include=Group%3Amember",
            "Patient",
            "Patient?family=A",
            "Patient?family=A&_count=1000",
            "Patient?family=C",
            "Patient?family=nobody",
        ]
    );
    let histories = ["Patient/_history", "_history"];
    histories.iter().for_each(|place| drop(world.admin.get(place).expect(200)));
    world.admin.get("Group/_history").expect(200);
    assert_eq!(queries(&world.admin, "history"), ["Patient/_history", "_history"]);
    world.admin.get(&format!("{}/_history", place(&stored))).expect(200);
    world.admin.get(&format!("{}/_history/1", place(&stored))).expect(200);
    let of =
        |what: &str| world.admin.found(&format!("AuditEvent?entity={}&subtype={what}", place(&stored))).len();
    assert_eq!((of("history"), of("read")), (1, 1));
    // A page after the first is another question; what was found is not told row by row.
    let page = world.admin.get("Patient?_count=1").expect(200);
    world.admin.get(&page.link("next").expect("a next page")).expect(200);
    assert_eq!(queries(&world.admin, "search").len(), 8);
});

on_both!(ones_own_record_is_nobodys_concern, |config| config.audit = "reads".to_owned(), |world| {
    let policy = json!({"resourceType": "AccessPolicy", "name": "P", "resource": [
        {"resourceType": "Practitioner", "criteria": "Practitioner?_id=%profile.id"},
    ]});
    let policy = json!({"accessPolicy": {"reference": place(&world.admin.create(&policy))}});
    let person = person(world, policy);
    let client = person.client(world);
    let profile = reference(&person.membership, "profile");
    for own in [
        profile.to_owned(),
        format!("User/{}", person.user),
        "Practitioner".to_owned(),
        format!("{profile}/_history"),
    ] {
        client.get(&own).expect(200);
    }
    let agent = format!("User/{}", person.user);
    let noted = |what: &str| world.admin.found(&format!("AuditEvent?agent={agent}&subtype={what}")).len();
    assert_eq!((noted("read"), noted("search"), noted("history")), (0, 0, 0));
});
