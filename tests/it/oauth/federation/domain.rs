//! E-mails that lead elsewhere: by the pages, and as Medplum's applications ask for it.

use serde_json::{Value, json};

use super::provider::Provider;
use super::{at_home, away, come_back, known, says};
use crate::client::id;
use crate::oauth::signer::{encoded, fresh};
use crate::oauth::visitor::{HASH, PASSWORD, REDIRECT, VERIFIER, Visitor, app, challenge, join, request};
use crate::sample::with;
use crate::world::World;

/// A domain of the server's pool, whose people a provider signs in.
fn configured(world: &World, provider: &Provider) -> String {
    let domain = format!("{}.example", fresh("clinic"));
    world.super_admin.create(
        &json!({"resourceType": "DomainConfiguration", "domain": domain, "identityProvider": provider.config()}),
    );
    domain
}

/// Somebody of the server's pool who is a member of the project.
fn member(world: &World, domain: &str, more: Value) -> (String, String) {
    let email = format!("{}@{domain}", fresh("grace"));
    let user = json!({"resourceType": "User", "firstName": "Grace", "lastName": "Hopper", "email": email});
    let user = id(&world.super_admin.create(&with(user, more)));
    join(world, &user, &super::profile(), false);
    (email, user)
}

on_both!(an_email_of_the_domain_leads_to_its_provider, |config| at_home(config), |world| {
    let provider = Provider::new();
    let domain = configured(world, &provider);
    let (email, _) = member(world, &domain, json!({}));
    let client = app(world, json!({}));
    let visitor = Visitor::default();
    let page = visitor.open(world, &request(&client, json!({})));
    assert!(!page.0.text().contains("type=\"password\""), "{}", page.0.text());
    // Others go on to the password, and may think twice.
    let page = visitor.fill(world, &page, "email", &[("email", "somebody@elsewhere.example")]);
    assert!(
        page.0.text().contains("type=\"password\"") && page.0.text().contains("somebody@elsewhere.example")
    );
    let page = visitor.fill(world, &page, "password", &[("email", &email.to_uppercase()), ("password", "x")]);
    let link = away(&page);
    assert!(link.contains("login_hint="), "{link}");
    let page = come_back(world, &visitor, &provider, &link, known(&email));
    assert_eq!(page.title(), "Allow access?", "{}", page.0.text());
});

on_both!(a_provider_of_a_domain_speaks_of_no_other, |config| at_home(config), |world| {
    let provider = Provider::new();
    let domain = configured(world, &provider);
    let (email, _) = member(world, &domain, json!({}));
    let (other, _) = member(world, "other.example", json!({"externalId": "other"}));
    let client = app(world, json!({}));
    let go = |claims: Value| {
        let visitor = Visitor::default();
        let page = visitor.open(world, &request(&client, json!({})));
        let link = away(&visitor.fill(world, &page, "email", &[("email", &email)]));
        come_back(world, &visitor, &provider, &link, claims)
    };
    says(&go(known(&other)), "nobody here is known");
    says(&go(known("first@example.com")), "nobody here is known");
    assert_eq!(go(known(&email)).title(), "Allow access?");
});

on_both!(a_project_has_domains_of_its_own, |config| at_home(config), |world| {
    let provider = Provider::new();
    let domain = format!("{}.example", fresh("ward"));
    let body = json!({"resourceType": "DomainConfiguration", "domain": domain.to_uppercase(), "identityProvider": provider.config()});
    let stored = world.admin.create(&body);
    assert_eq!(stored["domain"], json!(domain));
    world.admin.post("DomainConfiguration", &body).expect(409).at("DomainConfiguration.domain");
    // Another project may know the same domain otherwise, and the server too.
    world.stranger.create(&body);
    let email = format!("ada@{domain}");
    let ask = |more: Value| {
        let asked = with(json!({"email": email}), more);
        world.anonymous.post("/auth/method", &asked).expect(200).json()
    };
    assert_eq!(ask(json!({})), json!({}));
    assert_eq!(ask(json!({"projectId": world.project}))["domain"], json!(domain));
    assert_eq!(ask(json!({"clientId": app(world, json!({}))}))["domain"], json!(domain));
    // It says nothing of the server's users.
    let (server, _) = member(world, &domain, json!({}));
    let visitor = Visitor::default();
    let page = visitor.open(world, &request(&app(world, json!({})), json!({})));
    let link = away(&visitor.fill(world, &page, "email", &[("email", &server)]));
    says(&come_back(world, &visitor, &provider, &link, known(&server)), "nobody here is known");
});

/// Asks how somebody signs in, as an application does: where to, and with which cookie.
fn method(world: &World, asked: &Value) -> (String, String) {
    let answer = world.anonymous.post("/auth/method", asked).expect(200);
    let cookie = answer.lines("Set-Cookie").remove(0).split(';').next().expect("a cookie").to_owned();
    (answer.json()["authorizeUrl"].as_str().expect("an address").to_owned(), cookie)
}

/// Goes on with the code of a sign-in, to tokens.
fn finish(world: &World, place: &str, client: &str) -> Value {
    let login = place.split("login=").nth(1).and_then(|rest| rest.split('&').next()).expect("a login");
    let step = world.anonymous.get(&format!("/auth/login/{login}")).expect(200).json();
    let code = step["code"].as_str().expect("a code");
    let form =
        format!("grant_type=authorization_code&client_id={client}&code={code}&code_verifier={VERIFIER}");
    world.anonymous.call("POST", "/oauth2/token").form(&form).send().expect(200).json()
}

on_both!(an_application_is_told_where_to_and_goes_on_from_there, |config| at_home(config), |world| {
    let provider = Provider::new();
    let domain = configured(world, &provider);
    let (email, user) = member(world, &domain, json!({}));
    assert_eq!(
        world.anonymous.post("/auth/method", &json!({"email": "a@elsewhere.example"})).expect(200).json(),
        json!({})
    );
    let client = app(world, json!({}));
    let asked = json!({
        "email": email, "clientId": client, "scope": "openid", "codeChallenge": challenge(),
        "codeChallengeMethod": "S256", "redirectUri": REDIRECT,
    });
    let (link, cookie) = method(world, &asked);
    let go = |link: &str, cookie: &str| {
        let query = provider.grant(link, known(&email));
        let call = world.anonymous.call("GET", &format!("/auth/external?{query}"));
        call.header("Cookie", cookie).send()
    };
    let answer = go(&link, &cookie).expect(303);
    let place = answer.header("Location").expect("a place");
    assert!(place.starts_with(&format!("{REDIRECT}?login=")), "{place}");
    let given = finish(world, place, &client);
    assert_eq!(given["project"]["reference"], format!("Project/{}", world.project));
    let caller = crate::oauth::visitor::caller(world, &given);
    assert_eq!(caller.get("/auth/me").expect(200).json()["user"]["id"], json!(user));
    // Only to where the application is.
    let elsewhere = with(asked.clone(), json!({"redirectUri": "https://thief.example/"}));
    let (link, cookie) = method(world, &elsewhere);
    let page = go(&link, &cookie);
    assert!(page.status == 400 && page.text().contains("has registered"), "{}", page.text());
    // Without an address of its own, to the application of the server's owner.
    let mut without = asked;
    without.as_object_mut().expect("an object").remove("redirectUri");
    let (link, cookie) = method(world, &without);
    let answer = go(&link, &cookie).expect(303);
    assert!(answer.header("Location").expect("a place").starts_with("https://roster.test/signin?login="));
});

// Medplum's pages put a state of their own in the place of ours.
on_both!(an_application_may_send_a_state_of_its_own, |config| at_home(config), |world| {
    let provider = Provider::new();
    let domain = configured(world, &provider);
    let (email, _) = member(world, &domain, json!({}));
    let client = app(world, json!({}));
    let go = |cookie: &str, link: &str, claims: Value| {
        let query = provider.grant(link, claims);
        let code = query.split('&').next().expect("a code").to_owned();
        let state = json!({
            "domain": domain, "clientId": client, "scope": "openid", "codeChallenge": challenge(),
            "codeChallengeMethod": "S256",
        });
        let place = format!("/auth/external?{code}&state={}", encoded(&state.to_string()));
        world.anonymous.call("GET", &place).header("Cookie", cookie).send()
    };
    let (link, cookie) = method(world, &json!({"email": email}));
    let answer = go(&cookie, &link, known(&email)).expect(303);
    finish(world, answer.header("Location").expect("a place"), &client);
    // A code of somebody else's sign-in is of no use: neither its nonce nor its verifier is this browser's.
    let (_, cookie) = method(world, &json!({"email": email}));
    let (foreign, _) = method(world, &json!({"email": email}));
    assert_eq!(go(&cookie, &foreign, known(&email)).status, 400);
    assert_eq!(go("x=y", &link, known(&email)).status, 400);
});

on_both!(there_is_no_password_to_reset_where_people_sign_in_elsewhere, |config| at_home(config), |world| {
    let provider = Provider::new();
    let domain = configured(world, &provider);
    let (email, _) = member(world, &domain, json!({"passwordHash": HASH}));
    world
        .anonymous
        .post("/auth/resetpassword", &json!({"email": email}))
        .refused(400, "business-rule")
        .at("email");
    world.anonymous.post("/auth/resetpassword", &json!({"email": "a@elsewhere.example"})).expect(200);
    // A password that he has opens the door to applications all the same, lest a mistake here lock everybody out.
    let asked = json!({"email": email, "password": PASSWORD, "codeChallenge": challenge(), "codeChallengeMethod": "S256"});
    world.anonymous.post("/auth/login", &asked).expect(200);
});
