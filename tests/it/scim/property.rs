//! Made-up filters: the index finds whom a plain reading of the standard finds, and nothing breaks on nonsense
//! (<https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.2>).

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::{ENTERPRISE, Scim, text};

/// A filter as the test understands it.
#[derive(Debug, Clone)]
enum Filter {
    Compare(&'static str, &'static str, &'static str),
    Active(bool),
    Present(&'static str),
    /// Of an e-mail: its type and its value.
    Email(&'static str, &'static str),
    Not(Box<Filter>),
    And(Box<Filter>, Box<Filter>),
    Or(Box<Filter>, Box<Filter>),
}

const WORDS: [&str; 6] = ["an", "Anna", "ben", "Benno", "carl", "x"];
const TEXTS: [&str; 6] = ["userName", "name.familyName", "nickName", "title", "displayName", "emails.value"];
const OPERATORS: [&str; 9] = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];

fn filter() -> impl Strategy<Value = Filter> {
    use prop::sample::select;
    let leaf = prop_oneof![
        4 => (select(&TEXTS[..]), select(&OPERATORS[..]), select(&WORDS[..])).prop_map(|(a, o, w)| Filter::Compare(a, o, w)),
        1 => any::<bool>().prop_map(Filter::Active),
        1 => select(&["name", "nickName", "title", "emails", "department", "userName"][..]).prop_map(Filter::Present),
        1 => (select(&["work", "home"][..]), select(&WORDS[..])).prop_map(|(t, w)| Filter::Email(t, w)),
    ];
    leaf.prop_recursive(4, 12, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|one| Filter::Not(Box::new(one))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Filter::And(Box::new(a), Box::new(b))),
            (inner.clone(), inner).prop_map(|(a, b)| Filter::Or(Box::new(a), Box::new(b))),
        ]
    })
}

impl Filter {
    fn written(&self) -> String {
        match self {
            Self::Compare(attribute, op, word) => format!("{attribute} {op} \"{word}\""),
            Self::Active(truth) => format!("active eq {truth}"),
            Self::Present("department") => format!("{ENTERPRISE}:department pr"),
            Self::Present(attribute) => format!("{attribute} pr"),
            Self::Email(kind, word) => format!("emails[type eq \"{kind}\" and value sw \"{word}\"]"),
            Self::Not(one) => format!("not ({})", one.written()),
            Self::And(one, other) => format!("({}) and ({})", one.written(), other.written()),
            Self::Or(one, other) => format!("({}) or ({})", one.written(), other.written()),
        }
    }

    fn holds(&self, user: &Value) -> bool {
        match self {
            Self::Compare(attribute, "ne", word) => !Self::Compare(attribute, "eq", word).holds(user),
            Self::Compare(attribute, op, word) => texts(user, attribute).iter().any(|text| {
                let (text, word) = (text.to_lowercase(), word.to_lowercase());
                match *op {
                    "eq" => text == word,
                    "co" => text.contains(&word),
                    "sw" => text.starts_with(&word),
                    "ew" => text.ends_with(&word),
                    "gt" => text > word,
                    "ge" => text >= word,
                    "lt" => text < word,
                    _ => text <= word,
                }
            }),
            Self::Active(truth) => user["active"] == *truth,
            Self::Present("department") => user[ENTERPRISE]["department"].is_string(),
            Self::Present(attribute) => !user[*attribute].is_null(),
            Self::Email(kind, word) => user["emails"].as_array().into_iter().flatten().any(|email| {
                let value = email["value"].as_str().unwrap_or_default().to_lowercase();
                email["type"] == *kind && value.starts_with(&word.to_lowercase())
            }),
            Self::Not(one) => !one.holds(user),
            Self::And(one, other) => one.holds(user) && other.holds(user),
            Self::Or(one, other) => one.holds(user) || other.holds(user),
        }
    }
}

fn texts<'v>(user: &'v Value, attribute: &str) -> Vec<&'v str> {
    match attribute {
        "emails.value" => user["emails"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|email| email["value"].as_str())
            .collect(),
        "name.familyName" => user["name"]["familyName"].as_str().into_iter().collect(),
        attribute => user[attribute].as_str().into_iter().collect(),
    }
}

fn runner(cases: u32) -> TestRunner {
    // The same on both databases.
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

on_both!(the_index_finds_whom_the_standard_finds, |world| {
    let scim = Scim::of(world);
    let people = [
        json!({ "name": { "familyName": "Ann" }, "nickName": "anna", "emails": [{ "value": "anna@x.org", "type": "work" }, { "value": "ben@x.org", "type": "home" }] }),
        json!({ "name": { "givenName": "An" }, "title": "Benno", "active": false, "emails": [{ "value": "Benno@x.org", "type": "home", "primary": true }] }),
        json!({ "displayName": "carl", "nickName": "x", (ENTERPRISE): { "department": "x" } }),
        json!({ "name": { "familyName": "carl" }, "title": "x", "displayName": "Benno", "emails": [{ "value": "x@an" }] }),
        json!({ "nickName": "Ben", "active": false }),
    ];
    for (number, person) in people.iter().enumerate() {
        scim.user(&format!("{}{number}", ["an", "Anna", "ben", "carl", "x"][number]), person);
    }
    let users = scim.get("/Users?sortBy=userName&count=100").expect(200).json();
    let users: Vec<Value> = users["Resources"].as_array().expect("users").clone();
    let owner = scim.keys.owner_email.as_str();
    let tried = runner(150).run(&filter(), |filter| {
        let expected: Vec<&str> =
            users.iter().filter(|user| filter.holds(user)).map(|user| text(user, "userName")).collect();
        let found = scim.found(&filter.written());
        prop_assert_eq!(found, expected, "{}", filter.written());
        Ok(())
    });
    assert!(users.iter().any(|user| user["userName"] == owner));
    tried.expect("no filter finds anybody else");
});

on_both!(no_filter_and_no_path_is_too_strange, |world| {
    let scim = Scim::of(world);
    let user = scim.user("fuzz", &json!({}));
    let pieces = vec![
        "userName", "emails", "[", "]", "(", ")", "and", "or", "not", "eq", "pr", "\"x\"", "\"", ".value",
        "urn:a:b", ":", "true", "null", "5", " ", "é", "\u{0}", ".",
    ];
    let nonsense =
        prop::collection::vec(prop::sample::select(pieces.clone()), 0..14).prop_map(|words| words.join(" "));
    let glued = prop::collection::vec(prop::sample::select(pieces), 0..10).prop_map(|words| words.concat());
    let tried = runner(200).run(&prop_oneof![nonsense, glued, ".{0,30}"], |text| {
        let search = scim.send("POST", "/Users/.search", &json!({ "filter": text })).status;
        prop_assert!(matches!(search, 200 | 400), "{text:?}: {search}");
        let operations = json!([{ "op": "add", "path": text, "value": "x" }]);
        let patch = scim.patch(&crate::scim::place(&user), operations).status;
        prop_assert!(matches!(patch, 200 | 400 | 409), "{text:?}: {patch}");
        Ok(())
    });
    tried.expect("an answer to everything");
});
