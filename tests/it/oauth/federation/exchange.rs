//! Tokens of a provider for tokens of ours: <https://www.rfc-editor.org/rfc/rfc8693>, and as Medplum's clients ask for it.

use serde_json::{Value, json};

use super::provider::{CLIENT, Provider, json_answer};
use super::{at_home, client_of, known, person, profile};
use crate::client::{Answer, id};
use crate::events::receiver::status;
use crate::oauth::signer::{Signer, encoded};
use crate::oauth::visitor::{app, caller, join};
use crate::sample::with;
use crate::world::World;

const ID: &str = "urn:ietf:params:oauth:token-type:id_token";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";
pub const ACCESS: &str = "urn:ietf:params:oauth:token-type:access_token";

fn exchange(world: &World, client: &str, token: &str, kind: &str, more: &str) -> Answer {
    let form = format!(
        "grant_type={}&client_id={client}&subject_token={}&subject_token_type={}{more}",
        encoded("urn:ietf:params:oauth:grant-type:token-exchange"),
        encoded(token),
        encoded(kind),
    );
    world.anonymous.call("POST", "/oauth2/token").form(&form).send()
}

#[track_caller]
fn fails(answer: Answer, error: &str, words: &str) {
    let answer = answer.expect(400);
    assert_eq!(answer.json()["error"], error, "{}", answer.text());
    assert!(answer.text().contains(words), "{words}: {}", answer.text());
}

on_both!(an_id_token_is_exchanged_for_tokens, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({}));
    let (email, user) = person(world, json!({}));
    for kind in [ID, JWT] {
        let token = provider.id_token(known(&email));
        let given =
            exchange(world, &client, &token, kind, "&scope=openid%20user%2FPatient.rs").expect(200).json();
        assert_eq!((&given["issued_token_type"], &given["token_type"]), (&json!(ACCESS), &json!("Bearer")));
        assert_eq!(given["scope"], "openid user/Patient.rs");
        let me = caller(world, &given).get("/auth/me").expect(200).json();
        assert_eq!(me["user"]["id"], json!(user));
        caller(world, &given).get("Patient").expect(200);
        caller(world, &given).get("Organization").expect(403);
    }
    let logins = world.admin.search(&format!("Login?user=User/{user}"));
    assert!(logins.len() == 2 && logins.iter().all(|login| login["authMethod"] == "exchange"), "{logins:?}");
});

on_both!(an_id_token_that_is_not_for_us_is_refused, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({}));
    let (email, _) = person(world, json!({}));
    let now = chrono::Utc::now().timestamp();
    for claims in [
        json!({"aud": "another application"}),
        json!({"iss": "https://other.example"}),
        json!({"exp": now - 120}),
        json!({"iat": now + 600}),
        json!({"email_verified": false}),
        json!({"email": "nobody@clinic.example"}),
    ] {
        let token = provider.id_token(with(known(&email), claims.clone()));
        let answer = exchange(world, &client, &token, ID, "").expect(400);
        assert_eq!(answer.json()["error"], "invalid_request", "{claims}: {}", answer.text());
    }
    let forged = Signer::new("first")
        .signed(&json!({"iss": provider.issuer, "aud": CLIENT, "sub": "x", "iat": now,
        "exp": now + 60, "email": email, "email_verified": true}));
    for token in [forged.as_str(), "nonsense", "a.b.c"] {
        fails(exchange(world, &client, token, ID, ""), "invalid_request", "");
    }
    // An audience that is configured is as good.
    let client = client_of(world, &provider, json!({"audience": "our api"}));
    let token = provider.id_token(with(known(&email), json!({"aud": "our api"})));
    exchange(world, &client, &token, ID, "").expect(200);
});

on_both!(an_access_token_is_taken_from_the_application_it_was_given_to, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({}));
    let (email, _) = person(world, json!({}));
    let ask = |token: &str| exchange(world, &client, token, ACCESS, "");
    for given_to in [json!({"azp": CLIENT, "aud": "account"}), json!({"client_id": CLIENT}), json!({})] {
        let token = provider.signed_access_token(given_to, known(&email));
        ask(&token).expect(200);
    }
    for other in [json!({"azp": "thief"}), json!({"client_id": "thief"}), json!({"aud": "thief"})] {
        let token = provider.signed_access_token(other.clone(), known(&email));
        fails(ask(&token), "invalid_request", "another application");
    }
    // What is told is of the user of the token.
    let token =
        provider.signed_access_token(json!({"sub": "one"}), with(known(&email), json!({"sub": "other"})));
    fails(ask(&token), "invalid_request", "another user");
    // One that says nothing of itself may have been given to anybody.
    let opaque = provider.access_token(known(&email));
    fails(ask(&opaque), "invalid_request", "anyAudience");
    let secret = "a-secret-of-a-test-client-as-long-as-they-get";
    let proving = app(world, json!({"identityProvider": provider.config(), "secret": secret}));
    exchange(world, &proving, &opaque, ACCESS, &format!("&client_secret={secret}")).expect(200);
    fails(exchange(world, &proving, &opaque, ACCESS, ""), "invalid_request", "anyAudience");
    let trusting = client_of(world, &provider, json!({"anyAudience": true}));
    exchange(world, &trusting, &opaque, ACCESS, "").expect(200);
    fails(exchange(world, &trusting, "unheard-of", ACCESS, ""), "invalid_request", "HTTP 401");
});

on_both!(medplums_clients_exchange_in_json, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({"anyAudience": true, "useSubject": true}));
    let (_, user) = person(world, json!({"externalId": "sub-1"}));
    let token = provider.access_token(json!({"sub": "sub-1"}));
    let ask = |more: Value| {
        let body = with(json!({"externalAccessToken": token, "clientId": client}), more);
        world.anonymous.post("/auth/exchange", &body)
    };
    let given = ask(json!({"projectId": world.project, "scope": "openid offline"})).expect(200).json();
    assert_eq!(given["project"]["reference"], format!("Project/{}", world.project));
    assert!(given["refresh_token"].is_string() && given["id_token"].is_string());
    assert_eq!(caller(world, &given).get("/auth/me").expect(200).json()["user"]["id"], json!(user));
    ask(json!({"projectId": world.other_project})).refused(400, "value").at("clientId");
    ask(json!({"clientId": "none"})).refused(400, "login").at("clientId");
    ask(json!({"externalAccessToken": ""})).refused(400, "required");
    ask(json!({"externalAccessToken": "unheard-of"})).refused(400, "transient");
    ask(json!({"externalAccessToken": "with\r\nX: header"})).refused(400, "login");
    ask(json!({"clientId": app(world, json!({}))})).refused(400, "not-supported");
    provider.answers("userinfo", json_answer(&json!([])));
    ask(json!({})).refused(400, "login");
    provider.answers("userinfo", status(503));
    ask(json!({})).refused(400, "transient");
});

on_both!(somebody_who_must_be_asked_is_not_let_in, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({}));
    let (email, _) = person(world, json!({"mfaRequired": true}));
    let token = provider.id_token(known(&email));
    fails(exchange(world, &client, &token, ID, ""), "invalid_request", "second factor");
    let token = provider.id_token(with(known(&email), json!({"amr": ["mfa"]})));
    exchange(world, &client, &token, ID, "").expect(200);
    // Or who is a member in more than one way: then one is named.
    let (email, user) = person(world, json!({}));
    join(world, &user, &profile(), false);
    let token = provider.id_token(known(&email));
    fails(exchange(world, &client, &token, ID, ""), "invalid_request", "more than one way");
    let members = world.super_admin.search(&format!("ProjectMembership?user=User/{user}&_sort=_id"));
    let named = |id: &str| exchange(world, &client, &token, ID, &format!("&membership={id}"));
    let given = named(&id(&members[1])).expect(200).json();
    assert_eq!(given["profile"], json!({"reference": members[1]["profile"]["reference"]}));
    fails(named("nobody"), "invalid_request", "no member here");
});

on_both!(an_exchange_is_what_its_parameters_say_or_nothing, |config| at_home(config), |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({"anyAudience": true}));
    let (email, _) = person(world, json!({}));
    let token = provider.id_token(known(&email));
    let ask = |kind: &str, more: &str| exchange(world, &client, &token, kind, more);
    fails(ask("urn:ietf:params:oauth:token-type:saml2", ""), "invalid_request", "of this type");
    fails(ask("", ""), "invalid_request", "subject_token_type is missing");
    fails(ask(ID, "&actor_token=x&actor_token_type=y"), "invalid_request", "actor tokens");
    fails(ask(ID, &format!("&requested_token_type={}", encoded(ID))), "invalid_request", "access tokens");
    fails(ask(ID, "&audience=https://other.example"), "invalid_target", "");
    fails(ask(ID, "&resource=https://other.example"), "invalid_target", "");
    fails(ask(ID, "&scope=user%2Fnonsense"), "invalid_scope", "");
    ask(ID, &format!("&resource={}", encoded("https://roster.test/fhir/R4"))).expect(200);
    fails(exchange(world, &app(world, json!({})), &token, ID, ""), "invalid_request", "no identity provider");
    let unmeant =
        app(world, json!({"identityProvider": provider.config(), "grantType": ["authorization_code"]}));
    fails(exchange(world, &unmeant, &token, ID, ""), "unauthorized_client", "");
    let bounded = app(
        world,
        json!({"identityProvider": provider.config(), "allowedScope": ["openid", "user/Patient.rs"]}),
    );
    let given = exchange(world, &bounded, &token, ID, "&scope=openid%20user%2F*.cruds").expect(200).json();
    assert_eq!(given["scope"], "openid user/Patient.rs");
    assert_eq!(exchange(world, "none", &token, ID, "").expect(401).json()["error"], "invalid_client");
    let said = world.anonymous.get("/.well-known/openid-configuration").expect(200).json();
    let grants = said["grant_types_supported"].as_array().expect("grants");
    assert!(grants.contains(&json!("urn:ietf:params:oauth:grant-type:token-exchange")));
});
