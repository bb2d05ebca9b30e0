//! The policy of a project admin: it bounds all but what he administers by.

use serde_json::json;

use super::{couple, found, ids, member_with, policy};
use crate::client::place;
use crate::sample::{patient, user};

on_both!(an_admin_with_a_policy_still_administers, |world| {
    let (woman, man) = couple(world);
    let policy = policy(world, json!([{"resourceType": "Patient", "criteria": "Patient?gender=female"}]));
    let admin = member_with(world, json!({"admin": true, "accessPolicy": {"reference": policy}}));
    assert_eq!(found(&admin, "Patient"), ids(&[&woman]));
    admin.get(&place(&man)).refused(404, "not-found");
    admin.get("Organization").refused(403, "forbidden");
    let ada = admin.create(&user("ada@example.com"));
    admin.get(&place(&ada)).expect(200);
    admin.get("ClientApplication").expect(200);
    admin.get(&policy).expect(200);
    for operation in ["$expunge", "Patient/$expunge"] {
        let all = json!({"resourceType": "Parameters", "parameter": [{"name": "expungeEverything", "valueBoolean": true}]});
        admin.post(operation, &all).refused(403, "forbidden");
    }
    admin.call("POST", "Patient/$reindex").send().refused(403, "forbidden");
    assert_eq!(world.admin.found("Patient").len(), 2);
});

on_both!(an_admin_without_one_has_all, |world| {
    let stored = world.admin.create(&patient("A", "B"));
    assert_eq!(world.admin.get(&place(&stored)).expect(200).json(), stored);
    let all = json!({"resourceType": "Parameters", "parameter": [{"name": "expungePreviousVersions", "valueBoolean": true}]});
    world.admin.post("Patient/$expunge", &all).expect(200);
});
