//! What an AccessPolicy may not say.

use serde_json::{Value, json};

fn refused(world: &crate::world::World, elements: Value, place: &str) {
    let policy = crate::sample::with(json!({"resourceType": "AccessPolicy", "name": "P"}), elements);
    world.admin.post("AccessPolicy", &policy).expect(422).at(place);
}

on_both!(what_could_never_be_understood_is_refused, |world| {
    let entry = |elements: Value| json!({"resource": [crate::sample::with(json!({"resourceType": "Patient"}), elements)]});
    for criteria in [
        "Patient?nonsense=1",
        "Patient?gender=%sort&nonsense=1",
        "Patient?birthdate=never",
        "Patient?_count=3",
        "Patient?_sort=family",
        "Patient?organization.nonsense=1",
    ] {
        refused(world, entry(json!({"criteria": criteria})), "AccessPolicy.resource[0].criteria");
    }
    refused(world, entry(json!({"hiddenFields": ["birthdate"]})), "AccessPolicy.resource[0].hiddenFields[0]");
    refused(
        world,
        entry(json!({"readonlyFields": ["active", "id"]})),
        "AccessPolicy.resource[0].readonlyFields[1]",
    );
    let constraint = json!([{"language": "text/fhirpath", "expression": "%after.("}]);
    refused(
        world,
        entry(json!({"writeConstraint": constraint})),
        "AccessPolicy.resource[0].writeConstraint[0].expression",
    );
    for network in ["10.0.0.0/33", "everywhere", "10.0.0"] {
        let rule = json!({"ipAccessRule": [{"value": network, "action": "allow"}]});
        refused(world, rule, "AccessPolicy.ipAccessRule[0].value");
    }
});

on_both!(what_can_be_understood_is_kept, |world| {
    for criteria in [
        "Patient?organization=%ward&active=true",
        "Patient?organization.name=Haus",
        "Patient?birthdate=ge1980&gender:not=male",
        "Patient?_tag=urn:x|y",
    ] {
        let entry = json!([{"resourceType": "Patient", "criteria": criteria, "hiddenFields": ["name.given", "deceased[x]"]}]);
        world.admin.create(&json!({"resourceType": "AccessPolicy", "name": criteria, "resource": entry}));
    }
});
