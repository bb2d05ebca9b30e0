//! What is refused, and how it is told: <https://hl7.org/fhir/R4/validation.html>,
//! <https://hl7.org/fhir/R4/operationoutcome.html>.

use serde_json::json;

use crate::client::{Answer, place};
use crate::sample::{patient, user, with};
use crate::world::World;

fn post(world: &World, body: &str) -> Answer {
    world.admin.call("POST", "Patient").body("application/fhir+json", body).send()
}

on_both!(what_is_no_json_object_is_malformed, |world| {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for body in [
        "",
        "{",
        "[]",
        "1",
        "null",
        "\"Patient\"",
        r#"{"resourceType":"Patient"} x"#,
        r#"{"resourceType":"Patient",}"#,
        r#"{"resourceType":"Patient","active":true,"active":false}"#,
        r#"{"resourceType":"Patient","name":[{"family":"A","family":"B"}]}"#,
        "{'resourceType':'Patient'}",
        &deep,
    ] {
        let answer = post(world, body);
        assert_eq!(answer.status, 400, "{body:.60}: {}", answer.text());
        answer.issues();
    }
    assert_eq!(world.admin.found("Patient"), Vec::<String>::new());
});

on_both!(bytes_that_are_no_text_are_malformed, |world| {
    let body = b"{\"resourceType\":\"Patient\",\"id\":\"\xff\xfe\"}";
    world.admin.call("POST", "Patient").body("application/fhir+json", &body[..]).send().expect(400).issues();
});

on_both!(a_fault_is_named_by_its_place, |world| {
    for (elements, code, expression) in [
        (json!({"birthDate": "x"}), "value", "Patient.birthDate"),
        (json!({"active": "yes"}), "structure", "Patient.active"),
        (json!({"gender": "unheard-of"}), "code-invalid", "Patient.gender"),
        (json!({"nonsense": 1}), "structure", "Patient.nonsense"),
        (json!({"name": []}), "structure", "Patient.name"),
        (json!({"name": [{}]}), "structure", "Patient.name[0]"),
        (json!({"name": [{"family": ""}]}), "value", "Patient.name[0].family"),
        (json!({"communication": [{"preferred": true}]}), "required", "Patient.communication[0].language"),
        (json!({"contact": [{}, {}]}), "structure", "Patient.contact[1]"),
        (json!({"gender": null}), "value", "Patient.gender"),
    ] {
        let answer = world.admin.post("Patient", &with(patient("A", "B"), elements.clone()));
        assert_eq!(answer.status, 422, "{elements}: {}", answer.text());
        answer.refused(422, code).at(expression);
    }
});

on_both!(all_faults_are_told_at_once, |world| {
    let sent = json!({"resourceType": "Patient", "gender": "x", "birthDate": "y", "nonsense": true});
    let answer = world.admin.post("Patient", &sent).expect(422);
    answer.at("Patient.gender").at("Patient.birthDate").at("Patient.nonsense");
});

on_both!(a_user_needs_an_address_or_an_external_id, |world| {
    let nobody = json!({"resourceType": "User", "firstName": "Ada"});
    world.admin.post("User", &nobody).expect(422).issues();
    world.admin.create(&with(nobody, json!({"externalId": "417"})));
});

on_both!(an_update_is_validated_as_a_create_is, |world| {
    let stored = world.admin.create(&user("ada@example.com"));
    world
        .admin
        .put(&place(&stored), &with(stored.clone(), json!({"nonsense": 1})))
        .expect(422)
        .at("User.nonsense");
    assert_eq!(world.admin.get(&place(&stored)).expect(200).json(), stored);
});

on_both!(a_body_over_the_limit_is_refused, |world| {
    let huge = with(
        patient("A", "B"),
        json!({"text": {"status": "generated",
        "div": format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{}</div>", "x".repeat(64 << 20))}}),
    );
    world.admin.post("Patient", &huge).expect(413).issues();
});

on_both!(the_empty_primitive_with_an_extension_is_a_value, |world| {
    let sent = json!({"resourceType": "Patient", "name": [{
        "given": ["Ada", null], "_given": [null, {"extension": [{"url": "https://example.com/absent", "valueCode": "masked"}]}]
    }]});
    let stored = world.admin.create(&sent);
    assert_eq!(stored["name"], sent["name"]);
});
