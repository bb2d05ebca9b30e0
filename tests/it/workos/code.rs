//! Codes and tokens: each good once, for one purpose, for a while.

use serde_json::{Value, json};

use super::{PASSWORD, app, refused};

const MAGIC: &str = "urn:workos:oauth:grant-type:magic-auth:code";

fn other(code: &Value) -> &'static str {
    if code == "000000" { "111111" } else { "000000" }
}

on_both!(a_code_by_mail_signs_in_whoever_is_new, |world| {
    let app = app(world, "Codes");
    let magic =
        app.post("/user_management/magic_auth", json!({"email": "new@example.com"})).expect(201).json();
    let show = |code: &Value| {
        app.authenticate(json!({"grant_type": MAGIC, "email": "New@example.com", "code": code}))
    };
    refused(show(&json!(other(&magic["code"]))), 400, "invalid_one_time_code");
    let session = show(&magic["code"]).expect(200).json();
    assert_eq!(session["user"]["email_verified"], true);
    assert_eq!(session["authentication_method"], "MagicAuth");
    refused(show(&magic["code"]), 400, "one_time_code_previously_used");
    // Nor does FHIR show it, to whomever.
    let stored = app.client.get("UserSecurityRequest?type=magic-auth").expect(200).text();
    assert!(!stored.contains(magic["code"].as_str().expect("a code")), "{stored}");
    assert!(!stored.contains("sealed"), "{stored}");
});

on_both!(codes_are_asked_for_three_times_a_minute, |world| {
    let app = app(world, "Codes");
    let ask = || app.post("/user_management/magic_auth", json!({"email": "often@example.com"}));
    for _ in 0..3 {
        ask().expect(201);
    }
    let answer = ask().expect(429);
    assert!(answer.header("retry-after").is_some_and(|seconds| seconds.parse::<u64>().is_ok()));
    assert_eq!(answer.json()["error"], "too_many_requests");
    app.post("/user_management/magic_auth", json!({"email": "seldom@example.com"})).expect(201);
});

on_both!(an_email_is_verified_or_changed_by_its_code, |world| {
    let app = app(world, "Codes");
    let user = app.user(json!({"email": "a@example.com"}));
    let place = format!("/user_management/users/{}", user["id"].as_str().expect("an id"));
    let confirm =
        |code: &Value| app.post(&format!("{place}/email_verification/confirm"), json!({"code": code}));
    refused(confirm(&json!("123456")), 400, "email_verification_code_incorrect");
    app.post(&format!("{place}/email_verification/send"), json!({})).expect(200);
    let stored = app.client.search("UserSecurityRequest?type=verify-email");
    let id = stored[0]["id"].as_str().expect("an id");
    let sent = app.get(&format!("/user_management/email_verification/{id}")).expect(200).json();
    assert_eq!(confirm(&sent["code"]).expect(200).json()["user"]["email_verified"], true);
    refused(confirm(&sent["code"]), 400, "email_verification_code_previously_used");
    refused(app.post(&format!("{place}/email_verification/send"), json!({})), 400, "email_already_verified");
    app.user(json!({"email": "taken@example.com"}));
    let change = |email: &str| app.post(&format!("{place}/email_change/send"), json!({"new_email": email}));
    refused(change("taken@example.com"), 409, "email_not_available");
    refused(change("a@example.com"), 409, "email_change_not_needed");
    assert_eq!(change("b@example.com").expect(200).json()["user"]["email"], "a@example.com");
    let wrong = app.post(&format!("{place}/email_change/confirm"), json!({"code": "x"}));
    refused(wrong, 400, "email_change_code_incorrect");
});

on_both!(a_password_is_reset_once_by_its_token, |world| {
    let app = app(world, "Codes");
    let user = app.user(json!({"email": "a@example.com", "password": PASSWORD}));
    let session = app.sign_in("a@example.com").expect(200).json();
    refused(
        app.post("/user_management/password_reset", json!({"email": "no@example.com"})),
        404,
        "entity_not_found",
    );
    let reset =
        app.post("/user_management/password_reset", json!({"email": "a@example.com"})).expect(201).json();
    assert!(reset.get("updated_at").is_none());
    let confirm = |token: &Value, password: &str| {
        app.post("/user_management/password_reset/confirm", json!({"token": token, "new_password": password}))
    };
    refused(confirm(&json!("none"), PASSWORD), 404, "entity_not_found");
    refused(confirm(&reset["password_reset_token"], "password"), 400, "password_strength_error");
    let done = confirm(&reset["password_reset_token"], "orange tuba 41 meadow").expect(200).json();
    assert_eq!(done["user"]["id"], user["id"]);
    refused(confirm(&reset["password_reset_token"], "orange tuba 42 meadow"), 400, "password_reset_error");
    refused(app.sign_in("a@example.com"), 400, "invalid_credentials");
    let over = json!({"grant_type": "refresh_token", "refresh_token": session["refresh_token"]});
    refused(app.authenticate(over), 400, "invalid_grant");
});

on_both!(an_invitation_makes_a_member_once, |world| {
    let app = app(world, "Codes");
    let home = app.organization("Acme");
    let invite = |email: &str| {
        app.post("/user_management/invitations", json!({"email": email, "organization_id": home["id"]}))
    };
    let invitation = invite("a@example.com").expect(201).json();
    assert_eq!(invitation["state"], "pending");
    refused(invite("a@example.com"), 400, "email_already_invited_to_organization");
    app.user(json!({"email": "a@example.com", "password": PASSWORD}));
    app.user(json!({"email": "b@example.com", "password": PASSWORD}));
    let bring = |email: &str| {
        app.authenticate(json!({
            "grant_type": "password", "email": email, "password": PASSWORD, "invitation_token": invitation["token"],
        }))
    };
    refused(bring("b@example.com"), 400, "invitation_invalid");
    assert_eq!(bring("a@example.com").expect(200).json()["organization_id"], home["id"]);
    refused(bring("a@example.com"), 400, "invitation_invalid");
    refused(invite("a@example.com"), 400, "user_already_organization_member");
    let place = |one: &Value| format!("/user_management/invitations/{}", one["id"].as_str().expect("an id"));
    assert_eq!(app.get(&place(&invitation)).expect(200).json()["state"], "accepted");
    let next = invite("c@example.com").expect(201).json();
    assert_eq!(
        app.post(&format!("{}/accept", place(&next)), json!({})).expect(200).json()["state"],
        "accepted"
    );
    refused(app.post(&format!("{}/revoke", place(&next)), json!({})), 400, "invite_not_pending");
    let last = invite("d@example.com").expect(201).json();
    assert_eq!(
        app.post(&format!("{}/revoke", place(&last)), json!({})).expect(200).json()["state"],
        "revoked"
    );
    refused(app.post(&format!("{}/resend", place(&last)), json!({})), 400, "invite_revoked");
    for days in [0, 31] {
        let body = json!({"email": "e@example.com", "expires_in_days": days});
        let code = if days == 0 { "expires_in_days_too_short" } else { "expires_in_days_too_long" };
        refused(app.post("/user_management/invitations", body), 400, code);
    }
});
