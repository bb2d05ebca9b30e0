//! What a provider says that is not believed, and who comes back that never left.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::provider::Provider;
use super::{at_home, client_of, come_back, enter, known, leave, person, profile, says};
use crate::client::id;
use crate::oauth::signer::{Signer, encoded};
use crate::oauth::visitor::{HASH, PASSWORD, Visitor, request};
use crate::sample::with;

on_both!(a_token_that_is_not_right_is_refused, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({}));
    let (email, _) = person(world, json!({}));
    let now = chrono::Utc::now().timestamp();
    for claims in [
        json!({"nonce": "of another sign-in"}),
        json!({"nonce": null}),
        json!({"iss": "https://other.example"}),
        json!({"iss": null}),
        json!({"aud": "somebody-else"}),
        json!({"aud": null}),
        json!({"aud": ["roster-at-home", "somebody-else"]}),
        json!({"azp": "somebody-else"}),
        json!({"exp": now - 120}),
        json!({"exp": null}),
        json!({"iat": now + 600}),
        json!({"iat": null}),
        json!({"nbf": now + 600}),
        json!({"sub": null}),
    ] {
        let page = enter(world, &provider, &client, with(known(&email), claims.clone()));
        assert!(page.0.status == 400 && page.title() == "Error: Sign in", "{claims}: {}", page.0.text());
    }
    // Clocks differ a little, and we may be one of several.
    let near =
        json!({"exp": now - 5, "iat": now + 5, "aud": ["roster-at-home", "x"], "azp": "roster-at-home"});
    assert_eq!(enter(world, &provider, &client, with(known(&email), near)).title(), "Allow access?");
});

on_both!(a_token_that_others_signed_is_refused, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({}));
    let (email, _) = person(world, json!({}));
    let refused = |provider: &Provider| says(&enter(world, provider, &client, known(&email)), "role");
    provider.make(|claims| Signer::new("first").signed(claims));
    refused(&provider);
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    provider.make(move |claims| format!("{}.{}.", part(&json!({"alg": "none"})), part(claims)));
    refused(&provider);
    // The public key as the secret.
    for secret in
        [provider.jwks().to_string(), provider.jwks()["keys"][0]["x"].as_str().expect("a key").to_owned()]
    {
        provider.make(move |claims| {
            let mut header = Header::new(Algorithm::HS256);
            header.kid = Some("first".to_owned());
            jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(secret.as_bytes()))
                .expect("a token")
        });
        refused(&provider);
    }
    // A key that the token brings along.
    provider.make(|claims| {
        let thief = Signer::new("first");
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some("first".to_owned());
        header.jwk = serde_json::from_value(thief.jwks()["keys"][0].clone()).ok();
        thief.with_header(&header, claims)
    });
    refused(&provider);
    provider.make(|_| "no token at all".to_owned());
    refused(&provider);
});

on_both!(nobody_comes_back_who_was_not_sent, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({}));
    let (email, _) = person(world, json!({}));
    let (visitor, other) = (Visitor::default(), Visitor::default());
    let link = leave(world, &visitor, &client);
    let foreign = leave(world, &other, &client);
    // Somebody else's answer, put into this browser.
    let planted = provider.grant(&foreign, known(&email));
    let page = visitor.open(world, &format!("/auth/external?{planted}"));
    says(&page, "begin again");
    // What failed took the cookie with it.
    let own = provider.grant(&link, known(&email));
    says(&visitor.open(world, &format!("/auth/external?{own}")), "begin again");
    // A browser that has none, or a state that is none.
    says(&Visitor::default().open(world, &format!("/auth/external?{own}")), "begin again");
    let third = Visitor::default();
    leave(world, &third, &client);
    for state in ["", "nonsense", "sealed:AAAA", "{}", "{\"clientId\":\"x\"}"] {
        let page = third.open(world, &format!("/auth/external?code=x&state={}", encoded(state)));
        says(&page, "begin again");
        leave(world, &third, &client);
    }
    assert_eq!(provider.seen("/token").len(), 0);
});

on_both!(a_code_of_another_browser_is_of_no_use, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({}));
    let (email, _) = person(world, json!({}));
    let (visitor, thief) = (Visitor::default(), Visitor::default());
    let stolen = provider.grant(&leave(world, &visitor, &client), known(&email));
    let code = stolen.split('&').next().expect("a code");
    let own = leave(world, &thief, &client);
    let state = own.split("state=").nth(1).and_then(|rest| rest.split('&').next()).expect("a state");
    says(&thief.open(world, &format!("/auth/external?{code}&state={state}")), "cannot be asked");
});

on_both!(whoever_comes_back_twice_is_let_in_once, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({}));
    let (email, _) = person(world, json!({}));
    let visitor = Visitor::default();
    let link = leave(world, &visitor, &client);
    let cookie = visitor.cookie("__Host-roster-external").expect("a cookie");
    let query = provider.grant(&link, known(&email));
    let again = |address: &str| {
        let call = crate::client::Client::anonymous(address).call("GET", &format!("/auth/external?{query}"));
        call.header("Cookie", &format!("__Host-roster-external={cookie}")).send()
    };
    assert_eq!(again(&world.server.address).status, 200);
    let page = again(&world.server.address);
    assert!(page.status == 400 && page.text().contains("used already"), "{}", page.text());
    // Not even on another node, with a provider that gives its code twice.
    let second = provider.grant(&link, known(&email));
    let other = crate::server::Server::start(&world.database.url, at_home);
    let call =
        crate::client::Client::anonymous(&other.address).call("GET", &format!("/auth/external?{second}"));
    let page = call.header("Cookie", &format!("__Host-roster-external={cookie}")).send();
    assert!(page.status == 400 && page.text().contains("used already"), "{}", page.text());
});

on_both!(an_answer_of_another_issuer_is_refused, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({}));
    let (email, _) = person(world, json!({}));
    let visitor = Visitor::default();
    let query = provider.grant(&leave(world, &visitor, &client), known(&email));
    let page =
        visitor.open(world, &format!("/auth/external?{query}&iss={}", encoded("https://other.example")));
    says(&page, "another issuer");
});

on_both!(an_email_that_is_not_verified_is_nobodys, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({}));
    let (email, _) = person(world, json!({}));
    says(
        &enter(world, &provider, &client, json!({"email": email, "email_verified": false})),
        "not verified there",
    );
    says(&enter(world, &provider, &client, json!({"email": email})), "not verified there");
    says(
        &enter(world, &provider, &client, json!({"email": email, "email_verified": "false"})),
        "not verified there",
    );
    says(&enter(world, &provider, &client, json!({})), "does not tell your e-mail");
    assert_eq!(
        enter(world, &provider, &client, json!({"email": email, "email_verified": "true"})).title(),
        "Allow access?"
    );
});

on_both!(a_provider_speaks_for_its_own_pool_and_no_other, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({}));
    let user = |email: &str, project: Option<&str>| {
        let mut user = json!({"resourceType": "User", "firstName": "A", "lastName": "B", "email": email});
        if let Some(project) = project {
            user["project"] = json!({"reference": format!("Project/{project}")});
        }
        id(&world.super_admin.create(&user))
    };
    // Of the server's pool, though a member here; of another project's.
    let guest = user("guest@example.com", None);
    crate::oauth::visitor::join(world, &guest, &profile(), true);
    user("stranger@example.com", Some(&world.other_project));
    for email in ["guest@example.com", "stranger@example.com", "first@example.com", "nobody@example.com"] {
        says(&enter(world, &provider, &client, known(email)), "nobody here is known by this identity");
    }
    // Nor by way of his membership.
    let by_profile = client_of(world, &provider, json!({"identitySource": "fhir-user"}));
    let membership = world.super_admin.search(&format!("ProjectMembership?user=User/{guest}")).remove(0);
    let profile = membership["profile"]["reference"].as_str().expect("a profile").to_owned();
    says(&enter(world, &provider, &by_profile, json!({"fhirUser": profile})), "nobody here is known");
});

on_both!(whoever_sleeps_or_is_no_member_stays_out, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({}));
    let (email, _) = person(world, json!({"active": false}));
    says(&enter(world, &provider, &client, known(&email)), "nobody here is known");
    let user = json!({"resourceType": "User", "firstName": "A", "lastName": "B", "email": "lonely@clinic.example",
        "project": {"reference": format!("Project/{}", world.project)}});
    world.super_admin.create(&user);
    says(&enter(world, &provider, &client, known("lonely@clinic.example")), "not a member here");
});

on_both!(who_took_an_email_that_is_not_his_loses_what_he_chose, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({}));
    let (email, user) = person(world, json!({"emailVerified": false, "passwordHash": HASH}));
    let thief = Visitor::default();
    assert_eq!(thief.sign_in(world, &request(&client, json!({})), &email).title(), "Allow access?");
    let visitor = Visitor::default();
    let link = leave(world, &visitor, &client);
    assert_eq!(come_back(world, &visitor, &provider, &link, known(&email)).title(), "Allow access?");
    let page = thief.open(world, &request(&client, json!({"prompt": "login"})));
    let page = thief.fill(world, &page, "password", &[("email", &email), ("password", PASSWORD)]);
    assert_eq!(page.title(), "Error: Sign in");
    assert_eq!(world.super_admin.get(&format!("User/{user}")).json()["emailVerified"], true);
    // A password of somebody whose e-mail was proved before stays.
    let (email, _) = person(world, json!({"emailVerified": true, "passwordHash": HASH}));
    assert_eq!(enter(world, &provider, &client, known(&email)).title(), "Allow access?");
    assert_eq!(
        Visitor::default().sign_in(world, &request(&client, json!({})), &email).title(),
        "Allow access?"
    );
});
