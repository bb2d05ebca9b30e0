//! create: <https://hl7.org/fhir/R4/http.html#create>.

use serde_json::{Value, json};

use crate::client::{PUBLIC_URL, place};
use crate::sample::{patient, user, with, written};

on_both!(a_new_resource_says_where_it_is_and_which_version, |world| {
    let answer = world.admin.post("Patient", &patient("Chalmers", "Peter")).expect(201);
    let stored = answer.json();
    let version = stored["meta"]["versionId"].as_str().expect("a version").to_owned();
    let location = answer.header("Location").expect("a location");
    assert_eq!(location, format!("{PUBLIC_URL}/fhir/R4/{}/_history/{version}", place(&stored)));
    assert_eq!(answer.header("ETag"), Some(format!("W/\"{version}\"").as_str()));
    assert!(answer.header("Content-Type").expect("a type").starts_with("application/fhir+json"));
});

on_both!(last_modified_is_the_time_of_the_version_to_the_second, |world| {
    let answer = world.admin.post("Patient", &patient("Chalmers", "Peter")).expect(201);
    let header = answer.header("Last-Modified").expect("a time");
    let header = chrono::DateTime::parse_from_rfc2822(header).expect("an HTTP date");
    let stored = answer.json();
    let written = stored["meta"]["lastUpdated"].as_str().expect("a time");
    assert_eq!(
        header.timestamp(),
        chrono::DateTime::parse_from_rfc3339(written).expect("an instant").timestamp()
    );
});

on_both!(what_was_sent_is_what_is_read, |world| {
    let sent = with(
        patient("Müller-Nguyễn", "阮"),
        json!({"_birthDate": {"extension": [{"url": "https://example.com/reason", "valueString": "unknown"}]},
            "gender": "female",
            "meta": {"tag": [{"system": "https://example.com/tags", "code": "pilot"}], "source": "https://example.com/hr"}}),
    );
    let stored = world.admin.create(&sent);
    assert_eq!(written(&stored), sent);
    assert_eq!(world.admin.get(&place(&stored)).expect(200).json(), stored);
});

on_both!(decimals_keep_their_digits, |world| {
    let body = r#"{"resourceType":"User","email":"d@example.com","metadata":[{"name":"a","valueDecimal":1.10},{"name":"b","valueDecimal":1E-3},{"name":"c","valueDecimal":12345678901234567890.123456789}]}"#;
    let answer = world.admin.call("POST", "User").body("application/fhir+json", body).send().expect(201);
    let read = world.admin.get(&place(&answer.json())).expect(200).text();
    for digits in ["1.10", "1E-3", "12345678901234567890.123456789"] {
        assert!(read.contains(&format!(":{digits}}}")), "{digits}: {read}");
    }
});

on_both!(the_id_and_the_version_are_the_servers_to_give, |world| {
    let sent = with(
        patient("A", "B"),
        json!({"id": "mine", "meta": {"versionId": "77", "lastUpdated": "2001-01-01T00:00:00Z"}}),
    );
    let stored = world.admin.create(&sent);
    assert_ne!(stored["id"], "mine");
    assert_ne!(stored["meta"]["versionId"], "77");
    assert_ne!(stored["meta"]["lastUpdated"], "2001-01-01T00:00:00Z");
    world.admin.get("Patient/mine").refused(404, "not-found");
});

on_both!(prefer_decides_what_comes_back, |world| {
    let create = |prefer: &str| {
        world
            .admin
            .call("POST", "Patient")
            .header("Prefer", prefer)
            .json(&patient("A", "B"))
            .send()
            .expect(201)
    };
    let minimal = create("return=minimal");
    assert_eq!(minimal.text(), "");
    assert!(minimal.header("Location").is_some() && minimal.header("ETag").is_some());
    assert_eq!(create("return=representation").json()["resourceType"], "Patient");
    assert_eq!(create("return=OperationOutcome").json()["resourceType"], "OperationOutcome");
});

on_both!(a_body_of_another_type_is_refused, |world| {
    world.admin.post("Patient", &user("a@example.com")).expect(400).issues();
    world.admin.post("Patient", &json!({"name": [{"family": "A"}]})).expect(400).issues();
    assert_eq!(world.admin.found("Patient"), Vec::<String>::new());
});

on_both!(an_email_is_kept_in_lower_case, |world| {
    let stored = world.admin.create(&user("Ada@Example.COM"));
    assert_eq!(stored["email"], "ada@example.com");
    world.admin.post("User", &user("ADA@example.com")).refused(409, "duplicate").at("User.email");
});

on_both!(a_user_of_a_project_admin_lives_in_the_pool_of_the_project, |world| {
    let stored = world.admin.create(&user("ada@example.com"));
    assert_eq!(stored["project"]["reference"], format!("Project/{}", world.project));
});

on_both!(a_user_of_a_super_admin_lives_in_the_pool_of_the_server, |world| {
    let stored = world.super_admin.create(&user("ada@example.com"));
    assert_eq!(stored["project"], Value::Null);
    world.admin.get(&place(&stored)).refused(404, "not-found");
});

on_both!(an_external_id_is_unique_in_a_pool, |world| {
    let somebody = |email| with(user(email), json!({"externalId": "hr|417"}));
    world.admin.create(&somebody("a@example.com"));
    world.admin.post("User", &somebody("b@example.com")).refused(409, "duplicate").at("User.externalId");
    world.stranger.create(&somebody("a@example.com"));
});
