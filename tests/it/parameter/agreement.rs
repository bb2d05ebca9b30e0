//! The SQL of both databases answers by parameters that were defined at run time as `search::matches` does in
//! memory, whether the resources were there before them or came after: <https://hl7.org/fhir/R4/search.html>.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use roster::definitions::{Addition, CustomParam, Definitions, Standing};
use roster::search::{self, order};
use serde_json::{Value, json};

use super::{parameter, settled};
use crate::agreement::options;
use crate::client::{PUBLIC_URL, id, place};
use crate::database::Engine;
use crate::world::World;

const WORDS: [&str; 7] = ["a", "A", "á", "ab", "Abba", "100%", "ba a"];
const DATES: [&str; 4] = ["1970", "1970-01-01", "1980-06-15", "2000-02-29"];

/// Code, kind and expression.
const PARAMS: [(&str, &str, &str); 5] = [
    ("x-city", "string", "Patient.address.city"),
    ("x-mark", "token", "Patient.identifier.where(use = 'official')"),
    ("x-born", "date", "Patient.birthDate.where($this > @1971)"),
    ("x-count", "number", "Patient.address.count()"),
    ("x-clinic", "reference", "Patient.managingOrganization | Patient.contact.organization"),
];

/// With the same parameters as the worlds have.
static DEFINITIONS: LazyLock<Definitions> = LazyLock::new(|| {
    let plain = Definitions::load(&[]).expect("the definitions are right");
    let additions = PARAMS.iter().enumerate().map(|(number, (code, kind, expression))| {
        let definition = parameter("Patient", code, kind, expression);
        let custom: CustomParam = serde_json::from_value(definition).expect("a definition");
        let mut params = plain.compile_param(&custom).expect("a definition that is right");
        params.iter_mut().for_each(|param| param.slot = plain.params.len() + number);
        Addition { params: params.into_iter().map(Arc::new).collect(), standing: Standing::Open }
    });
    plain.with(additions.collect::<Vec<_>>())
});

fn patient() -> impl Strategy<Value = Value> {
    let cities = prop::collection::vec(select(&WORDS[..]), 0..3);
    let marks = prop::collection::vec((select(&["official", "old"][..]), select(&["1", "2"][..])), 0..3);
    let birth = prop::option::of(select(&DATES[..]));
    let clinics = prop::collection::vec(select(&["Organization/1", "Organization/2"][..]), 0..3);
    (cities, marks, birth, clinics).prop_map(|(cities, marks, birth, clinics)| {
        let mut patient = json!({"resourceType": "Patient", "language": "en"});
        if !cities.is_empty() {
            patient["address"] = cities.iter().map(|city| json!({"city": city})).collect();
        }
        if !marks.is_empty() {
            let mark =
                |(usage, value): &(&str, &str)| json!({"use": usage, "system": "urn:m", "value": value});
            patient["identifier"] = marks.iter().map(mark).collect();
        }
        if let Some(birth) = birth {
            patient["birthDate"] = birth.into();
        }
        if let Some((first, rest)) = clinics.split_first() {
            patient["managingOrganization"] = json!({"reference": first});
            if !rest.is_empty() {
                patient["contact"] =
                    rest.iter().map(|clinic| json!({"organization": {"reference": clinic}})).collect();
            }
        }
        patient
    })
}

fn condition() -> impl Strategy<Value = (String, String)> {
    let named = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    prop_oneof![
        (select(&["x-city", "x-city:exact", "x-city:contains", "family"][..]), select(&WORDS[..]))
            .prop_map(named),
        (select(&["x-mark", "x-mark:not"][..]), select(&["1", "urn:m|2", "urn:m|", "3"][..])).prop_map(named),
        (Just("x-born"), select(&["1980", "gt1975", "lt1990-01-01", "ne1980-06-15"][..])).prop_map(named),
        (Just("x-count"), select(&["0", "1", "gt1", "le2"][..])).prop_map(named),
        (Just("x-clinic"), select(&["1", "Organization/2", "Organization/1,Organization/2"][..]))
            .prop_map(named),
        (select(&["x-city:missing", "x-mark:missing", "x-born:missing"][..]), select(&["true", "false"][..]))
            .prop_map(named),
    ]
}

fn question() -> impl Strategy<Value = Vec<(String, String)>> {
    let codes = select(&["x-city", "-x-city", "x-born", "-x-born", "x-count", "x-mark", "-x-clinic"][..]);
    (prop::collection::vec(condition(), 0..3), prop::option::of(codes)).prop_map(|(mut pairs, sort)| {
        pairs.extend(sort.map(|sort| ("_sort".to_owned(), sort.to_owned())));
        pairs
    })
}

fn in_memory(stored: &[Value], question: &[(String, String)]) -> Vec<String> {
    let base = format!("{PUBLIC_URL}/fhir/R4");
    let query =
        search::parse(&DEFINITIONS, "Patient", question, &options(&base)).expect("a question of ours");
    let kind = &DEFINITIONS.resources["Patient"];
    let entries = |resource| search::index::entries(&DEFINITIONS, kind, resource, &base).expect("indexed");
    let indexed: Vec<_> = stored.iter().map(|resource| (id(resource), entries(resource))).collect();
    let mut rows: Vec<_> = indexed
        .iter()
        .enumerate()
        .filter(|(_, (id, entries))| search::matches(&query.clauses, id, entries, &search::Alone))
        .map(|(number, (id, entries))| order::Row { id, row: number as i64, entries })
        .collect();
    rows.sort_by(|a, b| order::compare(&query.sort, a, b));
    rows.iter().map(|row| row.id.to_owned()).collect()
}

/// Some are there before the parameters and some come after; and some of the first are changed after.
fn agree(
    patients: &[Value],
    later: &[Value],
    questions: &[Vec<(String, String)>],
    world: &World,
) -> Result<(), TestCaseError> {
    for kind in ["Patient", "SearchParameter"] {
        for resource in world.admin.search(&format!("{kind}?_count=1000")) {
            world.admin.delete(&place(&resource)).expect(204);
        }
    }
    // Between equals the number in the store decides, which a resource keeps for ever.
    static ROUND: AtomicU32 = AtomicU32::new(0);
    let round = ROUND.fetch_add(1, Ordering::Relaxed);
    let put = |number: usize, patient: &Value| {
        let (mut patient, id) = (patient.clone(), format!("p{round}-{number}"));
        patient["id"] = id.as_str().into();
        let answer = world.admin.put(&format!("Patient/{id}"), &patient);
        assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
        answer.json()
    };
    let mut stored: Vec<Value> =
        patients.iter().enumerate().map(|(number, patient)| put(number, patient)).collect();
    let made: Vec<Value> = PARAMS
        .iter()
        .map(|(code, kind, expression)| world.admin.create(&parameter("Patient", code, kind, expression)))
        .collect();
    for (number, patient) in later.iter().enumerate() {
        // Every second takes the place of one that was there.
        let number = if number % 2 == 0 { number } else { patients.len() + number };
        let after = put(number, patient);
        match stored.iter_mut().find(|before| before["id"] == after["id"]) {
            Some(before) => *before = after,
            None => stored.push(after),
        }
    }
    made.iter().for_each(|parameter| settled(&world.admin, parameter, "active"));
    for question in questions {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        let form = form.extend_pairs(question).append_pair("_count", "1000").finish();
        let (mut found, mut expected) =
            (world.admin.found(&format!("Patient?{form}")), in_memory(&stored, question));
        if !question.iter().any(|(name, _)| name == "_sort") {
            found.sort();
            expected.sort();
        }
        prop_assert_eq!(&found, &expected, "{:?}", question);
    }
    Ok(())
}

fn runs(engine: Engine) {
    let world = World::with(engine, |_| {});
    let mut runner = TestRunner::new(Config {
        cases: 6,
        failure_persistence: None,
        max_shrink_iters: 20,
        ..Config::default()
    });
    let patients = || prop::collection::vec(patient(), 1..12);
    let crowds = (patients(), patients(), prop::collection::vec(question(), 40));
    let outcome =
        runner.run(&crowds, |(patients, later, questions)| agree(&patients, &later, &questions, &world));
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

#[test]
fn sqlite_and_memory_give_the_same_answers() {
    runs(Engine::Sqlite);
}

#[test]
fn postgres_and_memory_give_the_same_answers() {
    runs(Engine::Postgres);
}
