//! Keys of clients, as one bearer token: RFC 6750 section 2.1 with what RFC 7617 has in two parts.

use serde_json::json;

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

on_both!(a_super_admin_opens_a_project_and_is_shown_its_keys_once, |world| {
    let email = format!("owner.{}@example.com", uuid::Uuid::new_v4().simple());
    let body = json!({"name": "Clinic", "owner": email, "password": "plum violin 77 harbour"});
    let keys = world.super_admin.post("/admin/projects", &body).expect(200).json();
    for name in ["apiKey", "scimToken", "ownerToken"] {
        let client = Client::with_token(&world.server.address, keys[name].as_str().expect("a key"));
        assert_eq!(client.search("Project")[0]["id"], keys["project"], "{name}");
    }
    let projects = || world.super_admin.search("Project?_count=1000").len();
    let before = projects();
    for (wrong, place) in [
        (json!({}), "name"),
        (json!({"name": 1}), "name"),
        (json!({"name": "x", "colour": "red"}), "colour"),
        (json!({"name": "x", "password": "plum violin 77 harbour"}), "owner"),
        (json!({"name": "x", "owner": "nobody@example.com"}), "owner"),
        (json!({"name": "x", "owner": "nobody@example.com", "password": "short"}), "password"),
        (json!({"name": "x", "owner": email, "password": "not his password at all"}), "password"),
    ] {
        let refused = world.super_admin.post("/admin/projects", &wrong);
        assert!(matches!(refused.status, 400 | 422), "{wrong}: {}", refused.text());
        assert_eq!(refused.issues()[0]["expression"][0], place, "{wrong}");
    }
    let nowhere = json!({"name": "x", "parent": "00000000-0000-7000-8000-00000000abcd"});
    world.super_admin.post("/admin/projects", &nowhere).refused(404, "not-found");
    assert_eq!(projects(), before);
    world.admin.post("/admin/projects", &body).refused(403, "forbidden");
});
