//! Whatever is refused under these addresses is refused in these words.

use serde_json::json;

use super::{app, refused};

on_both!(every_refusal_wears_the_dress, |world| {
    let app = app(world, "Refusals");
    refused(world.anonymous.get("/user_management/users"), 401, "unauthorized");
    refused(world.member.get("/user_management/users"), 403, "forbidden");
    refused(world.super_admin.get("/organizations"), 403, "forbidden");
    for place in
        ["/user_management/nothing", "/organizations/a/b/c", "/authorization/none", "/auth/factors/a/b/c"]
    {
        let answer = app.get(place);
        refused(answer, 404, "entity_not_found");
    }
    let wrong = app.client.call("PATCH", "/user_management/users").send();
    assert_eq!(wrong.header("allow"), Some("GET, POST, HEAD"));
    refused(wrong, 405, "bad_request");
    let broken = app.client.call("POST", "/organizations").body("application/json", "{").send();
    refused(broken, 400, "bad_request");
    let list = app.client.call("POST", "/organizations").body("application/json", "[]").send();
    refused(list, 400, "bad_request");
    refused(app.post("/user_management/authorize/device", json!({"client_id": "x"})), 400, "invalid_client");
    let id = app.get("/user_management/users/none").header("x-request-id").map(str::to_owned);
    assert!(id.is_some());
});
