//! What Okta sends, in the order in which it does: a probe, users by POST and PUT, patches without a path, pushed groups.

use serde_json::{Value, json};

use super::{ENTERPRISE, GROUP, PATCH, Scim, USER, place, text};

on_both!(okta_provisions_users_and_pushes_groups, |world| {
    let scim = Scim::of(world);
    // The probes of a new integration. A space may come as a plus.
    let probe = "/Users?filter=userName+eq+%22okta%40example.com%22&startIndex=1&count=100";
    let none = scim.call("GET", probe).send().expect(200).json();
    assert_eq!((&none["totalResults"], &none["Resources"]), (&json!(0), &json!([])));
    scim.get("/Groups?startIndex=1&count=100").expect(200);
    scim.get("/Users?startIndex=1&count=2").expect(200);

    let sent = json!({
        "schemas": [USER], "userName": "okta@example.com", "name": { "givenName": "Ok", "familyName": "Ta" },
        "emails": [{ "primary": true, "value": "okta@example.com", "type": "work" }],
        "displayName": "Ok Ta", "locale": "en-US", "externalId": "00ujl29u0le5T6Aj10h7", "groups": [],
        "password": "1mz050nq violets", "active": true
    });
    let user = scim.create("/Users", &sent);
    assert_eq!(scim.call("GET", probe).send().json()["Resources"][0]["id"], user["id"]);

    // Changes of the profile come as the whole user.
    let mut whole = scim.get(&place(&user)).json();
    whole["name"]["familyName"] = json!("Tarina");
    whole["groups"] = json!([]);
    whole[ENTERPRISE] = json!({ "department": "Ops" });
    let shown = scim.send("PUT", &place(&user), &whole).expect(200).json();
    assert_eq!(
        (&shown["name"]["familyName"], &shown[ENTERPRISE]["department"]),
        (&json!("Tarina"), &json!("Ops"))
    );
    assert_eq!(shown["externalId"], "00ujl29u0le5T6Aj10h7");

    // Deactivation, and back.
    for active in [false, true] {
        let patch = json!([{ "op": "replace", "value": { "active": active } }]);
        assert_eq!(scim.patch(&place(&user), patch).expect(200).json()["active"], active);
        assert_eq!(scim.get(&place(&user)).expect(200).json()["active"], active);
    }

    // A pushed group: made, renamed by its id, members without a type, replaced, removed one by one.
    let group =
        scim.create("/Groups", &json!({ "schemas": [GROUP], "displayName": "Pushed", "members": [] }));
    let rename = json!([{ "op": "replace", "value": { "id": group["id"], "displayName": "Renamed" } }]);
    scim.patch(&place(&group), rename).expect(204);
    let member = json!([{ "value": user["id"], "display": "okta@example.com" }]);
    scim.patch(&place(&group), json!([{ "op": "add", "path": "members", "value": member }])).expect(204);
    let shown = scim.get(&place(&group)).json();
    assert_eq!((&shown["displayName"], &shown["members"][0]["type"]), (&json!("Renamed"), &json!("User")));
    let gone = json!([{ "op": "remove", "path": format!("members[value eq \"{}\"]", text(&user, "id")) }]);
    scim.patch(&place(&group), gone).expect(204);
    let put = json!({ "schemas": [GROUP], "id": group["id"], "displayName": "Renamed", "members": member });
    assert_eq!(
        scim.send("PUT", &place(&group), &put).expect(200).json()["members"].as_array().map(Vec::len),
        Some(1)
    );
    // What comes in numbers is a number.
    let list: Value = scim.get("/Users?startIndex=1&count=1").json();
    assert!(list["totalResults"].is_u64() && list["itemsPerPage"].is_u64() && list["startIndex"].is_u64());
    let patch = json!({ "schemas": [PATCH], "Operations": [{ "op": "replace", "value": { "password": "the ninth violet lantern" } }] });
    scim.send("PATCH", &place(&user), &patch).expect(200);
    scim.delete(&place(&group)).expect(204);
});
