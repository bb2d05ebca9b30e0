//! Sign-in by outside parties, and tokens for tokens: <https://openid.net/specs/openid-connect-core-1_0.html>,
//! <https://www.rfc-editor.org/rfc/rfc8693>.

mod configuration;
mod domain;
mod down;
mod exchange;
mod mapping;
mod narrow;
mod page;
mod provider;
mod refuse;

use roster::config::Config;
use serde_json::{Value, json};

use super::signer::fresh;
use super::visitor::{Page, Visitor, app, request};
use crate::client::id;
use crate::sample::with;
use crate::world::World;
use provider::Provider;

/// The providers of the tests are at home.
fn at_home(config: &mut Config) {
    config.oauth.hosts = vec![provider::host().to_owned()];
}

/// An application of the project whose users a provider signs in.
fn client_of(world: &World, provider: &Provider, more: Value) -> String {
    app(world, json!({"identityProvider": with(provider.config(), more)}))
}

/// A member of the project, of its own pool and without a password: his e-mail and his user.
fn person(world: &World, more: Value) -> (String, String) {
    let email = format!("{}@clinic.example", fresh("ada"));
    let user = json!({
        "resourceType": "User", "firstName": "Ada", "lastName": "Lovelace", "email": email,
        "project": {"reference": format!("Project/{}", world.project)},
    });
    let user = id(&world.super_admin.create(&with(user, more)));
    super::visitor::join(world, &user, &profile(), true);
    (email, user)
}

fn profile() -> Value {
    json!({"resourceType": "Practitioner", "name": [{"family": "Lovelace", "given": ["Ada"]}]})
}

fn known(email: &str) -> Value {
    json!({"email": email, "email_verified": true})
}

/// From the page of sign-in, by its button, to the provider: where it leads.
fn leave(world: &World, visitor: &Visitor, client: &str) -> String {
    let page = visitor.open(world, &request(client, json!({})));
    assert_eq!(page.title(), "Sign in", "{}", page.0.text());
    away(&visitor.fill(world, &page, "provider", &[]))
}

/// Where a page leads that sends its reader elsewhere.
#[track_caller]
fn away(page: &Page) -> String {
    let text = page.0.text();
    assert!(page.title().starts_with("On to "), "{text}");
    let link = text.split("<a href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
    let link = link.replace("&amp;", "&");
    assert_eq!(page.0.header("Refresh"), Some(format!("0;url={link}").as_str()));
    link
}

/// Comes back from the provider, who says this of the user.
fn come_back(world: &World, visitor: &Visitor, provider: &Provider, link: &str, claims: Value) -> Page {
    visitor.open(world, &format!("/auth/external?{}", provider.grant(link, claims)))
}

/// All the way to the page after the provider's.
fn enter(world: &World, provider: &Provider, client: &str, claims: Value) -> Page {
    let visitor = Visitor::default();
    let link = leave(world, &visitor, client);
    come_back(world, &visitor, provider, &link, claims)
}

/// Fails unless the page says no, and these words.
#[track_caller]
fn says(page: &Page, words: &str) {
    let text = page.0.text();
    assert!(page.0.status == 400 && text.contains("role=\"alert\""), "{}: {text}", page.0.status);
    // A page begins with a capital.
    assert!(text.to_lowercase().contains(&words.to_lowercase()), "{words}: {text}");
}
