//! With the official package, GraphQL is over all of R4: <https://hl7.org/fhir/R4/graphql.html>.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::examples::chosen;
use super::official;
use crate::client::{id, place};
use crate::fhir::graphql::{data, table};
use crate::fhir::graphql_examples::compare;
use crate::sample::patient;

on_both!(an_example_of_each_type_comes_out_of_graphql_as_it_is_stored, |config| official(config), |world| {
    let mut types = BTreeSet::new();
    for (_, example) in chosen() {
        let kind = example["resourceType"].as_str().expect("a type").to_owned();
        // The server writes on subscriptions as soon as they are there.
        if kind != "Subscription" && types.insert(kind.clone()) {
            let stored = world.admin.post(&kind, &example).expect(201).json();
            compare(&world.admin, &stored);
        }
    }
    assert!(types.len() > 120, "{} types: {types:?}", types.len());
    let named = data(&world.admin, "{ __schema { types { name } } }");
    let named: BTreeSet<&str> = named["__schema"]["types"]
        .as_array()
        .expect("types")
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect();
    let missing: Vec<&String> = types.iter().filter(|kind| !named.contains(kind.as_str())).collect();
    assert_eq!(missing, [""; 0]);
});

on_both!(a_record_is_read_from_its_patient_on, |config| official(config), |world| {
    let person = world.admin.create(&patient("Chalmers", "Peter"));
    let subject = json!({"reference": place(&person)});
    let visit = world.admin.create(&json!({
        "resourceType": "Encounter", "status": "finished", "class": {"code": "AMB"}, "subject": subject
    }));
    let observation = |code: &str, value: f64| {
        world.admin.create(&json!({
            "resourceType": "Observation", "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
            "subject": subject, "encounter": {"reference": place(&visit)},
            "valueQuantity": {"value": value, "unit": "kg"}
        }))
    };
    observation("29463-7", 70.5);
    observation("8302-2", 180.0);
    let query = "{
            ObservationList(_reference: patient, code: \"http://loinc.org|29463-7\") {
                valueQuantity { value unit }
                encounter { resource { status } }
                subject { resource { ... on Patient { id } ... on Group { actual } } }
            }
            EncounterConnection(_reference: subject) {
                count edges { resource { ObservationList(_reference: encounter, _sort: \"code\") @flatten {
                    code @flatten { coding @flatten { code } }
                } } }
            }
            ConditionList(_reference: patient, clinical_status: \"active\") { id }
        }";
    let weight = json!([{
        "valueQuantity": {"value": 70.5, "unit": "kg"}, "encounter": {"resource": {"status": "finished"}},
        "subject": {"resource": {"id": id(&person)}}
    }]);
    let expected: Value = json!({
        "ObservationList": weight,
        "EncounterConnection": {"count": 1, "edges": [{"resource": {"code": ["29463-7", "8302-2"]}}]},
        "ConditionList": []
    });
    table(&world.admin, &format!("{}/$graphql", place(&person)), &[(query, expected)]);
});
