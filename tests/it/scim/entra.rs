//! What Entra ID sends: capital verbs, booleans as texts, keys with dots and URNs, values that a path names before they
//! are there, members that go by a list.

use serde_json::{Value, json};

use super::{ENTERPRISE, GROUP, Scim, USER, place, refused};

on_both!(entra_provisions_users, |world| {
    let scim = Scim::of(world);
    let probe = "/Users?aadOptscim062020&filter=externalId eq \"1f8f0c1d-2c5a-4a0b-9d6e-0a3b5c7d9e1f\"";
    assert_eq!(scim.get(probe).expect(200).json()["totalResults"], 0);
    let user = scim.create("/Users", &json!({
        "schemas": [USER, ENTERPRISE], "externalId": "jyoung", "userName": "Test_User_ab6490ee@testuser.com", "active": true,
        "addresses": null, "displayName": "lennay", "emails": [{ "type": "work", "value": "lennay@example.com", "primary": true }],
        "meta": { "resourceType": "User" }, "name": { "formatted": "Adrienne", "familyName": "Young", "givenName": "Jo" },
        "roles": [], (ENTERPRISE): { "department": "bob", "manager": "boss" }, "title": ""
    }));
    assert_eq!(user[ENTERPRISE]["manager"]["value"], "boss");
    assert!(user.get("title").is_none());
    let patch = |operations: Value| scim.patch(&place(&user), operations).expect(200).json();
    let shown = patch(json!([
        { "op": "Replace", "path": "emails[type eq \"work\"].value", "value": "updated@example.com" },
        { "op": "Replace", "path": "name.familyName", "value": "Oldman" },
        { "op": "Add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "555-1" },
        { "op": "Add", "path": "addresses[type eq \"work\"].country", "value": "NO" },
        { "op": "Add", "path": format!("{ENTERPRISE}:manager"), "value": "chief" },
        { "op": "Add", "path": "roles[primary eq \"True\"].value", "value": "admin" }
    ]));
    assert_eq!(shown["emails"], json!([{ "value": "updated@example.com", "type": "work", "primary": true }]));
    assert_eq!(shown["phoneNumbers"], json!([{ "value": "555-1", "type": "mobile" }]));
    assert_eq!(shown["addresses"], json!([{ "country": "NO", "type": "work" }]));
    assert_eq!(shown[ENTERPRISE]["manager"]["value"], "chief");
    assert_eq!(shown["roles"], json!([{ "value": "admin", "primary": true }]));
    let shown = patch(json!([{ "op": "Replace", "value": {
        "displayName": "Bjfe", "name.givenName": "Kim", "emails[type eq \"work\"].value": "third@example.com",
        (format!("{ENTERPRISE}:department")): "sales", (format!("{ENTERPRISE}:employeeNumber")): 7
    } }]));
    assert_eq!((&shown["name"]["givenName"], &shown["displayName"]), (&json!("Kim"), &json!("Bjfe")));
    assert_eq!(
        (&shown[ENTERPRISE]["department"], &shown[ENTERPRISE]["employeeNumber"]),
        (&json!("sales"), &json!("7"))
    );
    assert_eq!(shown["emails"][0]["value"], "third@example.com");
    for (word, active) in [("False", false), ("True", true)] {
        let shown = patch(json!([{ "op": "Replace", "path": "active", "value": word }]));
        assert_eq!(shown["active"], active);
    }
    assert_eq!(scim.found("emails[type eq \"work\"].value eq \"third@example.com\"").len(), 1);
    let gone = patch(json!([
        { "op": "Remove", "path": format!("{ENTERPRISE}:manager") }, { "op": "Remove", "path": "emails[type eq \"work\"].value" }
    ]));
    assert!(gone[ENTERPRISE].get("manager").is_none());
    // What nobody knows is told, not swallowed.
    let unknown = json!([{ "op": "Replace", "value": { "displayName": "X", "favouriteColour": "red" } }]);
    refused(scim.patch(&place(&user), unknown), 400, Some("invalidPath"));
    assert_eq!(scim.get(&place(&user)).json()["displayName"], "Bjfe");
    // The validator disables, reads, deletes, and makes the same again.
    patch(json!([{ "op": "Replace", "path": "active", "value": false }]));
    assert_eq!(scim.get(&place(&user)).expect(200).json()["active"], false);
    scim.delete(&place(&user)).expect(204);
    scim.user("Test_User_ab6490ee@testuser.com", &json!({ "externalId": "jyoung" }));
});

on_both!(entra_provisions_groups, |world| {
    let scim = Scim::of(world);
    let (one, two) = (scim.user("one", &json!({})), scim.user("two", &json!({})));
    let group = scim.create("/Groups", &json!({
        "schemas": [GROUP], "externalId": "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159", "displayName": "displayName",
        "meta": { "resourceType": "Group" }
    }));
    assert_eq!(
        scim.get("/Groups?excludedAttributes=members&filter=displayName eq \"displayName\"").json()["totalResults"],
        1
    );
    assert_eq!(
        scim.get("/Groups?filter=externalId eq \"8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159\"").json()["totalResults"],
        1
    );
    let patch = |operations: Value| scim.patch(&place(&group), operations).expect(204);
    let members = || scim.get(&place(&group)).json()["members"].as_array().map_or(0, Vec::len);
    patch(
        json!([{ "op": "Replace", "path": "displayName", "value": "1879db59-3bdf-4490-ad68-ab880a269474updatedDisplayName" }]),
    );
    patch(json!([{ "op": "Add", "path": "members", "value": [{ "$ref": null, "value": one["id"] }] }]));
    patch(
        json!([{ "op": "Add", "path": "members", "value": [{ "value": one["id"] }, { "value": two["id"] }] }]),
    );
    assert_eq!(members(), 2);
    patch(json!([{ "op": "Remove", "path": "members", "value": [{ "$ref": null, "value": one["id"] }] }]));
    assert_eq!(members(), 1);
    scim.delete(&place(&group)).expect(204);
    refused(scim.get(&place(&group)), 404, None);
});
