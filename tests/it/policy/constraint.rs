//! Write constraints: FHIRPath about what was and what will be.

use serde_json::{Value, json};

use super::{couple, holder, member_with, policy};
use crate::client::place;
use crate::sample::with;
use crate::world::World;

fn entry(expression: &str) -> Value {
    json!([{"resourceType": "Patient", "writeConstraint": [{"language": "text/fhirpath", "expression": expression}]}])
}

fn bound(world: &World, expression: &str) -> crate::client::Client {
    holder(world, entry(expression))
}

on_both!(a_write_that_breaks_the_constraint_is_refused, |world| {
    let (woman, _) = couple(world);
    let holder = bound(world, "%before.exists() implies %before.gender = %after.gender");
    holder.put(&place(&woman), &with(woman.clone(), json!({"gender": "other"}))).refused(403, "forbidden");
    let patch = json!([{"op": "replace", "path": "/gender", "value": "other"}]);
    let call = holder.call("PATCH", &place(&woman));
    call.body("application/json-patch+json", patch.to_string()).send().refused(403, "forbidden");
    let entry = json!({"request": {"method": "PUT", "url": place(&woman)}, "resource": with(woman.clone(), json!({"gender": "other"}))});
    let bundle = json!({"resourceType": "Bundle", "type": "transaction", "entry": [entry]});
    holder.post("", &bundle).refused(403, "forbidden");
    assert_eq!(world.admin.get(&place(&woman)).expect(200).json(), woman);
    holder.update(&with(woman, json!({"active": false})));
    holder.create(&json!({"resourceType": "Patient", "gender": "other"}));
});

on_both!(only_what_is_true_is_kept, |world| {
    for never in
        ["{}", "%after.gender = 'none'", "%nobody = 1", "1 + 'a'", "%after.name.single().given.single()  = 3"]
    {
        let holder = bound(world, never);
        let answer = holder.post("Patient", &json!({"resourceType": "Patient", "active": true}));
        assert_eq!(answer.status, 403, "{never}: {}", answer.text());
    }
});

on_both!(what_is_over_is_not_deleted, |world| {
    let (woman, man) = couple(world);
    let holder = bound(world, "%before.exists() implies %before.gender != 'male'");
    holder.delete(&place(&man)).refused(403, "forbidden");
    holder.delete(&place(&woman)).expect(204);
});

on_both!(a_constraint_names_the_parameters_of_the_policy, |world| {
    let policy = policy(world, entry("%after.gender = %sort and %profile.exists() and %user.exists()"));
    let access =
        json!([{"policy": {"reference": policy}, "parameter": [{"name": "sort", "valueString": "female"}]}]);
    let holder = member_with(world, json!({"access": access}));
    holder.create(&json!({"resourceType": "Patient", "gender": "female"}));
    holder.post("Patient", &json!({"resourceType": "Patient", "gender": "male"})).refused(403, "forbidden");
});
