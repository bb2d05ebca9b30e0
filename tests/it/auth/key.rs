//! Keys of clients, as one bearer token: RFC 6750 section 2.1 with what RFC 7617 has in two parts.

use crate::client::Client;
use crate::world::keys;

on_both!(a_key_opens_what_a_token_of_its_client_opens_and_nothing_else, |world| {
    let keys = keys(world, "Keys");
    let with = |token: &str| Client::with_token(&world.server.address, token);
    for token in [&keys.api_key, &keys.scim_token, &keys.owner_token] {
        let client = with(token);
        assert_eq!(client.search("Project")[0]["id"], keys.project.as_str());
        client.get(&format!("Project/{}", world.project)).refused(404, "not-found");
    }
    let owner = with(&keys.owner_token).get("/auth/me").expect(200).json();
    assert_eq!(owner["user"]["email"], keys.owner_email.as_str());

    world.super_admin.delete(&format!("ClientApplication/{}", keys.client_id)).expect(204);
    with(&keys.api_key).get("User").refused(401, "login");
    with(&keys.scim_token).get("User").expect(200);
});

on_both!(what_only_looks_like_a_key_is_refused, |world| {
    let keys = keys(world, "Keys");
    let (id, other) = (&keys.client_id, &world.project);
    let (_, secret) = keys.api_key.rsplit_once('_').expect("a key");
    for wrong in [
        "sk_".to_owned(),
        format!("sk_{id}"),
        format!("sk_{id}_"),
        format!("sk_{id}_{secret}x"),
        format!("sk_{other}_{secret}"),
        format!("SK_{id}_{secret}"),
        format!("sk__{secret}"),
    ] {
        Client::with_token(&world.server.address, &wrong).get("User").refused(401, "login");
    }
});
