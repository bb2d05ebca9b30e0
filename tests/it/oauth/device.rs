//! Devices without a browser: <https://www.rfc-editor.org/rfc/rfc8628>.

use serde_json::{Value, json};

use super::signer::encoded;
use super::visitor::{PASSWORD, Page, Visitor, app, caller, practitioner};
use crate::client::{Answer, PUBLIC_URL};
use crate::world::World;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

fn begin(world: &World, form: &str) -> Answer {
    world.anonymous.call("POST", "/oauth2/device_authorization").form(form).send()
}

fn codes(world: &World, client: &str) -> Value {
    begin(world, &format!("client_id={client}&scope=openid%20offline_access")).expect(200).json()
}

fn poll(world: &World, client: &str, code: &Value) -> Answer {
    let code = encoded(code.as_str().expect("a code"));
    let form = format!("grant_type={}&client_id={client}&device_code={code}", encoded(GRANT));
    world.anonymous.call("POST", "/oauth2/token").form(&form).send()
}

#[track_caller]
fn fails(answer: Answer, error: &str) {
    let answer = answer.expect(400);
    assert_eq!(answer.json()["error"], error, "{}", answer.text());
}

/// To the page that asks whether it is allowed.
#[track_caller]
fn signed_in(world: &World, visitor: &Visitor, code: &str, email: &str) -> Page {
    let page = visitor.open(world, "/oauth2/device");
    assert_eq!(page.title(), "Connect a device");
    let page = visitor.type_code(world, &page, code);
    assert_eq!(page.title(), "Sign in", "{}", page.0.text());
    let page = visitor.fill(world, &page, "password", &[("email", email), ("password", PASSWORD)]);
    assert_eq!(page.title(), "Allow access?", "{}", page.0.text());
    page
}

on_both!(a_device_gets_tokens_once_somebody_allows_it, |world| {
    let (client, email) = (app(world, json!({})), practitioner(world));
    let metadata = world.anonymous.get("/.well-known/openid-configuration").expect(200).json();
    let place = metadata["device_authorization_endpoint"].as_str().expect("an endpoint");
    assert_eq!(place, format!("{PUBLIC_URL}/oauth2/device_authorization"));
    assert!(metadata["grant_types_supported"].as_array().expect("a list").contains(&json!(GRANT)));

    let answer = begin(world, &format!("client_id={client}&scope=openid%20offline_access")).expect(200);
    assert_eq!(answer.header("Cache-Control"), Some("no-store"));
    let codes = answer.json();
    let code = codes["user_code"].as_str().expect("a code").to_owned();
    assert_eq!(codes["verification_uri"], format!("{PUBLIC_URL}/oauth2/device"));
    assert_eq!(codes["verification_uri_complete"], format!("{PUBLIC_URL}/oauth2/device?user_code={code}"));
    assert_eq!((&codes["expires_in"], &codes["interval"]), (&json!(600), &json!(5)));
    fails(poll(world, &client, &codes["device_code"]), "authorization_pending");
    let hurried = (0..50).any(|_| poll(world, &client, &codes["device_code"]).json()["error"] == "slow_down");
    assert!(hurried, "whoever looks all the time is told to wait");

    // A link fills the code in and does no more.
    let visitor = Visitor::default();
    let page = visitor.open(world, &format!("/oauth2/device?user_code={code}"));
    assert!(page.0.text().contains(&format!("value=\"{code}\"")), "{}", page.0.text());
    assert!(!page.0.text().contains("<script"));
    // Typed as people do.
    let page = signed_in(world, &visitor, &code.to_lowercase().replace('-', " "), &email);
    let text = page.0.text();
    assert!(text.contains(&code) && text.contains("Growth &lt;Chart&gt;"), "{text}");
    let page = visitor.fill(world, &page, "consent", &[]);
    assert_eq!(page.title(), "Your device is connected", "{}", page.0.text());

    let tokens = poll(world, &client, &codes["device_code"]).expect(200).json();
    assert!(tokens["refresh_token"].is_string() && tokens["id_token"].is_string(), "{tokens}");
    assert_eq!(tokens["scope"], "openid offline_access");
    assert_eq!(caller(world, &tokens).get("/auth/me").expect(200).json()["user"]["email"], json!(email));
    // Once, for either code.
    fails(poll(world, &client, &codes["device_code"]), "invalid_grant");
    caller(world, &tokens).get("/auth/me").expect(200);
    let page = visitor.open(world, "/oauth2/device");
    let page = visitor.type_code(world, &page, &code);
    assert_eq!((page.0.status, page.title().as_str()), (400, "Error: Connect a device"));
});

on_both!(a_device_that_is_denied_is_told, |world| {
    let (client, email) = (app(world, json!({})), practitioner(world));
    let denied = codes(world, &client);
    let code = denied["user_code"].as_str().expect("a code");
    let (visitor, other) = (Visitor::default(), Visitor::default());
    let page = signed_in(world, &visitor, code, &email);
    let second = signed_in(world, &other, code, &email);
    let (id, _) = denied["device_code"].as_str().expect("a code").split_once('.').expect("an id");
    let asked = world.super_admin.get(&format!("UserSecurityRequest/{id}")).expect(200).json();
    assert_eq!((&asked["type"], &asked["scope"]), (&json!("device"), &json!("openid offline_access")));
    assert_eq!(asked["requester"]["reference"], format!("ClientApplication/{client}"));
    let page = visitor.fill(world, &page, "cancel", &[]);
    assert_eq!(page.title(), "Your device is not connected", "{}", page.0.text());
    // Who comes after that is told, and changes nothing.
    let second = other.fill(world, &second, "consent", &[]);
    assert_eq!((second.0.status, second.title().as_str()), (400, "This does not work"));
    for _ in 0..2 {
        fails(poll(world, &client, &denied["device_code"]), "access_denied");
    }
});

on_both!(a_device_that_is_too_late_is_told, |config| config.sign_in.device_lifetime = 0, |world| {
    let client = app(world, json!({}));
    let late = codes(world, &client);
    assert_eq!(late["expires_in"], 0);
    fails(poll(world, &client, &late["device_code"]), "expired_token");
    let visitor = Visitor::default();
    let page = visitor.open(world, "/oauth2/device");
    let page = visitor.type_code(world, &page, late["user_code"].as_str().expect("a code"));
    assert_eq!((page.0.status, page.title().as_str()), (400, "Error: Connect a device"));
});

on_both!(a_code_is_good_for_its_client_and_its_browser, |world| {
    let (client, other, email) = (app(world, json!({})), app(world, json!({})), practitioner(world));
    let asked = codes(world, &client);
    let code = asked["user_code"].as_str().expect("a code");
    fails(poll(world, &other, &asked["device_code"]), "invalid_grant");
    let (id, _) = asked["device_code"].as_str().expect("a code").split_once('.').expect("an id");
    for wrong in [format!("{id}.x"), id.to_owned(), format!("{client}.x"), "x.y".to_owned()] {
        fails(poll(world, &client, &json!(wrong)), "invalid_grant");
    }
    let form = format!("grant_type={}&client_id={client}", encoded(GRANT));
    fails(world.anonymous.call("POST", "/oauth2/token").form(&form).send(), "invalid_request");
    let refresher = app(world, json!({"grantType": ["refresh_token"]}));
    fails(begin(world, &format!("client_id={refresher}")), "unauthorized_client");
    fails(begin(world, &format!("client_id={client}&scope=system%2F*.read")), "invalid_scope");
    begin(world, "client_id=nobody").expect(401);
    assert_eq!(begin(world, "scope=openid").expect(401).json()["error"], "invalid_client");

    // A form works in the browser that it was made for, and nowhere else.
    let (visitor, thief) = (Visitor::default(), Visitor::default());
    let page = visitor.open(world, "/oauth2/device");
    assert_eq!(thief.type_code(world, &page, code).0.status, 400);
    thief.open(world, "/oauth2/device");
    assert_eq!(thief.type_code(world, &page, code).0.status, 400);
    let page = signed_in(world, &visitor, code, &email);
    assert_eq!(thief.fill(world, &page, "consent", &[]).0.status, 400);
    // What the pages carry of the code leads nowhere by itself.
    let text = page.0.text();
    let sealed = text.split("name=\"request\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let sealed = sealed.expect("a request");
    assert!(sealed.starts_with("device=") && !sealed.contains(code), "{sealed}");
    assert_eq!(thief.open(world, &format!("/oauth2/authorize?{sealed}")).0.status, 400);
    let page = visitor.fill(world, &page, "consent", &[]);
    assert_eq!(page.title(), "Your device is connected");
    // Neither code is kept as it is.
    let (_, random) = asked["device_code"].as_str().expect("a code").split_once('.').expect("two parts");
    for (table, rows) in world.database.dump() {
        for kept in [random, code, &code.replace('-', "")] {
            assert!(!rows.iter().any(|row| row.contains(kept)), "{table} holds a code");
        }
    }
    poll(world, &client, &asked["device_code"]).expect(200);
});

on_both!(codes_are_not_guessed, |world| {
    let visitor = Visitor::default();
    let mut page = visitor.open(world, "/oauth2/device");
    for _ in 0..20 {
        page = visitor.type_code(world, &page, "BCDF-GHJK");
        assert_eq!(page.0.status, 400, "{}", page.0.text());
    }
    page = visitor.type_code(world, &page, "BCDF-GHJK");
    assert_eq!((page.0.status, page.title().as_str()), (429, "Error: Connect a device"));
    let asked = codes(world, &app(world, json!({})));
    let page = visitor.type_code(world, &page, asked["user_code"].as_str().expect("a code"));
    assert_eq!(page.0.status, 429, "the right one no less");
});
