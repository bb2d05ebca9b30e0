//! What cannot be a search parameter is said to be none, and where: <https://hl7.org/fhir/R4/http.html#create>.

use serde_json::{Value, json};

use super::{defined, parameter, settled, town};
use crate::client::place;
use crate::sample::with;

on_both!(a_definition_that_cannot_be_indexed_is_refused, |world| {
    let text = |expression: &str| parameter("Patient", "town", "string", expression);
    let based = |base: Value| with(town(), json!({"base": base}));
    let deep = format!("Patient.address.city{}", ".where(true)".repeat(500));
    let cases: Vec<(Value, &str, &str)> = vec![
        (text("Patient.address.."), "value", "SearchParameter.expression"),
        (text("Patient.address.nowhere"), "value", "SearchParameter.expression"),
        (text("Practitioner.address.city"), "value", "SearchParameter.expression"),
        (text("Patient.address.city.shout()"), "value", "SearchParameter.expression"),
        (text("Patient.birthDate.where($this > today())"), "not-supported", "SearchParameter.expression"),
        (text("Patient.gender.memberOf('urn:x')"), "not-supported", "SearchParameter.expression"),
        (text("Patient.address.where(city = %mine)"), "not-supported", "SearchParameter.expression"),
        (text(&deep), "too-costly", "SearchParameter.expression"),
        (with(town(), json!({"expression": null})), "required", "SearchParameter.expression"),
        (parameter("Patient", "to.wn", "string", "Patient.address.city"), "value", "SearchParameter.code"),
        (parameter("Patient", "_town", "string", "Patient.address.city"), "value", "SearchParameter.code"),
        (
            parameter("Patient", "town", "special", "Patient.address.city"),
            "not-supported",
            "SearchParameter.type",
        ),
        (based(json!(["Patient", "Bogus"])), "code-invalid", "SearchParameter.base[1]"),
        (based(json!(["Patient", "JsonWebKey"])), "not-found", "SearchParameter.base[1]"),
        (based(json!(["Patient", "Observation"])), "not-found", "SearchParameter.base[1]"),
        (based(json!(["Patient", "Group"])), "value", "SearchParameter.expression"),
        (
            with(
                town(),
                json!({"extension": [
                    {"url": "https://roster.dev/fhir/StructureDefinition/unique", "valueBoolean": true}
                ]}),
            ),
            "not-supported",
            "SearchParameter.extension",
        ),
    ];
    for (mut definition, code, place) in cases {
        definition.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
        for client in [&world.admin, &world.super_admin] {
            client.post("SearchParameter", &definition).refused(422, code).at(place);
        }
        let said = world.admin.post("SearchParameter/$validate?mode=create", &definition).expect(200);
        assert!(said.issues().iter().any(|issue| issue["code"] == code), "{}", said.text());
    }
    assert!(world.admin.search("SearchParameter").is_empty());
});

on_both!(a_name_is_taken_once_for_each_type, |world| {
    let taken = |definition: &Value, client: &crate::client::Client| {
        client.post("SearchParameter", definition).refused(409, "duplicate").at("SearchParameter.code");
    };
    taken(&parameter("Patient", "family", "string", "Patient.name.text"), &world.admin);
    taken(&with(parameter("Resource", "name", "string", "Resource.language"), json!({})), &world.super_admin);
    let own = defined(&world.admin, &town());
    taken(&with(town(), json!({"url": "urn:another"})), &world.admin);
    // One for all projects would be one of his, too.
    taken(&town(), &world.super_admin);
    defined(&world.stranger, &town());
    defined(&world.admin, &parameter("Practitioner", "town", "string", "Practitioner.address.city"));
    world.admin.delete(&place(&own)).expect(204);
    for parameter in world.stranger.search("SearchParameter") {
        world.stranger.delete(&place(&parameter)).expect(204);
    }
    world.admin.search("SearchParameter").iter().for_each(|one| {
        world.admin.delete(&place(one)).expect(204);
    });
    defined(&world.super_admin, &town());
    taken(&town(), &world.admin);
});

on_both!(of_many_at_once_one_is_taken, |world| {
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let callers: Vec<_> =
            (0..6).map(|_| scope.spawn(|| world.admin.post("SearchParameter", &town()).status)).collect();
        callers.into_iter().map(|caller| caller.join().expect("an answer")).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [201, 409].contains(status)), "{statuses:?}");
    let made = world.admin.search("SearchParameter");
    assert_eq!(made.len(), 1);
    settled(&world.admin, &made[0], "active");
});

on_both!(there_are_only_so_many, |world| {
    let entry = |number: usize| {
        let definition = parameter("Group", &format!("c{number}"), "string", "Group.name");
        json!({"resource": definition, "request": {"method": "POST", "url": "SearchParameter"}})
    };
    let bundle =
        |entries: Vec<Value>| json!({"resourceType": "Bundle", "type": "transaction", "entry": entries});
    world.admin.post("", &bundle((0..65).map(entry).collect())).refused(409, "too-costly");
    assert!(world.admin.search("SearchParameter").is_empty());
    world.admin.post("", &bundle((0..64).map(entry).collect())).expect(200);
    world.admin.post("SearchParameter", &entry(64)["resource"]).refused(409, "too-costly");
    world.stranger.create(&entry(64)["resource"]);
});
