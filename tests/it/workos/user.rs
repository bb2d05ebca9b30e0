//! Users: every key there and null where nothing is known; partial updates; pages between ids.

use serde_json::json;

use super::{PASSWORD, app, ids, refused};

on_both!(a_user_has_every_key_and_is_the_user_of_fhir, |world| {
    let app = app(world, "Users");
    let user = app.user(json!({"email": "Ada@Example.com"}));
    for name in
        ["name", "first_name", "last_name", "profile_picture_url", "last_sign_in_at", "external_id", "locale"]
    {
        assert!(user.get(name).is_some_and(serde_json::Value::is_null), "{name}: {user}");
    }
    assert_eq!(user["email"], "ada@example.com");
    assert_eq!(user["metadata"], json!({}));
    assert_eq!(user["email_verified"], false);
    assert!(user["created_at"].as_str().is_some_and(|at| at.len() == 24 && at.ends_with('Z')), "{user}");
    let stored = app.client.search("User?email=ada@example.com");
    assert_eq!(stored[0]["project"]["reference"], format!("Project/{}", app.keys.project));
    assert_eq!(stored[0]["meta"]["source"], "https://roster.dev/dialect/workos");
    // Any spelling of the id leads there.
    let id = user["id"].as_str().expect("an id");
    let fhir = stored[0]["id"].as_str().expect("an id");
    for spelling in [id, &id[5..], &id.to_lowercase(), fhir, &format!("user_{fhir}")] {
        let found = app.get(&format!("/user_management/users/{spelling}")).expect(200).json();
        assert_eq!(found["id"], user["id"], "{spelling}");
    }
});

on_both!(what_is_left_out_stays_and_null_takes_away, |world| {
    let app = app(world, "Users");
    let user = app.user(json!({
        "email": "a@example.com", "first_name": "A", "last_name": "B", "external_id": "x-1", "email_verified": true,
        "metadata": {"one": "1", "two": "2"}
    }));
    let place = format!("/user_management/users/{}", user["id"].as_str().expect("an id"));
    let next =
        app.put(&place, json!({"last_name": null, "metadata": {"one": null, "three": "3"}, "locale": "fr"}));
    let next = next.expect(200).json();
    assert_eq!(next["first_name"], "A");
    assert!(next["last_name"].is_null());
    assert_eq!(next["metadata"], json!({"two": "2", "three": "3"}));
    assert_eq!(next["locale"], "fr");
    assert_eq!(next["created_at"], user["created_at"]);
    // Another e-mail is to be verified anew.
    let moved = app.put(&place, json!({"email": "b@example.com"})).expect(200).json();
    assert_eq!((&moved["email"], &moved["email_verified"]), (&json!("b@example.com"), &json!(false)));
    assert_eq!(app.get("/user_management/users/external_id/x-1").expect(200).json()["id"], user["id"]);
    app.put(&place, json!({"external_id": null, "metadata": null})).expect(200);
    refused(app.get("/user_management/users/external_id/x-1"), 404, "entity_not_found");
});

on_both!(what_is_wrong_with_a_user_is_said_in_codes, |world| {
    let app = app(world, "Users");
    app.user(json!({"email": "taken@example.com", "external_id": "x-1"}));
    let post = |body| app.post("/user_management/users", body);
    let body = refused(post(json!({"email": "TAKEN@example.com"})), 400, "user_creation_error");
    assert_eq!(body["errors"][0]["code"], "email_not_available");
    refused(post(json!({"email": "b@example.com", "external_id": "x-1"})), 400, "external_id_already_used");
    refused(post(json!({"email": "no address"})), 400, "invalid_email");
    refused(post(json!({"email": "c@example.com", "password": "password"})), 400, "password_strength_error");
    let both = json!({"email": "c@example.com", "password": PASSWORD, "password_hash": "x", "password_hash_type": "bcrypt"});
    refused(post(both), 400, "password_and_password_hash_provided");
    let hash = json!({"email": "c@example.com", "password_hash": "x", "password_hash_type": "md5"});
    refused(post(hash), 400, "invalid_password_hash");
    let many = json!({"first_name": 1, "metadata": {"k": 1}, "nonsense": true});
    let body = refused(post(many), 422, "invalid_request_parameters");
    let fields: Vec<&str> =
        body["errors"].as_array().expect("errors").iter().filter_map(|one| one["field"].as_str()).collect();
    for field in ["email", "first_name", "metadata", "nonsense"] {
        assert!(fields.contains(&field), "{field}: {body}");
    }
    let metadata: serde_json::Map<String, serde_json::Value> =
        (0..51).map(|n| (format!("k{n}"), json!("v"))).collect();
    refused(post(json!({"email": "d@example.com", "metadata": metadata})), 422, "invalid_request_parameters");
    // The one, and the owner of the project.
    assert_eq!(ids(&app.get("/user_management/users").expect(200).json()).len(), 2);
});

on_both!(pages_lie_between_ids_in_both_directions, |world| {
    let app = app(world, "Users");
    let made: Vec<String> = (0..7)
        .map(|n| {
            app.user(json!({"email": format!("u{n}@example.com")}))["id"].as_str().expect("an id").to_owned()
        })
        .collect();
    let page = |query: &str| app.get(&format!("/user_management/users?{query}")).expect(200).json();
    let newest: Vec<String> = made.iter().rev().cloned().collect();
    let first = page("limit=3");
    assert_eq!(ids(&first), newest[..3]);
    assert!(first["list_metadata"]["before"].is_null());
    assert_eq!(first["list_metadata"]["after"], newest[2].as_str());
    let second = page(&format!("limit=3&after={}", newest[2]));
    assert_eq!(ids(&second), newest[3..6]);
    let last = page(&format!("limit=3&after={}", newest[5]));
    // The owner of the project was there before.
    let owner = ids(&last)[1].clone();
    assert_eq!(ids(&last)[..1], newest[6..]);
    assert!(last["list_metadata"]["after"].is_null());
    assert_eq!(ids(&page(&format!("limit=3&before={}", newest[3]))), newest[..3]);
    assert_eq!(ids(&page(&format!("limit=2&before={}", newest[5]))), newest[3..5]);
    let oldest = page(&format!("limit=2&order=asc&after={owner}"));
    assert_eq!(ids(&oldest), made[..2]);
    assert_eq!(ids(&page(&format!("order=asc&limit=2&after={}", made[1]))), made[2..4]);
    // The resource that a page lies beside need not be there any more.
    app.client.delete(&format!("/user_management/users/{}", newest[2])).expect(204);
    assert_eq!(ids(&page(&format!("limit=3&after={}", newest[2]))), newest[3..6]);
    for wrong in [
        "limit=0",
        "limit=101",
        "limit=x",
        "order=up",
        "after=nonsense/x",
        "after=user_zz",
        "before=user_nobody",
        "after=a&before=b",
        "emial=x",
    ] {
        refused(app.get(&format!("/user_management/users?{wrong}")), 422, "invalid_request_parameters");
    }
});

on_both!(a_user_is_removed_with_all_that_is_his, |world| {
    let app = app(world, "Users");
    let user = app.user(json!({"email": "a@example.com", "password": PASSWORD}));
    let organization = app.organization("Acme");
    let membership = app.member(&user, &organization);
    let session = app.sign_in("a@example.com").expect(200).json();
    app.client.delete(&format!("/user_management/users/{}", user["id"].as_str().expect("an id"))).expect(204);
    let place =
        format!("/user_management/organization_memberships/{}", membership["id"].as_str().expect("an id"));
    refused(app.get(&place), 404, "entity_not_found");
    let refresh = json!({"grant_type": "refresh_token", "refresh_token": session["refresh_token"]});
    refused(app.authenticate(refresh), 400, "invalid_grant");
    app.user(json!({"email": "a@example.com"}));
});
