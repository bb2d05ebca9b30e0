//! What is not there, and what is not allowed: <https://hl7.org/fhir/R4/http.html#Status-Codes>.

use crate::client::place;
use crate::sample::patient;

on_both!(an_unknown_type_is_not_found, |world| {
    for place in [
        "NoSuchType",
        "NoSuchType/1",
        "NoSuchType?name=x",
        "patient",
        "patient/1",
        "NoSuchType/1/_history",
        "Resource",
        "HumanName",
    ] {
        let answer = world.admin.get(place);
        assert_eq!(answer.status, 404, "{place}: {}", answer.text());
        answer.issues();
    }
    world.admin.post("NoSuchType", &patient("A", "B")).expect(404).issues();
    world.admin.put("NoSuchType/1", &patient("A", "B")).expect(404).issues();
    world.admin.delete("NoSuchType/1").expect(404).issues();
});

on_both!(a_type_of_the_servers_own_is_not_served, |world| {
    for place in ["JsonWebKey", "JsonWebKey/1"] {
        let answer = world.super_admin.get(place);
        assert_eq!(answer.status, 404, "{place}: {}", answer.text());
    }
});

on_both!(a_verb_that_a_place_does_not_have_is_named_with_those_it_has, |world| {
    for (method, place) in [("POST", "Patient/1"), ("PUT", "Patient/1/_history"), ("DELETE", "metadata")] {
        let call = world.admin.call(method, place);
        let answer = if method == "DELETE" { call.send() } else { call.json(&patient("A", "B")).send() };
        assert_eq!(answer.status, 405, "{method} {place}: {}", answer.text());
        assert!(answer.header("Allow").is_some_and(|verbs| !verbs.is_empty()), "{method} {place}");
    }
    // These have a meaning with a condition.
    for method in ["PUT", "PATCH"] {
        world.admin.call(method, "Patient").json(&patient("A", "B")).send().refused(400, "required");
    }
    world.admin.delete("Patient").refused(400, "required");
});

on_both!(an_unknown_operation_is_refused, |world| {
    for place in ["Patient/$nonsense", "$nonsense", "$export", "Patient/$export", "Patient/1/$nonsense"] {
        world.admin.get(place).refused(501, "not-supported");
        world.admin.post(place, &patient("A", "B")).refused(501, "not-supported");
    }
});

on_both!(a_fault_tells_nothing_of_the_machine, |world| {
    for place in ["Patient/none", "Patient?nonsense=1", "NoSuchType"] {
        let text = world.admin.get(place).text().to_lowercase();
        for told in ["sqlite", "postgres", "diesel", "select ", "/src/", "panicked"] {
            assert!(!text.contains(told), "{place}: {text}");
        }
    }
});

on_both!(a_parameter_in_the_address_of_a_write_is_not_passed_over, |world| {
    let stored = world.admin.create(&patient("A", "B"));
    let place = place(&stored);
    for (method, address) in [
        ("POST", "Patient?identifier=x".to_owned()),
        ("PUT", format!("{place}?family=x")),
        ("PATCH", format!("{place}?family=x")),
        ("DELETE", format!("{place}?family=x")),
        ("POST", "/fhir/R4?family=x".to_owned()),
    ] {
        let call = world.admin.call(method, &address);
        let answer = if method == "DELETE" { call.send() } else { call.json(&stored).send() };
        let name = if address.contains("identifier") { "identifier" } else { "family" };
        answer.refused(400, "not-supported").at(name);
    }
    assert_eq!(world.admin.search("Patient").len(), 1);
    let pretty =
        world.admin.call("POST", "Patient?_format=json&_pretty=true").json(&patient("C", "D")).send();
    assert!(pretty.expect(201).text().lines().count() > 5);
});
