//! Documents made up at random never break anything: each is answered, or refused with a reason
//! (<https://hl7.org/fhir/R4/graphql.html#errors>).

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::client::{id, place};
use crate::sample::{organization, patient, with};
use crate::world::World;

/// What queries are made of, right and wrong.
const WORDS: [&str; 72] = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    ",",
    "!",
    "$",
    "=",
    "@",
    "...",
    "|",
    "&",
    "\"",
    "\"\"\"",
    "\\",
    "#",
    "\n",
    " ",
    "query",
    "mutation",
    "subscription",
    "fragment",
    "on",
    "true",
    "false",
    "null",
    "0",
    "-1",
    "1.5",
    "1e400",
    "\"a\"",
    "\"a,b\"",
    "\"\\u0041\"",
    "\"\u{1F4A5}\"",
    "é",
    "\u{feff}",
    "\u{0}",
    "official",
    "PatientList",
    "Patient",
    "PatientConnection",
    "OrganizationList",
    "id",
    "_id",
    "name",
    "given",
    "family",
    "use",
    "link",
    "other",
    "resource",
    "type",
    "optional",
    "_reference",
    "_count",
    "_cursor",
    "_sort",
    "fhirpath",
    "\"name.exists()\"",
    "edges",
    "count",
    "next",
    "flatten",
    "first",
    "singleton",
    "slice",
    "skip",
    "if",
    "__schema",
];

fn soup() -> impl Strategy<Value = String> {
    let words = prop::collection::vec(select(&WORDS[..]), 0..60);
    (words, select(&["", " "][..])).prop_map(|(words, between)| words.join(between))
}

/// Fields, so many levels deep.
type Fields = fn(u32) -> BoxedStrategy<String>;

/// What may be asked of something: what holds nothing else, and what holds something of another sort.
struct Sort {
    leaves: &'static [&'static str],
    nested: &'static [(&'static str, Fields)],
}

const PATIENT: Sort = Sort {
    leaves: &["id", "resourceType", "__typename", "active", "birthDate", "x: id"],
    nested: &[
        ("name", name),
        ("official: name(use: official)", name),
        ("some: name(fhirpath: \"given.count() > $index\", _offset: 0)", name),
        ("link { other", reference),
        ("managingOrganization", reference),
        ("generalPractitioner", reference),
        ("contained { ... on Patient", patient_fields),
        ("...", patient_fields),
        ("... @include(if: true)", patient_fields),
        ("PatientList(_reference: link)", patient_fields),
        ("PatientConnection(_reference: link) { next edges { resource", patient_fields),
    ],
};
const NAME: Sort = Sort {
    leaves: &["use", "family", "given", "__typename", "_family { id }"],
    nested: &[("period", period)],
};
const PERIOD: Sort = Sort { leaves: &["start", "end"], nested: &[] };
const REFERENCE: Sort = Sort {
    leaves: &["reference", "display"],
    nested: &[
        ("resource { ... on Patient", patient_fields),
        ("resource(optional: true) { ...f ... on Patient", patient_fields),
        ("p: resource(type: Patient)", patient_fields),
        ("o: resource(type: Organization, optional: true)", organization_fields),
    ],
};
const ORGANIZATION: Sort = Sort {
    leaves: &["id", "title: name", "resourceType"],
    nested: &[("PatientList(_reference: organization, name: \"a\")", patient_fields), ("partOf", reference)],
};

fn patient_fields(depth: u32) -> BoxedStrategy<String> {
    fields(&PATIENT, depth)
}

fn organization_fields(depth: u32) -> BoxedStrategy<String> {
    fields(&ORGANIZATION, depth)
}

fn name(depth: u32) -> BoxedStrategy<String> {
    fields(&NAME, depth)
}

fn period(depth: u32) -> BoxedStrategy<String> {
    fields(&PERIOD, depth)
}

fn reference(depth: u32) -> BoxedStrategy<String> {
    fields(&REFERENCE, depth)
}

fn fields(sort: &'static Sort, depth: u32) -> BoxedStrategy<String> {
    prop::collection::vec(field(sort, depth), 1..4).prop_map(|fields| fields.join(" ")).boxed()
}

fn field(sort: &'static Sort, depth: u32) -> BoxedStrategy<String> {
    let leaf = prop_oneof![60 => select(sort.leaves), 1 => select(&["nothing", "id { id }", "name", "@", "(", "\"x"][..])];
    if depth == 0 || sort.nested.is_empty() {
        return leaf.prop_map(str::to_owned).boxed();
    }
    let nested = select(sort.nested).prop_flat_map(move |(around, inner)| {
        (Just(around), arranged(), inner(depth - 1)).prop_map(|(around, directive, inner)| {
            // Fragments take none of them.
            let directive = if around.contains("...") { "" } else { directive };
            let closing = "}".repeat(1 + around.matches('{').count());
            format!("{around} {directive} {{ {inner} {closing}")
        })
    });
    prop_oneof![1 => leaf.prop_map(str::to_owned), 2 => nested].boxed()
}

fn arranged() -> impl Strategy<Value = &'static str> {
    let shapes = select(
        &[
            "@flatten",
            "@first",
            "@singleton",
            "@slice(path: \"$index\")",
            "@slice(path: \"use\")",
            "@skip(if: false)",
        ][..],
    );
    prop_oneof![4 => Just(""), 1 => shapes]
}

fn query() -> impl Strategy<Value = String> {
    let start = select(
        &[
            "PatientList",
            "PatientList(name: \"a\")",
            "PatientList(_count: 2, _sort: \"-family\")",
            "PatientConnection(_count: 1) { count next edges { resource",
            "Patient(id: ID)",
            "Patient(id: none)",
            "PatientList(fhirpath: \"name.family = 'A'\")",
        ][..],
    );
    let root = (start, patient_fields(3)).prop_map(|(start, inner)| {
        format!("{start} {{ {inner} {}", "}".repeat(1 + start.matches('{').count()))
    });
    let inside = patient_fields(3);
    (prop_oneof![root.boxed(), inside], prop::bool::weighted(0.1), any::<prop::sample::Index>()).prop_map(
        |(root, cut, place)| {
            let fragment = if root.contains("...f") { "fragment f on Resource { id }" } else { "" };
            let mut text = format!("{{ {root} }} {fragment}");
            if cut {
                let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
                text.truncate(places[place.index(places.len())]);
            }
            text
        },
    )
}

/// Patients and an organization that refer to each other, and the id of one.
fn people(world: &World) -> String {
    let clinic = world.admin.create(&organization("Clinic"));
    let one = world.admin.create(&with(
        patient("A", "B"),
        json!({"managingOrganization": {"reference": place(&clinic)}, "birthDate": "1970-01-01", "active": true}),
    ));
    world.admin.create(&with(
        patient("B", "A"),
        json!({
            "contained": [{"resourceType": "Organization", "id": "o", "name": "Inside"}],
            "managingOrganization": {"reference": "#o"}, "generalPractitioner": [{"reference": place(&clinic)}],
            "link": [{"type": "seealso", "other": {"reference": place(&one)}}]
        }),
    ));
    id(&one)
}

on_both!(no_document_breaks_anything, |world| {
    let one = people(world);
    let inside = format!("Patient/{one}/$graphql");
    let mut runner = TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
    let documents =
        prop_oneof![soup(), query(), query(), prop::string::string_regex(".{0,40}").expect("a pattern")];
    let answered = std::cell::Cell::new(0);
    runner
        .run(&documents, |document| {
            let sent = json!({"query": document.replace("ID", &format!("{one:?}"))});
            for place in ["$graphql", &inside] {
                let answer = world.admin.post(place, &sent);
                prop_assert!(matches!(answer.status, 200 | 400), "{document}: {}", answer.text());
                let body: Value = answer.json();
                if answer.status == 200 {
                    prop_assert!(body.get("data").is_some(), "{document}: {body}");
                    answered.set(answered.get() + 1);
                } else {
                    prop_assert!(body["errors"][0]["message"].is_string(), "{document}: {body}");
                }
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(answered.get() > 30, "only {} documents were right", answered.get());
});
