//! PATCH with every form of path: <https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2>.

use serde_json::{Value, json};

use super::user::full;
use super::{ENTERPRISE, Scim, place, refused};

fn values(user: &Value, attribute: &str, kind: &str) -> Vec<String> {
    let all = user[attribute].as_array().cloned().unwrap_or_default();
    let of_kind = all.iter().filter(|one| one["type"] == kind);
    of_kind.filter_map(|one| one["value"].as_str().map(str::to_owned)).collect()
}

on_both!(each_form_of_a_path_does_what_it_says, |world| {
    let scim = Scim::of(world);
    let user = scim.create("/Users", &full("patch"));
    let user = place(&user);
    let patch = |operation: Value| scim.patch(&user, json!([operation])).expect(200).json();
    let add = |path: &str, value: Value| patch(json!({ "op": "add", "path": path, "value": value }));
    let replace = |path: &str, value: Value| patch(json!({ "op": "replace", "path": path, "value": value }));
    let remove = |path: &str| patch(json!({ "op": "remove", "path": path }));

    assert_eq!(replace("title", json!("Lead"))["title"], "Lead");
    assert_eq!(replace("name.givenName", json!("Barb"))["name"]["familyName"], "Jensen");
    assert_eq!(add("name", json!({ "middleName": "J" }))["name"]["givenName"], "Barb", "the rest stays");
    assert_eq!(replace("urn:ietf:params:scim:schemas:core:2.0:User:nickName", json!("B"))["nickName"], "B");
    let department = format!("{ENTERPRISE}:department");
    assert_eq!(replace(&department, json!("R&D"))[ENTERPRISE]["department"], "R&D");
    assert!(remove(&department)[ENTERPRISE].get("department").is_none());
    assert_eq!(add(ENTERPRISE, json!({ "division": "East" }))[ENTERPRISE]["costCenter"], "4130");
    assert!(remove(ENTERPRISE).get(ENTERPRISE).is_none());

    let shown = replace("emails[type eq \"work\"].value", json!("at.work@example.com"));
    assert_eq!(values(&shown, "emails", "work"), ["at.work@example.com"]);
    // Twice the same is once.
    let home = json!([{ "value": "patch@jensen.org", "type": "home" }]);
    assert_eq!(values(&add("emails", home), "emails", "home"), ["patch@jensen.org"]);
    let shown = add("emails", json!({ "value": "third@example.com", "type": "other", "primary": true }));
    let primary: Vec<&Value> =
        shown["emails"].as_array().expect("emails").iter().filter(|one| one["primary"] == true).collect();
    assert_eq!(primary, [&json!({ "value": "third@example.com", "type": "other", "primary": true })]);
    let fhir = scim.client.get(&user.replace("/Users/", "User/")).json();
    assert_eq!(fhir["email"], "third@example.com", "one signs in with the primary one");
    let shown = remove("emails[type eq \"other\" or type eq \"home\"]");
    assert_eq!(shown["emails"].as_array().map(Vec::len), Some(1));
    let shown = replace("phoneNumbers[type eq \"work\"]", json!({ "value": "555-1", "display": "Desk" }));
    assert_eq!(values(&shown, "phoneNumbers", "work"), ["555-1"]);
    assert!(values(&remove("phoneNumbers[type eq \"fax\"]"), "phoneNumbers", "fax").is_empty());
    assert!(remove("phoneNumbers").get("phoneNumbers").is_none());
    assert!(remove("addresses[type eq \"home\"].locality")["addresses"][0]["locality"].is_string());
    assert_eq!(
        replace("roles", json!([{ "value": "x" }, { "value": "y" }]))["roles"].as_array().map(Vec::len),
        Some(2)
    );
    let shown = patch(json!({ "op": "remove", "path": "roles", "value": [{ "value": "x" }] }));
    assert_eq!(shown["roles"], json!([{ "value": "y" }]));
    assert!(remove("roles").get("roles").is_none());
    // To take away what is not there leaves everything as it is.
    let before = scim.get(&user).json();
    assert_eq!(remove("roles[value eq \"none\"]"), before);
    assert_eq!(
        patch(json!({ "op": "add", "value": { "displayName": "Bee", "locale": "de-CH" } }))["locale"],
        "de-CH"
    );
    assert!(remove("active").get("active").is_none());
    assert_eq!(scim.found("active eq true and displayName eq \"bee\"").len(), 1);
});

on_both!(all_operations_are_done_or_none, |world| {
    let scim = Scim::of(world);
    let user = scim.user("atomic", &json!({ "title": "A" }));
    let operations = json!([
        { "op": "replace", "path": "title", "value": "B" },
        { "op": "add", "path": "emails", "value": [{ "value": "one@example.com", "primary": true }, { "value": "two@example.com", "primary": true }] }
    ]);
    refused(scim.patch(&place(&user), operations), 400, Some("invalidValue"));
    assert_eq!(scim.get(&place(&user)).json(), user);
});

on_both!(of_many_at_once_each_is_done, |world| {
    let scim = Scim::of(world);
    let user = scim.user("race", &json!({}));
    let group = scim.group("Race", &[]);
    let members: Vec<Value> = (0..8).map(|number| scim.user(&format!("race{number}"), &json!({}))).collect();
    std::thread::scope(|scope| {
        for (number, member) in members.iter().enumerate() {
            let (scim, user, group) = (&scim, &user, &group);
            scope.spawn(move || {
                let role = json!([{ "op": "add", "path": "roles", "value": [{ "value": format!("role{number}") }] }]);
                scim.patch(&place(user), role).expect(200);
                let add = json!([{ "op": "add", "path": "members", "value": [{ "value": member["id"] }] }]);
                scim.patch(&place(group), add).expect(204);
            });
        }
    });
    assert_eq!(scim.get(&place(&user)).json()["roles"].as_array().map(Vec::len), Some(8));
    assert_eq!(scim.get(&place(&group)).json()["members"].as_array().map(Vec::len), Some(8));
});
