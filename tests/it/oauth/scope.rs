//! Scopes of clients: <https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html>.

use serde_json::{Value, json};

use super::signer::encoded;
use crate::client::{Answer, Client, id, place};
use crate::sample::{patient, with};
use crate::world::{World, register};

fn ask(world: &World, scope: &str) -> Answer {
    let (client, secret) = register(&world.super_admin, &world.project, true);
    ask_as(world, &client, &secret, scope)
}

fn ask_as(world: &World, client: &str, secret: &str, scope: &str) -> Answer {
    let form = format!(
        "grant_type=client_credentials&client_id={client}&client_secret={secret}&scope={}",
        encoded(scope)
    );
    world.anonymous.call("POST", "/oauth2/token").form(&form).send()
}

fn client(world: &World, answer: Answer) -> Client {
    let token = answer.expect(200).json();
    Client::with_token(&world.server.address, token["access_token"].as_str().expect("a token"))
}

on_both!(a_scope_takes_away_what_it_does_not_name, |world| {
    let stored = world.admin.create(&patient("A", "B"));
    let reader = client(world, ask(world, "system/Patient.rs"));
    reader.get("Patient").expect(200);
    reader.get(&place(&stored)).expect(200);
    reader.get("Organization").expect(403);
    reader.post("Patient", &patient("C", "D")).expect(403);
    reader.delete(&place(&stored)).expect(403);
    let finder = client(world, ask(world, "system/Patient.s"));
    finder.get("Patient").expect(200);
    finder.get(&place(&stored)).expect(403);
    let maker = client(world, ask(world, "system/Patient.c"));
    maker.post("Patient", &patient("E", "F")).expect(201);
    maker.get("Patient").expect(403);
    let old = client(world, ask(world, "system/*.read"));
    old.get("Organization").expect(200);
    old.post("Patient", &patient("G", "H")).expect(403);
});

on_both!(a_scope_is_as_narrow_as_its_criteria, |world| {
    let male = world.admin.create(&with(patient("A", "B"), json!({"gender": "male"})));
    let female = world.admin.create(&with(patient("C", "D"), json!({"gender": "female"})));
    let caller = client(world, ask(world, "system/Patient.rs?gender=female"));
    assert_eq!(caller.found("Patient"), [id(&female)]);
    caller.get(&place(&female)).expect(200);
    caller.get(&place(&male)).expect(404);
});

on_both!(what_is_no_scope_is_refused_by_name, |world| {
    for scope in [
        "system/Patient",
        "system/Patient.sr",
        "system/patient.rs",
        "system/Patient.rs?",
        "user/*.rs",
        "patient/*.rs",
    ] {
        let answer = ask(world, scope).expect(400).json();
        assert_eq!(answer["error"], "invalid_scope", "{scope}");
    }
});

on_both!(a_client_gets_what_it_may_ask_for_and_is_told, |world| {
    let (client, secret) = register(&world.super_admin, &world.project, true);
    let record = world.super_admin.get(&format!("ClientApplication/{client}")).expect(200).json();
    let bound = json!({"allowedScope": ["system/Patient.rs", "system/Organization.r"]});
    world.super_admin.update(&with(record, bound));
    let scope = |answer: Answer| answer.expect(200).json()["scope"].as_str().expect("a scope").to_owned();
    assert_eq!(scope(ask_as(world, &client, &secret, "system/Patient.cruds")), "system/Patient.rs");
    assert_eq!(
        scope(ask_as(world, &client, &secret, "system/*.rs")),
        "system/Patient.rs system/Organization.r"
    );
    assert_eq!(scope(ask_as(world, &client, &secret, "")), "system/Patient.rs system/Organization.r");
    let answer = ask_as(world, &client, &secret, "system/Group.rs").expect(400).json();
    assert_eq!(answer["error"], "invalid_scope");
});

on_both!(without_a_wish_a_client_gets_all_it_always_got, |world| {
    let (client, secret) = register(&world.super_admin, &world.project, true);
    let form = format!("grant_type=client_credentials&client_id={client}&client_secret={secret}");
    let answer: Value = world.anonymous.call("POST", "/oauth2/token").form(&form).send().expect(200).json();
    assert_eq!(answer["scope"], "system/*.*");
    assert_eq!(answer["project"]["reference"], format!("Project/{}", world.project));
    assert_eq!(answer["profile"]["reference"], format!("ClientApplication/{client}"));
});

on_both!(scopes_of_users_give_a_client_on_its_own_nothing, |world| {
    let (client, secret) = register(&world.super_admin, &world.project, true);
    for element in ["allowedScope", "defaultScope"] {
        let record = world.super_admin.get(&format!("ClientApplication/{client}")).expect(200).json();
        world.super_admin.update(&with(record, json!({element: ["openid", "patient/*.rs"]})));
        let answer = ask_as(world, &client, &secret, "").expect(400).json();
        assert_eq!(answer["error"], "invalid_scope", "{element}");
    }
});
