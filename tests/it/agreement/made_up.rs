//! Resources and questions made up at random, of a few values near each other
//! (<https://hl7.org/fhir/R4/search.html>).

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

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

pub fn patient() -> impl Strategy<Value = Value> {
    let lists = (prop::collection::vec(name(), 0..3), prop::collection::vec(identifier(), 0..3));
    let singles = (
        maybe(&["male", "female"]),
        maybe(&[true, false]),
        maybe(&DATES),
        maybe(&["Organization/o0", "Organization/o1", "Organization/none", "https://x.example/2"]),
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

pub fn organization() -> impl Strategy<Value = Value> {
    (select(&WORDS[..]), maybe(&["Organization/o0", "Organization/o1"])).prop_map(|(name, above)| {
        let mut organization = json!({"resourceType": "Organization", "name": name});
        if let Some(above) = above {
            organization["partOf"] = json!({"reference": above});
        }
        organization
    })
}

pub fn related_person() -> impl Strategy<Value = Value> {
    let patient = select(&["Patient/p0", "Patient/p1", "Patient/p2", "Patient/none"][..]);
    (patient, name(), maybe(&[true, false])).prop_map(|(patient, name, active)| {
        let mut person =
            json!({"resourceType": "RelatedPerson", "patient": {"reference": patient}, "name": [name]});
        if let Some(active) = active {
            person["active"] = active.into();
        }
        person
    })
}

const NUMBERS: [f64; 7] = [-1.0, 0.0, 4.5, 5.0, 5.4, 50.0, 100.0];
const UNITS: [&str; 3] = ["mg", "g", "m"];

/// A value set for contexts: codes with quantities, ranges or concepts.
pub fn value_set() -> impl Strategy<Value = Value> {
    let quantity = (select(&NUMBERS[..]), maybe(&UNITS), maybe(&SYSTEMS), maybe(&["<", ">="])).prop_map(
        |(value, code, system, comparator)| {
            let mut quantity = json!({"value": value});
            for (element, value) in [
                (if system.is_some() { "code" } else { "unit" }, code),
                ("system", system.filter(|_| code.is_some())),
                ("comparator", comparator),
            ] {
                if let Some(value) = value {
                    quantity[element] = value.into();
                }
            }
            ("valueQuantity", quantity)
        },
    );
    let range = (select(&NUMBERS[..]), select(&NUMBERS[..]))
        .prop_map(|(a, b)| ("valueRange", json!({"low": {"value": a.min(b)}, "high": {"value": a.max(b)}})));
    let concept = (maybe(&SYSTEMS), select(&CODES[..])).prop_map(|(system, code)| {
        let mut coding = json!({"code": code});
        if let Some(system) = system {
            coding["system"] = system.into();
        }
        ("valueCodeableConcept", json!({"coding": [coding]}))
    });
    let value = prop_oneof![2 => quantity, 1 => range, 2 => concept];
    let context = (select(&["a", "b"][..]), value).prop_map(
        |(code, (element, value))| json!({"code": {"system": "urn:k", "code": code}, element: value}),
    );
    prop::collection::vec(context, 0..4).prop_map(|contexts| {
        let mut set = json!({"resourceType": "ValueSet", "status": "active"});
        if !contexts.is_empty() {
            set["useContext"] = json!(contexts);
        }
        set
    })
}

/// A condition that leads to other resources.
fn linked() -> impl Strategy<Value = (String, String)> {
    let words = select(&WORDS[..]).prop_map(str::to_owned);
    let by_word = select(
        &[
            "organization.name",
            "organization:Organization.name:contains",
            "organization.partof.name",
            "organization.partof.partof.name:exact",
            "_has:RelatedPerson:patient:name",
            "organization._has:Patient:organization:family",
            "organization.partof._has:Organization:partof:name",
        ][..],
    );
    let fixed = select(
        &[
            ("organization.partof:missing", "true"),
            ("organization._id", "o0"),
            ("organization.partof", "o1"),
            ("_has:RelatedPerson:patient:active:not", "true"),
            ("_has:RelatedPerson:patient:_id", "r0,r1"),
            ("_has:RelatedPerson:patient:patient.organization.name", "a"),
        ][..],
    );
    prop_oneof![
        3 => (by_word, words).prop_map(|(name, word)| (name.to_owned(), word)),
        2 => fixed.prop_map(|(name, value)| (name.to_owned(), value.to_owned())),
    ]
}

/// A filter expression.
fn filter() -> impl Strategy<Value = String> {
    let word = || select(&["a", "A", "ab", "abba", "b", "ß", "100%", "a_b"][..]);
    let text = (
        select(&["family", "given", "name", "organization.name"][..]),
        select(&["eq", "ne", "co", "sw", "ew"][..]),
        word(),
    )
        .prop_map(|(path, op, word)| format!("{path} {op} {}", json!(word)));
    let date = (select(&["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "po"][..]), select(&DATES[..]))
        .prop_map(|(op, date)| format!("birthdate {op} {date}"));
    let other = select(
        &[
            "gender eq male",
            "gender ne male",
            "gender pr true",
            "organization pr false",
            "identifier eq urn:a|1",
            "organization[name sw a]",
            "organization[name sw a].partof pr true",
        ][..],
    );
    let leaf = prop_oneof![3 => text, 2 => date, 2 => other.prop_map(str::to_owned)];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) and ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} or {b}")),
            inner.prop_map(|a| format!("not ({a})")),
        ]
    })
}

/// A question to value sets: of quantities and composites.
pub fn of_parts() -> impl Strategy<Value = Vec<(String, String)>> {
    let prefix = || select(&["", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"][..]);
    let unit = || select(&["", "||mg", "|urn:a|mg", "||g"][..]);
    let number = || select(&["5", "5.4", "-1", "0", "1e2", "50"][..]);
    let quantity = move || {
        (prefix(), number(), unit()).prop_map(|(prefix, number, unit)| format!("{prefix}{number}{unit}"))
    };
    let code = || select(&["1", "x\\|y", "urn:a|1", "urn:b|", "|2"][..]);
    let condition = prop_oneof![
        2 => quantity().prop_map(|value| ("context-quantity".to_owned(), value)),
        1 => (quantity(), quantity()).prop_map(|(a, b)| ("context-quantity".to_owned(), format!("{a},{b}"))),
        2 => (select(&["a", "b", "urn:k|a"][..]), quantity())
            .prop_map(|(code, value)| ("context-type-quantity".to_owned(), format!("{code}${value}"))),
        2 => (select(&["a", "b", "urn:k|"][..]), code())
            .prop_map(|(kind, code)| ("context-type-value".to_owned(), format!("{kind}${code}"))),
        1 => any::<bool>().prop_map(|missing| ("context-type-quantity:missing".to_owned(), missing.to_string())),
    ];
    let sort = prop::option::of(select(&["context-quantity", "-context-quantity"][..]));
    (prop::collection::vec(condition, 1..3), sort).prop_map(|(mut pairs, sort)| {
        pairs.extend(sort.map(|sort| ("_sort".to_owned(), sort.to_owned())));
        pairs
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
        3 => linked(),
        3 => filter().prop_map(|filter| ("_filter".to_owned(), filter)),
        1 => (select(&["_content", "_text"][..]), select(&["a", "ab", "100", "n", "abba b", "ss,b"][..]))
            .prop_map(|(name, words)| (name.to_owned(), words.to_owned())),
        1 => select(&["o0", "Organization/o0", "Organization/none", "https://x.example/2"][..])
            .prop_map(|value| ("organization".to_owned(), value.to_owned())),
        1 => (select(&["family", "identifier", "gender", "birthdate", "organization"][..]), any::<bool>())
            .prop_map(|(name, missing)| (format!("{name}:missing"), missing.to_string())),
    ]
}

/// A question: conditions, and an order.
pub fn question() -> impl Strategy<Value = Vec<(String, String)>> {
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
