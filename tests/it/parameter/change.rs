//! A parameter that is changed is indexed anew, and one that is withdrawn is gone:
//! <https://hl7.org/fhir/R4/searchparameter-definitions.html#SearchParameter.status>.

use serde_json::{Value, json};

use super::{defined, finds, parameter, patient, rows, settled, status, town, until};
use crate::client::{id, place};
use crate::sample::with;

fn of_country() -> Value {
    json!({"resourceType": "Patient", "address": [{"city": "Utrecht", "country": "Netherlands"}]})
}

on_both!(another_expression_is_indexed_anew, |world| {
    let found = id(&world.admin.create(&of_country()));
    let mut town = defined(&world.admin, &town());
    finds(&world.admin, "Patient?town=utrecht", &[&found]);
    let pace = &world.server.engine.pace;
    pace.allow(0);
    town["expression"] = json!("Patient.address.country");
    let town = world.admin.update(&town);
    world.admin.get("Patient?town=utrecht").refused(400, "incomplete");
    world.admin.get("Patient?town=netherlands").refused(400, "incomplete");
    let later = id(&world.admin.create(&of_country()));
    pace.allow(u64::MAX);
    settled(&world.admin, &town, "active");
    assert!(world.admin.found("Patient?town=utrecht").is_empty());
    let mut both = world.admin.found("Patient?town=netherlands");
    both.sort();
    let mut expected = vec![found, later];
    expected.sort();
    assert_eq!(both, expected);
    until("the rows of the first are gone", || rows(world, "town") == 2);
});

on_both!(what_says_the_same_to_searches_is_not_indexed_anew, |world| {
    let found = id(&world.admin.create(&patient("Utrecht")));
    let mut town = defined(&world.admin, &town());
    world.server.engine.pace.allow(0);
    town["description"] = json!("The town");
    town["publisher"] = json!("Somebody");
    // What is said of it in the CapabilityStatement is part of it; who publishes it is not.
    town["description"] = json!("Made by a test");
    let town = world.admin.update(&town);
    assert_eq!(status(&world.admin, &town)["state"], "active");
    assert_eq!(world.admin.found("Patient?town=utrecht"), [found]);
});

on_both!(one_that_is_deleted_is_gone_with_its_rows, |world| {
    world.admin.create(&patient("Utrecht"));
    let first = defined(&world.admin, &town());
    assert_eq!(rows(world, "town"), 1);
    world.admin.delete(&place(&first)).expect(204);
    world.admin.get("Patient?town=utrecht").refused(400, "not-supported");
    world.admin.get(&format!("{}/$status", place(&first))).expect(410);
    let second = defined(&world.admin, &with(town(), json!({"expression": "Patient.address.country"})));
    assert!(world.admin.found("Patient?town=utrecht").is_empty());
    until("its rows are gone", || rows(world, "town") == 0);
    world.admin.delete(&place(&second)).expect(204);
    until("nothing is left to do", || {
        world.database.lines("SELECT code AS line FROM search_parameter").is_empty()
    });
    world.admin.create(&patient("Utrecht"));
    assert_eq!(rows(world, "town"), 0);
    // Under its old id it is another.
    let mut third = first.clone();
    third["expression"] = json!("Patient.address.city");
    let third = world.admin.put(&place(&first), &third).expect(201).json();
    settled(&world.admin, &third, "active");
    assert_eq!(world.admin.found("Patient?town=utrecht").len(), 2);
    assert!(roster::repo::check::database(&world.server.engine).expect("a report").faults.is_empty());
});

on_both!(only_an_active_one_is_there, |world| {
    let found = id(&world.admin.create(&patient("Utrecht")));
    let mut town = world.admin.create(&with(town(), json!({"status": "draft", "expression": "not yet)"})));
    assert_eq!(status(&world.admin, &town)["state"], "inactive");
    world.admin.get("Patient?town=utrecht").refused(400, "not-supported");
    town["status"] = json!("active");
    world.admin.put(&place(&town), &town).refused(422, "value").at("SearchParameter.expression");
    town["expression"] = json!("Patient.address.city");
    town = world.admin.update(&town);
    settled(&world.admin, &town, "active");
    finds(&world.admin, "Patient?town=utrecht", &[&found]);
    for inactive in ["retired", "unknown"] {
        let patch = json!([{"op": "replace", "path": "/status", "value": inactive}]);
        let call = world.admin.call("PATCH", &place(&town));
        call.body("application/json-patch+json", patch.to_string()).send().expect(200);
        assert_eq!(status(&world.admin, &town)["state"], "inactive");
        world.admin.get("Patient?town=utrecht").refused(400, "not-supported");
        let patch = json!([{"op": "replace", "path": "/status", "value": "active"}]);
        let call = world.admin.call("PATCH", &place(&town));
        call.body("application/json-patch+json", patch.to_string()).send().expect(200);
        settled(&world.admin, &town, "active");
        finds(&world.admin, "Patient?town=utrecht", &[&found]);
    }
});

on_both!(a_transaction_defines_and_writes_at_once, |world| {
    let entry = |resource: Value| {
        let url = resource["resourceType"].clone();
        json!({"resource": resource, "request": {"method": "POST", "url": url}})
    };
    let bundle =
        |entries: &[Value]| json!({"resourceType": "Bundle", "type": "transaction", "entry": entries});
    let bad = parameter("Patient", "town", "string", "Patient.nowhere");
    world.admin.post("", &bundle(&[entry(patient("Utrecht")), entry(bad)])).expect(422);
    assert!(world.admin.search("Patient").is_empty());
    let answer =
        world.admin.post("", &bundle(&[entry(patient("Utrecht")), entry(town())])).expect(200).json();
    let made = answer["entry"].as_array().expect("entries");
    settled(&world.admin, &made[1]["resource"], "active");
    assert_eq!(world.admin.found("Patient?town=utrecht"), [id(&made[0]["resource"])]);
});

on_both!(one_that_cannot_be_read_from_what_is_stored_fails_and_is_in_nobodys_way, |world| {
    let two = json!({"resourceType": "Patient", "address": [{"city": "Utrecht"}, {"city": "Leiden"}]});
    let stored = world.admin.create(&two);
    let single = parameter("Patient", "town", "string", "Patient.address.single().city");
    let mut town = world.admin.create(&single);
    settled(&world.admin, &town, "failed");
    let reason = status(&world.admin, &town)["reason"].clone();
    assert!(reason.as_str().is_some_and(|reason| reason.contains(&place(&stored))), "{reason}");
    let refused = world.admin.get("Patient?town=utrecht").refused(400, "not-supported").text();
    assert!(!refused.contains(&id(&stored)), "it may be another's: {refused}");
    world.admin.update(&with(stored.clone(), json!({"active": true})));
    world.admin.create(&two);
    town["expression"] = json!("Patient.address.city");
    let town = world.admin.update(&town);
    settled(&world.admin, &town, "active");
    assert_eq!(world.admin.found("Patient?town=leiden").len(), 2);
    // Once it is there, what it cannot be read from is refused.
    world.admin.delete(&place(&town)).expect(204);
    world.admin.delete(&place(&stored)).expect(204);
    for patient in world.admin.search("Patient") {
        world.admin.delete(&place(&patient)).expect(204);
    }
    defined(&world.admin, &single);
    world.admin.post("Patient", &two).refused(422, "processing");
});

on_both!(what_costs_too_much_fails, |world| {
    let many: Vec<Value> = (0..400).map(|number| json!({"city": format!("City {number}")})).collect();
    let stored = world.admin.create(&json!({"resourceType": "Patient", "address": many}));
    let costly = "Patient.address.where(%resource.address.where(city = 'x').exists().not()).city";
    let made = world.admin.create(&parameter("Patient", "costly", "string", costly));
    settled(&world.admin, &made, "failed");
    let wide = world.admin.create(&parameter(
        "Patient",
        "wide",
        "string",
        "Patient.address.repeat($this | children())",
    ));
    until("it is decided", || status(&world.admin, &wide)["state"] != "indexing");
    world.admin.update(&with(stored, json!({"active": true})));
});

on_both!(one_that_is_expunged_is_gone_too, |world| {
    let made = defined(&world.admin, &town());
    let asked = json!({"resourceType": "Parameters", "parameter": [{"name": "expungeEverything", "valueBoolean": true}]});
    world.admin.post(&format!("{}/$expunge", place(&made)), &asked).expect(200);
    world.admin.get(&place(&made)).expect(404);
    world.admin.get("Patient?town=utrecht").refused(400, "not-supported");
    defined(&world.admin, &town());
});
