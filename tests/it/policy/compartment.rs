//! Entries about a compartment (<https://hl7.org/fhir/R4/compartmentdefinition.html>).

use serde_json::json;

use super::{couple, found, holder, holder_of, ids, policy_with};
use crate::client::place;
use crate::sample::with;

on_both!(only_what_is_in_the_compartment, |world| {
    let (woman, man) = couple(world);
    let of = |patient: &serde_json::Value| {
        let patient = json!({"reference": place(patient)});
        world.admin.create(&json!({"resourceType": "RelatedPerson", "patient": patient}))
    };
    let (hers, his) = (of(&woman), of(&man));
    world.admin.create(&json!({"resourceType": "Location", "name": "Nowhere"}));
    let holder = holder(world, json!([{"resourceType": "*", "compartment": {"reference": place(&woman)}}]));
    assert_eq!(found(&holder, "Patient"), ids(&[&woman]));
    assert_eq!(found(&holder, "RelatedPerson"), ids(&[&hers]));
    holder.get(&place(&man)).refused(404, "not-found");
    holder.get(&place(&his)).refused(404, "not-found");
    // A type that has no place in it.
    holder.get("Location").refused(403, "forbidden");
    let made = json!({"resourceType": "RelatedPerson", "patient": {"reference": place(&woman)}});
    holder.create(&made);
    let elsewhere = with(made, json!({"patient": {"reference": place(&man)}}));
    holder.post("RelatedPerson", &elsewhere).refused(403, "forbidden");
    let all = holder.get(&format!("{}/$everything", place(&woman))).expect(200).text();
    assert!(!all.contains("Verborgen"), "{all}");
    holder.get(&format!("{}/$everything", place(&man))).refused(404, "not-found");
});

on_both!(what_refers_to_an_organization_is_in_its_compartment, |world| {
    let house = world.admin.create(&json!({"resourceType": "Organization", "name": "Haus"}));
    let (woman, _) = couple(world);
    let woman =
        world.admin.update(&with(woman, json!({"managingOrganization": {"reference": place(&house)}})));
    let holder = holder(world, json!([{"resourceType": "*", "compartment": {"reference": place(&house)}}]));
    assert_eq!(found(&holder, "Patient"), ids(&[&woman]));
    assert_eq!(found(&holder, "Organization"), ids(&[&house]));
});

on_both!(new_resources_go_to_the_compartment_of_the_policy, |world| {
    let (woman, man) = couple(world);
    let policy = policy_with(
        world,
        json!({"compartment": {"reference": place(&woman)}, "resource": [{"resourceType": "*"}]}),
    );
    let holder = holder_of(world, &policy);
    let of = |patient: &serde_json::Value| json!({"resourceType": "RelatedPerson", "patient": {"reference": place(patient)}});
    let made = holder.create(&of(&woman));
    holder.post("RelatedPerson", &of(&man)).refused(403, "forbidden");
    // What is there already is bounded by the entries alone, and what has no place in it by nothing.
    holder.update(&with(made, json!({"active": true})));
    assert_eq!(found(&holder, "Patient"), ids(&[&woman, &man]));
    holder.create(&json!({"resourceType": "Location", "name": "Here"}));
});
