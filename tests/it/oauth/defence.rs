//! What an authorization request may not do: <https://www.rfc-editor.org/rfc/rfc9700>. Nothing goes to an address that is
//! not proved, and no page can be put to another's use.

use serde_json::json;

use super::signer::encoded;
use super::visitor::{PASSWORD, REDIRECT, Visitor, app, challenge, practitioner, request};
use crate::client::PUBLIC_URL;

on_both!(a_user_is_sent_only_to_where_the_application_registered, |world| {
    let client = app(world, json!({}));
    let visitor = Visitor::default();
    for place in [
        "https://evil.example/",
        "https://app.example/callback/",
        "https://app.example/callback?x=1",
        "https://app.example/callback#x",
        "https://APP.example/callback",
        "https://app.example/Callback",
        "https://app.example:443/callback",
        "https://app.example/x/../callback",
        "https://app.example@evil.example/callback",
        "http://app.example/callback",
        "//app.example/callback",
        "javascript:alert(1)",
    ] {
        // Not even an error goes there.
        for more in [json!({"redirect_uri": place}), json!({"redirect_uri": place, "response_type": "token"})]
        {
            let page = visitor.open(world, &request(&client, more));
            assert_eq!((page.0.status, page.title().as_str()), (400, "This does not work"), "{place}");
            assert!(page.0.header("Location").is_none());
        }
    }
    let unknown = visitor.open(world, &request("0190aaaa-0000-7000-8000-000000000000", json!({})));
    assert_eq!(unknown.0.status, 400);
    let scripted = app(world, json!({"redirectUris": ["javascript:alert(1)"]}));
    let page = visitor.open(world, &request(&scripted, json!({"redirect_uri": "javascript:alert(1)"})));
    assert_eq!(page.0.status, 400);
    // Which of several is meant has to be said; of one it goes without saying.
    assert_eq!(visitor.open(world, &request(&client, json!({"redirect_uri": null}))).0.status, 400);
    let single = app(world, json!({"redirectUris": [REDIRECT]}));
    assert_eq!(visitor.open(world, &request(&single, json!({"redirect_uri": null}))).title(), "Sign in");
    let off = app(world, json!({"status": "off"}));
    assert_eq!(visitor.open(world, &request(&off, json!({}))).0.status, 400);
});

on_both!(what_is_wrong_with_a_request_is_told_the_application, |world| {
    let client = app(world, json!({}));
    let visitor = Visitor::default();
    for (more, error) in [
        (json!({"response_type": "token"}), "unsupported_response_type"),
        (json!({"response_type": "id_token token"}), "unsupported_response_type"),
        (json!({"response_type": null}), "invalid_request"),
        (json!({"response_mode": "fragment"}), "invalid_request"),
        (json!({"code_challenge": null}), "invalid_request"),
        (json!({"code_challenge": null, "code_challenge_method": null}), "invalid_request"),
        (json!({"code_challenge_method": "plain"}), "invalid_request"),
        (json!({"code_challenge_method": null}), "invalid_request"),
        (json!({"code_challenge": "short"}), "invalid_request"),
        (json!({"aud": "https://other.example/fhir"}), "invalid_request"),
        (json!({"aud": format!("{PUBLIC_URL}/fhir/R4/Patient")}), "invalid_request"),
        (json!({"scope": "patient/Observation"}), "invalid_scope"),
        (json!({"scope": "system/*.rs"}), "invalid_scope"),
        (json!({"launch": "0190aaaa-0000-7000-8000-000000000000"}), "invalid_request"),
        (json!({"max_age": "soon"}), "invalid_request"),
        (json!({"max_age": "-1"}), "invalid_request"),
        (json!({"prompt": "none login"}), "invalid_request"),
        (json!({"request": "a.b.c"}), "request_not_supported"),
        (json!({"request_uri": "https://evil.example/"}), "request_uri_not_supported"),
        (json!({"nonce": "n".repeat(5000)}), "invalid_request"),
    ] {
        let back = visitor.open(world, &request(&client, more.clone())).back();
        assert_eq!((back["error"].as_str(), back["state"].as_str()), (error, "a state"), "{more}");
        assert!(!back.contains_key("code"));
    }
    let twice = format!("{}&scope=openid", request(&client, json!({})));
    assert_eq!(visitor.open(world, &twice).0.status, 400);
    let long = request(&client, json!({"nonce": "n".repeat(70_000)}));
    let form = long.split_once('?').expect("a query").1;
    world.anonymous.call("POST", "/oauth2/authorize").form(form).send().expect(400);
});

on_both!(an_application_may_be_let_go_without_pkce_or_with_plain, |world| {
    let client = app(world, json!({"pkceOptional": true}));
    let visitor = Visitor::default();
    let without = json!({"code_challenge": null, "code_challenge_method": null});
    assert_eq!(visitor.open(world, &request(&client, without)).title(), "Sign in");
    assert_eq!(
        visitor.open(world, &request(&client, json!({"code_challenge_method": "plain"}))).title(),
        "Sign in"
    );
});

on_both!(no_header_and_no_page_is_made_of_what_is_sent, |world| {
    let client = app(world, json!({}));
    let visitor = Visitor::default();
    let nasty = "x\r\nSet-Cookie: a=b\r\n\r\n<script>alert(1)</script>\"'&";
    let back = visitor.open(world, &request(&client, json!({"state": nasty, "prompt": "none"})));
    // A state with line breaks is none.
    assert!(!back.0.headers().contains("a=b"), "{}", back.0.headers());
    let page = visitor.open(world, &request(&client, json!({"login_hint": "\"><script>alert(1)</script>"})));
    assert!(!page.0.text().contains("<script"), "{}", page.0.text());
    assert!(page.0.text().contains("Growth &lt;Chart&gt;"));
    let page = visitor.open(world, &request(&client, json!({"state": "\"><script>alert(1)</script>"})));
    assert!(!page.0.text().contains("<script"), "{}", page.0.text());
    let page =
        visitor.open(world, &format!("/oauth2/authorize?client_id={}", encoded("<script>alert(1)</script>")));
    assert!(!page.0.text().contains("<script"));
});

on_both!(a_page_is_kept_to_itself, |world| {
    let client = app(world, json!({}));
    let visitor = Visitor::default();
    let page = visitor.open(world, &request(&client, json!({})));
    let policy = page.0.header("Content-Security-Policy").expect("a policy");
    for part in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self' https://app.example",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe"));
    assert_eq!(page.0.header("X-Frame-Options"), Some("DENY"));
    assert_eq!(page.0.header("Cache-Control"), Some("no-store"));
    assert_eq!(page.0.header("Referrer-Policy"), Some("no-referrer"));
    let cookie = page.0.header("Set-Cookie").expect("a cookie");
    for part in ["__Host-roster=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"));
    let text = page.0.text();
    assert!(
        text.contains("<html lang=\"en\">")
            && text.contains("<label for=\"password\">")
            && !text.contains("<script")
    );
});

on_both!(a_form_works_in_the_browser_it_was_made_for_only, |world| {
    let (client, email) = (app(world, json!({})), practitioner(world));
    let (victim, thief) = (Visitor::default(), Visitor::default());
    let fields = [("email", email.as_str()), ("password", PASSWORD)];
    let page = thief.open(world, &request(&client, json!({})));
    // Without a cookie, and with that of another browser.
    let answer = victim.fill(world, &page, "password", &fields);
    assert_eq!((answer.0.status, answer.title().as_str()), (400, "This does not work"));
    victim.open(world, &request(&client, json!({})));
    let answer = victim.fill(world, &page, "password", &fields);
    assert_eq!((answer.0.status, answer.title().as_str()), (400, "This does not work"));
    // The sign-in goes on in the browser it began in.
    let consent = thief.fill(world, &page, "password", &fields);
    assert_eq!(consent.title(), "Allow access?");
    assert_eq!(victim.fill(world, &consent, "consent", &[]).0.status, 400);
    // A cookie that somebody made up is none.
    let old = thief.cookie("__Host-roster").expect("a cookie");
    let (head, _) = old.rsplit_once('.').expect("a proof");
    let forged = world
        .anonymous
        .call("POST", "/oauth2/step")
        .header("Cookie", &format!("__Host-roster={head}.{}", challenge()))
        .form("do=consent");
    assert_eq!(forged.send().status, 400);
    assert!(thief.fill(world, &consent, "consent", &[]).back().contains_key("code"));
});

on_both!(whoever_denies_sends_an_error_and_no_code, |world| {
    let (client, email) = (app(world, json!({})), practitioner(world));
    let visitor = Visitor::default();
    let page = visitor.sign_in(world, &request(&client, json!({})), &email);
    let back = visitor.fill(world, &page, "cancel", &[]).back();
    assert_eq!(back["error"], "access_denied");
    assert!(!back.contains_key("code"));
});
