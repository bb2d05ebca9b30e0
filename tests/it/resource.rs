//! What is computed from one resource: parsing, stamping, masking, cutting
//! (<https://hl7.org/fhir/R4/json.html>, <https://hl7.org/fhir/R4/search.html#summary>).

use chrono::{TimeZone, Utc};
use roster::definitions::Structure;
use roster::resource::{
    elements, fold, parse, read_only, same_content, stamp, summary, take_secrets, validate,
};
use serde_json::{Value, json};

use super::definitions::DEFINITIONS;

fn user() -> &'static Structure {
    &DEFINITIONS.resources["User"].structure
}

#[test]
fn what_is_read_is_written_byte_by_byte() {
    let texts = [
        r#"{"resourceType":"Patient","a":[1.10,1E-3,1e+3,-0.0,0.000,1.0E10,123456789012345678901234567890.10]}"#,
        r#"{"_given":[null,{"id":"x"}],"given":["a",null],"ü":"€😀\\\"\n"}"#,
        r#"{"a":{},"b":[],"c":null,"d":true,"e":false,"f":""}"#,
    ];
    for text in texts {
        assert_eq!(parse(text.as_bytes()).unwrap().to_string(), text);
    }
    let escaped = parse(r#"{"a":"\u20ac\ud83d\ude00\/\b\f\t"}"#.as_bytes()).unwrap();
    assert_eq!(escaped["a"], "€😀/\u{8}\u{c}\t");
}

#[test]
fn a_doubtful_body_is_refused_with_its_place() {
    let deep = format!("{}{}", "{\"a\":".repeat(65), "1");
    let cases: [(&[u8], &str); 24] = [
        (b"", "begins with '{'"),
        (b"[]", "begins with '{'"),
        (b"1", "begins with '{'"),
        (b"\xEF\xBB\xBF{}", "begins with '{'"),
        (b"{} {}", "after the end"),
        (b"{}x", "after the end"),
        (b"{\"a\":1,\"a\":1}", "'a' is here twice (line 1, column 8)"),
        (b"{\"a\":1,\"\\u0061\":1}", "'a' is here twice"),
        (b"{\n \"a\":\xff}", "not UTF-8 at line 2, column 6"),
        (b"{\"a\":\"\xc3\"}", "not UTF-8"),
        (b"{\"a\":01}", "'01' is not a JSON number"),
        (b"{\"a\":1.}", "not a JSON number"),
        (b"{\"a\":.5}", "a JSON value is expected"),
        (b"{\"a\":+1}", "a JSON value is expected"),
        (b"{\"a\":NaN}", "a JSON value is expected"),
        (b"{\"a\":tru}", "a JSON value is expected"),
        (b"{\"a\":1,}", "property name"),
        (b"{a:1}", "property name"),
        (b"{\"a\" 1}", "':' is expected"),
        (b"{\"a\":[1 2]}", "',' or ']'"),
        (b"{\"a\":\"\t\"}", "control character"),
        (b"{\"a\":\"\\x\"}", "no such escape"),
        (b"{\"a\":\"\\ud800\"}", "surrogate"),
        (b"{\"a\":\"", "ends within a string"),
    ];
    for (bytes, expected) in cases.into_iter().chain([(deep.as_bytes(), "deeper than 64")]) {
        let error = parse(bytes).unwrap_err().to_string();
        assert!(error.contains(expected), "{:?}: {error}", String::from_utf8_lossy(bytes));
    }
    let error = parse(br#"{"resourceType":"Patient","name":[{},{"family":"a","family":"b"}]}"#).unwrap_err();
    assert_eq!(error.issues[0].expression.as_deref(), Some("Patient.name[1].family"));
    let private = parse(br#"{"$serde_json::private::Number":"1"}"#).unwrap();
    assert!(private.is_object(), "an object stays one, whatever its property is called");
}

#[test]
fn stamps_come_first_and_replace_what_was_sent() {
    let mut resource = parse(
        br#"{"active":true,"meta":{"tag":[{"code":"t"}],"versionId":"9","_lastUpdated":{"id":"x"}},"id":"old","_id":{"id":"y"},"resourceType":"User"}"#,
    )
    .unwrap();
    stamp(&mut resource, "new", "2", Utc.with_ymd_and_hms(2026, 11, 20, 1, 2, 3).unwrap());
    assert_eq!(
        resource.to_string(),
        r#"{"resourceType":"User","id":"new","meta":{"versionId":"2","lastUpdated":"2026-11-20T01:02:03.000Z","tag":[{"code":"t"}]},"active":true}"#
    );
}

#[test]
fn content_is_the_same_whatever_the_version() {
    let one = parse(
        br#"{"resourceType":"User","meta":{"versionId":"1","tag":[{"code":"t"}]},"active":true,"x":1.0}"#,
    )
    .unwrap();
    let same = [
        r#"{"x":1.0,"active":true,"resourceType":"User","meta":{"tag":[{"code":"t"}],"lastUpdated":"2026-01-01T00:00:00Z"}}"#,
        r#"{"resourceType":"User","meta":{"tag":[{"code":"t"}]},"active":true,"x":1.0}"#,
    ];
    let other = [
        r#"{"resourceType":"User","meta":{"tag":[{"code":"u"}]},"active":true,"x":1.0}"#,
        r#"{"resourceType":"User","active":true,"x":1.0}"#,
        r#"{"resourceType":"User","meta":{"tag":[{"code":"t"}]},"active":true,"x":1.00}"#,
        r#"{"resourceType":"User","meta":{"tag":[{"code":"t"}]},"active":true,"x":1.0,"y":1}"#,
        r#"{"resourceType":"User","meta":{"tag":[{"code":"t"}]},"active":true}"#,
    ];
    for text in same {
        assert!(same_content(&one, &parse(text.as_bytes()).unwrap()), "{text}");
    }
    for text in other {
        assert!(!same_content(&one, &parse(text.as_bytes()).unwrap()), "{text}");
    }
    assert!(same_content(&json!({"a": 1, "meta": {"versionId": "1"}}), &json!({"a": 1})));
}

#[test]
fn secrets_leave_the_resource() {
    let mut resource = json!({
        "resourceType": "User", "email": "a@b.c", "passwordHash": "$2b$12$x", "mfaSecret": "ABC", "_mfaSecret": {"id": "x"}
    });
    let taken = take_secrets(&DEFINITIONS, user(), &mut resource);
    let pair = |path: &str, secret: &str| (path.to_owned(), secret.to_owned());
    assert_eq!(taken, [pair("User.passwordHash", "$2b$12$x"), pair("User.mfaSecret", "ABC")]);
    assert_eq!(resource, json!({ "resourceType": "User", "email": "a@b.c" }));
    let hidden = json!({ "resourceType": "Patient", "link": [{ "other": { "reference": "#u" }, "type": "seealso" }],
        "contained": [{ "resourceType": "User", "id": "u", "email": "a@b.c", "passwordHash": "x" }] });
    let issues = validate(&DEFINITIONS, &hidden);
    let place = Some("Patient.contained[0].passwordHash");
    assert!(issues.iter().any(|issue| issue.expression.as_deref() == place), "{issues:?}");
}

#[test]
fn folded_elements_have_one_spelling() {
    let mut resource =
        json!({ "resourceType": "User", "email": "JOSE\u{301}@Example.COM", "firstName": "JOSE\u{301}" });
    fold(&DEFINITIONS, user(), &mut resource);
    assert_eq!(resource["email"], "jos\u{e9}@example.com");
    assert_eq!(resource["firstName"], "JOSE\u{301}");
    let names: Vec<&str> = read_only(user()).collect();
    assert!(names.contains(&"mfaEnrolled") && names.contains(&"admin") && !names.contains(&"email"));
}

#[test]
fn cutting_keeps_what_must_be_kept_and_says_so() {
    let patient = json!({
        "resourceType": "Patient", "id": "1", "meta": { "versionId": "1" }, "implicitRules": "http://x.y",
        "text": { "status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>" },
        "active": true, "name": [{ "family": "a", "_family": { "id": "x" } }], "_birthDate": { "id": "b" },
        "photo": [{ "url": "http://x.y" }], "contact": [{ "name": { "family": "c" } }],
        "link": [{ "other": { "reference": "Patient/2" }, "type": "seealso" }]
    });
    let structure = &DEFINITIONS.resources["Patient"].structure;
    let tag = json!([{ "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED" }]);
    let short = summary(&DEFINITIONS, structure, &patient);
    assert_eq!(short["meta"]["tag"], tag);
    for kept in ["id", "implicitRules", "active", "name", "_birthDate", "link"] {
        assert_eq!(short[kept], patient[kept], "{kept}");
    }
    for cut in ["text", "photo", "contact"] {
        assert_eq!(short.get(cut), None, "{cut}");
    }
    let some = elements(structure, &patient, &["birthDate".to_owned(), "contact".to_owned()]);
    let names: Vec<&str> = some.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["resourceType", "id", "meta", "_birthDate", "contact"]);
    let group = json!({ "resourceType": "Group", "type": "person", "actual": true, "quantity": 1 });
    let some = elements(&DEFINITIONS.resources["Group"].structure, &group, &[]);
    let expected =
        json!({ "resourceType": "Group", "meta": { "tag": tag }, "type": "person", "actual": true });
    assert_eq!(some, expected);
    let twice = elements(structure, &some_meta(&some), &[]);
    assert_eq!(twice["meta"]["tag"].as_array().unwrap().len(), 1);
}

fn some_meta(resource: &Value) -> Value {
    json!({ "resourceType": "Patient", "meta": resource["meta"] })
}
