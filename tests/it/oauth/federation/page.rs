//! The way from the page of sign-in to a provider and back.

use serde_json::json;

use super::provider::{CLIENT, Provider, SECRET};
use super::{at_home, client_of, come_back, enter, known, leave, person, says};
use crate::oauth::visitor::{Visitor, app, caller, redeem, request};

on_both!(a_user_signs_in_by_the_provider_of_the_client, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({"name": "Clinic <account>"}));
    let (email, user) = person(world, json!({}));
    let visitor = Visitor::default();
    let page = visitor.open(world, &request(&client, json!({})));
    assert!(page.0.text().contains("Sign in with Clinic &lt;account&gt;"), "{}", page.0.text());
    let link = leave(world, &visitor, &client);
    let page = come_back(world, &visitor, &provider, &link, known(&email));
    assert_eq!(page.title(), "Allow access?", "{}", page.0.text());
    let back = visitor.fill(world, &page, "consent", &[]).back();
    let given = redeem(world, &client, &back["code"], "").expect(200).json();
    let me = caller(world, &given).get("/auth/me").expect(200).json();
    assert_eq!(me["user"]["id"], json!(user));
    assert_eq!(me["security"]["sessions"][0]["authMethod"], "external");
    // What was asked of the provider: by Basic, once.
    let sent = provider.seen("/token");
    assert!(sent.len() == 1 && sent[0].headers["authorization"].starts_with("Basic "));
    // That his e-mail is his is known from now on.
    let stored = world.super_admin.get(&format!("User/{user}")).expect(200).json();
    assert_eq!(stored["emailVerified"], true);
    // The browser is known, as after any sign-in.
    let back = visitor.open(world, &request(&client, json!({"prompt": "none"}))).back();
    redeem(world, &client, &back["code"], "").expect(200);
});

on_both!(a_session_by_a_provider_is_recorded, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({}));
    let (email, user) = person(world, json!({}));
    let visitor = Visitor::default();
    let link = leave(world, &visitor, &client);
    let page = come_back(world, &visitor, &provider, &link, known(&email));
    let back = visitor.fill(world, &page, "consent", &[]).back();
    redeem(world, &client, &back["code"], "").expect(200);
    says(&enter(world, &provider, &client, known("nobody@clinic.example")), "nobody here is known");
    let acts = world.admin.search("AuditEvent?subtype=login&_sort=_id");
    assert!(acts.iter().any(|act| act["outcome"] == "0" && act["agent"][0]["who"]["reference"] == format!("User/{user}")));
    let failed = acts.iter().find(|act| act["outcome"] == "4").expect("the failure");
    assert_eq!(failed["entity"][0]["what"]["reference"], format!("ClientApplication/{client}"));
    assert!(failed["outcomeDesc"].as_str().expect("why").contains("nobody here is known"), "{failed}");
    assert!(world.stranger.search("AuditEvent?subtype=login").iter().all(|act| act["outcome"] == "0"));
});

on_both!(the_project_speaks_for_clients_that_name_nobody, |config| at_home(config), |world| {
    let provider = Provider::new();
    let stored = world.admin.get(&format!("Project/{}", world.project)).expect(200).json();
    let changed = crate::sample::with(stored, json!({"identityProvider": provider.config()}));
    let stored = world.admin.update(&changed);
    assert!(!stored.to_string().contains(SECRET));
    let (email, _) = person(world, json!({}));
    let page = enter(world, &provider, &app(world, json!({})), known(&email));
    assert_eq!(page.title(), "Allow access?", "{}", page.0.text());
});

on_both!(a_secret_is_sent_in_the_form_where_that_is_wanted, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({"tokenAuthMethod": "client_secret_post"}));
    let (email, _) = person(world, json!({}));
    assert_eq!(enter(world, &provider, &client, known(&email)).title(), "Allow access?");
    assert!(!provider.seen("/token")[0].headers.contains_key("authorization"));
});

on_both!(addresses_that_are_configured_are_used_without_asking, |config| at_home(config), |world| {
    let provider = Provider::new();
    let at = |place: &str| format!("{}/{place}", provider.issuer);
    let more = json!({"authorizeUrl": at("authorize"), "tokenUrl": at("token"), "jwksUrl": at("keys"), "userInfoUrl": at("userinfo")});
    let client = client_of(world, &provider, more);
    let (email, _) = person(world, json!({}));
    assert_eq!(enter(world, &provider, &client, known(&email)).title(), "Allow access?");
    assert!(provider.seen("openid-configuration").is_empty());
    assert_eq!(provider.seen("/userinfo").len(), 1);
});

on_both!(keys_that_were_made_since_are_asked_for, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({}));
    let (email, _) = person(world, json!({}));
    assert_eq!(enter(world, &provider, &client, known(&email)).title(), "Allow access?");
    provider.rotate("second");
    assert_eq!(enter(world, &provider, &client, known(&email)).title(), "Allow access?");
    assert_eq!(provider.seen("/keys").len(), 2);
});

on_both!(a_form_sent_by_the_provider_is_taken, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({}));
    let (email, _) = person(world, json!({}));
    let visitor = Visitor::default();
    let link = leave(world, &visitor, &client);
    let form = provider.grant(&link, known(&email));
    // It comes without cookies; the browser then asks with them.
    let answer = world.anonymous.call("POST", "/auth/external").form(&form).send().expect(303);
    let place = answer.header("Location").expect("a place").to_owned();
    assert_eq!(visitor.open(world, &place).title(), "Allow access?");
});

on_both!(whoever_changes_his_mind_is_back_on_the_page, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({}));
    let visitor = Visitor::default();
    let link = leave(world, &visitor, &client);
    let state = link.split("state=").nth(1).and_then(|rest| rest.split('&').next()).expect("a state");
    let page = visitor.open(world, &format!("/auth/external?error=access_denied&state={state}"));
    says(&page, "access_denied");
    assert_eq!(page.title(), "Error: Sign in");
    // And leaves again, or gives up.
    assert!(visitor.fill(world, &page, "provider", &[]).title().starts_with("On to "));
    let page = visitor.open(world, &request(&client, json!({})));
    assert_eq!(visitor.fill(world, &page, "cancel", &[]).back()["error"], "access_denied");
});

on_both!(a_second_factor_counts_if_it_was_shown_there, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({}));
    let (email, _) = person(world, json!({"mfaRequired": true}));
    let page = enter(world, &provider, &client, known(&email));
    assert_eq!(page.title(), "Set up a second factor", "{}", page.0.text());
    let with_factor = crate::sample::with(known(&email), json!({"amr": ["pwd", "mfa"]}));
    assert_eq!(enter(world, &provider, &client, with_factor).title(), "Allow access?");
});

on_both!(a_plain_oauth_server_is_asked_who_it_is, |config| at_home(config), |world| {
    let provider = Provider::new();
    let at = |place: &str| format!("{}/{place}", provider.issuer);
    let client = app(
        world,
        json!({"identityProvider": {
            "authorizeUrl": at("authorize"), "tokenUrl": at("token"), "userInfoUrl": at("userinfo"),
            "clientId": CLIENT, "clientSecret": SECRET,
        }}),
    );
    let (email, _) = person(world, json!({}));
    assert_eq!(enter(world, &provider, &client, known(&email)).title(), "Allow access?");
    assert!(provider.seen("/keys").is_empty());
});
