//! The record of acts: appended with the act, found by the admin of the project.

use serde_json::{Value, json};

use super::{admin, invite, invited, local, reference};
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
