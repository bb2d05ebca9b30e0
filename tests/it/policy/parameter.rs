//! Variables of a policy, filled in by the membership that holds it.

use serde_json::{Value, json};

use super::{couple, found, holder_of, ids, member_with, policy};
use crate::client::{Client, id, place};
use crate::world::World;

fn with_parameters(world: &World, policy: &str, parameters: Value) -> Client {
    member_with(world, json!({"access": [{"policy": {"reference": policy}, "parameter": parameters}]}))
}

on_both!(a_parameter_is_filled_in, |world| {
    let (woman, _) = couple(world);
    let policy =
        policy(world, json!([{"resourceType": "Patient", "criteria": "Patient?gender=%sort&_id=%one.id"}]));
    let parameters = |sort: &str| {
        json!([
            {"name": "sort", "valueString": sort},
            {"name": "one", "valueReference": {"reference": place(&woman)}}
        ])
    };
    assert_eq!(found(&with_parameters(world, &policy, parameters("female")), "Patient"), ids(&[&woman]));
    assert!(with_parameters(world, &policy, parameters("male")).found("Patient").is_empty());
    // One value, whatever is in it.
    for sly in ["male,female", "x&active=true", "male&gender:not=x"] {
        assert!(with_parameters(world, &policy, parameters(sly)).found("Patient").is_empty(), "{sly}");
    }
});

on_both!(a_parameter_that_is_missing_gives_nothing, |world| {
    couple(world);
    for criteria in ["Patient?gender=%sort", "Patient?gender:not=%sort", "Patient?gender:not=%facility"] {
        let policy = policy(world, json!([{"resourceType": "Patient", "criteria": criteria}]));
        holder_of(world, &policy).get("Patient").refused(403, "forbidden");
    }
});

on_both!(a_patient_has_what_is_his, |world| {
    let (woman, man) = couple(world);
    let of = |patient: &Value| {
        world
            .admin
            .create(&json!({"resourceType": "RelatedPerson", "patient": {"reference": place(patient)}}))
    };
    let (hers, _) = (of(&woman), of(&man));
    let policy = policy(
        world,
        json!([
            {"resourceType": "Patient", "criteria": "Patient?_id=%patient.id"},
            {"resourceType": "RelatedPerson", "compartment": {"reference": "%patient"}}
        ]),
    );
    let profile = json!({"reference": place(&woman)});
    let holder = member_with(world, json!({"accessPolicy": {"reference": policy}, "profile": profile}));
    assert_eq!(found(&holder, "Patient"), ids(&[&woman]));
    assert_eq!(found(&holder, "RelatedPerson"), ids(&[&hers]));
});

on_both!(who_he_is_and_where_is_known, |world| {
    let doctor = world.admin.create(&json!({"resourceType": "Practitioner", "name": [{"family": "Arzt"}]}));
    let mine = json!({"resourceType": "Patient", "generalPractitioner": [{"reference": place(&doctor)}]});
    let mine = world.admin.create(&mine);
    couple(world);
    let entries = json!([
        {"resourceType": "Patient", "criteria": "Patient?general-practitioner=%profile"},
        {"resourceType": "ClientApplication", "criteria": "ClientApplication?_id=%user.id"},
        {"resourceType": "Project", "criteria": "Project?_id=%project.id"}
    ]);
    let policy = policy(world, entries);
    let profile = json!({"reference": place(&doctor)});
    let holder = member_with(world, json!({"accessPolicy": {"reference": policy}, "profile": profile}));
    assert_eq!(found(&holder, "Patient"), ids(&[&mine]));
    assert_eq!(holder.found("ClientApplication").len(), 1);
    assert_eq!(holder.found("Project"), std::slice::from_ref(&world.project));
});

on_both!(nobody_renames_himself, |world| {
    let policy = policy(
        world,
        json!([{"resourceType": "ClientApplication", "criteria": "ClientApplication?_id=%user.id"}]),
    );
    let other = world.admin.create(&json!({"resourceType": "ClientApplication", "name": "Other"}));
    let parameters = json!([{"name": "user", "valueReference": {"reference": place(&other)}}]);
    let holder = with_parameters(world, &policy, parameters);
    assert!(!holder.found("ClientApplication").contains(&id(&other)));
});
