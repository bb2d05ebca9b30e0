//! Clients that prove themselves by a key: <https://www.rfc-editor.org/rfc/rfc7523#section-3>,
//! <https://hl7.org/fhir/smart-app-launch/STU2.2/client-confidential-asymmetric.html>.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::signer::{Signer, encoded};
use crate::client::{Answer, Client, PUBLIC_URL, id};
use crate::world::World;

/// A client of the project that has keys and no secret.
pub(super) fn registered(world: &World, more: &Value) -> String {
    let body =
        json!({"resourceType": "ClientApplication", "meta": {"project": world.project}, "name": "Backend"});
    let client = id(&world.super_admin.create(&crate::sample::with(body, more.clone())));
    world.super_admin.create(&json!({
        "resourceType": "ProjectMembership",
        "meta": {"project": world.project},
        "project": {"reference": format!("Project/{}", world.project)},
        "user": {"reference": format!("ClientApplication/{client}")},
        "profile": {"reference": format!("ClientApplication/{client}")},
        "admin": true
    }));
    client
}

fn with_keys(world: &World, signer: &Signer) -> String {
    registered(world, &json!({"jwks": signer.jwks().to_string()}))
}

pub(super) fn show(world: &World, assertion: &str) -> Answer {
    let kind = encoded("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    let form = format!(
        "grant_type=client_credentials&client_assertion_type={kind}&client_assertion={assertion}&scope={}",
        encoded("system/*.rs")
    );
    world.anonymous.call("POST", "/oauth2/token").form(&form).send()
}

#[track_caller]
fn refused(answer: Answer) {
    let answer = answer.expect(401);
    assert_eq!(answer.json()["error"], "invalid_client", "{}", answer.text());
}

on_both!(a_client_proves_itself_by_its_key, |world| {
    for signer in [Signer::new("a"), Signer::rsa(Algorithm::RS256), Signer::rsa(Algorithm::RS384)] {
        let client = with_keys(world, &signer);
        let answer = show(world, &signer.assertion(&client, json!({}))).expect(200).json();
        assert_eq!(answer["scope"], "system/*.rs");
        let caller =
            Client::with_token(&world.server.address, answer["access_token"].as_str().expect("a token"));
        caller.get("Patient").expect(200);
        // The issuer is as good an audience as the endpoint.
        show(world, &signer.assertion(&client, json!({"aud": PUBLIC_URL}))).expect(200);
    }
});

on_both!(an_assertion_is_taken_once, |world| {
    let signer = Signer::new("a");
    let client = with_keys(world, &signer);
    let assertion = signer.assertion(&client, json!({}));
    show(world, &assertion).expect(200);
    refused(show(world, &assertion));
    // Nor is it on another node, which has not seen it.
    let other = crate::server::Server::start(&world.database.url, |_| {});
    let kind = encoded("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    let form =
        format!("grant_type=client_credentials&client_assertion_type={kind}&client_assertion={assertion}");
    refused(Client::anonymous(&other.address).call("POST", "/oauth2/token").form(&form).send());
});

on_both!(an_assertion_says_what_it_must, |world| {
    let signer = Signer::new("a");
    let client = with_keys(world, &signer);
    let now = chrono::Utc::now().timestamp();
    for claims in [
        json!({"aud": "https://other.example/token"}),
        json!({"aud": null}),
        json!({"exp": now - 60}),
        json!({"exp": now + 3600}),
        json!({"exp": null}),
        json!({"nbf": now + 600}),
        json!({"iat": now + 600}),
        json!({"jti": null}),
        json!({"jti": ""}),
        json!({"jti": "x".repeat(300)}),
        json!({"sub": "somebody-else"}),
        json!({"iss": "somebody-else"}),
        json!({"iss": null, "sub": null}),
        json!({"iss": "https://other.example", "sub": "https://other.example"}),
    ] {
        refused(show(world, &signer.assertion(&client, claims)));
    }
    // Clocks differ a little.
    show(world, &signer.assertion(&client, json!({"exp": now - 5}))).expect(200);
    show(world, &signer.assertion(&client, json!({"iat": now + 5, "nbf": now + 5}))).expect(200);
});

on_both!(no_key_but_the_registered_one_opens, |world| {
    let (signer, thief) = (Signer::new("a"), Signer::new("a"));
    let client = with_keys(world, &signer);
    refused(show(world, &thief.assertion(&client, json!({}))));
    // A key in the token's own header is never looked at, nor the address of one.
    let mut header = Header::new(Algorithm::ES256);
    header.kid = Some("a".to_owned());
    header.jku = Some("https://thief.example/keys".to_owned());
    header.x5u = Some("https://thief.example/certificate".to_owned());
    header.jwk = serde_json::from_value(thief.jwks()["keys"][0].clone()).ok();
    refused(show(world, &thief.with_header(&header, &Signer::claims(&client))));
    // No algorithm, or one in which the public key would be the secret.
    let claims = BASE64_URL_SAFE_NO_PAD.encode(Signer::claims(&client).to_string());
    let none = BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
    refused(show(world, &format!("{none}.{claims}.")));
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some("a".to_owned());
    let public = signer.jwks()["keys"][0]["x"].as_str().expect("a key").to_owned();
    for secret in [public.clone(), signer.jwks().to_string()] {
        let key = EncodingKey::from_secret(secret.as_bytes());
        let forged = jsonwebtoken::encode(&header, &Signer::claims(&client), &key).expect("a token");
        refused(show(world, &forged));
    }
    // What demands to be understood and is not.
    let mut header = Header::new(Algorithm::ES256);
    header.kid = Some("a".to_owned());
    header.crit = Some(vec!["b64".to_owned()]);
    refused(show(world, &signer.with_header(&header, &Signer::claims(&client))));
    refused(show(world, &"x".repeat(30_000)));
    refused(show(world, "a.b.c"));
    show(world, &signer.assertion(&client, json!({}))).expect(200);
});

on_both!(keys_are_fetched_from_allowed_hosts_only, |world| {
    let signer = Signer::new("a");
    // Nothing listens there; but it is not even asked.
    let client = registered(world, &json!({"jwksUri": "http://127.0.0.1:9/keys"}));
    refused(show(world, &signer.assertion(&client, json!({}))));
});

on_both!(a_client_is_held_to_its_way_of_proving_itself, |world| {
    let signer = Signer::new("a");
    let secret = "a-secret-of-a-test-client-as-long-as-they-get";
    let client = registered(
        world,
        &json!({"jwks": signer.jwks().to_string(), "secret": secret, "tokenEndpointAuthMethod": "private_key_jwt"}),
    );
    let form = format!("grant_type=client_credentials&client_id={client}&client_secret={secret}");
    refused(world.anonymous.call("POST", "/oauth2/token").form(&form).send());
    show(world, &signer.assertion(&client, json!({}))).expect(200);
});

on_both!(an_assertion_is_a_grant_itself, |world| {
    let signer = Signer::new("a");
    let client = with_keys(world, &signer);
    let kind = encoded("urn:ietf:params:oauth:grant-type:jwt-bearer");
    let assertion = signer.assertion(&client, json!({}));
    let form = format!("grant_type={kind}&client_id={client}&assertion={assertion}");
    let ask = |form: &str| world.anonymous.call("POST", "/oauth2/token").form(form).send();
    assert_eq!(ask(&form).expect(200).json()["scope"], "system/*.*");
    let again = ask(&form).expect(400).json();
    assert_eq!(again["error"], "invalid_grant");
});
