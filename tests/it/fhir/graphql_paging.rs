//! Connections of `$graphql`: <https://hl7.org/fhir/R4/graphql.html#searching>.

use serde_json::{Value, json};

use super::graphql::{ask, data, refused};
use crate::client::{Client, id};
use crate::sample::patient;

const FIELDS: &str = "count offset pagesize first previous next last edges { mode score resource { id } }";

fn page(client: &Client, arguments: &str) -> Value {
    data(client, &format!("{{ PatientConnection{arguments} {{ {FIELDS} }} }}"))["PatientConnection"].clone()
}

fn ids(page: &Value) -> Vec<String> {
    let edges = page["edges"].as_array().expect("edges");
    edges.iter().map(|edge| edge["resource"]["id"].as_str().expect("an id").to_owned()).collect()
}

fn turn(client: &Client, cursor: &Value) -> Value {
    page(client, &format!("(_cursor: {cursor})"))
}

on_both!(pages_lead_from_one_to_the_next_and_back, |world| {
    let mut all: Vec<String> =
        (0..7).map(|number| id(&world.admin.create(&patient("Same", &format!("N{number}"))))).collect();
    all.reverse();
    world.admin.create(&patient("Other", "X"));
    let first = page(&world.admin, "(family: \"same\", _sort: \"-given\", _count: 3)");
    assert_eq!(ids(&first), all[..3]);
    assert_eq!(
        json!([first["count"], first["offset"], first["pagesize"], first["previous"], first["last"]]),
        json!([7, 0, 3, null, null])
    );
    assert_eq!(first["edges"][0]["mode"], "match");
    assert_eq!(first["edges"][0]["score"], Value::Null);
    let second = turn(&world.admin, &first["next"]);
    assert_eq!((ids(&second), &second["offset"]), (all[3..6].to_vec(), &json!(3)));
    let third = turn(&world.admin, &second["next"]);
    assert_eq!((ids(&third), &third["offset"]), (all[6..].to_vec(), &json!(6)));
    assert_eq!((&third["next"], &third["count"]), (&Value::Null, &json!(7)));
    let back = turn(&world.admin, &third["previous"]);
    assert_eq!((ids(&back), &back["offset"]), (all[3..6].to_vec(), &json!(3)));
    assert_eq!(ids(&turn(&world.admin, &back["first"])), all[..3]);
    // The other name of the argument, as the examples of the standard have it.
    assert_eq!(ids(&page(&world.admin, &format!("(cursor: {})", first["next"]))), all[3..6]);
});

on_both!(a_total_is_counted_where_it_is_asked_for, |world| {
    world.admin.create(&patient("A", "B"));
    let found = data(&world.admin, "{ PatientConnection { pagesize } }");
    assert_eq!(found["PatientConnection"], json!({"pagesize": 20}));
    let found = data(&world.admin, "{ PatientConnection(_count: 0) { all: count edges { mode } } }");
    assert_eq!(found["PatientConnection"], json!({"all": 1, "edges": []}));
});

on_both!(an_expression_goes_with_the_cursor, |world| {
    for number in 0..4 {
        world.admin.create(&patient(if number % 2 == 0 { "Even" } else { "Odd" }, &number.to_string()));
    }
    let first = page(&world.admin, "(_sort: given, _count: 2, fhirpath: \"name.family = 'Even'\")");
    assert_eq!(ids(&first).len(), 1);
    assert_eq!(ids(&turn(&world.admin, &first["next"])).len(), 1);
});

on_both!(a_cursor_stands_alone_and_for_its_own_search, |world| {
    for number in 0..3 {
        world.admin.create(&patient("A", &number.to_string()));
    }
    let next = page(&world.admin, "(family: \"a\", _count: 1)")["next"].clone();
    for wrong in [
        format!("{{ PatientConnection(_cursor: {next}, family: \"a\") {{ count }} }}"),
        format!("{{ PatientConnection(_cursor: {next}, _count: 5) {{ count }} }}"),
        format!("{{ OrganizationConnection(_cursor: {next}) {{ count }} }}"),
        format!("{{ PatientList(_cursor: {next}) {{ id }} }}"),
        "{ PatientConnection(_cursor: \"none\") { count } }".to_owned(),
        "{ PatientConnection(_cursor: \"\") { count } }".to_owned(),
    ] {
        refused(&world.admin, &wrong);
    }
    // It is no key: whoever else has it sees what is his.
    let found = turn(&world.stranger, &next);
    assert_eq!((ids(&found), &found["count"]), (Vec::new(), &json!(0)));
    let answer =
        ask(&world.member, &format!("{{ PatientConnection(_cursor: {next}) {{ count }} }}")).expect(200);
    assert_eq!(answer.json()["errors"][0]["extensions"]["code"], "forbidden");
});

on_both!(a_page_of_what_refers_to_a_resource_is_turned_at_the_root, |world| {
    let clinic = world.admin.create(&json!({"resourceType": "Organization", "name": "Clinic"}));
    let reference = format!("Organization/{}", id(&clinic));
    for number in 0..3 {
        let mut one = patient("A", &number.to_string());
        one["managingOrganization"] = json!({"reference": reference});
        world.admin.create(&one);
        world.admin.create(&patient("B", &number.to_string()));
    }
    let query = format!(
        "{{ Organization(id: {:?}) {{ PatientConnection(_reference: organization, _count: 2) {{ {FIELDS} }} }} }}",
        id(&clinic)
    );
    let first = data(&world.admin, &query)["Organization"]["PatientConnection"].clone();
    let second = turn(&world.admin, &first["next"]);
    assert_eq!((ids(&first).len(), ids(&second).len(), &second["count"]), (2, 1, &json!(3)));
});
