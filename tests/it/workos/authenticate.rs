//! Signing in: by password, for an organization, with a second factor; what continues it, and what ends it.

use serde_json::json;

use super::{PASSWORD, app, claims, refused};

on_both!(a_password_opens_a_session, |world| {
    let app = app(world, "Sign-in");
    let user = app.user(json!({"email": "a@example.com", "password": PASSWORD}));
    let place = format!("/user_management/users/{}", user["id"].as_str().expect("an id"));
    let session = app.sign_in("A@example.com").expect(200).json();
    assert_eq!(session["user"]["id"], user["id"]);
    assert!(session.get("organization_id").is_none());
    let told = claims(&session["access_token"]);
    assert_eq!(told["sub"], user["id"]);
    assert!(told["sid"].as_str().is_some_and(|sid| sid.starts_with("session_")), "{told}");
    let known = app.get(&place).expect(200).json();
    assert!(known["last_sign_in_at"].is_string());
    assert_eq!(known["updated_at"], user["updated_at"]);
    let next =
        app.authenticate(json!({"grant_type": "refresh_token", "refresh_token": session["refresh_token"]}));
    let next = next.expect(200).json();
    assert_ne!(next["refresh_token"], session["refresh_token"]);
    assert_eq!(claims(&next["access_token"])["sid"], told["sid"]);
    app.post("/user_management/sessions/revoke", json!({"session_id": told["sid"]})).expect(200);
    let over = json!({"grant_type": "refresh_token", "refresh_token": next["refresh_token"]});
    refused(app.authenticate(over), 400, "invalid_grant");
    let wrong = json!({"grant_type": "password", "email": "a@example.com", "password": "wrong"});
    let body = refused(app.authenticate(wrong), 400, "invalid_credentials");
    let nobody = json!({"grant_type": "password", "email": "nobody@example.com", "password": "wrong"});
    assert_eq!(body, refused(app.authenticate(nobody), 400, "invalid_credentials"));
    let keys = app.client.get(&format!("/sso/jwks/{}", app.keys.client_id)).expect(200).json();
    assert_eq!(keys["keys"][0]["alg"], "RS256");
    assert!(keys["keys"][0].get("d").is_none());
});

on_both!(only_the_client_itself_signs_people_in, |world| {
    let app = app(world, "Sign-in");
    app.user(json!({"email": "a@example.com", "password": PASSWORD}));
    let other = super::app(world, "Other");
    let ask = |id: &str, secret: Option<&str>| {
        let mut body = json!({"client_id": id, "grant_type": "password", "email": "a@example.com", "password": PASSWORD});
        if let Some(secret) = secret {
            body["client_secret"] = secret.into();
        }
        app.post("/user_management/authenticate", body)
    };
    refused(ask(&app.keys.client_id, None), 401, "invalid_client");
    refused(ask(&app.keys.client_id, Some("wrong")), 401, "invalid_client");
    refused(ask(&app.keys.client_id, Some(&other.keys.api_key)), 401, "invalid_client");
    refused(ask("none", Some("x")), 401, "invalid_client");
    let (_, bare) = app.keys.api_key.rsplit_once('_').expect("a key");
    ask(&app.keys.client_id, Some(bare)).expect(200);
    // Another project's application does not know him.
    refused(other.sign_in("a@example.com"), 400, "invalid_credentials");
    let session = app.sign_in("a@example.com").expect(200).json();
    let stolen = json!({"grant_type": "refresh_token", "refresh_token": session["refresh_token"]});
    refused(other.authenticate(stolen), 400, "invalid_grant");
    refused(app.authenticate(json!({"grant_type": "implicit"})), 400, "unsupported_grant_type");
});

on_both!(a_session_is_for_one_organization, |world| {
    let app = app(world, "Sign-in");
    let user = app.user(json!({"email": "a@example.com", "password": PASSWORD}));
    let (one, two) = (app.organization("One"), app.organization("Two"));
    let first = app.member(&user, &one);
    assert_eq!(app.sign_in("a@example.com").expect(200).json()["organization_id"], one["id"]);
    app.member(&user, &two);
    let asked = refused(app.sign_in("a@example.com"), 403, "organization_selection_required");
    assert_eq!(asked["organizations"].as_array().map(Vec::len), Some(2));
    let select = |organization: &serde_json::Value| {
        app.authenticate(json!({
            "grant_type": "urn:workos:oauth:grant-type:organization-selection",
            "pending_authentication_token": asked["pending_authentication_token"],
            "organization_id": organization["id"],
        }))
    };
    let third = app.organization("Three");
    refused(select(&third), 400, "invalid_organization_id");
    let session = select(&two).expect(200).json();
    let told = claims(&session["access_token"]);
    assert_eq!((&told["org_id"], &told["role"]), (&two["id"], &json!("member")));
    refused(select(&two), 400, "invalid_pending_authentication_token");
    let switch = json!({"grant_type": "refresh_token", "refresh_token": session["refresh_token"], "organization_id": one["id"]});
    let switched = app.authenticate(switch).expect(200).json();
    assert_eq!(switched["organization_id"], one["id"]);
    // Whoever is no member any more has no session for it.
    let place = format!("/user_management/organization_memberships/{}", first["id"].as_str().expect("an id"));
    app.put(&format!("{place}/deactivate"), json!({})).expect(200);
    let next = json!({"grant_type": "refresh_token", "refresh_token": switched["refresh_token"]});
    refused(app.authenticate(next), 400, "invalid_organization_id");
    let forged = json!({
        "grant_type": "urn:workos:oauth:grant-type:organization-selection",
        "pending_authentication_token": "forged", "organization_id": one["id"],
    });
    refused(app.authenticate(forged), 400, "invalid_pending_authentication_token");
});

on_both!(a_second_factor_is_asked_for_once_it_is_proved, |world| {
    let app = app(world, "Sign-in");
    let user = app.user(json!({"email": "a@example.com", "password": PASSWORD}));
    let place = format!("/user_management/users/{}/auth_factors", user["id"].as_str().expect("an id"));
    let made = app.post(&place, json!({"type": "totp", "totp_issuer": "Acme"})).expect(201).json();
    app.sign_in("a@example.com").expect(200);
    let uri = made["authentication_factor"]["totp"]["uri"].as_str().expect("an address");
    let code = |later| crate::auth::person::totp(uri, later);
    let verify = |challenge: &serde_json::Value, code: &str| {
        let id = challenge["id"].as_str().expect("an id");
        app.post(&format!("/auth/challenges/{id}/verify"), json!({"code": code}))
    };
    let challenge = &made["authentication_challenge"];
    assert_eq!(verify(challenge, "000").expect(201).json()["valid"], false);
    assert_eq!(verify(challenge, &code(0)).expect(201).json()["valid"], true);
    refused(verify(challenge, &code(0)), 422, "authentication_challenge_previously_verified");
    let listed = app.get(&place).expect(200);
    assert!(!listed.text().contains("secret"), "{}", listed.text());
    let asked = refused(app.sign_in("a@example.com"), 403, "mfa_challenge");
    let factor = asked["authentication_factors"][0]["id"].as_str().expect("an id").to_owned();
    let challenge = app.post(&format!("/auth/factors/{factor}/challenge"), json!({})).expect(201).json();
    let show = |code: &str| {
        app.authenticate(json!({
            "grant_type": "urn:workos:oauth:grant-type:mfa-totp", "code": code,
            "pending_authentication_token": asked["pending_authentication_token"],
            "authentication_challenge_id": challenge["id"],
        }))
    };
    refused(show("000000"), 400, "invalid_one_time_code");
    assert_eq!(show(&code(1)).expect(200).json()["authentication_method"], "Password");
    app.client.delete(&format!("/auth/factors/{factor}")).expect(204);
    app.sign_in("a@example.com").expect(200);
    refused(app.post(&place, json!({"type": "sms"})), 422, "invalid_request_parameters");
    refused(
        app.post("/auth/factors/enroll", json!({"type": "sms", "phone_number": "1"})),
        501,
        "not_supported",
    );
    refused(app.post("/auth/factors/enroll", json!({"type": "0"})), 422, "invalid_request_parameters");
});
