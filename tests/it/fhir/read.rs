//! read: <https://hl7.org/fhir/R4/http.html#read>.

use chrono::DateTime;

use crate::client::place;
use crate::sample::patient;

on_both!(a_resource_is_read_with_its_version_and_time, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    let answer = world.admin.get(&place(&stored)).expect(200);
    assert_eq!(answer.json(), stored);
    assert_eq!(
        answer.header("ETag"),
        Some(format!("W/\"{}\"", stored["meta"]["versionId"].as_str().expect("a version")).as_str())
    );
    assert!(answer.header("Last-Modified").is_some());
    DateTime::parse_from_rfc3339(stored["meta"]["lastUpdated"].as_str().expect("a time"))
        .expect("an instant with a zone");
});

on_both!(an_unknown_id_is_not_found, |world| {
    world.admin.get("Patient/018f2b6c-0000-7000-8000-000000000000").refused(404, "not-found");
});

on_both!(an_id_that_is_none_is_no_fault_of_the_server, |world| {
    for id in [
        "a".repeat(65),
        "a".repeat(4000),
        "%00".into(),
        "a%20b".into(),
        "%C3%A9".into(),
        "a%2Fb".into(),
        "'--".into(),
    ] {
        let answer = world.admin.get(&format!("Patient/{id}"));
        assert!(matches!(answer.status, 400 | 404), "{id}: {}", answer.status);
        answer.issues();
    }
});

on_both!(a_deleted_resource_is_gone, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    world.admin.delete(&place(&stored)).expect(204);
    let answer = world.admin.get(&place(&stored)).refused(410, "deleted");
    assert!(answer.header("ETag").is_some());
});

on_both!(the_id_of_another_type_is_not_found, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    world
        .admin
        .get(&format!("Practitioner/{}", stored["id"].as_str().expect("an id")))
        .refused(404, "not-found");
});

on_both!(head_answers_as_get_without_a_body, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    for place in [place(&stored), "Patient".to_owned(), "metadata".to_owned(), "Patient/none".to_owned()] {
        let get = world.admin.get(&place);
        let head = world.admin.call("HEAD", &place).send();
        assert_eq!(head.status, get.status, "{place}");
        assert_eq!(head.header("ETag"), get.header("ETag"), "{place}");
        assert_eq!(head.header("Content-Type"), get.header("Content-Type"), "{place}");
        assert_eq!(head.text(), "", "{place}");
    }
});

on_both!(elements_and_summary_hold_for_a_read_too, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    let read = world.admin.get(&format!("{}?_elements=gender", place(&stored))).expect(200).json();
    assert_eq!(read["id"], stored["id"]);
    assert!(read.get("name").is_none(), "{read}");
    assert_eq!(read["meta"]["tag"][0]["code"], "SUBSETTED");
});

on_both!(every_answer_has_the_id_of_its_request, |world| {
    let given = world.admin.call("GET", "Patient/none").header("X-Request-Id", "call-17").send();
    assert_eq!(given.header("X-Request-Id"), Some("call-17"));
    assert!(world.admin.get("metadata").header("X-Request-Id").is_some_and(|id| !id.is_empty()));
});
