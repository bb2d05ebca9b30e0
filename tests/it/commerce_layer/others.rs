//! Organizations, roles and API credentials.

use serde_json::{Value, json};

use super::{Shop, one, record};
use crate::client::Client;

on_both!(the_organization_is_the_project, |world| {
    let shop = Shop::new(world, "Shop");
    let project = &shop.keys.project;
    let list = shop.get("organizations").expect(200).json();
    assert_eq!(list["meta"]["record_count"], 1);
    assert_eq!(list["data"][0]["attributes"]["name"], "Shop");
    let change = record("organizations", json!({"name": "Store", "metadata": {"a": [1]}}), json!({}));
    let changed = shop.send("PATCH", &format!("organizations/{project}"), &change).expect(200).json();
    assert_eq!(
        (&changed["data"]["attributes"]["name"], &changed["data"]["attributes"]["metadata"]),
        (&json!("Store"), &json!({"a": [1]}))
    );
    let role = shop.role("R");
    for (relation, kind) in
        [("memberships", "memberships"), ("roles", "roles"), ("api_credentials", "api_credentials")]
    {
        let list = shop.get(&format!("organizations/{project}/{relation}")).expect(200).json();
        assert_eq!(list["data"][0]["type"], kind);
    }
    let own = shop.get(&format!("roles/{role}/organization")).expect(200).json();
    assert_eq!(own["data"]["id"], *project);
    let whole =
        shop.get(&format!("organizations/{project}?include=memberships.role,roles")).expect(200).json();
    assert_eq!(whole["included"].as_array().expect("a list").len(), 2);
    shop.get(&format!("organizations/{project}/shoes")).expect(404);
});

on_both!(a_role_is_made_named_and_kept, |world| {
    let shop = Shop::new(world, "Shop");
    let id = shop.role("Editor");
    let told = shop.get(&format!("roles/{id}")).expect(200).json();
    assert_eq!(
        (&told["data"]["attributes"]["name"], &told["data"]["attributes"]["kind"]),
        (&json!("Editor"), &json!("custom"))
    );
    let change = record("roles", json!({"name": "Writer"}), json!({}));
    let changed = shop.send("PATCH", &format!("roles/{id}"), &change).expect(200).json();
    assert_eq!(changed["data"]["attributes"]["name"], "Writer");
    shop.send("PATCH", &format!("roles/{id}"), &record("roles", json!({"name": ""}), json!({}))).expect(422);
    shop.send("POST", "roles", &record("roles", json!({}), json!({}))).expect(422);
    shop.delete(&format!("roles/{id}")).expect(405);
    let policy = json!({"resourceType": "AccessPolicy", "name": "Reader", "resource": [{"resourceType": "Patient", "readonly": true}]});
    let reader = shop.api.create(&policy);
    let told = shop.get(&format!("roles/{}", reader["id"].as_str().expect("an id"))).expect(200).json();
    assert_eq!(told["data"]["attributes"]["kind"], "read_only");
});

on_both!(a_credential_opens_the_door_until_it_is_deleted, |world| {
    let shop = Shop::new(world, "Shop");
    let role = shop.role("R");
    let relations =
        json!({"organization": one("organizations", &shop.keys.project), "role": one("roles", &role)});
    let body = record(
        "api_credentials",
        json!({"name": "Sync", "kind": "integration", "reference": "C-1"}),
        relations,
    );
    let made = shop.send("POST", "api_credentials", &body).expect(201).json()["data"].clone();
    let id = made["id"].as_str().expect("an id");
    let secret = made["attributes"]["client_secret"].as_str().expect("a secret");
    assert_eq!(made["attributes"]["client_id"], id);
    assert_eq!(
        (&made["attributes"]["confidential"], &made["attributes"]["reference"]),
        (&json!(true), &json!("C-1"))
    );
    let key = Client::with_token(&world.server.address, &format!("sk_{id}_{secret}"));
    key.get("/auth/me").expect(200);
    // It is shown once.
    let again = shop.get(&format!("api_credentials/{id}?include=role")).expect(200).json();
    assert_eq!(again["data"]["attributes"]["client_secret"], Value::Null);
    assert_eq!(again["included"][0]["id"], role);
    let by_role = shop.get(&format!("roles/{role}/api_credentials")).expect(200).json();
    assert_eq!((&by_role["meta"]["record_count"], &by_role["data"][0]["id"]), (&json!(1), &json!(id)));
    let change = record("api_credentials", json!({"name": "Sync 2"}), json!({"role": {"data": null}}));
    let changed = shop.send("PATCH", &format!("api_credentials/{id}"), &change).expect(200).json();
    assert_eq!(changed["data"]["attributes"]["name"], "Sync 2");
    assert_eq!(shop.get(&format!("api_credentials/{id}/role")).expect(200).json()["data"], Value::Null);
    assert_eq!(shop.get(&format!("roles/{role}/api_credentials")).expect(200).json()["data"], json!([]));
    shop.delete(&format!("api_credentials/{id}")).expect(204);
    key.get("/auth/me").expect(401);
    shop.get(&format!("api_credentials/{id}")).expect(404);
    for (attributes, pointer) in [
        (json!({"kind": "integration"}), "/data/attributes/name"),
        (json!({"name": "X"}), "/data/attributes/kind"),
        (json!({"name": "X", "kind": "sales_channel"}), "/data/attributes/kind"),
        (json!({"name": "X", "kind": "webapp"}), "/data/attributes/redirect_uri"),
        (
            json!({"name": "X", "kind": "integration", "client_secret": "mine"}),
            "/data/attributes/client_secret",
        ),
    ] {
        let told = shop
            .send("POST", "api_credentials", &record("api_credentials", attributes, json!({})))
            .expect(422)
            .json();
        assert_eq!(told["errors"][0]["source"]["pointer"], pointer);
    }
});

on_both!(an_organization_is_given_away_by_its_owner, |world| {
    let shop = Shop::new(world, "Shop");
    let place = format!("organizations/{}/transfer_ownership", shop.keys.project);
    let give = |shop: &Shop, email: &str| {
        let body = json!({"type": "organizations", "id": shop.keys.project, "new_owner_email": email});
        shop.send("PATCH", &place, &body)
    };
    let role = shop.role("R");
    shop.invite("next@example.com", &role);
    let told = give(&shop, "nobody@example.com").expect(422).json();
    assert_eq!(told["errors"][0]["source"]["pointer"], "/new_owner_email");
    // Nobody owned it; now the one who asks does, and may go on to give it away.
    give(&shop, &shop.keys.owner_email).expect(202);
    let owners = || -> Vec<Value> {
        let page = shop.get("memberships").expect(200).json();
        let data = page["data"].as_array().expect("a list").clone();
        let owners = data.iter().filter(|one| one["attributes"]["owner"] == true);
        owners.map(|one| one["attributes"]["user_email"].clone()).collect()
    };
    assert_eq!(owners(), [json!(shop.keys.owner_email)]);
    give(&shop, "NEXT@example.com").expect(202);
    assert_eq!(owners(), ["next@example.com"]);
    give(&shop, &shop.keys.owner_email).expect(403);
    let other = Shop::new(world, "Other");
    give(&other, &other.keys.owner_email).expect(404);
    shop.send("PATCH", &place, &json!({})).expect(422);
});
