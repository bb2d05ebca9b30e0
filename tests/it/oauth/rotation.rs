//! Keys that follow one another: <https://www.rfc-editor.org/rfc/rfc7517#section-5>.

use roster::app::App;
use roster::identity::Bootstrap;
use serde_json::Value;

use super::signer::part;
use crate::client::Client;
use crate::world::{World, register, token};

fn keys(world: &World) -> Vec<Value> {
    let keys = world.anonymous.get("/.well-known/jwks.json").expect(200).json();
    keys["keys"].as_array().expect("keys").clone()
}

/// What `roster keys rotate` does, beside the server that runs.
fn rotate(world: &World) -> String {
    let config = crate::server::config(&world.database.url, |_| ());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let app = App::open(&config, Bootstrap::default()).await.expect("an app");
        app.identity.rotate().await.expect("a new key")
    })
}

on_both!(a_new_key_signs_and_the_old_one_goes_on_verifying, |world| {
    assert_eq!(keys(world).len(), 1);
    let made = rotate(world);
    // The running server hears of it on its own.
    let begun = std::time::Instant::now();
    while keys(world).len() < 2 {
        assert!(begun.elapsed().as_secs() < 20, "the key is not known");
        std::thread::yield_now();
    }
    let (client, secret) = register(&world.super_admin, &world.project, true);
    let fresh = token(&world.anonymous, &client, &secret);
    assert_eq!(part(&fresh, 0)["kid"], made);
    Client::with_token(&world.server.address, &fresh).get("Patient").expect(200);
    world.admin.get("Patient").expect(200);
    assert!(keys(world).iter().all(|key| key.get("d").is_none()));
});
