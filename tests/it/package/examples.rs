//! The package's own examples, of every type: taken, kept, found again
//! (<https://hl7.org/fhir/R4/downloads.html>, the examples).

use std::collections::{BTreeMap, BTreeSet};

use roster::resource::validate;
use serde_json::Value;

use super::questions::questions;
use super::{DEFINITIONS, official, resources};
use crate::client::{id, place};
use crate::examples::canonical;
use crate::sample::written;
use crate::world::World;

/// Examples that break the rules of the package they are in: the first issue that each has, and where.
const WRONG: [(&str, &str, &str); 25] = [
    // A narrative of nothing but white space (txt-2).
    ("ActivityDefinition-blood-tubes-supply", "invariant", "ActivityDefinition.text.div"),
    ("ActivityDefinition-heart-valve-replacement", "invariant", "ActivityDefinition.text.div"),
    ("EventDefinition-example", "invariant", "EventDefinition.text.div"),
    ("Questionnaire-zika-virus-exposure-assessment", "invariant", "Questionnaire.text.div"),
    // References to what they may not point to.
    ("DeviceMetric-example", "value", "DeviceMetric.parent.reference"),
    ("DeviceUseStatement-example", "value", "DeviceUseStatement.reasonReference[0].reference"),
    ("MedicationRequest-medrx0301", "value", "MedicationRequest.dispenseRequest.performer.reference"),
    ("Observation-clinical-gender", "value", "Observation.performer[0].reference"),
    ("OrganizationAffiliation-orgrole1", "value", "OrganizationAffiliation.network[0].reference"),
    // Something is missing.
    ("Questionnaire-qs1", "required", "Questionnaire.item[0].item[0].linkId"),
    ("SearchParameter-codesystem-extensions-CodeSystem-author", "required", "SearchParameter.base"),
    ("SearchParameter-codesystem-extensions-CodeSystem-effective", "required", "SearchParameter.base"),
    ("SearchParameter-codesystem-extensions-CodeSystem-end", "required", "SearchParameter.base"),
    ("SearchParameter-codesystem-extensions-CodeSystem-keyword", "required", "SearchParameter.base"),
    ("SearchParameter-codesystem-extensions-CodeSystem-workflow", "required", "SearchParameter.base"),
    ("SearchParameter-valueset-extensions-ValueSet-author", "required", "SearchParameter.base"),
    ("SearchParameter-valueset-extensions-ValueSet-effective", "required", "SearchParameter.base"),
    ("SearchParameter-valueset-extensions-ValueSet-end", "required", "SearchParameter.base"),
    ("SearchParameter-valueset-extensions-ValueSet-keyword", "required", "SearchParameter.base"),
    ("SearchParameter-valueset-extensions-ValueSet-workflow", "required", "SearchParameter.base"),
    // Logical models that derive from nothing and are not abstract (sdf-4).
    ("StructureDefinition-Definition", "invariant", "StructureDefinition"),
    ("StructureDefinition-Event", "invariant", "StructureDefinition"),
    ("StructureDefinition-FiveWs", "invariant", "StructureDefinition"),
    ("StructureDefinition-Request", "invariant", "StructureDefinition"),
    // An id of more than 64 characters.
    (
        "SearchParameter-questionnaireresponse-extensions-QuestionnaireResponse-item-subject",
        "value",
        "SearchParameter.id",
    ),
];

/// More of one type would only take longer.
const OF_A_TYPE: usize = 3;
/// Larger ones, in bytes, are collections of what is there by itself too.
const LARGEST: u64 = 1 << 20;

fn is_wrong(name: &str) -> Option<&(&str, &str, &str)> {
    WRONG.iter().find(|(wrong, ..)| name.strip_suffix(".json") == Some(wrong))
}

#[test]
fn every_example_is_valid_but_for_those_that_break_a_rule() {
    let mut surprises = Vec::new();
    for (name, example) in resources(LARGEST, |_| true) {
        let issues = validate(&DEFINITIONS, &example);
        let told = issues.first().map(|issue| (issue.code, issue.expression.clone().unwrap_or_default()));
        let expected = is_wrong(&name).map(|(_, code, place)| (*code, (*place).to_owned()));
        if told != expected {
            surprises.push(format!("{name}: expected {expected:?}, found {issues:?}"));
        }
    }
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}

/// Some examples of each type, of those that can be stored.
pub fn chosen() -> Vec<(String, Value)> {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    let mut chosen = resources(LARGEST, |name| is_wrong(name).is_none());
    chosen.retain(|(_, example)| {
        let kind = example["resourceType"].as_str().expect("a type");
        // Of subscriptions the server writes a part itself.
        let sent = DEFINITIONS.resources.contains_key(kind) && kind != "Subscription";
        let count = count.entry(kind.to_owned()).or_default();
        *count += usize::from(sent);
        sent && *count <= OF_A_TYPE
    });
    chosen
}

fn check(world: &World) {
    let (mut types, mut asked) = (BTreeSet::new(), BTreeSet::new());
    for (name, example) in chosen() {
        let kind = example["resourceType"].as_str().expect("a type").to_owned();
        let answer = world.admin.post(&kind, &example);
        assert_eq!(answer.status, 201, "{name}: {}", answer.text());
        let stored = answer.json();
        let read = world.admin.get(&place(&stored)).expect(200).json();
        assert_eq!(canonical(&written(&read)), canonical(&written(&example)), "{name}");
        let id = id(&stored);
        let mut questions = questions(&DEFINITIONS, &example);
        if !questions.is_empty() {
            asked.insert(kind.clone());
        }
        questions.insert(0, String::new());
        for question in questions {
            let query = format!("{kind}?_id={id}&{question}");
            assert_eq!(world.admin.found(&query), [id.as_str()], "{name}: {query}");
        }
        types.insert(kind);
    }
    assert!(types.len() > 120, "{} types: {types:?}", types.len());
    let unasked: Vec<&String> = types.difference(&asked).collect();
    assert!(asked.len() > 100, "not asked for: {unasked:?}");
}

on_both!(examples_of_every_type_are_taken_kept_and_found, |config| official(config), |world| check(world));
