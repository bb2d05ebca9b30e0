//! Conditional read: <https://hl7.org/fhir/R4/http.html#cread>.

use serde_json::json;

use crate::client::place;
use crate::sample::{patient, with};

on_both!(who_has_the_current_version_is_told_so, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    let version = stored["meta"]["versionId"].as_str().expect("a version");
    for condition in [
        format!("W/\"{version}\""),
        format!("\"{version}\""),
        format!("\"x\", W/\"{version}\""),
        "*".to_owned(),
    ] {
        let answer = world.admin.call("GET", &place(&stored)).header("If-None-Match", &condition).send();
        assert_eq!((answer.status, answer.text()), (304, String::new()), "{condition}");
        assert!(answer.header("ETag").is_some());
    }
});

on_both!(who_has_another_version_gets_the_current_one, |world| {
    let first = world.admin.create(&patient("Chalmers", "Peter"));
    let second = world.admin.update(&with(first.clone(), json!({"active": true})));
    let etag = format!("W/\"{}\"", first["meta"]["versionId"].as_str().expect("a version"));
    let answer = world.admin.call("GET", &place(&first)).header("If-None-Match", &etag).send().expect(200);
    assert_eq!(answer.json(), second);
});

on_both!(a_resource_not_modified_since_is_not_sent, |world| {
    let answer = world.admin.post("Patient", &patient("Chalmers", "Peter")).expect(201);
    let written = answer.header("Last-Modified").expect("a time").to_owned();
    let place = place(&answer.json());
    let since = |time: &str| world.admin.call("GET", &place).header("If-Modified-Since", time).send();
    since(&written).expect(304);
    since("Mon, 01 Jan 2001 00:00:00 GMT").expect(200);
    // What is no date is no condition.
    since("yesterday").expect(200);
});

on_both!(if_none_match_outweighs_if_modified_since, |world| {
    let answer = world.admin.post("Patient", &patient("Chalmers", "Peter")).expect(201);
    let written = answer.header("Last-Modified").expect("a time").to_owned();
    let call = world.admin.call("GET", &place(&answer.json())).header("If-None-Match", "W/\"other\"");
    call.header("If-Modified-Since", &written).send().expect(200);
});

on_both!(a_condition_gives_no_strange_hand_a_look, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    let etag = format!("W/\"{}\"", stored["meta"]["versionId"].as_str().expect("a version"));
    world
        .stranger
        .call("GET", &place(&stored))
        .header("If-None-Match", &etag)
        .send()
        .refused(404, "not-found");
    world.anonymous.call("GET", &place(&stored)).header("If-None-Match", &etag).send().expect(401);
});
