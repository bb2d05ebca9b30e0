//! The words of refusals: <https://www.rfc-editor.org/rfc/rfc7644#section-3.12>.

use serde_json::{Value, json};

use super::{PATCH, Scim, USER, place, refused};
use crate::client::Client;

on_both!(who_may_not_is_told_so_in_the_words_of_scim, |world| {
    refused(world.anonymous.get("/scim/v2/Users"), 401, None);
    refused(Client::with_token(&world.server.address, "sk_none_none").get("/scim/v2/Users"), 401, None);
    refused(world.member.get("/scim/v2/Users"), 403, None);
    // A super admin has many projects, and this serves one.
    refused(world.super_admin.get("/scim/v2/Users"), 403, None);
});

on_both!(each_fault_has_its_word, |world| {
    let scim = Scim::of(world);
    let user = scim.user("fault@example.com", &json!({}));
    let user = place(&user);
    let faulty: &[(&str, &str, Value, u16, Option<&str>)] = &[
        ("POST", "/Users", json!({ "schemas": [USER] }), 400, Some("invalidValue")),
        ("POST", "/Users", json!({ "schemas": ["urn:x"], "userName": "x" }), 400, Some("invalidSyntax")),
        (
            "POST",
            "/Users",
            json!({ "schemas": [USER], "userName": "FAULT@example.com" }),
            409,
            Some("uniqueness"),
        ),
        (
            "POST",
            "/Users",
            json!({ "schemas": [USER], "userName": "y", "active": "perhaps" }),
            400,
            Some("invalidValue"),
        ),
        (
            "POST",
            "/Groups",
            json!({ "displayName": "G", "members": [{ "value": "none" }] }),
            400,
            Some("invalidValue"),
        ),
        ("PATCH", &user, json!({ "Operations": [{ "op": "remove" }] }), 400, Some("noTarget")),
        (
            "PATCH",
            &user,
            json!({ "Operations": [{ "op": "turn", "path": "title" }] }),
            400,
            Some("invalidSyntax"),
        ),
        (
            "PATCH",
            &user,
            json!({ "Operations": [{ "op": "add", "path": "nothing", "value": 1 }] }),
            400,
            Some("invalidPath"),
        ),
        (
            "PATCH",
            &user,
            json!({ "Operations": [{ "op": "add", "path": "emails[", "value": 1 }] }),
            400,
            Some("invalidPath"),
        ),
        (
            "PATCH",
            &user,
            json!({ "Operations": [{ "op": "replace", "path": "id", "value": "1" }] }),
            400,
            Some("mutability"),
        ),
        (
            "PATCH",
            &user,
            json!({ "Operations": [{ "op": "remove", "path": "userName" }] }),
            400,
            Some("mutability"),
        ),
        (
            "PATCH",
            &user,
            json!({ "Operations": [{ "op": "replace", "path": "emails[value co \"x\"].type", "value": "home" }] }),
            400,
            Some("noTarget"),
        ),
        ("PATCH", &user, json!({ "schemas": [PATCH] }), 400, Some("invalidSyntax")),
        (
            "POST",
            "/Users",
            json!({ "schemas": [USER], "userName": "z", "password": "secret" }),
            400,
            Some("invalidValue"),
        ),
    ];
    for (method, place, body, status, word) in faulty {
        refused(scim.send(method, place, body), *status, *word);
    }
    let bare = |media: &str, body: &str| scim.call("POST", "/Users").body(media, body).send();
    refused(bare("application/scim+json", "{"), 400, Some("invalidSyntax"));
    refused(bare("application/scim+json", "[]"), 400, Some("invalidSyntax"));
    refused(bare("text/plain", "{}"), 415, None);
    refused(scim.get("/Users?count=many"), 400, Some("invalidValue"));
    refused(scim.get("/Users?fliter=x"), 400, Some("invalidValue"));
    refused(scim.get("/Users?filter=userName eq"), 400, Some("invalidFilter"));
    refused(scim.get("/Users?sortBy=nothing"), 400, Some("invalidValue"));
    refused(scim.get("/Users/none"), 404, None);
    refused(scim.get("/Nothing"), 404, None);
    refused(scim.delete("/Users/none"), 404, None);
    refused(scim.send("PUT", "/Users", &json!({})), 405, None);
    // Nothing of all that was done.
    assert_eq!(scim.get("/Users").expect(200).json()["totalResults"], 2, "the owner, and one user");
    assert_eq!(scim.get("/Groups").expect(200).json()["totalResults"], 0);
});
