//! Truto's errors, and the walls between accounts.

use serde_json::json;

use super::Account;
use crate::client::Client;

on_both!(each_error_is_told_in_trutos_words, |world| {
    let account = Account::new(world, "Truto");
    let project = &account.keys.project;
    let base = "/unified/user-directory";
    for (place, status, name, said) in [
        (format!("{base}/users"), 400, "Bad Request", "integrated_account_id"),
        (
            format!("{base}/users?integrated_account_id={}", world.other_project),
            404,
            "Not Found",
            "integrated account",
        ),
        (format!("{base}/users?integrated_account_id={project}&nickname=x"), 400, "Bad Request", "nickname"),
        (
            format!("{base}/users?integrated_account_id={project}&sort_by[shoe]=asc"),
            400,
            "Bad Request",
            "sort_by[shoe]",
        ),
        (
            format!("{base}/users?integrated_account_id={project}&sort_by[id]=up"),
            400,
            "Bad Request",
            "asc or desc",
        ),
        (format!("{base}/users?integrated_account_id={project}&status=odd"), 400, "Bad Request", "status"),
        (
            format!("{base}/users?integrated_account_id={project}&status=deleted"),
            400,
            "Bad Request",
            "status",
        ),
        (format!("{base}/users?integrated_account_id={project}&limit=0"), 400, "Bad Request", "limit"),
        (
            format!("{base}/users?integrated_account_id={project}&next_cursor=x"),
            400,
            "Bad Request",
            "next_cursor",
        ),
        (format!("{base}/users?integrated_account_id={project}&created_at=x"), 400, "Bad Request", "created"),
        (
            format!("{base}/users?integrated_account_id={project}&created_at[near]=2020"),
            400,
            "Bad Request",
            "created_at[near]",
        ),
        (
            format!("{base}/users?integrated_account_id={project}&group_id=a%22b"),
            400,
            "Bad Request",
            "group_id",
        ),
        (
            format!("{base}/users?integrated_account_id={project}&remote_query[shoe]=1"),
            400,
            "Bad Request",
            "shoe",
        ),
        (
            format!("{base}/users?integrated_account_id={project}&remote_query[_count]=1"),
            400,
            "Bad Request",
            "_count",
        ),
        (
            format!("{base}/users?integrated_account_id={project}&truto_response_format=xml"),
            400,
            "Bad Request",
            "unified",
        ),
        (
            format!("{base}/users?integrated_account_id={project}&truto_super_query=apac"),
            400,
            "Bad Request",
            "truto_super_query",
        ),
        (format!("{base}/users/none?integrated_account_id={project}"), 404, "Not Found", "User/none"),
        (format!("{base}/users/none?integrated_account_id={project}&limit=3"), 400, "Bad Request", "limit"),
        (format!("{base}/shoes?integrated_account_id={project}"), 404, "Not Found", "shoes"),
    ] {
        let answer = account.api.get(&place).expect(status);
        assert_eq!(answer.header("Content-Type"), Some("application/json; charset=utf-8"), "{place}");
        let told = answer.json();
        assert_eq!((&told["statusCode"], &told["error"]), (&json!(status), &json!(name)), "{place}");
        assert!(told["message"].as_str().expect("a message").contains(said), "{place}: {told}");
    }
    let wrong = account.api.call("PUT", &account.place("users")).json(&json!({})).send().expect(405);
    assert_eq!(wrong.json()["error"], "Method Not Allowed");
    assert!(wrong.header("Allow").is_some_and(|allow| allow.contains("POST")));
    let nobody = world.anonymous.get(&account.place("users")).expect(401);
    assert_eq!(nobody.json()["error"], "Unauthorized");
    assert!(nobody.header("WWW-Authenticate").is_some());
    let text = account.api.call("POST", &account.place("users")).body("text/plain", "x").send().expect(415);
    assert_eq!(text.json()["statusCode"], 415);
    for body in ["", "{", "[]", "null", "{\"emails\":1}", "{\"emails\":[null]}"] {
        let answer = account.api.call("POST", &account.place("users")).body("application/json", body).send();
        assert_eq!(answer.expect(400).json()["error"], "Bad Request", "{body}");
    }
    world.super_admin.get(&account.place("users")).expect(404);
});

on_both!(an_account_is_closed_to_others, |world| {
    let (one, other) = (Account::new(world, "One"), Account::new(world, "Other"));
    let user = one.user("a@example.com", json!({}));
    let place = format!("users/{}", user["id"].as_str().expect("an id"));
    // The same address is free elsewhere.
    other.user("a@example.com", json!({}));
    other.get(&place).expect(404);
    other.patch(&place, &json!({"title": "X"})).expect(404);
    other.delete(&place).expect(404);
    let role = one.post("roles", &json!({"name": "R"})).expect(201).json();
    let role_place = format!("roles/{}", role["id"].as_str().expect("an id"));
    other.get(&role_place).expect(404);
    other.delete(&role_place).expect(404);
    let stolen = json!({"emails": [{"email": "b@example.com"}], "roles": [{"id": role["id"]}]});
    other.post("users", &stolen).expect(400);
    // The key of one does not open the account of the other.
    one.api.get(&other.place("users")).expect(404);
    assert!(!other.emails("").contains(&one.keys.owner_email));
});

on_both!(a_member_without_a_policy_sees_himself, |world| {
    let account = Account::new(world, "Truto");
    let member = Client::with_token(&world.server.address, world.member.token());
    let place =
        |rest: &str| format!("/unified/user-directory/{rest}?integrated_account_id={}", world.project);
    assert_eq!(member.get(&place("users")).expect(403).json()["error"], "Forbidden");
    member.get(&place("activities")).expect(403);
    member
        .call("POST", &place("users"))
        .json(&json!({"emails": [{"email": "x@example.com"}]}))
        .send()
        .expect(403);
    // A person who is only a member.
    account.get("users").expect(200);
});
