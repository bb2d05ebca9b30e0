//! Chains, `_has` and includes do not read through what a policy hides.

use serde_json::json;

use super::{couple, found, holder, ids};
use crate::client::place;
use crate::world::World;

/// A couple, and somebody related to each.
fn family(world: &World) -> [serde_json::Value; 4] {
    let (woman, man) = couple(world);
    let of = |patient: &serde_json::Value, name: &str| {
        let patient = json!({"reference": place(patient)});
        world
            .admin
            .create(&json!({"resourceType": "RelatedPerson", "name": [{"family": name}], "patient": patient}))
    };
    let (hers, his) = (of(&woman, "Tochter"), of(&man, "Sohn"));
    [woman, man, hers, his]
}

on_both!(a_chain_leads_only_to_what_is_seen, |world| {
    let [_, _, hers, his] = family(world);
    let holder = holder(
        world,
        json!([{"resourceType": "Patient", "criteria": "Patient?gender=female"}, {"resourceType": "RelatedPerson"}]),
    );
    assert_eq!(found(&holder, "RelatedPerson"), ids(&[&hers, &his]));
    for query in ["patient.active=true", "patient:Patient.active=true", "_filter=patient.active%20eq%20true"]
    {
        assert_eq!(found(&holder, &format!("RelatedPerson?{query}")), ids(&[&hers]), "{query}");
    }
    assert!(holder.found("RelatedPerson?patient.family=Verborgen").is_empty());
    let total = holder.get("RelatedPerson?patient.active=true&_summary=count").expect(200).json();
    assert_eq!(total["total"], 1);
});

on_both!(a_reference_is_read_from_its_other_end_only_where_it_is_seen, |world| {
    let [woman, man, ..] = family(world);
    let holder = holder(
        world,
        json!([
            {"resourceType": "Patient"},
            {"resourceType": "RelatedPerson", "criteria": "RelatedPerson?name=Tochter"}
        ]),
    );
    assert_eq!(found(&holder, "Patient"), ids(&[&woman, &man]));
    assert_eq!(found(&holder, "Patient?_has:RelatedPerson:patient:name:missing=false"), ids(&[&woman]));
    assert!(holder.found("Patient?_has:RelatedPerson:patient:name=Sohn").is_empty());
    let along = holder.get("Patient?_revinclude=RelatedPerson:patient").expect(200).text();
    assert!(along.contains("Tochter") && !along.contains("Sohn"), "{along}");
});

on_both!(a_chain_to_what_may_not_be_searched_is_refused, |world| {
    family(world);
    let holder = holder(
        world,
        json!([{"resourceType": "Patient", "interaction": ["read"]}, {"resourceType": "RelatedPerson"}]),
    );
    holder.get("RelatedPerson?patient.family=Offen").refused(403, "forbidden");
    holder.get("RelatedPerson?_has:Patient:link:family=O").expect(403);
    // What may be read goes along.
    assert!(
        holder.get("RelatedPerson?_include=RelatedPerson:patient").expect(200).text().contains("Verborgen")
    );
});

on_both!(criteria_may_be_chains, |world| {
    let [woman, _, hers, his] = family(world);
    let holder = holder(
        world,
        json!([
            {"resourceType": "RelatedPerson", "criteria": "RelatedPerson?patient.gender=female"},
            {"resourceType": "Patient", "criteria": "Patient?gender=female"}
        ]),
    );
    assert_eq!(found(&holder, "RelatedPerson"), ids(&[&hers]));
    holder.get(&place(&hers)).expect(200);
    holder.get(&place(&his)).refused(404, "not-found");
    let moved = crate::sample::with(his.clone(), json!({"patient": {"reference": place(&woman)}}));
    holder.put(&place(&his), &moved).refused(404, "not-found");
    let lost = crate::sample::with(hers.clone(), json!({"patient": his["patient"]}));
    holder.put(&place(&hers), &lost).refused(403, "forbidden");
    let made = json!({"resourceType": "RelatedPerson", "patient": {"reference": place(&woman)}});
    holder.create(&made);
    holder.post("RelatedPerson", &crate::sample::with(made, json!({"patient": his["patient"]}))).expect(403);
});

on_both!(criteria_are_asked_by_the_admin_and_not_by_the_holder, |world| {
    let [_, _, hers, _] = family(world);
    // The holder sees no patient; the criteria of his policy do.
    let holder = holder(
        world,
        json!([{"resourceType": "RelatedPerson", "criteria": "RelatedPerson?patient.gender=female"}]),
    );
    assert_eq!(found(&holder, "RelatedPerson"), ids(&[&hers]));
    holder.get("RelatedPerson?patient.gender=female").refused(403, "forbidden");
});
