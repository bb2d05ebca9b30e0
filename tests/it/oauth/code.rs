//! The way of a code: <https://www.rfc-editor.org/rfc/rfc6749#section-4.1>, and what may not happen to it:
//! <https://www.rfc-editor.org/rfc/rfc9700#section-2.1>.

use serde_json::json;

use super::signer::{encoded, part};
use super::visitor::{
    PASSWORD, REDIRECT, VERIFIER, Visitor, app, caller, practitioner, redeem, request, tokens,
};
use crate::client::{Answer, PUBLIC_URL};

#[track_caller]
fn fails(answer: Answer, error: &str) {
    let answer = answer.expect(400);
    assert_eq!(answer.header("Cache-Control"), Some("no-store"));
    assert_eq!(answer.json()["error"], error, "{}", answer.text());
}

on_both!(a_user_signs_in_and_the_application_gets_tokens, |world| {
    let (client, email) = (app(world, json!({})), practitioner(world));
    let visitor = Visitor::default();
    let asked = json!({"scope": "openid fhirUser email offline_access", "nonce": "n-1", "aud": format!("{PUBLIC_URL}/fhir/R4")});
    let back = visitor.go(world, &request(&client, asked), &email);
    assert_eq!(back["state"], "a state");
    let answer = redeem(world, &client, &back["code"], "").expect(200);
    assert_eq!(answer.header("Cache-Control"), Some("no-store"));
    let given = answer.json();
    assert_eq!(given["token_type"], "Bearer");
    assert_eq!(given["scope"], "openid fhirUser email offline_access");
    assert_eq!(given["project"]["reference"], format!("Project/{}", world.project));
    assert!(given["refresh_token"].is_string() && given["expires_in"].is_u64());
    let claims = part(given["id_token"].as_str().expect("an id token"), 1);
    assert_eq!((&claims["nonce"], &claims["aud"]), (&json!("n-1"), &json!(client)));
    assert_eq!(claims["iss"], PUBLIC_URL);
    let profile = given["profile"]["reference"].as_str().expect("a profile");
    assert_eq!(claims["fhirUser"], format!("{PUBLIC_URL}/fhir/R4/{profile}"));
    caller(world, &given).get("Patient").expect(200);
    let said = caller(world, &given).get("/oauth2/userinfo").expect(200).json();
    assert_eq!((&said["sub"], &said["email"]), (&claims["sub"], &json!(email)));
});

on_both!(a_code_is_good_once_and_whoever_reuses_it_ends_the_session, |world| {
    let (client, email) = (app(world, json!({})), practitioner(world));
    let back = Visitor::default().go(world, &request(&client, json!({})), &email);
    let given = redeem(world, &client, &back["code"], "").expect(200).json();
    caller(world, &given).get("Patient").expect(200);
    fails(redeem(world, &client, &back["code"], ""), "invalid_grant");
    caller(world, &given).get("Patient").refused(401, "login");
});

on_both!(a_code_is_bound_to_its_client_its_place_and_its_verifier, |world| {
    let (client, other, email) = (app(world, json!({})), app(world, json!({})), practitioner(world));
    let fresh = || Visitor::default().go(world, &request(&client, json!({})), &email)["code"].clone();
    fails(redeem(world, &other, &fresh(), ""), "invalid_grant");
    let form = |code: &str, rest: &str| {
        let form = format!("grant_type=authorization_code&client_id={client}&code={code}{rest}");
        world.anonymous.call("POST", "/oauth2/token").form(&form).send()
    };
    let (place, verifier) = (encoded(REDIRECT), VERIFIER);
    let wrong = "w".repeat(50);
    fails(form(&fresh(), &format!("&redirect_uri={place}")), "invalid_request");
    fails(form(&fresh(), &format!("&redirect_uri={place}&code_verifier={wrong}")), "invalid_grant");
    fails(form(&fresh(), &format!("&code_verifier={verifier}")), "invalid_grant");
    let elsewhere = encoded("https://app.example/other");
    fails(form(&fresh(), &format!("&redirect_uri={elsewhere}&code_verifier={verifier}")), "invalid_grant");
    for code in ["", "nonsense", "a.b", "0190aaaa-0000-7000-8000-000000000000.guess"] {
        let answer = form(code, &format!("&redirect_uri={place}&code_verifier={verifier}")).expect(400);
        assert!(
            ["invalid_request", "invalid_grant"]
                .contains(&answer.json()["error"].as_str().expect("an error"))
        );
    }
    form(&fresh(), &format!("&redirect_uri={place}&code_verifier={verifier}")).expect(200);
});

on_both!(a_refresh_token_is_followed_by_another, |world| {
    let (client, email) = (app(world, json!({})), practitioner(world));
    let given = tokens(world, &client, "openid offline_access", &email);
    let refresh = |token: &str, more: &str| {
        let form = format!("grant_type=refresh_token&client_id={client}&refresh_token={token}{more}");
        world.anonymous.call("POST", "/oauth2/token").form(&form).send()
    };
    let first = given["refresh_token"].as_str().expect("a token");
    let next = refresh(first, "").expect(200).json();
    let second = next["refresh_token"].as_str().expect("a token");
    assert_ne!(first, second);
    // Two pages of one application at once: both get the same.
    assert_eq!(refresh(first, "").expect(200).json()["refresh_token"], second);
    fails(refresh(second, "&scope=user/*.cruds"), "invalid_scope");
    fails(refresh("nonsense", ""), "invalid_grant");
    let other = app(world, json!({}));
    let form = format!("grant_type=refresh_token&client_id={other}&refresh_token={second}");
    fails(world.anonymous.call("POST", "/oauth2/token").form(&form).send(), "invalid_grant");
});

on_both!(a_stolen_refresh_token_ends_the_family, |config| config.sign_in.refresh_grace = 0, |world| {
    let (client, email) = (app(world, json!({})), practitioner(world));
    let given = tokens(world, &client, "openid offline_access", &email);
    let refresh = |token: &str| {
        let form = format!("grant_type=refresh_token&client_id={client}&refresh_token={token}");
        world.anonymous.call("POST", "/oauth2/token").form(&form).send()
    };
    let first = given["refresh_token"].as_str().expect("a token");
    let next = refresh(first).expect(200).json();
    fails(refresh(first), "invalid_grant");
    fails(refresh(next["refresh_token"].as_str().expect("a token")), "invalid_grant");
    caller(world, &next).get("Patient").refused(401, "login");
});

on_both!(a_token_is_introspected_and_revoked_by_those_it_concerns, |world| {
    let (client, email) = (app(world, json!({})), practitioner(world));
    let given = tokens(world, &client, "openid user/Patient.rs", &email);
    let token = given["access_token"].as_str().expect("a token");
    let form = format!("token={token}");
    let said = world.admin.call("POST", "/oauth2/introspect").form(&form).send().expect(200).json();
    assert_eq!((&said["active"], &said["client_id"]), (&json!(true), &json!(client)));
    assert_eq!(said["scope"], "openid user/Patient.rs");
    let foreign = world.stranger.call("POST", "/oauth2/introspect").form(&form).send().expect(200).json();
    assert_eq!(foreign, json!({"active": false}));
    world.anonymous.call("POST", "/oauth2/introspect").form(&form).send().expect(401);
    let named = format!("{form}&client_id={client}");
    world.anonymous.call("POST", "/oauth2/introspect").form(&named).send().expect(401);
    let nonsense =
        world.admin.call("POST", "/oauth2/introspect").form("token=nonsense").send().expect(200).json();
    assert_eq!(nonsense, json!({"active": false}));

    let revoke = |client: &str| {
        let form = format!("{form}&client_id={client}");
        world.anonymous.call("POST", "/oauth2/revoke").form(&form).send()
    };
    let other = app(world, json!({}));
    revoke(&other).expect(200);
    caller(world, &given).get("Patient").expect(200);
    revoke(&client).expect(200);
    caller(world, &given).get("Patient").refused(401, "login");
    let said = world.admin.call("POST", "/oauth2/introspect").form(&form).send().expect(200).json();
    assert_eq!(said, json!({"active": false}));
});

on_both!(an_id_token_is_no_access_token, |world| {
    let (client, email) = (app(world, json!({})), practitioner(world));
    let given = tokens(world, &client, "openid", &email);
    let id_token = given["id_token"].as_str().expect("an id token");
    crate::client::Client::with_token(&world.server.address, id_token).get("Patient").refused(401, "login");
    crate::client::Client::with_token(&world.server.address, id_token).get("/oauth2/userinfo").expect(401);
});

on_both!(signing_out_ends_the_session_and_leads_home, |world| {
    let home = "https://app.example/bye";
    let client = app(world, json!({"postLogoutRedirectUris": [home]}));
    let email = practitioner(world);
    let given = tokens(world, &client, "openid", &email);
    let hint = given["id_token"].as_str().expect("an id token");
    let out =
        |more: &str| Visitor::default().open(world, &format!("/oauth2/logout?id_token_hint={hint}{more}"));
    let elsewhere = out(&format!("&post_logout_redirect_uri={}", encoded("https://evil.example/")));
    assert_eq!(elsewhere.0.status, 400);
    let answer = out(&format!("&post_logout_redirect_uri={}&state=s", encoded(home)));
    assert_eq!(answer.0.header("Location"), Some("https://app.example/bye?state=s"));
    caller(world, &given).get("Patient").refused(401, "login");
    // As Medplum's clients do it.
    let given = tokens(world, &client, "openid", &email);
    caller(world, &given).post("/oauth2/logout", &json!({})).expect(200);
    caller(world, &given).get("Patient").refused(401, "login");
    assert_eq!(Visitor::default().open(world, "/oauth2/logout?id_token_hint=a.b.c").0.status, 400);
});

on_both!(a_browser_that_is_signed_in_is_not_asked_again, |world| {
    let (client, email) = (app(world, json!({})), practitioner(world));
    let visitor = Visitor::default();
    let back = visitor.go(world, &request(&client, json!({})), &email);
    let given = redeem(world, &client, &back["code"], "").expect(200).json();
    let back = visitor.open(world, &request(&client, json!({"prompt": "none"}))).back();
    redeem(world, &client, &back["code"], "").expect(200);
    // But for more than it was allowed, or by another application, or when it asks for that.
    let more = json!({"prompt": "none", "scope": "openid fhirUser user/*.rs"});
    assert_eq!(visitor.open(world, &request(&client, more)).back()["error"], "interaction_required");
    assert_eq!(visitor.open(world, &request(&app(world, json!({})), json!({}))).title(), "Allow access?");
    assert_eq!(visitor.open(world, &request(&client, json!({"prompt": "login"}))).title(), "Sign in");
    assert_eq!(visitor.open(world, &request(&client, json!({"max_age": "0"}))).title(), "Sign in");
    let nobody = Visitor::default();
    assert_eq!(
        nobody.open(world, &request(&client, json!({"prompt": "none"}))).back()["error"],
        "login_required"
    );
    // Nor once the session has ended.
    let visitor = Visitor::default();
    let back = visitor.go(world, &request(&client, json!({})), &email);
    let other = redeem(world, &client, &back["code"], "").expect(200).json();
    caller(world, &other).post("/oauth2/logout", &json!({})).expect(200);
    assert_eq!(
        visitor.open(world, &request(&client, json!({"prompt": "none"}))).back()["error"],
        "login_required"
    );
    caller(world, &given).get("Patient").expect(200);
});

// The page of consent said that the sign-in took too long.
on_both!(a_session_of_yesterday_serves_another_application, |config| config.cache_bytes = 0, |world| {
    let email = practitioner(world);
    let visitor = Visitor::default();
    let first = app(world, json!({}));
    let back = visitor.go(world, &request(&first, json!({})), &email);
    redeem(world, &first, &back["code"], "").expect(200);
    let today = chrono::Utc::now().date_naive();
    let yesterday = today.pred_opt().expect("a day before");
    world.database.run(&format!(
        "UPDATE resource SET body = replace(body, '\"authTime\":\"{today}', '\"authTime\":\"{yesterday}')"
    ));
    let second = app(world, json!({}));
    let asked = visitor.open(world, &request(&second, json!({})));
    assert_eq!(asked.title(), "Allow access?");
    let back = visitor.fill(world, &asked, "consent", &[]).back();
    let given = redeem(world, &second, &back["code"], "").expect(200).json();
    let claims = part(given["id_token"].as_str().expect("an id token"), 1);
    assert!(claims["auth_time"].as_i64() < claims["iat"].as_i64().map(|at| at - 80_000), "{claims}");
});

on_both!(a_wrong_password_leads_nowhere_and_says_no_more, |world| {
    let (client, email) = (app(world, json!({})), practitioner(world));
    let visitor = Visitor::default();
    let page = visitor.open(world, &request(&client, json!({})));
    let try_with = |email: &str, password: &str| {
        let page = visitor.fill(
            world,
            &visitor.open(world, &request(&client, json!({}))),
            "password",
            &[("email", email), ("password", password)],
        );
        assert_eq!((page.0.status, page.title().as_str()), (400, "Error: Sign in"));
        let text = page.0.text();
        text.split("role=\"alert\"")
            .nth(1)
            .and_then(|rest| rest.split("</div>").next())
            .expect("an error")
            .to_owned()
    };
    assert_eq!(try_with(&email, "wrong"), try_with("nobody@example.com", PASSWORD));
    drop(page);
});
