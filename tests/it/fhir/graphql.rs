//! `$graphql`: reads, lists and references: <https://hl7.org/fhir/R4/graphql.html>.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::batch::{bundle, get, post, status};
use crate::client::{Answer, Client, id, place};
use crate::sample::{organization, patient, with};

pub fn ask(client: &Client, query: &str) -> Answer {
    client.call("POST", "$graphql").body("application/json", json!({ "query": query }).to_string()).send()
}

/// The data of a query that must go well.
#[track_caller]
pub fn data(client: &Client, query: &str) -> Value {
    let answer = ask(client, query).expect(200).json();
    assert!(answer.get("errors").is_none(), "{query}: {answer}");
    answer["data"].clone()
}

/// The first error of a query that is carried out.
#[track_caller]
pub fn error(client: &Client, query: &str) -> Value {
    let answer = ask(client, query).expect(200).json();
    assert!(answer["errors"][0]["message"].is_string(), "{query}: {answer}");
    let error = answer["errors"][0].clone();
    assert_eq!(error["extensions"]["resource"]["issue"][0]["details"]["text"], error["message"]);
    assert_eq!(error["extensions"]["resource"]["issue"][0]["code"], error["extensions"]["code"]);
    error
}

/// The first error of a query that is refused before anything is read.
#[track_caller]
pub fn refused(client: &Client, query: &str) -> Value {
    let answer = ask(client, query).expect(400).json();
    assert!(answer.get("data").is_none(), "{query}: {answer}");
    assert!(answer["errors"][0]["message"].is_string(), "{query}: {answer}");
    answer["errors"][0].clone()
}

/// Queries at a place, and the data that each comes to.
#[track_caller]
pub fn table(client: &Client, place: &str, rows: &[(&str, Value)]) {
    for (query, expected) in rows {
        let answer = client.post(place, &json!({ "query": query })).expect(200).json();
        assert_eq!(answer, json!({ "data": expected }), "{query}");
    }
}

fn ada() -> Value {
    json!({
        "resourceType": "Patient", "active": true, "gender": "female", "birthDate": "1815-12-10",
        "name": [
            {"use": "official", "family": "Lovelace", "given": ["Augusta", "Ada"]},
            {"use": "maiden", "family": "Byron", "given": ["Ada"]},
            {"use": "nickname", "given": ["Enchantress"]}
        ]
    })
}

on_both!(a_resource_is_read_by_its_id, |world| {
    let stored = world.admin.create(&ada());
    let found = data(
        &world.admin,
        &format!(
            "{{ Patient(id: \"{}\") {{ __typename resourceType id active birthDate name {{ family given }} }} }}",
            id(&stored)
        ),
    );
    assert_eq!(
        found["Patient"],
        json!({
            "__typename": "Patient", "resourceType": "Patient", "id": id(&stored), "active": true,
            "birthDate": "1815-12-10",
            "name": [
                {"family": "Lovelace", "given": ["Augusta", "Ada"]},
                {"family": "Byron", "given": ["Ada"]},
                {"family": null, "given": ["Enchantress"]}
            ]
        })
    );
});

on_both!(what_is_not_there_is_null_and_an_error, |world| {
    let query = "{ a: Patient(id: none) { id } b: Patient(id: \"no id\") { id } c: PatientList { id } }";
    let answer = ask(&world.admin, query).expect(200).json();
    assert_eq!(answer["data"], json!({"a": null, "b": null, "c": []}));
    assert_eq!(answer["errors"][0]["path"], json!(["a"]));
    assert_eq!(answer["errors"][0]["locations"], json!([{"line": 1, "column": 3}]));
    assert_eq!(answer["errors"][0]["extensions"]["code"], "not-found");
    assert_eq!(answer["errors"][1]["path"], json!(["b"]));
    assert!(answer["errors"][2].is_null());
});

on_both!(a_list_takes_search_parameters, |world| {
    let stored = world.admin.create(&ada());
    world.admin.create(&with(patient("Hopper", "Grace"), json!({"birthDate": "1906-12-09"})));
    world.admin.create(&patient("Comma, Inc", "X"));
    for (arguments, expected) in [
        ("name: \"lovelace\"", 1),
        ("name: [\"lovelace\", \"hopper\"]", 2),
        ("birthdate: \"ge1900\"", 1),
        ("birthdate: [\"1815-12-10\", \"1906-12-09\"]", 2),
        ("gender: female", 1),
        ("active: true", 1),
        ("family: \"comma, inc\"", 1),
        ("family: \"hopper,lovelace\"", 0),
        ("_count: 2", 2),
        ("_count: 0", 0),
        ("fhirpath: \"birthDate < @1900-01-01\"", 1),
        ("_sort: \"-birthdate\", _count: 1", 1),
    ] {
        let found = data(&world.admin, &format!("{{ PatientList({arguments}) {{ id }} }}"));
        assert_eq!(found["PatientList"].as_array().expect("a list").len(), expected, "{arguments}");
    }
    let found = data(&world.admin, &format!("{{ PatientList(_id: [{:?}, none]) {{ id }} }}", id(&stored)));
    assert_eq!(found["PatientList"], json!([{"id": id(&stored)}]));
});

on_both!(a_list_that_cannot_be_whole_is_refused, |config| config.max_page = 3, |world| {
    for number in 0..4 {
        world.admin.create(&patient("A", &number.to_string()));
    }
    let told = error(&world.admin, "{ PatientList { id } }");
    assert_eq!(told["extensions"]["code"], "too-costly");
    refused(&world.admin, "{ PatientList(_count: 4) { id } }");
    assert_eq!(
        data(&world.admin, "{ PatientList(_count: 3) { id } }")["PatientList"].as_array().map(Vec::len),
        Some(3)
    );
});

on_both!(elements_of_a_list_are_chosen, |world| {
    let stored = world.admin.create(&ada());
    let name = |arguments: &str| {
        let query = format!("{{ Patient(id: {:?}) {{ name{arguments} {{ use }} }} }}", id(&stored));
        let found = data(&world.admin, &query)["Patient"]["name"].clone();
        found.as_array().expect("a list").iter().map(|one| one["use"].clone()).collect::<Value>()
    };
    assert_eq!(name("(use: official)"), json!(["official"]));
    assert_eq!(name("(use: \"maiden\")"), json!(["maiden"]));
    assert_eq!(name("(use: official, family: \"Byron\")"), json!([]));
    assert_eq!(name("(fhirpath: \"family.exists()\")"), json!(["official", "maiden"]));
    assert_eq!(name("(fhirpath: \"$index = 1\")"), json!(["maiden"]));
    assert_eq!(name("(_offset: 1)"), json!(["maiden", "nickname"]));
    assert_eq!(name("(_offset: 1, _count: 1)"), json!(["maiden"]));
    assert_eq!(name("(fhirpath: \"family.exists()\", _offset: 1)"), json!(["maiden"]));
    assert_eq!(name("(_count: 0)"), json!([]));
});

on_both!(references_are_followed, |world| {
    let clinic = world.admin.create(&organization("Clinic"));
    let stored = world.admin.create(&with(
        patient("Lovelace", "Ada"),
        json!({"managingOrganization": {"reference": place(&clinic)}}),
    ));
    let of = |fields: &str| {
        format!("{{ Patient(id: {:?}) {{ managingOrganization {{ {fields} }} }} }}", id(&stored))
    };
    let found = data(&world.admin, &of("reference resource { name }"));
    assert_eq!(
        found["Patient"]["managingOrganization"],
        json!({"reference": place(&clinic), "resource": {"name": "Clinic"}})
    );
    let found = data(
        &world.admin,
        &of("a: resource(type: Organization) { id } b: resource(type: Patient) { birthDate }"),
    );
    assert_eq!(found["Patient"]["managingOrganization"], json!({"a": {"id": id(&clinic)}, "b": null}));
    // As the standard has it: of two with one name, only one can be there.
    let found = data(
        &world.admin,
        &of("resource(type: Patient) { birthDate } resource(type: Organization) { name }"),
    );
    assert_eq!(found["Patient"]["managingOrganization"], json!({"resource": {"name": "Clinic"}}));
});

on_both!(a_reference_of_several_types_is_told_apart_by_fragments, |world| {
    let clinic = world.admin.create(&organization("Clinic"));
    let doctor = world.admin.create(&json!({"resourceType": "Practitioner", "name": [{"family": "House"}]}));
    let stored = world.admin.create(&with(
        patient("Lovelace", "Ada"),
        json!({"generalPractitioner": [{"reference": place(&doctor)}, {"reference": place(&clinic)}]}),
    ));
    let query = "query($id: ID!) { Patient(id: $id) { generalPractitioner { resource {
        __typename id
        ... on Practitioner { name { family } }
        ...clinic
    } } } }
    fragment clinic on Organization { title: name }";
    let sent = json!({"query": query, "variables": {"id": id(&stored)}});
    let answer = world.admin.post("$graphql", &sent).expect(200).json();
    assert_eq!(
        answer,
        json!({"data": {"Patient": {"generalPractitioner": [
            {"resource": {"__typename": "Practitioner", "id": id(&doctor), "name": [{"family": "House"}]}},
            {"resource": {"__typename": "Organization", "id": id(&clinic), "title": "Clinic"}}
        ]}}})
    );
    let told = refused(&world.admin, "{ PatientList { generalPractitioner { resource { name } } } }");
    assert!(told["message"].as_str().is_some_and(|text| text.contains("... on ")), "{told}");
});

on_both!(a_reference_that_leads_nowhere_is_an_error_unless_optional, |world| {
    let stored = world.admin.create(&with(
        patient("Lovelace", "Ada"),
        json!({"generalPractitioner": [
            {"reference": "https://elsewhere.example/Practitioner/1"}, {"display": "House"}
        ]}),
    ));
    let query =
        format!("{{ Patient(id: {:?}) {{ generalPractitioner {{ resource {{ id }} }} }} }}", id(&stored));
    let answer = ask(&world.admin, &query).expect(200).json();
    assert_eq!(
        answer["data"]["Patient"]["generalPractitioner"],
        json!([{"resource": null}, {"resource": null}])
    );
    assert_eq!(answer["errors"].as_array().map(Vec::len), Some(2));
    assert_eq!(answer["errors"][1]["path"], json!(["Patient", "generalPractitioner", 1, "resource"]));
    let query = query.replace("resource {", "resource(optional: true) {");
    assert_eq!(
        data(&world.admin, &query)["Patient"]["generalPractitioner"],
        json!([{"resource": null}, {"resource": null}])
    );
});

on_both!(contained_resources_are_followed, |world| {
    let stored = world.admin.create(&json!({
        "resourceType": "Patient",
        "contained": [{"resourceType": "Organization", "id": "o", "name": "Inside"}],
        "managingOrganization": {"reference": "#o"}
    }));
    let query = format!(
        "{{ Patient(id: {:?}) {{ contained {{ id ... on Organization {{ name }} }} managingOrganization {{ resource {{ name }} }} }} }}",
        id(&stored)
    );
    assert_eq!(
        data(&world.admin, &query)["Patient"],
        json!({
            "contained": [{"id": "o", "name": "Inside"}],
            "managingOrganization": {"resource": {"name": "Inside"}}
        })
    );
});

on_both!(what_refers_to_a_resource_is_found_within_it, |world| {
    let clinic = world.admin.create(&organization("Clinic"));
    let managed = |given: &str| {
        with(patient("X", given), json!({"managingOrganization": {"reference": place(&clinic)}}))
    };
    let (first, second) = (world.admin.create(&managed("A")), world.admin.create(&managed("B")));
    world.admin.create(&patient("X", "C"));
    let query = format!(
        "{{ Organization(id: {:?}) {{ name PatientList(_reference: organization, _sort: \"_id\") {{ id }}
            some: PatientConnection(_reference: organization, given: \"B\") {{ count edges {{ resource {{ id }} }} }} }} }}",
        id(&clinic)
    );
    let mut ids = [id(&first), id(&second)];
    ids.sort();
    assert_eq!(
        data(&world.admin, &query)["Organization"],
        json!({
            "name": "Clinic",
            "PatientList": ids.iter().map(|id| json!({"id": id})).collect::<Vec<_>>(),
            "some": {"count": 1, "edges": [{"resource": {"id": id(&second)}}]}
        })
    );
    for wrong in [
        "PatientList { id }",
        "PatientList(_reference: name) { id }",
        "PatientList(_reference: link) { id }",
        "PatientList(_reference: organization, _id: 1) { id }",
        "OrganizationList(_reference: endpoint) { id }",
        "PatientConnection(_reference: organization, _cursor: \"x\") { count }",
    ] {
        refused(&world.admin, &format!("{{ OrganizationList {{ {wrong} }} }}"));
    }
});

on_both!(a_query_on_a_resource_begins_in_it, |world| {
    let clinic = world.admin.create(&organization("Clinic"));
    let stored = world.admin.create(&with(
        patient("Lovelace", "Ada"),
        json!({"managingOrganization": {"reference": place(&clinic)}}),
    ));
    let there = format!("{}/$graphql", place(&stored));
    let query = "{id name{family} managingOrganization{resource{name}}}";
    let expected = json!({"data": {
        "id": id(&stored), "name": [{"family": "Lovelace"}], "managingOrganization": {"resource": {"name": "Clinic"}}
    }});
    let encoded: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
    let answer = world.admin.get(&format!("{there}?query={encoded}")).expect(200);
    assert_eq!(answer.header("Content-Type"), Some("application/json; charset=utf-8"));
    assert_eq!(answer.json(), expected);
    assert_eq!(world.admin.post(&there, &json!({"query": query})).expect(200).json(), expected);
    let answer = world.admin.call("POST", &there).body("application/graphql", query).send();
    assert_eq!(answer.expect(200).json(), expected);
    let inside = format!("{}/$graphql", place(&clinic));
    let answer =
        world.admin.post(&inside, &json!({"query": "{ PatientList(_reference: organization) { id } }"}));
    assert_eq!(answer.expect(200).json(), json!({"data": {"PatientList": [{"id": id(&stored)}]}}));

    world.admin.post("Patient/none/$graphql", &json!({"query": "{ id }"})).expect(404);
    world.admin.post("Nothing/none/$graphql", &json!({"query": "{ id }"})).expect(404);
    world.admin.delete(&place(&stored)).expect(204);
    let answer = world.admin.post(&there, &json!({"query": "{ id }"})).expect(410).json();
    assert_eq!(answer["errors"][0]["extensions"]["code"], "deleted");
});

on_both!(a_list_resource_chooses_what_is_in_it, |world| {
    let inside = world.admin.create(&patient("A", "B"));
    world.admin.create(&patient("A", "C"));
    let list = world.admin.create(&json!({
        "resourceType": "List", "status": "current", "mode": "working",
        "entry": [{"item": {"reference": place(&inside)}}]
    }));
    let query = format!("{{ PatientList(_list: {:?}, family: \"a\") {{ id }} }}", id(&list));
    assert_eq!(data(&world.admin, &query)["PatientList"], json!([{"id": id(&inside)}]));
});

on_both!(a_batch_takes_queries_and_answers_in_binaries, |world| {
    let stored = world.admin.create(&patient("A", "B"));
    let there = format!("{}/$graphql", place(&stored));
    let parameters = |query: &str| json!({"resourceType": "Parameters", "parameter": [{"name": "query", "valueString": query}]});
    let entries = json!([
        get(&format!("{there}?query=%7Bid%7D")),
        post("$graphql", &parameters("{ PatientList { id } }")),
        post(&there, &parameters("{ nothing }")),
    ]);
    let answer = world.admin.post("", &bundle("batch", &entries)).expect(200).json();
    let told: Vec<Value> = answer["entry"]
        .as_array()
        .expect("entries")
        .iter()
        .map(|entry| {
            assert_eq!(entry["resource"]["contentType"], "application/json");
            let data = entry["resource"]["data"].as_str().expect("data");
            serde_json::from_slice(&BASE64_STANDARD.decode(data).expect("base64")).expect("JSON")
        })
        .collect();
    assert_eq!(told[0], json!({"data": {"id": id(&stored)}}));
    assert_eq!(told[1], json!({"data": {"PatientList": [{"id": id(&stored)}]}}));
    assert_eq!(status(&answer["entry"][2]), "400");
    assert_eq!(answer["entry"][2]["response"]["outcome"]["issue"][0]["code"], "not-supported");
});

on_both!(a_filter_says_what_arguments_cannot, |world| {
    let stored = world.admin.create(&ada());
    world.admin.create(&with(patient("Lovelace", "Grace"), json!({"gender": "male"})));
    for (arguments, expected) in [
        ("_filter: \"name eq lovelace and gender eq female\"", json!([{"id": id(&stored)}])),
        ("family: \"lovelace\", _filter: \"birthdate lt 1900-01-01\"", json!([{"id": id(&stored)}])),
        ("_filter: \"given eq nobody\"", json!([])),
    ] {
        assert_eq!(
            data(&world.admin, &format!("{{ PatientList({arguments}) {{ id }} }}"))["PatientList"],
            expected
        );
    }
    refused(&world.admin, "{ PatientList(_filter: \"name eq\") { id } }");
});
