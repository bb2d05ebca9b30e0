//! Users through Truto: what is written comes back, and lies where the other protocols find it.

use serde_json::{Value, json};

use super::Account;
use crate::client::Client;

on_both!(a_user_is_created_with_all_that_truto_knows, |world| {
    let account = Account::new(world, "Truto");
    let role = account.post("roles", &json!({"name": "Editor"})).expect(201).json();
    let body = json!({
        "first_name": "Ada", "last_name": "Byron", "title": "Analyst", "name": "Lady Lovelace", "username": "ada",
        "external_id": "E-1",
        "emails": [
            {"email": "ada.home@example.com", "type": "home"},
            {"email": "Ada@Example.com", "type": "work", "is_primary": true}
        ],
        "phones": [{"number": "+44 20 1", "extension": "12", "type": "work"}, {"number": "+44 77", "type": "secretary"}],
        "roles": [{"id": role["id"]}],
        "avatar": "https://example.com/ada.png", "timezone": "Europe/London", "languages": ["en-GB", "fr"],
        "urls": [{"url": "https://ada.example.com", "type": "blog"}],
        "is_email_verified": true
    });
    let answer = account.post("users", &body).expect(201);
    let user = answer.json();
    let id = user["id"].as_str().expect("an id");
    assert!(answer.header("Location").is_some_and(|place| place.ends_with(id)));
    for (name, value) in body.as_object().expect("an object") {
        match name.as_str() {
            "emails" | "roles" => {}
            _ => assert_eq!(user[name], *value, "{name}"),
        }
    }
    assert_eq!(
        user["emails"],
        json!([
            {"email": "ada@example.com", "type": "work", "is_primary": true},
            {"email": "ada.home@example.com", "type": "home", "is_primary": false}
        ])
    );
    let project = &account.keys.project;
    assert_eq!(
        user["roles"],
        json!([{"id": role["id"], "name": "Editor", "organization": project, "workspace": project}])
    );
    assert_eq!(user["status"], "active");
    assert_eq!(user["user_type"], "member");
    assert_eq!(user["organizations"], json!([{"id": project, "name": "Truto"}]));
    assert_eq!(user["workspace"], json!({"id": project, "name": "Truto", "organization": project}));
    assert!(user["created_at"].as_str().is_some_and(|moment| moment.ends_with('Z') && moment.len() == 24));
    assert_eq!(user["remote_data"]["resourceType"], "User");
    assert_eq!(user["remote_data"]["meta"]["source"], "https://roster.dev/dialect/truto");
    assert_eq!(account.get(&format!("users/{id}")).expect(200).json(), user);

    // FHIR has the same person, and his membership.
    let stored = account.api.get(&format!("User/{id}")).expect(200).json();
    assert_eq!(stored["preferredLanguage"], json!(["en-GB", "fr"]));
    assert_eq!(stored["displayName"], "Lady Lovelace");
    assert_eq!(account.api.found(&format!("ProjectMembership?user=User/{id}&user-name=ada")).len(), 1);
});

on_both!(a_change_leaves_alone_what_it_does_not_name, |world| {
    let account = Account::new(world, "Truto");
    let user = account.user("a@example.com", json!({
        "first_name": "A", "last_name": "B", "phones": [{"number": "1"}], "urls": [{"url": "https://a.example.com"}],
        "timezone": "Europe/Paris"
    }));
    let place = format!("users/{}", user["id"].as_str().expect("an id"));
    let change =
        json!({"first_name": "Z", "timezone": null, "urls": [], "username": "zed", "user_type": "admin"});
    let changed = account.patch(&place, &change).expect(200).json();
    assert_eq!(changed["first_name"], "Z");
    assert_eq!(changed["last_name"], "B");
    assert_eq!(changed["phones"], user["phones"]);
    assert_eq!(changed["username"], "zed");
    assert_eq!(changed["user_type"], "admin");
    assert!(changed.get("timezone").is_none() && changed.get("urls").is_none());
    assert_eq!(changed["created_at"], user["created_at"]);
    // What was read can be sent back, and changes nothing.
    let again = account
        .patch(&place, &json!({"first_name": "Z", "remote_data": changed["remote_data"]}))
        .expect(200)
        .json();
    assert_eq!(again["updated_at"], changed["updated_at"]);
    // Another address is nobody's until it is proved.
    let verified = account.patch(&place, &json!({"is_email_verified": true})).expect(200).json();
    assert_eq!(verified["is_email_verified"], true);
    let moved = account.patch(&place, &json!({"emails": [{"email": "new@example.com"}]})).expect(200).json();
    assert_eq!(moved["emails"], json!([{"email": "new@example.com", "type": "work", "is_primary": true}]));
    assert_eq!(moved["is_email_verified"], false);
});

on_both!(who_is_switched_off_is_out_at_once, |world| {
    let account = Account::new(world, "Truto");
    let owner = Client::with_token(&world.server.address, &account.keys.owner_token);
    let me = owner.get(&account.place("me")).expect(200).json();
    let id = me["result"][0]["id"].as_str().expect("an id").to_owned();
    let place = format!("users/{id}");
    let off = account.patch(&place, &json!({"status": "inactive"})).expect(200).json();
    assert_eq!(off["status"], "inactive");
    owner.get(&account.place("me")).expect(401);
    let on = account.patch(&place, &json!({"status": "active"})).expect(200).json();
    assert_eq!(on["status"], "active");
    owner.get(&account.place("me")).expect(200);
    // Switched off as a whole, by another protocol.
    let mut user = account.api.get(&format!("User/{id}")).expect(200).json();
    user["active"] = json!(false);
    account.api.update(&user);
    assert_eq!(account.get(&place).expect(200).json()["status"], "inactive");
    assert_eq!(account.patch(&place, &json!({"status": "active"})).expect(200).json()["status"], "active");
});

on_both!(who_is_deleted_is_gone_with_his_membership, |world| {
    let account = Account::new(world, "Truto");
    let user = account.user("gone@example.com", json!({}));
    let id = user["id"].as_str().expect("an id");
    account.delete(&format!("users/{id}")).expect(204);
    account.get(&format!("users/{id}")).expect(404);
    account.delete(&format!("users/{id}")).expect(404);
    account.patch(&format!("users/{id}"), &json!({"title": "X"})).expect(404);
    assert!(account.api.found(&format!("ProjectMembership?user=User/{id}")).is_empty());
    account.api.get(&format!("User/{id}")).expect(410);
    // His address is free again.
    account.user("gone@example.com", json!({}));
});

on_both!(what_cannot_be_is_refused_and_nothing_is_written, |world| {
    let account = Account::new(world, "Truto");
    account.user("taken@example.com", json!({"external_id": "E-1", "username": "taken"}));
    let bad = [
        (json!({"first_name": "X"}), 400, "emails"),
        (json!({"emails": []}), 400, "emails"),
        (
            json!({"emails": [{"email": "x@example.com", "is_primary": true}, {"email": "y@example.com", "is_primary": true}]}),
            400,
            "primary",
        ),
        (json!({"emails": [{"email": "no address"}]}), 422, "email"),
        (json!({"emails": [{"email": "TAKEN@example.com"}]}), 409, "email"),
        (json!({"emails": [{"email": "x@example.com"}], "external_id": "E-1"}), 409, "externalId"),
        (json!({"emails": [{"email": "x@example.com"}], "username": "taken"}), 409, "userName"),
        (json!({"emails": [{"email": "x@example.com"}], "roles": [{"name": "Nobody"}]}), 400, "roles"),
        (json!({"emails": [{"email": "x@example.com"}], "status": "deleted"}), 400, "status"),
        (json!({"emails": [{"email": "x@example.com"}], "languages": "en"}), 400, "languages"),
        (json!({"emails": [{"email": "x@example.com"}], "timezone": "no zone!"}), 422, "timezone"),
        (json!({"emails": [{"email": "x@example.com"}], "groups": []}), 400, "groups"),
        (json!({"emails": [{"email": "x@example.com"}], "passwordHash": "x"}), 400, "passwordHash"),
        (json!({"emails": [{"email": "x@example.com"}], "first_name": 7}), 400, "first_name"),
    ];
    for (body, status, said) in bad {
        let answer = account.post("users", &body);
        assert_eq!(answer.status, status, "{body}: {}", answer.text());
        let told: Value = answer.json();
        assert_eq!(told["statusCode"], status);
        assert!(told["message"].as_str().expect("a message").contains(said), "{body}: {told}");
    }
    assert!(account.api.found("User?email=x@example.com").is_empty());
    assert!(account.api.found("User?email=y@example.com").is_empty());
});
