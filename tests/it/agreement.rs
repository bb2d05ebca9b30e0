//! The SQL of both databases answers as `search::matches` does in memory, in the order of `search::order`,
//! for resources and questions made up at random: <https://hl7.org/fhir/R4/search.html>.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use roster::definitions::Definitions;
use roster::search::{self, Options, order};
use serde_json::{Value, json};

use crate::client::{PUBLIC_URL, id, place};
use crate::database::Engine;
use crate::world::World;

static DEFINITIONS: LazyLock<Definitions> =
    LazyLock::new(|| Definitions::load(&[]).expect("the definitions are right"));

/// Few words, near each other: case, accents, signs of SQL, prefixes of one another.
const WORDS: [&str; 12] = ["a", "A", "á", "ab", "Abba", "b", "100%", "a_b", "ß", "ss", "ba a", "日本"];
const DATES: [&str; 7] =
    ["1969-12-31", "1970", "1970-01", "1970-01-01", "1970-02", "1980-06-15", "2000-02-29"];
const CODES: [&str; 4] = ["1", "2", "x|y", "X"];
const SYSTEMS: [&str; 3] = ["urn:a", "urn:b", "urn:a:c"];

fn maybe<T: Clone + std::fmt::Debug + 'static>(values: &'static [T]) -> impl Strategy<Value = Option<T>> {
    prop_oneof![1 => Just(None), 3 => select(values).prop_map(Some)]
}

fn name() -> impl Strategy<Value = Value> {
    (maybe(&WORDS), prop::collection::vec(select(&WORDS[..]), 0..3)).prop_map(|(family, given)| {
        let mut name = json!({"text": "n"});
        if let Some(family) = family {
            name["family"] = family.into();
        }
        if !given.is_empty() {
            name["given"] = json!(given);
        }
        name
    })
}

fn identifier() -> impl Strategy<Value = Value> {
    (maybe(&SYSTEMS), select(&CODES[..])).prop_map(|(system, value)| match system {
        Some(system) => json!({"system": system, "value": value}),
        None => json!({"value": value}),
    })
}

fn patient() -> impl Strategy<Value = Value> {
    let lists = (prop::collection::vec(name(), 0..3), prop::collection::vec(identifier(), 0..3));
    let singles = (
        maybe(&["male", "female"]),
        maybe(&[true, false]),
        maybe(&DATES),
        maybe(&["Organization/1", "https://x.example/2"]),
    );
    (lists, singles).prop_map(|((names, identifiers), (gender, active, birth, organization))| {
        let mut patient = json!({"resourceType": "Patient", "language": "en"});
        let elements = [
            ("name", (!names.is_empty()).then(|| json!(names))),
            ("identifier", (!identifiers.is_empty()).then(|| json!(identifiers))),
            ("gender", gender.map(Value::from)),
            ("active", active.map(Value::from)),
            ("birthDate", birth.map(Value::from)),
            ("managingOrganization", organization.map(|reference| json!({"reference": reference}))),
        ];
        for (element, value) in elements {
            if let Some(value) = value {
                patient[element] = value;
            }
        }
        patient
    })
}

/// One condition, decoded.
fn condition() -> impl Strategy<Value = (String, String)> {
    let word = || prop::collection::vec(select(&WORDS[..]), 1..3).prop_map(|words| words.join(","));
    let strings =
        (select(&["family", "given", "name"][..]), select(&["", ":exact", ":contains"][..]), word());
    let code = (maybe(&SYSTEMS), select(&CODES[..]), select(&["", "s", "v", "n"][..])).prop_map(
        |(system, code, form)| {
            let code = code.replace('|', "\\|");
            match (form, system) {
                ("s", Some(system)) => format!("{system}|"),
                ("n", _) => format!("|{code}"),
                ("v", Some(system)) => format!("{system}|{code}"),
                _ => code,
            }
        },
    );
    let prefix = select(&["", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb"][..]);
    let date = (prefix, select(&DATES[..]))
        .prop_map(|(prefix, date)| ("birthdate".to_owned(), format!("{prefix}{date}")));
    prop_oneof![
        4 => strings.prop_map(|(name, modifier, value)| (format!("{name}{modifier}"), value)),
        2 => (select(&["identifier", "identifier:not"][..]), code).prop_map(|(name, value)| (name.to_owned(), value)),
        2 => (select(&["gender", "gender:not"][..]), select(&["male", "female", "male,female", "other"][..]))
            .prop_map(|(name, value)| (name.to_owned(), value.to_owned())),
        1 => select(&["true", "false", "true,false"][..]).prop_map(|value| ("active".to_owned(), value.to_owned())),
        3 => date,
        1 => select(&["1", "Organization/1", "Organization/2", "https://x.example/2"][..])
            .prop_map(|value| ("organization".to_owned(), value.to_owned())),
        1 => (select(&["family", "identifier", "gender", "birthdate", "organization"][..]), any::<bool>())
            .prop_map(|(name, missing)| (format!("{name}:missing"), missing.to_string())),
    ]
}

/// A question: conditions, and an order.
fn question() -> impl Strategy<Value = Vec<(String, String)>> {
    let keys =
        select(&["family", "given", "birthdate", "gender", "identifier", "organization", "active"][..]);
    let sort = prop::option::of(
        (keys, any::<bool>()).prop_map(|(key, down)| format!("{}{key}", if down { "-" } else { "" })),
    );
    (prop::collection::vec(condition(), 0..4), sort).prop_map(|(mut pairs, sort)| {
        pairs.extend(sort.map(|sort| ("_sort".to_owned(), sort)));
        pairs
    })
}

/// What the memory says to a question: ids in order.
fn in_memory(stored: &[Value], question: &[(String, String)]) -> Vec<String> {
    let base = format!("{PUBLIC_URL}/fhir/R4");
    let options = Options {
        lenient: false,
        base_url: &base,
        max_count: 1000,
        default_count: 1000,
        compartment: None,
        terminology: &search::NoTerminology,
    };
    let query =
        search::parse(&DEFINITIONS, "Patient", question, &options).expect("a question of our grammar");
    let kind = &DEFINITIONS.resources["Patient"];
    let indexed: Vec<_> = stored
        .iter()
        .map(|resource| {
            (id(resource), search::index::entries(&DEFINITIONS, kind, resource, &base).expect("indexed"))
        })
        .collect();
    let mut rows: Vec<_> = indexed
        .iter()
        .enumerate()
        .filter(|(_, (id, entries))| search::matches(&query.clauses, id, entries, &search::Alone))
        .map(|(number, (id, entries))| order::Row { id, row: number as i64, entries })
        .collect();
    rows.sort_by(|a, b| order::compare(&query.sort, a, b));
    rows.iter().map(|row| row.id.to_owned()).collect()
}

fn encode(question: &[(String, String)]) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(question).append_pair("_count", "1000").finish()
}

/// One crowd on both databases, under the same ids, and many questions to it.
fn agree(
    patients: Vec<Value>,
    questions: Vec<Vec<(String, String)>>,
    worlds: &[World; 2],
) -> Result<(), TestCaseError> {
    // Whoever is left of a case that failed.
    for world in worlds {
        for patient in world.admin.search("Patient?_count=1000") {
            world.admin.delete(&place(&patient)).expect(204);
        }
    }
    let stored: [Vec<Value>; 2] = worlds.each_ref().map(|world| {
        let with_id = |(n, patient): (usize, &Value)| {
            let (mut patient, id) = (patient.clone(), format!("p{n}"));
            patient["id"] = id.as_str().into();
            let answer = world.admin.put(&format!("Patient/{id}"), &patient);
            assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
            answer.json()
        };
        patients.iter().enumerate().map(with_id).collect()
    });
    for question in questions {
        let mut expected = in_memory(&stored[0], &question);
        // Unasked, the order is whatever the plan offers.
        let ordered = question.iter().any(|(name, _)| name == "_sort");
        if !ordered {
            expected.sort();
        }
        for (engine, world) in ["SQLite", "PostgreSQL"].iter().zip(worlds) {
            let mut found = world.admin.found(&format!("Patient?{}", encode(&question)));
            if !ordered {
                found.sort();
            }
            prop_assert_eq!(&found, &expected, "{} {:?}", engine, &question);
        }
    }
    Ok(())
}

#[test]
fn sqlite_postgres_and_memory_give_the_same_answers() {
    let worlds = [Engine::Sqlite, Engine::Postgres].map(|engine| World::with(engine, |_| {}));
    let mut runner = TestRunner::new(Config {
        cases: 24,
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    });
    let crowds = (prop::collection::vec(patient(), 1..14), prop::collection::vec(question(), 25));
    let outcome = runner.run(&crowds, |(patients, questions)| agree(patients, questions, &worlds));
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
