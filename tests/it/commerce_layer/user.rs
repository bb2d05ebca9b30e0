//! The user whose token it is.

use serde_json::json;

use super::{MEDIA, Shop, record};
use crate::auth::person;

on_both!(a_user_is_told_as_the_documents_have_him, |world| {
    let shop = Shop::new(world, "Shop");
    let answer = shop.get("user").expect(200);
    assert_eq!(answer.header("Content-Type"), Some(MEDIA));
    let data = answer.json()["data"].clone();
    assert_eq!((&data["type"], &data["relationships"]), (&json!("users"), &json!({})));
    assert_eq!(data["links"]["self"], format!("{}/api/user", crate::client::PUBLIC_URL));
    let attributes = data["attributes"].as_object().expect("attributes");
    let names: Vec<&str> = attributes.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "email",
            "first_name",
            "last_name",
            "time_zone",
            "otp_required_for_login",
            "created_at",
            "updated_at",
            "reference",
            "reference_origin",
            "metadata"
        ]
    );
    assert_eq!(attributes["email"], shop.keys.owner_email);
    assert_eq!(attributes["time_zone"], json!(null));
    assert_eq!(attributes["otp_required_for_login"], false);
    assert_eq!(attributes["metadata"], json!({}));
});

on_both!(a_user_changes_what_is_his, |world| {
    let shop = Shop::new(world, "Shop");
    let metadata =
        json!({"a": 1, "b": "two", "c": [1, {"d": null}], "e": 1.5, "f": true, "g": null, "h": ""});
    let change = json!({
        "first_name": "Ada", "last_name": null, "time_zone": "Europe/Rome", "reference": "R-1",
        "reference_origin": "Some ERP", "metadata": metadata
    });
    // As the SDK sends it: without an id, with empty relations.
    let changed = shop.send("PATCH", "user", &record("users", change, json!({}))).expect(200).json();
    let attributes = &changed["data"]["attributes"];
    assert_eq!((&attributes["first_name"], &attributes["last_name"]), (&json!("Ada"), &json!(null)));
    assert_eq!(attributes["time_zone"], "Europe/Rome");
    assert_eq!(
        (&attributes["reference"], &attributes["reference_origin"]),
        (&json!("R-1"), &json!("Some ERP"))
    );
    assert_eq!(attributes["metadata"], metadata);
    assert_eq!(shop.get("user").expect(200).json(), changed);
    // FHIR has it too.
    let id = changed["data"]["id"].as_str().expect("an id");
    let stored = shop.owner.get(&format!("User/{id}")).expect(200).json();
    assert_eq!(stored["timezone"], "Europe/Rome");
    assert_eq!(stored["identifier"][0]["value"], "R-1");
    assert_eq!(stored["meta"]["source"], "https://roster.dev/dialect/commerce-layer");
    // The whole of the metadata is replaced, and references go again.
    let change = json!({"reference": null, "reference_origin": null, "metadata": {"z": 1}});
    let changed = shop.send("PATCH", "user", &record("users", change, json!({}))).expect(200).json();
    assert_eq!(changed["data"]["attributes"]["metadata"], json!({"z": 1}));
    assert_eq!(changed["data"]["attributes"]["reference"], json!(null));
    assert_eq!(changed["data"]["attributes"]["first_name"], "Ada");
});

on_both!(another_address_is_to_be_proved_again, |world| {
    let shop = Shop::new(world, "Shop");
    let change = record("users", json!({"email": "New.Address@example.com"}), json!({}));
    let changed = shop.send("PATCH", "user", &change).expect(200).json();
    assert_eq!(changed["data"]["attributes"]["email"], "new.address@example.com");
    let id = changed["data"]["id"].as_str().expect("an id");
    assert_eq!(shop.api.get(&format!("User/{id}")).expect(200).json()["emailVerified"], false);
    let other = Shop::new(world, "Other");
    let taken = record("users", json!({"email": "new.address@example.com"}), json!({}));
    other.send("PATCH", "user", &taken).expect(200);
    shop.invite("second@example.com", &shop.role("R"));
    let taken = record("users", json!({"email": "second@example.com"}), json!({}));
    let told = shop.send("PATCH", "user", &taken).expect(409).json();
    assert_eq!(told["errors"][0]["source"]["pointer"], "/data/attributes/email");
});

on_both!(what_is_not_his_to_change_is_refused, |world| {
    let shop = Shop::new(world, "Shop");
    let patch = |attributes| shop.send("PATCH", "user", &record("users", attributes, json!({})));
    for (attributes, pointer) in [
        (json!({"otp_required_for_login": true}), "/data/attributes/otp_required_for_login"),
        (json!({"admin": true}), "/data/attributes/admin"),
        (json!({"first_name": 7}), "/data/attributes/first_name"),
        (json!({"metadata": "x"}), "/data/attributes/metadata"),
        (json!({"time_zone": "no zone!"}), "/data/attributes/time_zone"),
        (json!({"email": "no address"}), "/data/attributes/email"),
        (json!({"email": null}), "/data/attributes/email"),
    ] {
        let told = patch(attributes).expect(422).json();
        assert_eq!(told["errors"][0]["code"], "VALIDATION_ERROR", "{pointer}");
        assert_eq!(told["errors"][0]["source"]["pointer"], pointer);
    }
    let mut other = record("users", json!({}), json!({}));
    other["data"]["id"] = json!("someone");
    assert_eq!(
        shop.send("PATCH", "user", &other).expect(400).json()["errors"][0]["code"],
        "KEY_NOT_INCLUDED_IN_URL"
    );
});

on_both!(a_key_is_no_user_and_a_plain_member_is_one, |world| {
    let shop = Shop::new(world, "Shop");
    let told = shop.api.get("/api/user").expect(404).json();
    assert_eq!(told["errors"][0]["code"], "RECORD_NOT_FOUND");
    let member = person::email();
    let user = person::user(world, &member, Some(&shop.keys.project));
    person::member(world, &user, &shop.keys.project, json!({}));
    let mut asked = person::asked(&member, person::PASSWORD);
    asked["projectId"] = json!(shop.keys.project);
    let code = person::post(world, "login", &asked).expect(200).json();
    let member =
        person::client(world, &person::redeem(world, person::text(&code, "code")).expect(200).json());
    assert_eq!(member.get("/api/user").expect(200).json()["data"]["id"], user);
    let change = record("users", json!({"first_name": "Zoe"}), json!({}));
    let changed = crate::commerce_layer::send(&member, "PATCH", "user", &change).expect(200).json();
    assert_eq!(changed["data"]["attributes"]["first_name"], "Zoe");
    member.get("/api/memberships").expect(403);
    member.get("/api/roles").expect(403);
});
