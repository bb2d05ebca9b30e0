//! Several entries and several policies: what any of them allows is allowed.

use serde_json::json;

use super::{couple, found, ids, member_with, policy};
use crate::client::place;
use crate::sample::with;

on_both!(what_any_policy_allows_is_allowed, |world| {
    let (woman, man) = couple(world);
    let other = world.admin.create(&json!({"resourceType": "Patient", "gender": "other"}));
    let by = |gender: &str, readonly: bool| {
        let criteria = format!("Patient?gender={gender}");
        policy(world, json!([{"resourceType": "Patient", "criteria": criteria, "readonly": readonly}]))
    };
    let holder = member_with(
        world,
        json!({
            "accessPolicy": {"reference": by("female", false)},
            "access": [{"policy": {"reference": by("male", true)}}]
        }),
    );
    assert_eq!(found(&holder, "Patient"), ids(&[&woman, &man]));
    holder.get(&place(&other)).refused(404, "not-found");
    holder.update(&with(woman, json!({"active": false})));
    holder.put(&place(&man), &with(man.clone(), json!({"active": false}))).refused(403, "forbidden");
});

on_both!(a_policy_that_is_not_there_gives_nothing, |world| {
    let (woman, _) = couple(world);
    let gone = policy(world, json!([{"resourceType": "Patient"}]));
    let holder = member_with(world, json!({"accessPolicy": {"reference": gone}}));
    holder.get(&place(&woman)).expect(200);
    world.admin.delete(&gone).expect(204);
    holder.get(&place(&woman)).refused(403, "forbidden");
    // Nor does one of another project.
    let foreign = json!({"resourceType": "AccessPolicy", "resource": [{"resourceType": "Patient"}]});
    let foreign = place(&world.stranger.create(&foreign));
    member_with(world, json!({"accessPolicy": {"reference": foreign}}))
        .get("Patient")
        .refused(403, "forbidden");
});
