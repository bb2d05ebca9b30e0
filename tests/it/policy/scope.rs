//! Scopes of a token as a layer beside the policy: access is where both allow it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::{couple, found, ids, policy};
use crate::client::{Client, place};
use crate::sample::{organization, user, with};
use crate::world::{World, register};

/// A client with a token for less than it may.
fn narrowed(world: &World, admin: bool, membership: Value, scope: &str) -> Client {
    let (client, secret) = register(&world.super_admin, &world.project, admin);
    let query = format!("ProjectMembership?user=ClientApplication/{client}");
    let stored = world.super_admin.search(&query).remove(0);
    world.super_admin.update(&with(stored, membership));
    let basic = BASE64_STANDARD.encode(format!("{client}:{secret}"));
    let call =
        world.anonymous.call("POST", "/oauth2/token").header("Authorization", &format!("Basic {basic}"));
    let scope: String = url::form_urlencoded::byte_serialize(scope.as_bytes()).collect();
    let told: Value =
        call.form(&format!("grant_type=client_credentials&scope={scope}")).send().expect(200).json();
    Client::with_token(&world.server.address, told["access_token"].as_str().expect("a token"))
}

on_both!(an_admins_token_is_good_for_its_scopes_only, |world| {
    let (woman, man) = couple(world);
    let ada = world.admin.create(&user("ada@example.com"));
    world.admin.create(&organization("Haus"));
    let narrow = narrowed(world, true, json!({}), "system/Patient.rs");
    assert_eq!(found(&narrow, "Patient"), ids(&[&woman, &man]));
    narrow.get(&format!("{}/_history", place(&woman))).expect(200);
    narrow.put(&place(&woman), &with(woman.clone(), json!({"active": false}))).refused(403, "forbidden");
    narrow.delete(&place(&woman)).refused(403, "forbidden");
    narrow.get("Organization").refused(403, "forbidden");
    narrow.get(&place(&ada)).refused(403, "forbidden");
    narrow.get("User").refused(403, "forbidden");
    let all = narrow.get("/fhir/R4?_count=100").expect(200).text();
    assert!(all.contains("Offen") && !all.contains("Haus") && !all.contains("ada@example.com"), "{all}");
    assert!(!narrow.get("Patient?_include=*&_revinclude=*").expect(200).text().contains("Haus"));
});

on_both!(scopes_may_have_criteria, |world| {
    let (woman, _) = couple(world);
    let narrow = narrowed(world, true, json!({}), "system/Patient.cruds?gender=female");
    assert_eq!(found(&narrow, "Patient"), ids(&[&woman]));
    narrow.put(&place(&woman), &with(woman.clone(), json!({"gender": "male"}))).refused(403, "forbidden");
    narrow.update(&with(woman, json!({"active": false})));
});

on_both!(scopes_give_nothing_that_the_policy_does_not, |world| {
    let (woman, _) = couple(world);
    let given = policy(
        world,
        json!([{"resourceType": "Patient", "criteria": "Patient?gender=female", "hiddenFields": ["birthDate"]}]),
    );
    let narrow = narrowed(
        world,
        false,
        json!({"accessPolicy": {"reference": given}}),
        "system/Patient.rs system/Organization.rs",
    );
    assert_eq!(found(&narrow, "Patient"), ids(&[&woman]));
    assert_eq!(narrow.get(&place(&woman)).expect(200).json()["birthDate"], Value::Null);
    narrow.put(&place(&woman), &woman).refused(403, "forbidden");
    narrow.get("Organization").refused(403, "forbidden");
    // The least that everybody has is bounded by scopes, too.
    narrow.get(&format!("Project/{}", world.project)).refused(403, "forbidden");
    let nothing = narrowed(world, false, json!({}), "system/Patient.rs");
    nothing.get("Patient").refused(403, "forbidden");
});

on_both!(nobody_administers_by_a_token_for_less, |world| {
    let ada = world.admin.create(&user("ada@example.com"));
    let narrow = narrowed(world, true, json!({}), "system/Patient.cruds system/User.cruds");
    let project = format!("/admin/projects/{}", world.project);
    narrow.get(&project).expect(403);
    narrow.post(&format!("{project}/invite"), &json!({})).expect(403);
    narrow.post(&format!("{project}/client"), &json!({"name": "Mine"})).expect(403);
    narrow
        .post("/admin/projects/setpassword", &json!({"email": "ada@example.com", "password": "long enough"}))
        .expect(403);
    let parameters = json!({"resourceType": "Parameters", "parameter": [{"name": "email", "valueString": "eve@example.com"}]});
    narrow.post(&format!("{}/$update-email", place(&ada)), &parameters).expect(403);
    narrow.post("$expunge", &json!({"resourceType": "Parameters", "parameter": [{"name": "expungeEverything", "valueBoolean": true}]})).expect(403);
    narrow.get(&place(&ada)).expect(200);
});
