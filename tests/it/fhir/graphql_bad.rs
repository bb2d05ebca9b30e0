//! Queries that are none, or too much: <https://hl7.org/fhir/R4/graphql.html#errors>,
//! <https://spec.graphql.org/October2021/#sec-Validation>.

use serde_json::{Value, json};

use super::graphql::{ask, error, refused};
use crate::client::{id, place};
use crate::sample::{organization, patient, with};

on_both!(what_is_no_query_is_refused_with_a_reason, |world| {
    for query in [
        "",
        " ",
        "{",
        "{}",
        "}",
        "{ PatientList { id }",
        "{ PatientList( { id } }",
        "query",
        "fragment a on Patient { id }",
        "# nothing",
        "{ PatientList { id } } { PatientList { id } }",
        "\u{0}",
        "{ PatientList(name: \"\\u00\") { id } }",
        "{ PatientList(_id: 99999999999999999999999999999e99999999) { id } }",
        "{ PatientList { id } } extend type Patient { x: Int }",
    ] {
        let told = refused(&world.admin, query);
        assert_eq!(told["extensions"]["resource"]["resourceType"], "OperationOutcome");
    }
});

on_both!(what_the_schema_has_not_is_refused, |world| {
    for query in [
        "{ Nothing { id } }",
        "{ patientList { id } }",
        "{ JsonWebKeyList { id } }",
        "{ PatientList { nothing } }",
        "{ PatientList { name } }",
        "{ PatientList { id { x } } }",
        "{ PatientList }",
        "{ PatientList(nothing: 1) { id } }",
        "{ PatientList(name: 1) { id } }",
        "{ PatientList(name: {a: 1}) { id } }",
        "{ PatientList(name: \"\") { id } }",
        "{ PatientList(name: \"a\", name: \"b\") { id } }",
        "{ PatientList(birthdate: \"yesterday\") { id } }",
        "{ PatientList(_sort: \"nothing\") { id } }",
        "{ PatientList(_count: -1) { id } }",
        "{ PatientList(_count: 1.5) { id } }",
        "{ PatientList(_count: \"1\") { id } }",
        "{ PatientList(_offset: 1) { id } }",
        "{ PatientList(_include: \"Patient:link\") { id } }",
        "{ PatientList(_reference: patient) { id } }",
        "{ PatientList(fhirpath: \"(\") { id } }",
        "{ PatientList(fhirpath: \"nothing()\") { id } }",
        "{ Patient { id } }",
        "{ Patient(id: null) { id } }",
        "{ Patient(id: [1]) { id } }",
        "{ Patient(id: 1, name: \"x\") { id } }",
        "{ PatientList { name(_count: -1) { use } } }",
        "{ PatientList { name(nothing: 1) { use } } }",
        "{ PatientList { name(use: true) { use } } }",
        "{ PatientList { birthDate(_count: 1) } }",
        "{ PatientList { managingOrganization { resource(type: Nothing) { id } } } }",
        "{ PatientList { managingOrganization { resource(optional: 1) { id } } } }",
        "{ PatientList { ... on Nothing { id } } }",
        "{ PatientList { name { ... on Patient { id } } } }",
        "{ PatientList { ...nothing } }",
        "{ PatientList { ...a } } fragment a on Patient { ...b } fragment b on Patient { ...a }",
        "{ PatientList { id } } fragment a on Patient { id }",
        "{ PatientList { a: id a: birthDate } }",
        "{ PatientList { name { use } name(use: old) { use } } }",
        "{ a: PatientList { name { x: use } } a: PatientList { name { x: text } } }",
        "{ PatientList(name: $x) { id } }",
        "query ($x: String) { PatientList { id } }",
        "query ($x: Nothing) { PatientList(name: $x) { id } }",
        "query ($x: String!) { PatientList(name: $x) { id } }",
        "query ($x: Int = \"a\") { PatientList(_count: $x) { id } }",
        "query ($x: String, $x: String) { PatientList(name: $x) { id } }",
        "query a { PatientList { id } } query b { PatientList { id } }",
        "mutation { PatientDelete(id: 1) { id } }",
        "subscription { PatientList { id } }",
    ] {
        refused(&world.admin, query);
    }
});

on_both!(every_reason_is_told_at_its_place, |world| {
    let query = "{\n  PatientList(nothing: 1) {\n    x\n    y\n  }\n}";
    let answer = ask(&world.admin, query).expect(400).json();
    let places: Vec<&Value> =
        answer["errors"].as_array().expect("errors").iter().map(|one| &one["locations"][0]).collect();
    let place = |line: u32, column: u32| json!({"line": line, "column": column});
    assert_eq!(places, [&place(2, 15), &place(3, 5), &place(4, 5)]);
});

on_both!(a_request_takes_every_form_that_is_offered, |world| {
    let stored = world.admin.create(&patient("Lovelace", "Ada"));
    let expected = json!({"data": {"Patient": {"id": id(&stored)}}});
    let query = "query one($id: ID!) { Patient(id: $id) { id } } query two { __typename }";
    let variables = json!({"id": id(&stored)});
    let admin = &world.admin;
    let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let address =
        format!("query={}&variables={}&operationName=one", encoded(query), encoded(&variables.to_string()));
    assert_eq!(admin.get(&format!("$graphql?{address}")).expect(200).json(), expected);
    let body = json!({"query": query, "variables": variables, "operationName": "one", "extensions": {}});
    assert_eq!(admin.post("$graphql", &body).expect(200).json(), expected);
    let rest = format!("$graphql?variables={}&operationName=one", encoded(&variables.to_string()));
    let answer = admin.call("POST", &rest).body("application/graphql; charset=utf-8", query).send();
    assert_eq!(answer.expect(200).json(), expected);
    let body = json!({"resourceType": "Parameters", "parameter": [
        {"name": "query", "valueString": format!("{{ Patient(id: {:?}) {{ id }} }}", id(&stored))}
    ]});
    assert_eq!(admin.post("$graphql", &body).expect(200).json(), expected);
    let pretty = admin.get(&format!("$graphql?{address}&_pretty=true")).expect(200);
    assert!(pretty.text().contains("\n  \"data\""), "{}", pretty.text());
});

on_both!(a_request_in_another_form_is_refused, |world| {
    let admin = &world.admin;
    for body in [
        json!({}),
        json!({"query": null}),
        json!({"query": 1}),
        json!({"query": "{ __typename }", "variables": []}),
        json!({"query": "{ __typename }", "variables": {"x": 1}}),
        json!({"query": "{ __typename }", "operationName": 1}),
        json!({"query": "{ __typename }", "operationName": "x"}),
        json!({"query": "{ __typename }", "nothing": 1}),
        json!({"query": "{ __typename }", "extensions": {"persistedQuery": {}}}),
        json!({"resourceType": "Parameters"}),
        json!({"resourceType": "Parameters", "parameter": [{"name": "other", "valueString": "x"}]}),
        json!([{"query": "{ __typename }"}]),
        json!("{ __typename }"),
    ] {
        let answer = admin.post("$graphql", &body).expect(400).json();
        assert!(answer["errors"][0]["message"].is_string(), "{body}: {answer}");
    }
    for address in [
        "",
        "query=",
        "query=%7B&query=%7B",
        "query=%7B__typename%7D&nothing=1",
        "query=%7B__typename%7D&variables=x",
    ] {
        admin.get(&format!("$graphql?{address}")).expect(400);
    }
    admin.post("$graphql?query=%7B__typename%7D", &json!({"query": "{ __typename }"})).expect(400);
    admin.call("POST", "$graphql").form("query=%7B__typename%7D").send().expect(415);
    admin.call("POST", "$graphql").body("application/graphql", b"\xff".to_vec()).send().expect(400);
    admin.call("POST", "$graphql").body("application/json", "{").send().expect(400);
    admin.call("GET", "$graphql?query=%7B__typename%7D").header("Accept", "text/html").send().expect(406);
});

on_both!(variables_are_what_they_are_declared_to_be, |world| {
    let stored = world.admin.create(&patient("Lovelace", "Ada"));
    let query = "query ($names: [String!] = \"nobody\", $count: Int, $ids: [ID]) {
        PatientList(name: $names, _count: $count, _id: $ids) { id }
    }";
    for (variables, status, found) in [
        (json!({}), 200, 0),
        (json!({"names": ["lovelace", "x"]}), 200, 1),
        (json!({"names": "lovelace"}), 200, 1),
        (json!({"names": null}), 200, 1),
        (json!({"names": "lovelace", "count": null, "ids": null}), 200, 1),
        (json!({"names": "lovelace", "count": 0}), 200, 0),
        (json!({"names": "lovelace", "ids": [id(&stored), 1]}), 200, 1),
        (json!({"names": [null]}), 400, 0),
        (json!({"names": 1}), 400, 0),
        (json!({"names": {"x": 1}}), 400, 0),
        (json!({"count": "1"}), 400, 0),
        (json!({"count": 1.5}), 400, 0),
        (json!({"ids": true}), 400, 0),
    ] {
        let sent = json!({"query": query, "variables": variables});
        let answer = world.admin.post("$graphql", &sent).expect(status).json();
        assert_eq!(
            answer["data"]["PatientList"].as_array().map_or(0, Vec::len),
            found,
            "{variables}: {answer}"
        );
    }
});

on_both!(what_is_too_much_is_refused_before_anything_is_read, |world| {
    let nested =
        |open: &str, close: &str, times: usize| format!("{}id{}", open.repeat(times), close.repeat(times));
    let wide: String = (0..6_000).map(|number| format!("a{number}: id ")).collect();
    let doubling: String = (0..25)
        .map(|number| format!("fragment f{number} on Patient {{ ...f{0} ...f{0} }} ", number + 1))
        .collect();
    let chain: String =
        (0..2_000).map(|number| format!("fragment f{number} on Patient {{ ...f{} }}", number + 1)).collect();
    let searches: String = (0..201).map(|number| format!("a{number}: PatientList {{ id }} ")).collect();
    for query in [
        format!(
            "{{ PatientList {{ {} }} }}",
            nested("link { other { resource { ... on Patient { ", "} } } }", 10)
        ),
        format!("{{ PatientList {{ {} }} }}", nested("... { ", "}", 10_000)),
        format!("{{ PatientList(_id: {}1{}) {{ id }} }}", "[".repeat(10_000), "]".repeat(10_000)),
        format!("{{ PatientList {{ {wide} }} }}"),
        format!("{{ PatientList {{ ...f0 }} }} {doubling} fragment f25 on Patient {{ id }}"),
        format!("{{ PatientList {{ ...f0 }} }} {chain} fragment f2000 on Patient {{ id }}"),
        format!("{{ {searches} }}"),
        "{ PatientList(_count: 500) { PatientList(_reference: link) { id } } }".to_owned(),
        format!("{{ PatientList(name: \"{}\") {{ id }} }}", "x".repeat(70_000)),
        format!("{{ PatientList(fhirpath: \"{}true{}\") {{ id }} }}", "(".repeat(5_000), ")".repeat(5_000)),
    ] {
        let start: String = query.chars().take(60).collect();
        let answer = ask(&world.admin, &query);
        assert_eq!(answer.status, 400, "{start}: {}", answer.text());
    }
});

on_both!(what_the_data_make_too_much_is_refused_while_it_runs, |world| {
    let clinic = world.admin.create(&organization("Clinic"));
    let entries: Vec<Value> = (0..210)
        .map(|number| {
            let one = with(
                patient("A", &number.to_string()),
                json!({"managingOrganization": {"reference": place(&clinic)}}),
            );
            json!({"resource": one, "request": {"method": "POST", "url": "Patient"}})
        })
        .collect();
    let bundle = json!({"resourceType": "Bundle", "type": "transaction", "entry": entries});
    world.admin.post("", &bundle).expect(200);
    let told = refused(&world.admin, "{ PatientList { PatientList(_reference: link) { id } } }");
    assert_eq!(told["extensions"]["code"], "too-costly");
    // One resource is read once, however many refer to it.
    let query = "{ PatientList { managingOrganization { resource { name } } } }";
    let answer = ask(&world.admin, query).expect(200).json();
    assert_eq!(answer["data"]["PatientList"].as_array().map(Vec::len), Some(210));
    assert_eq!(answer["data"]["PatientList"][209]["managingOrganization"]["resource"]["name"], "Clinic");
    let costly = "(1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9).repeat($this | ($this + 1)).count() > 0";
    let told = error(&world.admin, &format!("{{ PatientList(fhirpath: \"{costly}\") {{ id }} }}"));
    assert_eq!(told["extensions"]["code"], "processing");
});
