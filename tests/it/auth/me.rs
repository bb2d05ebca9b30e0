//! `GET /auth/me`: who one is.

use serde_json::json;

use super::person::*;
use crate::client::place;

on_both!(one_learns_who_one_is_and_nothing_that_is_secret, |world| {
    let person = person(world, json!({}));
    let answer = person.client(world).get("/auth/me").expect(200);
    let me = answer.json();
    assert_eq!(me["user"]["email"], person.email.as_str());
    assert_eq!(me["project"]["id"], world.project.as_str());
    assert_eq!(me["project"]["name"], "Project");
    assert_eq!(me["membership"]["id"], person.membership["id"]);
    assert_eq!(me["profile"]["resourceType"], "Practitioner");
    assert!(me["config"]["menu"].as_array().is_some_and(|menu| !menu.is_empty()));
    assert_eq!(me["accessPolicy"]["resource"], json!([]));
    assert_eq!(me["security"]["mfaEnrolled"], false);
    assert_eq!(me["security"]["memberships"].as_array().map(Vec::len), Some(1));
    assert!(!answer.text().contains("passwordHash") && !answer.text().contains("$2b$"), "{}", answer.text());
});

on_both!(policy_and_configuration_are_those_of_the_membership, |world| {
    let policy = world.admin.create(&json!({
        "resourceType": "AccessPolicy", "name": "Some", "resource": [{"resourceType": "Patient"}],
    }));
    let configuration = world.admin.create(&json!({"resourceType": "UserConfiguration", "name": "Mine"}));
    let more = json!({"access": [{"policy": {"reference": place(&policy)}}], "userConfiguration": {"reference": place(&configuration)}});
    let me = person(world, more).client(world).get("/auth/me").expect(200).json();
    assert_eq!(me["accessPolicy"]["resource"][0]["resourceType"], "Patient");
    assert_eq!(me["accessPolicy"]["basedOn"][0]["reference"], place(&policy));
    assert_eq!(me["config"]["name"], "Mine");
});

on_both!(a_client_learns_who_it_is_too, |world| {
    let me = world.admin.get("/auth/me").expect(200).json();
    assert!(me.get("user").is_none(), "{me}");
    assert_eq!(me["profile"]["resourceType"], "ClientApplication");
    assert_eq!(me["membership"]["admin"], true);
    assert_eq!(me["accessPolicy"]["resource"][0]["resourceType"], "*");
    world.anonymous.get("/auth/me").refused(401, "login");
});

on_both!(the_policy_that_is_shown_is_the_one_that_holds, |world| {
    let base = world.admin.create(&json!({
        "resourceType": "AccessPolicy", "name": "Base",
        "resource": [{"resourceType": "Organization", "readonly": true, "hiddenFields": ["telecom"]}],
        "ipAccessRule": [{"name": "Anywhere", "value": "*", "action": "allow"}],
    }));
    let ward = world.admin.create(&json!({
        "resourceType": "AccessPolicy", "name": "Ward", "basedOn": [{"reference": place(&base)}],
        "resource": [
            {"resourceType": "Patient", "criteria": "Patient?organization=%ward&active=true", "interaction": ["read", "search"]},
            {"resourceType": "Practitioner", "compartment": {"reference": "%profile"}, "readonlyFields": ["name"]},
        ],
    }));
    let ward_7 = json!({"name": "ward", "valueReference": {"reference": "Organization/w-7"}});
    let access = json!({"access": [{"policy": {"reference": place(&ward)}, "parameter": [ward_7]}]});
    let person = person(world, access);
    let me = person.client(world).get("/auth/me").expect(200).json();
    let shown = &me["accessPolicy"];
    assert_eq!(shown["basedOn"], json!([{"reference": place(&ward)}, {"reference": place(&base)}]));
    let profile = &person.membership["profile"]["reference"];
    assert_eq!(
        shown["resource"],
        json!([
            {"resourceType": "Patient", "criteria": "Patient?organization=Organization/w-7&active=true", "interaction": ["read", "search"]},
            {"resourceType": "Practitioner", "compartment": {"reference": profile}, "readonlyFields": ["name"]},
            {"resourceType": "Organization", "interaction": ["read", "vread", "history", "search"], "hiddenFields": ["telecom"]},
        ])
    );
    assert_eq!(shown["ipAccessRule"][0]["value"], "*");
});
