//! The SQL of both databases answers as `search::matches` does in memory, in the order of `search::order`,
//! for resources and questions made up at random: <https://hl7.org/fhir/R4/search.html>.

mod made_up;

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use roster::definitions::Definitions;
use roster::search::{self, Options, order};
use serde_json::Value;

use made_up::{of_parts, organization, patient, question, related_person, value_set};

use crate::client::{PUBLIC_URL, id, place};
use crate::database::Engine;
use crate::world::World;

static DEFINITIONS: LazyLock<Definitions> =
    LazyLock::new(|| Definitions::load(&[]).expect("the definitions are right"));

/// A resource as it is stored, its type, id and entries.
type Indexed = (String, String, Vec<search::Entry>);

/// Everybody, to whom chains lead.
struct Crowd(Vec<Indexed>);

impl search::Others for Crowd {
    fn any(&self, kind: &str, passes: &mut dyn FnMut(&str, &[search::Entry]) -> bool) -> bool {
        self.0.iter().any(|(of, id, entries)| of == kind && passes(id, entries))
    }
}

/// How a question is understood, all of whose answer is wanted.
pub fn options(base_url: &str) -> Options<'_> {
    Options {
        lenient: false,
        base_url,
        max_count: 1000,
        default_count: 1000,
        compartment: None,
        terminology: &search::NoTerminology,
    }
}

impl Crowd {
    fn of(stored: &[Value]) -> Self {
        let base = format!("{PUBLIC_URL}/fhir/R4");
        let index = |resource: &Value| {
            let kind = &DEFINITIONS.resources[resource["resourceType"].as_str().expect("a type")];
            let entries = search::index::entries(&DEFINITIONS, kind, resource, &base).expect("indexed");
            (kind.name.clone(), id(resource), entries)
        };
        Self(stored.iter().map(index).collect())
    }

    /// What the memory says to a question: ids in order.
    fn answer(&self, (kind, question): &Question) -> Vec<String> {
        let base = format!("{PUBLIC_URL}/fhir/R4");
        let query =
            search::parse(&DEFINITIONS, kind, question, &options(&base)).expect("a question of our grammar");
        let mut rows: Vec<_> = (0..)
            .zip(&self.0)
            .filter(|(_, (of, id, entries))| of == kind && search::matches(&query.clauses, id, entries, self))
            .map(|(row, (_, id, entries))| order::Row { id, row, entries })
            .collect();
        rows.sort_by(|a, b| order::compare(&query.sort, a, b));
        rows.iter().map(|row| row.id.to_owned()).collect()
    }
}

/// The type that is asked, and the parameters.
type Question = (&'static str, Vec<(String, String)>);

fn encode(question: &[(String, String)]) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(question).append_pair("_count", "1000").finish()
}

/// One crowd on both databases, under the same ids, and many questions to it.
fn agree(
    crowd: Vec<(&'static str, Vec<Value>)>,
    questions: Vec<Question>,
    worlds: &[World; 2],
) -> Result<(), TestCaseError> {
    // Whoever is left of an earlier case.
    for world in worlds {
        for (kind, _) in &crowd {
            let kind = kind_of(kind);
            for resource in world.admin.search(&format!("{kind}?_count=1000")) {
                world.admin.delete(&place(&resource)).expect(204);
            }
        }
    }
    let stored: [Vec<Value>; 2] = worlds.each_ref().map(|world| {
        let mut stored = Vec::new();
        for (letter, resources) in &crowd {
            for (n, resource) in resources.iter().enumerate() {
                let (mut resource, id) = (resource.clone(), format!("{letter}{n}"));
                resource["id"] = id.as_str().into();
                let answer = world.admin.put(&format!("{}/{id}", kind_of(letter)), &resource);
                assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
                stored.push(answer.json());
            }
        }
        stored
    });
    let memory = Crowd::of(&stored[0]);
    for question in questions {
        let mut expected = memory.answer(&question);
        // Unasked, the order is whatever the plan offers.
        let ordered = question.1.iter().any(|(name, _)| name == "_sort");
        if !ordered {
            expected.sort();
        }
        for (engine, world) in ["SQLite", "PostgreSQL"].iter().zip(worlds) {
            let mut found = world.admin.found(&format!("{}?{}", question.0, encode(&question.1)));
            if !ordered {
                found.sort();
            }
            prop_assert_eq!(&found, &expected, "{} {:?}", engine, &question);
        }
    }
    Ok(())
}

fn kind_of(letter: &str) -> &'static str {
    match letter {
        "o" => "Organization",
        "p" => "Patient",
        "r" => "RelatedPerson",
        _ => "ValueSet",
    }
}

#[test]
fn sqlite_postgres_and_memory_give_the_same_answers() {
    let worlds = [Engine::Sqlite, Engine::Postgres].map(|engine| World::with(engine, |_| {}));
    let mut runner = TestRunner::new(Config {
        cases: 20,
        failure_persistence: None,
        max_shrink_iters: 100,
        ..Config::default()
    });
    let list = |size| prop::collection::vec(patient(), 1..size);
    let crowd = (
        prop::collection::vec(organization(), 0..3),
        list(10),
        prop::collection::vec(related_person(), 0..4),
        prop::collection::vec(value_set(), 0..5),
    );
    let questions = (prop::collection::vec(question(), 100), prop::collection::vec(of_parts(), 40));
    let outcome = runner.run(&(crowd, questions), |((o, p, r, v), (patients, sets))| {
        let crowd = vec![("o", o), ("p", p), ("r", r), ("v", v)];
        let patients = patients.into_iter().map(|question| ("Patient", question));
        let sets = sets.into_iter().map(|question| ("ValueSet", question));
        agree(crowd, patients.chain(sets).collect(), &worlds)
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
