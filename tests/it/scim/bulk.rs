//! Bulk: <https://www.rfc-editor.org/rfc/rfc7644#section-3.7>, with its examples of bulkIds, circular ones too.

use serde_json::{Value, json};

use super::{PATCH, Scim, USER, refused, text};
use crate::client::Answer;

fn bulk(scim: &Scim, operations: Value, most: Option<u64>) -> Answer {
    let mut message =
        json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": operations });
    if let Some(most) = most {
        message["failOnErrors"] = json!(most);
    }
    scim.send("POST", "/Bulk", &message)
}

fn post(kind: &str, bulk_id: &str, data: Value) -> Value {
    json!({ "method": "POST", "path": format!("/{kind}"), "bulkId": bulk_id, "data": data })
}

fn statuses(answer: &Value) -> Vec<&str> {
    let all = answer["Operations"].as_array().expect("operations");
    all.iter().map(|one| one["status"].as_str().expect("a status is a text")).collect()
}

on_both!(operations_name_each_other_in_any_order, |world| {
    let scim = Scim::of(world);
    let old = scim.user("old", &json!({}));
    let old_place = format!("/Users/{}", text(&old, "id"));
    let answer = bulk(
        &scim,
        json!([
            post("Groups", "first", json!({ "displayName": "First", "members": [{ "value": "bulkId:second", "type": "Group" }, { "value": "bulkId:alice" }] })),
            post("Groups", "second", json!({ "displayName": "Second", "members": [{ "value": "bulkId:first", "type": "Group" }] })),
            post("Users", "alice", json!({ "schemas": [USER], "userName": "Alice" })),
            { "method": "PATCH", "path": "/Users/bulkId:alice", "data": { "schemas": [PATCH], "Operations": [{ "op": "add", "path": "title", "value": "Dr" }] } },
            { "method": "put", "path": old_place, "version": old["meta"]["version"], "data": { "userName": "older" } },
            { "method": "DELETE", "path": old_place },
            post("Users", "again", json!({ "userName": "alice" })),
            post("Groups", "lost", json!({ "displayName": "Lost", "members": [{ "value": "bulkId:again" }] })),
            { "method": "PATCH", "path": "/Users/none", "data": {} },
            { "method": "DELETE", "path": "/Nothing/1" },
        ]),
        None,
    );
    let answer = answer.expect(200).json();
    assert_eq!(answer["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:BulkResponse"]));
    assert_eq!(
        statuses(&answer),
        ["201", "201", "201", "200", "200", "204", "409", "400", "400", "404"],
        "{answer}"
    );
    assert_eq!(answer["Operations"][6]["response"]["scimType"], "uniqueness");
    let at = |place: usize| {
        let location = text(&answer["Operations"][place], "location").to_owned();
        scim.client.get(&location).expect(200).json()
    };
    let (first, second, alice) = (at(0), at(1), at(2));
    assert_eq!(first["members"].as_array().map(Vec::len), Some(2));
    assert_eq!(first["meta"]["version"], answer["Operations"][0]["version"]);
    assert_eq!(second["members"][0]["value"], first["id"]);
    assert_eq!((&alice["title"], &alice["groups"][0]["display"]), (&json!("Dr"), &json!("First")));
});

on_both!(it_stops_when_too_much_has_failed, |world| {
    let scim = Scim::of(world);
    let operations = json!([
        post("Users", "a", json!({ "userName": "a" })),
        post("Users", "b", json!({})),
        post("Users", "c", json!({})),
        post("Users", "d", json!({ "userName": "d" })),
    ]);
    let answer = bulk(&scim, operations, Some(2)).expect(200).json();
    assert_eq!(statuses(&answer), ["201", "400", "400"]);
    assert_eq!(scim.found("userName eq \"a\" or userName eq \"d\""), ["a"]);
});

on_both!(too_much_and_nonsense_are_refused_as_a_whole, |world| {
    let scim = Scim::of(world);
    let many: Vec<Value> = (0..1001).map(|number| post("Users", &number.to_string(), json!({}))).collect();
    refused(bulk(&scim, Value::Array(many), None), 413, None);
    let large = "x".repeat(8 * 1024 * 1024);
    refused(bulk(&scim, json!([post("Users", "x", json!({ "userName": large }))]), None), 413, None);
    refused(bulk(&scim, json!([{ "method": "GET", "path": "/Users" }]), None), 400, Some("invalidSyntax"));
    refused(
        bulk(&scim, json!([{ "method": "POST", "path": "/Users", "data": {} }]), None),
        400,
        Some("invalidValue"),
    );
    let twice = json!([post("Users", "x", json!({})), post("Users", "x", json!({}))]);
    refused(bulk(&scim, twice, None), 400, Some("invalidValue"));
    let unknown =
        json!([post("Groups", "g", json!({ "displayName": "G", "members": [{ "value": "bulkId:none" }] }))]);
    assert_eq!(statuses(&bulk(&scim, unknown, None).expect(200).json()), ["400"]);
});
