//! The published cases of JSON Patch (<https://www.rfc-editor.org/rfc/rfc6902>), all but those that are marked
//! as disabled.

use std::fs;
use std::sync::LazyLock;

use roster::definitions::Definitions;
use roster::resource::{Patch, parse};
use serde_json::{Value, json};

static DEFINITIONS: LazyLock<Definitions> = LazyLock::new(|| Definitions::load(&[]).expect("definitions"));

/// What a patch makes of a document. A document that is no object stands in one: resources are objects.
fn patched(document: &Value, patch: &Value) -> Result<Value, String> {
    let mut patch = patch.clone();
    for operation in patch.as_array_mut().into_iter().flatten() {
        for name in ["path", "from"] {
            if let Some(Value::String(path)) = operation.get_mut(name)
                && (path.is_empty() || path.starts_with('/'))
            {
                *path = format!("/doc{path}");
            }
        }
    }
    let patch = Patch::json(patch.to_string().as_bytes()).map_err(|error| error.to_string())?;
    let done = patch.apply(&DEFINITIONS, &json!({"doc": document})).map_err(|error| error.to_string())?;
    Ok(done["doc"].clone())
}

#[track_caller]
fn run(name: &str, expected: usize) {
    let Some(folder) = super::vectors() else { return };
    let text = fs::read(folder.join(name)).expect("the vectors");
    // Some cases say the same name twice in one operation; serde_json keeps the last, as the cases want it.
    let cases: Value = serde_json::from_slice(&text).expect("JSON");
    let (mut count, mut faults) = (0, Vec::new());
    for case in cases.as_array().expect("cases") {
        if case["disabled"] == true || case.get("patch").is_none() {
            continue;
        }
        count += 1;
        let (done, what) = (patched(&case["doc"], &case["patch"]), &case["comment"]);
        match (done, case.get("expected"), case.get("error")) {
            (Ok(done), Some(expected), None) if done == *expected => {}
            // The case says only that it can be done.
            (Ok(_), None, None) | (Err(_), _, Some(_)) => {}
            (done, expected, error) => faults.push(format!("{what}: {done:?}, not {expected:?} {error:?}")),
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    assert_eq!(count, expected);
}

#[test]
fn rfc_6902_cases() {
    run("rfc6902-tests.json", 92);
}

#[test]
fn rfc_6902_cases_of_the_standard_itself() {
    run("rfc6902-spec-tests.json", 16);
}

#[test]
fn fhir_json_patch_cases() {
    run("json-patch-tests.json", 16);
}

#[test]
fn digits_are_kept_and_numbers_are_compared_by_value() {
    let document = parse(br#"{"a": 1.10, "b": [1E-3]}"#).expect("JSON");
    let patch =
        |text: &str| Patch::json(text.as_bytes()).and_then(|patch| patch.apply(&DEFINITIONS, &document));
    let done = patch(
        r#"[{"op":"test","path":"/a","value":1.1},{"op":"test","path":"/b/0","value":0.001},{"op":"copy","from":"/a","path":"/c"}]"#,
    );
    assert_eq!(done.expect("a result").to_string(), r#"{"a":1.10,"b":[1E-3],"c":1.10}"#);
    assert!(patch(r#"[{"op":"test","path":"/a","value":1.11}]"#).is_err());
}

#[test]
fn a_small_patch_does_not_make_a_huge_document() {
    let operations: Vec<Value> =
        (0..64).map(|n| json!({"op": "copy", "from": "", "path": format!("/copy{n}")})).collect();
    let patch = Patch::json(json!(operations).to_string().as_bytes()).expect("a patch");
    assert!(patch.apply(&DEFINITIONS, &json!({"text": "x".repeat(1000)})).is_err());
    let many: Vec<Value> = (0..1001).map(|_| json!({"op": "test", "path": "", "value": {}})).collect();
    assert!(Patch::json(json!(many).to_string().as_bytes()).is_err());
}
