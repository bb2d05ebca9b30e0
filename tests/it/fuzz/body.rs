//! Bodies: examples of every type with faults put in (<https://hl7.org/fhir/R4/json.html>).

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

use super::text::{spoilt, value};
use super::{hold, sound};

/// The valid examples of the types that anybody may have.
pub static EXAMPLES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fhir/example");
    let mut folders: Vec<_> =
        fs::read_dir(root).expect("the examples").flatten().map(|one| one.path()).collect();
    folders.sort();
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        let mut files: Vec<_> =
            fs::read_dir(folder).expect("a folder").flatten().map(|one| one.path()).collect();
        files.sort();
        for file in files {
            if file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("valid")) {
                found.push(serde_json::from_slice(&fs::read(&file).expect("a file")).expect("JSON"));
            }
        }
    }
    assert!(found.len() > 50);
    found
});

pub fn example() -> impl Strategy<Value = Value> {
    any::<Index>().prop_map(|place| place.get(&EXAMPLES[..]).clone())
}

/// Any JSON, not deep.
pub fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON has no infinity", |number| number.is_finite()).prop_map(Value::from),
        value().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((name(), inner), 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn name() -> impl Strategy<Value = String> {
    let known = select(
        &[
            "resourceType",
            "id",
            "meta",
            "extension",
            "url",
            "valueString",
            "reference",
            "_family",
            "contained",
            "text",
            "div",
            "status",
            "__proto__",
            "$ref",
            "modifierExtension",
            "coding",
            "system",
            "code",
            "value",
            "",
        ][..],
    );
    prop_oneof![4 => known.prop_map(str::to_owned), 1 => value()]
}

/// A change at some place of a document.
#[derive(Debug, Clone)]
enum Fault {
    Replace(Value),
    Remove,
    Double,
    Insert(String, Value),
    Wrap(usize),
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        4 => anything().prop_map(Fault::Replace),
        2 => Just(Fault::Remove),
        2 => Just(Fault::Double),
        3 => (name(), anything()).prop_map(|(name, value)| Fault::Insert(name, value)),
        1 => select(&[1usize, 2, 60, 130][..]).prop_map(Fault::Wrap),
    ]
}

fn pointers(value: &Value, at: String, into: &mut Vec<String>) {
    let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(place, one)| pointers(one, format!("{at}/{place}"), into));
        }
        Value::Object(members) => {
            members.iter().for_each(|(name, one)| pointers(one, format!("{at}/{}", escaped(name)), into));
        }
        _ => {}
    }
    into.push(at);
}

fn spoil(document: &mut Value, place: Index, fault: Fault) {
    let mut all = Vec::new();
    pointers(document, String::new(), &mut all);
    let pointer = place.get(&all).clone();
    let Some(target) = document.pointer_mut(&pointer) else { return };
    match fault {
        Fault::Replace(value) => *target = value,
        Fault::Wrap(depth) => {
            for level in 0..depth {
                let inner = target.take();
                *target = if level % 2 == 0 { json!([inner]) } else { json!({"extension": inner}) };
            }
        }
        Fault::Double => {
            let twice = target.clone();
            *target = json!([twice, twice]);
        }
        Fault::Insert(name, value) => match target {
            Value::Object(members) => drop(members.insert(name, value)),
            Value::Array(list) => list.push(value),
            _ => *target = value,
        },
        Fault::Remove => {
            let (parent, name) = pointer.rsplit_once('/').unwrap_or(("", ""));
            match document.pointer_mut(parent) {
                Some(Value::Object(members)) => {
                    drop(members.shift_remove(&name.replace("~1", "/").replace("~0", "~")))
                }
                Some(Value::Array(list)) => {
                    if let Some(place) = name.parse().ok().filter(|place| *place < list.len()) {
                        list.remove(place);
                    }
                }
                _ => {}
            }
        }
    }
}

/// A document with a few faults.
pub fn faulty(documents: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    (documents, prop::collection::vec((any::<Index>(), fault()), 0..4)).prop_map(|(mut document, faults)| {
        faults.into_iter().for_each(|(place, fault)| spoil(&mut document, place, fault));
        document
    })
}

/// Its text, sometimes spoilt as well.
pub fn written(documents: impl Strategy<Value = Value>) -> impl Strategy<Value = String> {
    documents.prop_flat_map(|document| {
        let text = document.to_string();
        prop_oneof![4 => Just(text.clone()), 1 => spoilt(text)]
    })
}

on_both!(no_body_is_too_strange, |world| {
    let sent = (example(), any::<Index>()).prop_flat_map(|(example, place)| {
        let kind = example["resourceType"].as_str().unwrap_or_default().to_owned();
        (Just((kind, place)), written(faulty(Just(example))))
    });
    hold(500, &sent, |((kind, place), text)| {
        for (method, address) in [
            ("POST", kind.clone()),
            ("POST", format!("{kind}/$validate")),
            ("PUT", format!("{kind}/{}", place.index(1000))),
        ] {
            let answer =
                world.admin.call(method, &address).body("application/fhir+json", text.as_str()).send();
            sound(&answer)?;
            // What was taken is as it should be: it can be read, and written again.
            if answer.status == 201 && method == "POST" && !address.contains('$') {
                let stored = answer.json();
                let here = crate::client::place(&stored);
                sound(&world.admin.get(&here))?;
                let again = world.admin.put(&here, &stored);
                if kind != "Project" && !matches!(again.status, 200 | 403 | 409) {
                    return Err(TestCaseError::fail(format!("written again: {}", again.text())));
                }
            }
        }
        Ok(())
    });
});

on_both!(depth_and_length_are_bounded, |world| {
    let deep =
        |open: &str, close: &str, times: usize| format!("{}1{}", open.repeat(times), close.repeat(times));
    for times in [10, 100, 127, 128, 200, 1000, 100_000, 1_000_000] {
        for inner in [deep("[", "]", times), deep("{\"a\":", "}", times)] {
            for text in [
                inner.clone(),
                format!(r#"{{"resourceType":"Patient","extension":{inner}}}"#),
                format!(r#"{{"resourceType":"Bundle","type":"batch","entry":{inner}}}"#),
            ] {
                for address in ["Patient", "Bundle", "/fhir/R4", "Patient/$validate"] {
                    let call = world.admin.call("POST", address).body("application/fhir+json", text.as_str());
                    let answer = call.send();
                    assert!(
                        (400..500).contains(&answer.status) || address.contains('$'),
                        "{}",
                        answer.status
                    );
                    sound(&answer).unwrap_or_else(|error| panic!("{times}: {error}"));
                }
                let call = world.admin.call("PATCH", "Patient/none");
                let answer = call.body("application/json-patch+json", text.as_str()).send();
                sound(&answer).unwrap_or_else(|error| panic!("{times}: {error}"));
            }
        }
    }
    let wide = json!({"resourceType": "Patient", "name": vec![json!({"family": "a"}); 50_000]});
    sound(&world.admin.post("Patient", &wide)).unwrap_or_else(|error| panic!("{error}"));
    let wrong = json!({"resourceType": "Patient", "name": vec![json!({"nonsense": 1}); 50_000]});
    let answer = world.admin.post("Patient", &wrong);
    sound(&answer).unwrap_or_else(|error| panic!("{error}"));
    assert!(answer.body.len() < 1 << 20, "{} bytes of issues", answer.body.len());
    let long = json!({"resourceType": "Patient", "x".repeat(1_000_000): "a"});
    let answer = world.admin.post("Patient", &long);
    sound(&answer).unwrap_or_else(|error| panic!("{error}"));
    for text in [json!("x".repeat(5_000_000)), json!("é".repeat(500_000))] {
        let answer =
            world.admin.post("Patient", &json!({"resourceType": "Patient", "name": [{"family": text}]}));
        sound(&answer).unwrap_or_else(|error| panic!("{error}"));
    }
    let digits = format!(r#"{{"resourceType":"Patient","multipleBirthInteger":{}}}"#, "9".repeat(1_000_000));
    let answer = world.admin.call("POST", "Patient").body("application/fhir+json", digits).send();
    sound(&answer).unwrap_or_else(|error| panic!("{error}"));
});
