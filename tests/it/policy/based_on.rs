//! Policies that are made from others.

use serde_json::{Value, json};

use super::{couple, holder_of, policy, policy_with};
use crate::client::place;
use crate::sample::with;

fn based(policies: &[&String]) -> Value {
    policies.iter().map(|policy| json!({"reference": policy})).collect()
}

on_both!(a_policy_has_what_it_is_based_on, |world| {
    couple(world);
    let ground = policy(world, json!([{"resourceType": "Patient", "readonly": true}]));
    let middle = policy_with(
        world,
        json!({"basedOn": based(&[&ground]), "resource": [{"resourceType": "Practitioner"}]}),
    );
    let top = policy_with(world, json!({"basedOn": based(&[&middle])}));
    let holder = holder_of(world, &top);
    assert_eq!(holder.found("Patient").len(), 2);
    holder.get("Practitioner").expect(200);
    holder.get("Organization").refused(403, "forbidden");
});

on_both!(policies_may_be_based_on_each_other, |world| {
    couple(world);
    let first = policy(world, json!([{"resourceType": "Patient"}]));
    let second = policy_with(world, json!({"basedOn": based(&[&first, &first])}));
    let stored = world.admin.get(&first).expect(200).json();
    world.admin.update(&with(stored, json!({"basedOn": based(&[&second, &first])})));
    assert_eq!(holder_of(world, &second).found("Patient").len(), 2);
});

on_both!(too_many_give_nothing, |world| {
    let mut last = policy(world, json!([{"resourceType": "Patient"}]));
    for _ in 0..120 {
        last = policy_with(
            world,
            json!({"basedOn": based(&[&last]), "resource": [{"resourceType": "Patient"}]}),
        );
    }
    holder_of(world, &last).get("Patient").refused(403, "forbidden");
    assert!(place(&world.admin.get(&last).expect(200).json()).starts_with("AccessPolicy/"));
});
