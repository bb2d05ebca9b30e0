//! Who says who signs people in, and that our secret with that party is seen by nobody.

use serde_json::{Value, json};

use super::provider::{Provider, SECRET};
use super::{at_home, client_of, enter, known, person, says};
use crate::client::{id, place};
use crate::sample::with;
use crate::world::World;

fn domain(name: &str) -> Value {
    json!({"resourceType": "DomainConfiguration", "domain": name, "identityProvider": {"issuer": "https://login.example"}})
}

on_both!(only_admins_say_who_signs_people_in, |world| {
    let stored = world.admin.create(&domain("a.example"));
    world.member.post("DomainConfiguration", &domain("b.example")).expect(403);
    world.anonymous.post("DomainConfiguration", &domain("b.example")).expect(401);
    world.stranger.get(&place(&stored)).expect(404);
    assert!(world.stranger.found("DomainConfiguration?domain=a.example").is_empty());
    let foreign = with(domain("c.example"), json!({"meta": {"project": world.other_project}}));
    world.admin.post("DomainConfiguration", &foreign).expect(422);
    // What a super admin says without naming a project is about the server's own users, and no admin's to see.
    let server = world.super_admin.create(&domain("a.example"));
    world.admin.get(&place(&server)).expect(404);
    assert_eq!(world.admin.found("DomainConfiguration?domain=a.example"), [id(&stored)]);
    // A policy gives it to nobody to write, and to read only by name.
    for kind in ["*", "DomainConfiguration", "ClientApplication"] {
        let caller = with_policy(world, kind);
        let expected = if kind == "DomainConfiguration" { 200 } else { 403 };
        caller.get(&place(&stored)).expect(expected);
        caller.post("DomainConfiguration", &domain("d.example")).expect(403);
        caller.put(&place(&stored), &with(stored.clone(), json!({"domain": "e.example"}))).expect(403);
        caller.delete(&place(&stored)).expect(403);
        if kind == "ClientApplication" {
            let client = json!({"resourceType": "ClientApplication", "name": "X"});
            caller.post("ClientApplication", &client).expect(201);
            let named = with(client, json!({"identityProvider": {"issuer": "https://login.example"}}));
            caller.post("ClientApplication", &named).expect(403).at("ClientApplication.identityProvider");
        }
    }
    assert!(!world.admin.search(&format!("AuditEvent?entity={}", place(&stored))).is_empty());
});

/// A client of the project that is no admin, with a policy for one type.
fn with_policy(world: &World, kind: &str) -> crate::client::Client {
    let policy = json!({"resourceType": "AccessPolicy", "name": kind, "resource": [{"resourceType": kind}]});
    let policy = id(&world.admin.create(&policy));
    let (client, secret) = crate::world::register(&world.super_admin, &world.project, false);
    let member =
        world.super_admin.search(&format!("ProjectMembership?user=ClientApplication/{client}")).remove(0);
    let policy = json!({"accessPolicy": {"reference": format!("AccessPolicy/{policy}")}});
    world.super_admin.update(&with(member, policy));
    let token = crate::world::token(&world.anonymous, &client, &secret);
    crate::client::Client::with_token(&world.server.address, &token)
}

on_both!(the_secret_with_a_provider_is_never_shown, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({}));
    let place = format!("ClientApplication/{client}");
    let stored = world.super_admin.get(&place).expect(200).json();
    let asked = [
        place.clone(),
        format!("{place}/_history"),
        format!("ClientApplication?_id={client}"),
        "AuditEvent".to_owned(),
    ];
    for asked in asked {
        assert!(!world.super_admin.get(&asked).expect(200).text().contains("share"), "{asked}");
    }
    // It stays when the rest is written back, and goes once it would be sent to somebody else.
    let (email, _) = person(world, json!({}));
    world.super_admin.update(&with(stored.clone(), json!({"name": "Another name"})));
    assert_eq!(enter(world, &provider, &client, known(&email)).title(), "Allow access?");
    let other = Provider::new();
    let mut moved = world.super_admin.get(&place).expect(200).json();
    moved["identityProvider"]["tokenUrl"] = json!(format!("{}/token", other.issuer));
    world.super_admin.update(&moved);
    says(&enter(world, &provider, &client, known(&email)), "cannot be asked");
    let sent = other.seen("/token");
    assert!(sent.len() == 1 && !sent[0].headers.contains_key("authorization"), "{sent:?}");
    assert!(!String::from_utf8_lossy(&sent[0].body).contains("share"), "{SECRET}");
});

on_both!(what_could_not_work_is_refused_when_it_is_written, |world| {
    let put = |provider: Value| {
        world.admin.post(
            "ClientApplication",
            &json!({"resourceType": "ClientApplication", "name": "X", "identityProvider": provider}),
        )
    };
    for provider in [
        json!({"clientId": "x"}),
        json!({"issuer": "login.example"}),
        json!({"issuer": "https://user:password@login.example"}),
        json!({"issuer": "https://a.example", "tokenUrl": "javascript:alert(1)"}),
        json!({"issuer": "https://a.example", "useSubject": true, "identitySource": "email"}),
        json!({"issuer": "https://a.example", "identityMappingMode": "project-membership-profile"}),
        json!({"issuer": "https://a.example", "identitySource": "fhir-user", "identityMappingMode": "user-email"}),
        json!({"issuer": "https://a.example", "newMember": "RelatedPerson"}),
    ] {
        put(provider).refused(422, "invariant");
    }
    put(json!({"issuer": "https://a.example", "userInfoMode": "gcip"})).refused(422, "not-supported");
    put(json!({"issuer": "https://a.example", "userInfoApiKey": "x"})).refused(422, "not-supported");
    put(json!({"issuer": "https://a.example", "identitySource": "email", "identityMappingMode": "user-email"})).expect(201);
});
