//! vread: <https://hl7.org/fhir/R4/http.html#vread>.

use serde_json::json;

use crate::client::place;
use crate::sample::{patient, with};

on_both!(every_version_stays_readable, |world| {
    let first = world.admin.create(&patient("Chalmers", "Peter"));
    let second = world.admin.update(&with(first.clone(), json!({"active": true})));
    for version in [&first, &second] {
        let number = version["meta"]["versionId"].as_str().expect("a version");
        let answer = world.admin.get(&format!("{}/_history/{number}", place(version))).expect(200);
        assert_eq!(&answer.json(), version);
        assert_eq!(answer.header("ETag"), Some(format!("W/\"{number}\"").as_str()));
    }
});

on_both!(an_unknown_version_is_not_found, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    for version in ["99", "0", "-1", "x", "99999999999999999999", "1.0", "01"] {
        let answer = world.admin.get(&format!("{}/_history/{version}", place(&stored)));
        assert_eq!(answer.status, 404, "{version}: {}", answer.text());
    }
    world.admin.get("Patient/none/_history/1").refused(404, "not-found");
});

on_both!(the_version_that_deleted_is_gone_and_those_before_it_are_not, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    let answer = world.admin.delete(&place(&stored)).expect(204);
    let deleted =
        answer.header("ETag").expect("a version").trim_matches(|c| c != '"').trim_matches('"').to_owned();
    world.admin.get(&format!("{}/_history/{deleted}", place(&stored))).refused(410, "deleted");
    let first = stored["meta"]["versionId"].as_str().expect("a version");
    assert_eq!(world.admin.get(&format!("{}/_history/{first}", place(&stored))).expect(200).json(), stored);
});
