//! `$validate`: <https://hl7.org/fhir/R4/resource-operation-validate.html>.

use serde_json::{Value, json};

use crate::client::{Answer, place};
use crate::sample::{patient, user, with};

fn parameters(list: &[(&str, Value)]) -> Value {
    let parameter = |(name, value): &(&str, Value)| match value {
        Value::Object(_) => json!({"name": name, "resource": value}),
        value => json!({"name": name, "valueCode": value}),
    };
    json!({"resourceType": "Parameters", "parameter": list.iter().map(parameter).collect::<Vec<_>>()})
}

/// The codes of the errors and warnings of an answer.
fn codes(answer: Answer) -> Vec<String> {
    let issues = answer.expect(200).issues();
    let told = issues.iter().filter(|issue| issue["severity"] != "information");
    told.map(|issue| issue["code"].as_str().expect("a code").to_owned()).collect()
}

on_both!(what_is_valid_is_answered_by_an_information, |world| {
    let answer = world.admin.post("Patient/$validate", &patient("A", "B")).expect(200);
    let issues = answer.issues();
    assert_eq!((issues.len(), &issues[0]["severity"]), (1, &json!("information")));
    assert_eq!(world.admin.found("Patient"), Vec::<String>::new(), "nothing is stored");
});

on_both!(what_is_not_valid_is_answered_by_200_and_every_fault, |world| {
    let sent = json!({"resourceType": "Patient", "gender": "x", "birthDate": "y", "nonsense": true});
    for body in [sent.clone(), parameters(&[("resource", sent)])] {
        let answer = world.admin.post("Patient/$validate", &body).expect(200);
        answer.at("Patient.gender").at("Patient.birthDate").at("Patient.nonsense");
    }
});

on_both!(what_cannot_be_validated_is_refused, |world| {
    let admin = &world.admin;
    let post = |place: &str, body: &str| admin.call("POST", place).body("application/fhir+json", body).send();
    post("Patient/$validate", "{").expect(400).issues();
    post("Patient/$validate", "").refused(400, "required").at("resource");
    post("Patient/$validate", r#"{"resourceType":"User"}"#).refused(400, "invalid").at("resourceType");
    post("Patient/$validate", "{}").refused(400, "required").at("resourceType");
    post("Nothing/$validate", "{}").refused(404, "not-supported");
    admin.call("POST", "Patient/$validate").body("text/plain", "x").send().expect(415).issues();
    admin.get("Patient/$validate").expect(405).issues();
    admin.get("Patient/none/$validate").refused(404, "not-found");
    for (list, place) in [
        (json!([{"name": "mode", "valueCode": "nothing"}]), "mode"),
        (json!([{"name": "mode", "valueInteger": 1}]), "Parameters.parameter[0]"),
        (json!([{"name": "mode", "valueCode": "update"}]), "mode"),
        (json!([{"name": "mode", "valueCode": "profile"}]), "profile"),
        (json!([{"name": "nonsense", "valueCode": "x"}]), "Parameters.parameter[0]"),
        (json!([{"name": "mode"}]), "Parameters.parameter[0]"),
        (json!([{"valueCode": "create"}]), "Parameters.parameter[0].name"),
        (json!([7]), "Parameters.parameter[0]"),
        (json!(7), "Parameters.parameter"),
        (json!([{"name": "resource", "valueString": "x"}]), "Parameters.parameter[0]"),
    ] {
        let body = json!({"resourceType": "Parameters", "parameter": list});
        admin.post("Patient/$validate", &body).expect(400).at(place);
    }
    admin.post("Patient/$validate?nonsense=1", &patient("A", "B")).expect(400).at("nonsense");
});

on_both!(a_profile_nobody_knows_is_an_error, |world| {
    let url = "https://example.com/none";
    for place in ["Patient/$validate?profile=", "Patient/$validate?mode=profile&profile="] {
        let answer = world.admin.post(&format!("{place}{url}"), &patient("A", "B"));
        answer.refused(200, "not-found").at("profile");
    }
});

on_both!(a_create_is_foretold, |world| {
    let validate = |body: &Value| codes(world.admin.post("User/$validate?mode=create", body));
    assert_eq!(validate(&user("ada@example.com")), Vec::<String>::new());
    world.admin.create(&user("ada@example.com"));
    assert_eq!(validate(&user("ADA@example.com")), ["duplicate"]);
    let answer = world.admin.post(
        "User/$validate",
        &parameters(&[("mode", json!("create")), ("resource", user("ada@example.com"))]),
    );
    answer.refused(200, "duplicate").at("User.email");
    assert_eq!(validate(&with(user("b@example.com"), json!({"passwordHash": "x"}))), ["forbidden"]);
    assert_eq!(validate(&with(user("b@example.com"), json!({"nonsense": "x"}))), ["structure"]);
    // In another project the address is free.
    let elsewhere = world.stranger.post("User/$validate?mode=create", &user("ada@example.com"));
    assert_eq!(codes(elsewhere), Vec::<String>::new());
    assert_eq!(world.admin.found("User?email=b@example.com"), Vec::<String>::new());
});

on_both!(an_update_is_foretold, |world| {
    let ada = world.admin.create(&user("ada@example.com"));
    world.admin.create(&user("eve@example.com"));
    let at = format!("{}/$validate?mode=update", place(&ada));
    let validate = |body: &Value| codes(world.admin.post(&at, body));
    assert_eq!(validate(&with(ada.clone(), json!({"lastName": "King"}))), Vec::<String>::new());
    assert_eq!(validate(&with(ada.clone(), json!({"email": "eve@example.com"}))), ["duplicate"]);
    assert_eq!(
        validate(&with(ada.clone(), json!({"id": "0198f0c1-0000-7000-8000-000000000000"}))),
        ["value"]
    );
    let stale = world.admin.call("POST", &at).header("If-Match", "W/\"7\"").json(&ada).send();
    assert_eq!(codes(stale), ["conflict"]);
    assert_eq!(world.admin.get(&place(&ada)).expect(200).json(), ada);
});

on_both!(a_delete_is_foretold, |world| {
    let ada = world.admin.create(&user("ada@example.com"));
    let at = format!("{}/$validate?mode=delete", place(&ada));
    assert_eq!(codes(world.admin.get(&at)), Vec::<String>::new());
    assert_eq!(codes(world.admin.post(&at, &json!({"resourceType": "Parameters"}))), Vec::<String>::new());
    let project = format!("Project/{}/$validate?mode=delete", world.project);
    assert_eq!(codes(world.super_admin.get(&project)), ["not-supported"]);
    world.admin.get(&project).expect(403).issues();
    world.admin.get(&place(&ada)).expect(200);
});

on_both!(a_stored_resource_is_validated, |world| {
    let ada = world.admin.create(&user("ada@example.com"));
    let at = format!("{}/$validate", place(&ada));
    assert_eq!(codes(world.admin.get(&at)), Vec::<String>::new());
    assert_eq!(codes(world.admin.post(&at, &json!({"resourceType": "Parameters"}))), Vec::<String>::new());
    let broken = with(ada.clone(), json!({"nonsense": 1}));
    assert_eq!(codes(world.admin.post(&at, &broken)), ["structure"]);
});

on_both!(what_is_foreign_seems_not_to_be_there, |world| {
    let ada = world.admin.create(&user("ada@example.com"));
    let none = "User/0198f0c1-0000-7000-8000-000000000000";
    for mode in ["", "?mode=delete"] {
        let [foreign, missing] = [place(&ada).as_str(), none].map(|at| {
            let answer = world.stranger.get(&format!("{at}/$validate{mode}"));
            (answer.status, answer.text().replace(at, "?"))
        });
        assert_eq!(foreign, missing);
        assert_eq!(foreign.0, 404);
    }
    world.member.get(&format!("{}/$validate", place(&ada))).expect(403).issues();
    world.member.post("User/$validate?mode=create", &user("x@example.com")).expect(403).issues();
    assert_eq!(codes(world.member.post("User/$validate", &user("x@example.com"))), Vec::<String>::new());
    world.anonymous.post("User/$validate", &user("x@example.com")).expect(401).issues();
});

on_both!(secrets_are_not_told, |world| {
    let hash = "$2b$10$abcdefghijklmnopqrstuv";
    let sent = with(user("ada@example.com"), json!({"passwordHash": hash, "nonsense": 1}));
    for mode in ["", "?mode=create"] {
        let answer = world.super_admin.post(&format!("User/$validate{mode}"), &sent).expect(200);
        assert!(!answer.text().contains(hash), "{}", answer.text());
    }
});
