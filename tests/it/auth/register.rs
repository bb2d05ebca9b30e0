//! New accounts, projects and patients.

use serde_json::json;

use super::person::*;
use crate::client::{id, place};
use crate::sample::with;

fn newcomer(email: &str) -> serde_json::Value {
    with(asked(email, PASSWORD), json!({"firstName": "Grace", "lastName": "Hopper", "projectId": "new"}))
}

on_both!(somebody_new_makes_an_account_and_a_project_and_rules_it, |world| {
    let email = email();
    let begun = post(world, "newuser", &newcomer(&email)).expect(200).json();
    let made = json!({"login": begun["login"], "projectName": "Surgery"});
    let done = post(world, "newproject", &made).expect(200).json();
    let tokens = redeem(world, text(&done, "code")).expect(200).json();
    let admin = client(world, &tokens);
    let me = admin.get("/auth/me").expect(200).json();
    assert_eq!(me["project"]["name"], "Surgery");
    assert_eq!(me["profile"]["name"][0]["family"], "Hopper");
    assert_eq!(me["membership"]["admin"], true);
    admin.create(&json!({"resourceType": "Patient"}));
    let clients = admin.search("ClientApplication");
    assert_eq!(clients.len(), 1);
    let of_client = admin.search(&format!("ProjectMembership?user={}", place(&clients[0])));
    let policy = admin.get(text(&of_client[0]["accessPolicy"], "reference")).expect(200).json();
    assert_eq!(policy["resource"], json!([{"resourceType": "*"}]));
    world.admin.get(&format!("Project/{}", text(&me["project"], "id"))).expect(404);
    // The sign-in is used up.
    post(world, "newproject", &made).refused(400, "login");
});

on_both!(an_account_that_exists_is_told_to_nobody, |world| {
    let email = email();
    let first = post(world, "newuser", &newcomer(&email)).expect(200).json();
    let guess = with(newcomer(&email), json!({"password": "violet cannon 41 bridge"}));
    let second = post(world, "newuser", &guess).expect(200).json();
    assert_eq!(
        first.as_object().map(|all| all.keys().collect::<Vec<_>>()),
        second.as_object().map(|all| all.keys().collect::<Vec<_>>())
    );
    // That sign-in leads nowhere, and the password is the one from before.
    post(world, "newproject", &json!({"login": second["login"], "projectName": "Mine"})).expect(400);
    post(world, "login", &asked(&email, "violet cannon 41 bridge")).refused(400, "login");
    assert_eq!(world.super_admin.found(&format!("User?email={email}")).len(), 1);
});

on_both!(what_is_no_newcomer_is_refused_by_its_name, |world| {
    let new = |more| post(world, "newuser", &with(newcomer(&email()), more));
    new(json!({"firstName": ""})).refused(400, "required").at("firstName");
    new(json!({"lastName": "x".repeat(200)})).refused(400, "value").at("lastName");
    new(json!({"email": "x"})).refused(400, "value").at("email");
    new(json!({"projectId": world.project})).refused(400, "business-rule").at("projectId");
    let begun = post(world, "newuser", &newcomer(&email())).expect(200).json();
    let project =
        |name: &str| post(world, "newproject", &json!({"login": begun["login"], "projectName": name}));
    project("").refused(400, "required").at("projectName");
    project(&"x".repeat(100)).refused(400, "value").at("projectName");
    post(world, "newproject", &json!({"login": "none", "projectName": "x"})).expect(400);
    post(world, "newpatient", &json!({"login": begun["login"], "projectId": world.project}))
        .refused(400, "business-rule");
});

on_both!(registration_can_be_switched_off, |config| config.sign_in.registration = false, |world| {
    post(world, "newuser", &newcomer(&email())).refused(403, "forbidden");
});

on_both!(a_project_that_is_open_takes_patients, |world| {
    let policy = world.admin.create(&json!({
        "resourceType": "AccessPolicy", "name": "Patients", "resource": [{"resourceType": "Patient", "criteria": "Patient?_id=%patient.id"}],
    }));
    let project = world.super_admin.get(&format!("Project/{}", world.project)).json();
    world
        .super_admin
        .update(&with(project, json!({"defaultPatientAccessPolicy": {"reference": place(&policy)}})));
    let asked = with(newcomer(&email()), json!({"projectId": world.project}));
    let begun = post(world, "newuser", &asked).expect(200).json();
    let foreign = json!({"login": begun["login"], "projectId": world.other_project});
    post(world, "newpatient", &foreign).refused(400, "business-rule");
    post(world, "newproject", &json!({"login": begun["login"], "projectName": "Mine"}))
        .refused(400, "business-rule");
    let done = post(world, "newpatient", &json!({"login": begun["login"], "projectId": world.project}))
        .expect(200)
        .json();
    let tokens = redeem(world, text(&done, "code")).expect(200).json();
    let me = client(world, &tokens).get("/auth/me").expect(200).json();
    assert_eq!(me["profile"]["resourceType"], "Patient");
    assert_eq!(tokens["patient"], id(&me["profile"]));
});
