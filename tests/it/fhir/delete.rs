//! delete: <https://hl7.org/fhir/R4/http.html#delete>.

use serde_json::json;

use crate::client::place;
use crate::sample::{patient, user, with};

on_both!(a_deleted_resource_is_found_no_more, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    let answer = world.admin.delete(&place(&stored)).expect(204);
    assert_eq!(answer.text(), "");
    assert!(answer.header("ETag").is_some());
    world.admin.get(&place(&stored)).refused(410, "deleted");
    for query in ["Patient", "Patient?family:missing=false", "Patient?family:missing=true"] {
        assert_eq!(world.admin.found(query), Vec::<String>::new(), "{query}");
    }
});

on_both!(deleting_again_has_no_effect, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    world.admin.delete(&place(&stored)).expect(204);
    world.admin.delete(&place(&stored)).expect(204);
    let history = world.admin.get(&format!("{}/_history", place(&stored))).expect(200).json();
    assert_eq!(history["entry"].as_array().map(Vec::len), Some(2));
});

on_both!(a_deleted_user_frees_his_address, |world| {
    let stored = world.admin.create(&user("ada@example.com"));
    world.admin.delete(&place(&stored)).expect(204);
    world.admin.create(&user("ada@example.com"));
    // And cannot come back while another has it.
    world.admin.put(&place(&stored), &stored).refused(409, "duplicate").at("User.email");
});

on_both!(a_stale_if_match_stops_a_delete, |world| {
    let first = world.admin.create(&patient("Chalmers", "Peter"));
    let second = world.admin.update(&with(first.clone(), json!({"active": true})));
    let etag = format!("W/\"{}\"", first["meta"]["versionId"].as_str().expect("a version"));
    world.admin.call("DELETE", &place(&first)).header("If-Match", &etag).send().refused(412, "conflict");
    assert_eq!(world.admin.get(&place(&first)).expect(200).json(), second);
});

on_both!(nobody_deletes_a_whole_type, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    for place in ["Patient", "Patient?", "Patient?nonsense=1", ""] {
        let answer = world.admin.delete(place);
        assert!(matches!(answer.status, 400 | 404 | 405 | 412 | 501), "{place}: {}", answer.status);
    }
    world.admin.get(&place(&stored)).expect(200);
});
