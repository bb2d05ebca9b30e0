//! A change of rights holds from the next request on.

use serde_json::json;

use super::{couple, holder_of, policy};
use crate::client::place;
use crate::sample::with;

on_both!(a_policy_that_changes_holds_at_once, |world| {
    let (woman, _) = couple(world);
    let given = policy(world, json!([{"resourceType": "Patient"}]));
    let holder = holder_of(world, &given);
    holder.get(&place(&woman)).expect(200);
    let stored = world.admin.get(&given).expect(200).json();
    let stored = world.admin.update(&with(stored, json!({"resource": [{"resourceType": "Practitioner"}]})));
    holder.get(&place(&woman)).refused(403, "forbidden");
    world.admin.update(&with(
        stored,
        json!({"resource": [{"resourceType": "Patient", "hiddenFields": ["birthDate"]}]}),
    ));
    assert_eq!(holder.get(&place(&woman)).expect(200).json()["birthDate"], json!(null));
});

on_both!(what_was_done_under_another_policy_is_not_told, |world| {
    couple(world);
    let given = policy(world, json!([{"resourceType": "Patient"}]));
    let holder = holder_of(world, &given);
    let begun = holder.call("GET", "Patient").header("Prefer", "respond-async").send().expect(202);
    let status = begun.header("Content-Location").expect("a place").to_owned();
    while holder.get(&status).status == 202 {
        std::thread::yield_now();
    }
    assert!(holder.get(&status).expect(200).text().contains("Verborgen"));
    let stored = world.admin.get(&given).expect(200).json();
    let fewer = json!({"resource": [{"resourceType": "Patient", "criteria": "Patient?gender=female"}]});
    world.admin.update(&with(stored, fewer));
    holder.get(&status).refused(404, "not-found");
});

on_both!(criteria_follow_a_parameter_that_is_defined_anew, |world| {
    let (woman, _) = couple(world);
    let holder = crate::policy::holder(
        world,
        json!([{"resourceType": "Patient", "criteria": "Patient?gender=female"}]),
    );
    holder.get(&place(&woman)).expect(200);
    let defined = json!({
        "resourceType": "SearchParameter", "url": "https://example.com/language", "name": "speaks", "status": "active",
        "description": "Speaks", "code": "speaks", "base": ["Patient"], "type": "token",
        "expression": "Patient.communication.language"
    });
    world.admin.create(&defined);
    assert_eq!(holder.found("Patient").len(), 1);
    holder.get(&place(&woman)).expect(200);
});

on_both!(who_sees_a_part_of_a_type_does_not_subscribe_to_it, |world| {
    let holder = crate::policy::holder(
        world,
        json!([
            {"resourceType": "Subscription"}, {"resourceType": "Practitioner"},
            {"resourceType": "Patient", "criteria": "Patient?gender=female"}
        ]),
    );
    let to = |criteria: &str| {
        json!({
            "resourceType": "Subscription", "status": "requested", "reason": "x", "criteria": criteria,
            "channel": {"type": "websocket"}
        })
    };
    holder.post("Subscription", &to("Patient?active=true")).refused(403, "forbidden");
    holder.post("Subscription", &to("Organization?active=true")).refused(403, "forbidden");
    holder.create(&to("Practitioner?active=true"));
});
