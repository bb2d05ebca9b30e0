//! Memberships.

use serde_json::json;

use super::{Shop, one, record};

on_both!(somebody_is_invited_with_a_role_and_removed, |world| {
    let shop = Shop::new(world, "Shop");
    let (admin, editor) = (shop.role("Admin"), shop.role("Editor"));
    let made = shop.invite("Ada@example.com", &admin);
    let id = made["id"].as_str().expect("an id");
    let attributes = &made["attributes"];
    assert_eq!(
        (&attributes["user_email"], &attributes["status"]),
        (&json!("ada@example.com"), &json!("pending"))
    );
    assert_eq!((&attributes["user_first_name"], &attributes["owner"]), (&json!(null), &json!(false)));
    let role = shop.get(&format!("memberships/{id}/role")).expect(200).json();
    assert_eq!(role["data"]["attributes"]["name"], "Admin");
    let home = shop.get(&format!("memberships/{id}/organization")).expect(200).json();
    assert_eq!(home["data"]["id"], shop.keys.project);

    let change = record("memberships", json!({"reference": "M-1"}), json!({"role": one("roles", &editor)}));
    let changed = shop.send("PATCH", &format!("memberships/{id}"), &change).expect(200).json();
    assert_eq!(changed["data"]["attributes"]["reference"], "M-1");
    let with_role = shop.get(&format!("memberships/{id}?include=role")).expect(200).json();
    assert_eq!(with_role["data"]["relationships"]["role"]["data"], json!({"type": "roles", "id": editor}));
    assert_eq!(with_role["included"][0]["attributes"]["name"], "Editor");
    shop.send("POST", &format!("memberships/{id}/resend"), &json!({})).expect(202);

    shop.delete(&format!("memberships/{id}")).expect(204);
    shop.get(&format!("memberships/{id}")).expect(404);
    shop.delete(&format!("memberships/{id}")).expect(404);
    assert!(shop.api.found("User?email=ada@example.com").is_empty());
});

on_both!(an_invitation_that_cannot_be_is_refused, |world| {
    let (shop, other) = (Shop::new(world, "Shop"), Shop::new(world, "Other"));
    let (role, foreign) = (shop.role("R"), other.role("R"));
    shop.invite("taken@example.com", &role);
    let home = one("organizations", &shop.keys.project);
    for (attributes, relations, status, pointer) in [
        (json!({}), json!({"role": one("roles", &role)}), 422, "/data/attributes/user_email"),
        (
            json!({"user_email": "x@example.com"}),
            json!({"organization": home}),
            422,
            "/data/relationships/role",
        ),
        (
            json!({"user_email": "x@example.com"}),
            json!({"role": one("roles", &foreign)}),
            422,
            "/data/relationships/role",
        ),
        (
            json!({"user_email": "x@example.com"}),
            json!({"role": one("roles", &role), "organization": one("organizations", &other.keys.project)}),
            422,
            "/data/relationships/organization",
        ),
        (
            json!({"user_email": "x@example.com"}),
            json!({"role": one("shoes", &role)}),
            422,
            "/data/relationships/role",
        ),
        (
            json!({"user_email": "TAKEN@example.com"}),
            json!({"role": one("roles", &role)}),
            409,
            "/data/attributes/user_email",
        ),
        (
            json!({"user_email": "no address"}),
            json!({"role": one("roles", &role)}),
            422,
            "/data/attributes/email",
        ),
        (
            json!({"user_email": "x@example.com", "owner": true}),
            json!({"role": one("roles", &role)}),
            422,
            "/data/attributes/owner",
        ),
    ] {
        let answer = shop.send("POST", "memberships", &record("memberships", attributes.clone(), relations));
        let told = answer.expect(status).json();
        assert_eq!(told["errors"][0]["source"]["pointer"], pointer, "{attributes}: {told}");
    }
    assert!(shop.api.found("User?email=x@example.com").is_empty());
});

on_both!(clients_are_no_members_here, |world| {
    let shop = Shop::new(world, "Shop");
    assert_eq!(shop.emails(""), [shop.keys.owner_email.as_str()]);
    let client = shop.api.found("ProjectMembership?profile-type=ClientApplication").pop().expect("a client");
    shop.get(&format!("memberships/{client}")).expect(404);
});
