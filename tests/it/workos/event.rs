//! Events: the outbox as a log, each with the record as it was then.

use serde_json::{Value, json};

use super::{App, PASSWORD, app, claims, ids, refused};

fn names(page: &Value) -> Vec<String> {
    let data = page["data"].as_array().expect("a list");
    data.iter().map(|one| one["event"].as_str().expect("a name").to_owned()).collect()
}

on_both!(what_happened_is_told_as_it_was_then, |world| {
    let (app, other) = (app(world, "Events"), app_beside(world));
    let user = app.user(json!({"email": "told.of@example.com", "first_name": "A"}));
    let place = format!("/user_management/users/{}", user["id"].as_str().expect("an id"));
    app.put(&place, json!({"first_name": "B"})).expect(200);
    let home = app.organization("Acme");
    let member = app.member(&user, &home);
    app.post("/authorization/permissions", json!({"slug": "run", "name": "Run"})).expect(201);
    let magic =
        app.post("/user_management/magic_auth", json!({"email": "told.of@example.com"})).expect(201).json();
    app.client.delete(&place).expect(204);
    let all = app.get("/events?limit=100&events=user.created,user.updated,user.deleted").expect(200).json();
    // One is the owner of the project.
    let own: Vec<&Value> = all["data"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|one| one["data"]["id"] == user["id"])
        .collect();
    let told: Vec<(&str, &str)> = own
        .iter()
        .map(|one| {
            (one["event"].as_str().expect("a name"), one["data"]["first_name"].as_str().expect("a name"))
        })
        .collect();
    assert_eq!(told, [("user.created", "A"), ("user.updated", "B"), ("user.deleted", "B")]);
    assert_eq!(own[0]["data"]["metadata"], json!({}));
    let rest = app.get("/events?limit=100").expect(200);
    assert!(!rest.text().contains(magic["code"].as_str().expect("a code")), "{}", rest.text());
    let rest = rest.json();
    let told = names(&rest);
    for name in [
        "organization.created",
        "organization_membership.created",
        "organization_membership.deleted",
        "permission.created",
        "magic_auth.created",
    ] {
        assert!(told.iter().any(|one| one == name), "{name}: {told:?}");
    }
    let below = app
        .get(&format!("/events?organization_id={}", home["id"].as_str().expect("an id")))
        .expect(200)
        .json();
    assert!(
        below["data"].as_array().expect("a list").iter().any(|one| one["data"]["id"] == member["id"]),
        "{below}"
    );
    assert!(!names(&below).iter().any(|name| name.starts_with("user.")));
    // The same in pages, in either direction, under ids that stay.
    let mut walked = Vec::new();
    let mut query = "limit=3".to_owned();
    loop {
        let page = app.get(&format!("/events?{query}")).expect(200).json();
        walked.extend(ids(&page));
        let Some(after) = page["list_metadata"]["after"].as_str() else { break };
        query = format!("limit=3&after={after}");
    }
    assert_eq!(walked, ids(&rest));
    let newest = app.get("/events?limit=2&order=desc").expect(200).json();
    let expected: Vec<String> = walked.iter().rev().take(2).cloned().collect();
    assert_eq!(ids(&newest), expected);
    assert!(ids(&app.get("/events?range_start=2999-01-01T00:00:00Z").expect(200).json()).is_empty());
    for wrong in ["events=nonsense", "limit=0", "after=x", "range_start=x", "order=up", "event=x"] {
        refused(app.get(&format!("/events?{wrong}")), 422, "invalid_request_parameters");
    }
    let strange = other.get("/events?limit=100").expect(200);
    assert!(
        !strange.text().contains("told.of@example.com") && !strange.text().contains("Acme"),
        "{}",
        strange.text()
    );
});

fn app_beside(world: &crate::world::World) -> App {
    app(world, "Beside")
}

on_both!(sign_ins_and_sessions_are_told, |world| {
    let (app, other) = (app(world, "Sign-ins"), app_beside(world));
    let user = app.user(json!({"email": "in@example.com", "password": PASSWORD}));
    let asked = json!({
        "grant_type": "password", "email": "in@example.com", "password": PASSWORD,
        "ip_address": "192.0.2.7", "user_agent": "A browser"
    });
    let session = app.authenticate(asked.clone()).expect(200).json();
    let sid = claims(&session["access_token"])["sid"].clone();
    let mut wrong = asked;
    wrong["password"] = json!("not this one, surely");
    app.authenticate(wrong).expect(400);
    let names = "authentication.password_succeeded,session.created,session.revoked";
    let list = |app: &App| {
        let page = app.get(&format!("/events?limit=100&events={names}")).expect(200).json();
        let all = page["data"].as_array().expect("a list").clone();
        // The owner of the project has signed in, too.
        all.into_iter().filter(|one| one["data"]["user_id"] == user["id"]).collect::<Vec<Value>>()
    };
    let before = list(&app);
    let told: Vec<&Value> = before.iter().map(|one| &one["event"]).collect();
    assert_eq!(told, ["authentication.password_succeeded", "session.created"]);
    let expected = json!({
        "type": "password", "status": "succeeded", "ip_address": "192.0.2.7", "user_agent": "A browser",
        "user_id": user["id"], "email": "in@example.com"
    });
    assert_eq!(before[0]["data"], expected);
    let data = &before[1]["data"];
    assert_eq!((&data["object"], &data["id"]), (&json!("session"), &sid));
    assert_eq!((&data["status"], &data["ended_at"]), (&json!("active"), &Value::Null));
    assert_eq!((&data["user_id"], &data["auth_method"]), (&user["id"], &json!("password")));
    // What was told stays as it was, whatever becomes of user and session.
    let place = format!("/user_management/users/{}", user["id"].as_str().expect("an id"));
    app.put(&place, json!({"email": "out@example.com"})).expect(200);
    app.post("/user_management/sessions/revoke", json!({"session_id": sid})).expect(200);
    let after = list(&app);
    assert_eq!(after[..2], before);
    assert_eq!((after.len(), &after[2]["event"]), (3, &json!("session.revoked")));
    assert_eq!((&after[2]["data"]["id"], &after[2]["data"]["status"]), (&sid, &json!("revoked")));
    assert!(after[2]["data"]["ended_at"].is_string(), "{after:?}");
    for secret in ["access_token", "refresh_token"] {
        let secret = session[secret].as_str().expect("a token");
        assert!(!json!(after).to_string().contains(secret));
    }
    assert!(list(&other).is_empty());
});
