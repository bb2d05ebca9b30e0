//! Providers that are not there, answer nonsense or too much, or are where nobody may be asked.

use serde_json::json;

use super::provider::{Provider, json_answer};
use super::{at_home, client_of, enter, known, person, says};
use crate::events::receiver::status;
use crate::oauth::visitor::{Page, Visitor, app, request};
use crate::world::World;

fn try_to_leave(world: &World, client: &str) -> Page {
    let visitor = Visitor::default();
    let page = visitor.open(world, &request(client, json!({})));
    visitor.fill(world, &page, "provider", &[])
}

on_both!(a_provider_that_does_not_answer_is_named, |config| at_home(config), |world| {
    for place in [".well-known/openid-configuration", "token", "keys"] {
        let big = format!("HTTP/1.1 200 OK\r\nContent-Length: 400000\r\n\r\n{}", "x".repeat(400_000));
        let moved =
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".to_owned();
        let garbage = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<html></h".to_owned();
        for text in [status(500), status(404), big, moved, garbage, "this is no HTTP".to_owned()] {
            let provider = Provider::new();
            let client = client_of(world, &provider, json!({}));
            let (email, _) = person(world, json!({}));
            provider.answers(place, text);
            let page = match place {
                "token" | "keys" => enter(world, &provider, &client, known(&email)),
                _ => try_to_leave(world, &client),
            };
            says(&page, "127.0.0.1 cannot be asked");
        }
    }
});

on_both!(an_answer_that_means_nothing_is_refused, |config| at_home(config), |world| {
    let (email, _) = person(world, json!({}));
    for body in [json!([]), json!({}), json!({"id_token": 7}), json!(null), json!({"access_token": "x"})] {
        let provider = Provider::new();
        let client = client_of(world, &provider, json!({}));
        provider.answers("token", json_answer(&body));
        says(&enter(world, &provider, &client, known(&email)), "no id token");
    }
    for body in [json!([]), json!({}), json!({"keys": 7}), json!({"keys": [{"kty": "oct", "k": "AAAA"}]})] {
        let provider = Provider::new();
        let client = client_of(world, &provider, json!({}));
        provider.answers("keys", json_answer(&body));
        says(&enter(world, &provider, &client, known(&email)), "signed by somebody else");
    }
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({}));
    provider.answers(
        ".well-known/openid-configuration",
        json_answer(&json!({"issuer": "https://other.example"})),
    );
    says(&try_to_leave(world, &client), "of another issuer");
    // What is told of somebody else than the token.
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({"userInfoUrl": format!("{}/userinfo", provider.issuer)}));
    let other = json!({"sub": "somebody else", "email": email, "email_verified": true});
    provider.answers("userinfo", json_answer(&other));
    says(&enter(world, &provider, &client, json!({})), "of another user");
});

// Without the setting of the tests nobody at home is asked, and with it nobody else.
on_both!(no_provider_at_home_is_asked_unless_it_is_allowed, |world| {
    let provider = Provider::new();
    let client = client_of(world, &provider, json!({}));
    says(&try_to_leave(world, &client), "The server fetches nothing from this address");
    assert!(provider.seen("openid-configuration").is_empty());
});

on_both!(no_name_leads_home_by_a_detour, |config| config.oauth.hosts = vec!["*".to_owned()], |world| {
    for issuer in [
        "https://localhost:1",
        "https://127.0.0.1",
        "https://[::1]",
        "http://example.com",
        "https://169.254.169.254",
    ] {
        let client = app(world, json!({"identityProvider": {"issuer": issuer, "clientId": "x"}}));
        let page = try_to_leave(world, &client);
        assert_eq!(page.0.status, 400, "{issuer}: {}", page.0.text());
    }
});
