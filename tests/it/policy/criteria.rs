//! Criteria: a search that says which resources of a type an entry is about.

use serde_json::json;

use super::{couple, found, holder, ids};
use crate::client::{id, place};
use crate::sample::{patient, with};

on_both!(what_the_criteria_do_not_find_is_not_there, |world| {
    let (woman, man) = couple(world);
    let holder = holder(world, json!([{"resourceType": "Patient", "criteria": "Patient?gender=female"}]));
    assert_eq!(holder.get(&place(&woman)).expect(200).json(), woman);
    holder.get(&place(&man)).refused(404, "not-found");
    holder.get(&format!("{}/_history/1", place(&man))).refused(404, "not-found");
    assert_eq!(found(&holder, "Patient"), ids(&[&woman]));
    assert!(holder.found(&format!("Patient?_id={}", id(&man))).is_empty());
});

on_both!(a_write_satisfies_the_criteria_before_and_after, |world| {
    let (woman, man) = couple(world);
    let holder = holder(world, json!([{"resourceType": "Patient", "criteria": "Patient?gender=female"}]));
    holder.put(&place(&man), &with(man.clone(), json!({"gender": "female"}))).refused(404, "not-found");
    holder.put(&place(&woman), &with(woman.clone(), json!({"gender": "male"}))).refused(403, "forbidden");
    holder.post("Patient", &patient("A", "B")).refused(403, "forbidden");
    let made = holder.create(&with(patient("A", "B"), json!({"gender": "female"})));
    holder.update(&with(made.clone(), json!({"active": true})));
    holder.delete(&place(&made)).expect(204);
    // To delete what is not there has no effect.
    holder.delete(&place(&man)).expect(204);
    assert_eq!(world.admin.get(&place(&man)).expect(200).json(), man);
});

on_both!(what_may_be_read_and_not_written_is_refused_as_such, |world| {
    let (woman, man) = couple(world);
    let holder = holder(
        world,
        json!([
            {"resourceType": "Patient", "readonly": true},
            {"resourceType": "Patient", "criteria": "Patient?gender=female"}
        ]),
    );
    holder.update(&with(woman, json!({"active": false})));
    holder.put(&place(&man), &with(man.clone(), json!({"active": false}))).refused(403, "forbidden");
    holder.delete(&place(&man)).refused(403, "forbidden");
    assert_eq!(found(&holder, "Patient").len(), 2);
});

on_both!(a_condition_finds_only_what_the_criteria_find, |world| {
    let (woman, man) = couple(world);
    let holder = holder(world, json!([{"resourceType": "Patient", "criteria": "Patient?gender=female"}]));
    let body = json!({"resourceType": "Patient", "gender": "female", "name": [{"family": "Neu"}]});
    holder.put("Patient?family=Verborgen", &body).expect(201);
    holder.call("DELETE", "Patient?family=Verborgen").send().expect(204);
    assert_eq!(world.admin.get(&place(&man)).expect(200).json(), man);
    let call = holder.call("POST", "Patient").header("If-None-Exist", "family=Offen");
    assert_eq!(call.json(&body).send().expect(200).json(), woman);
});

on_both!(a_type_that_no_entry_names_is_refused, |world| {
    let (woman, _) = couple(world);
    let holder = holder(world, json!([{"resourceType": "Practitioner"}]));
    holder.get(&place(&woman)).refused(403, "forbidden");
    holder.get("Patient").refused(403, "forbidden");
    holder.post("Patient", &patient("A", "B")).refused(403, "forbidden");
    assert!(holder.found("Practitioner").is_empty());
});

on_both!(criteria_of_every_type_hold_for_each, |world| {
    let tag = json!({"meta": {"tag": [{"system": "urn:ward", "code": "w1"}]}});
    let mine = world.admin.create(&with(patient("A", "B"), tag.clone()));
    world.admin.create(&patient("C", "D"));
    let house = world.admin.create(&with(json!({"resourceType": "Organization", "name": "H"}), tag));
    let holder = holder(world, json!([{"resourceType": "*", "criteria": "*?_tag=urn:ward|w1"}]));
    assert_eq!(found(&holder, "Patient"), ids(&[&mine]));
    assert_eq!(found(&holder, "Organization"), ids(&[&house]));
    assert_eq!(found(&holder, "/fhir/R4?_count=50"), ids(&[&mine, &house]));
});
