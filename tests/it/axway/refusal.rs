//! Errors: in the platform's form, with the status that they have.

use serde_json::json;

use super::{Platform, get, post, refused, result};

on_both!(whatever_goes_wrong_is_told_in_the_platforms_form, |world| {
    let platform = Platform::new(world, "Errors");
    refused(get(&world.anonymous, "/user"), 401);
    refused(get(&platform.api, "/no/such/place"), 404);
    let answer = platform.api.call("PATCH", "/api/v1/user").send();
    assert_eq!(answer.header("allow"), Some("GET, HEAD"));
    refused(answer, 405);
    refused(get(&world.super_admin, "/user"), 403);
    assert!(refused(get(&platform.api, "/user?sort=email"), 400).starts_with("sort: "));
    let call = |media: &str, body: &str| {
        platform.api.call("POST", "/api/v1/team").body(media, body.to_owned()).send()
    };
    refused(call("text/plain", "name=x"), 415);
    refused(call("application/json", "{\"name\":"), 400);
    refused(call("application/json", "[]"), 400);
    refused(call("application/json", "{\"name\":\"a\",\"name\":\"b\"}"), 400);
    let missing = post(&platform.api, "/team", &json!({})).json();
    assert_eq!(missing["internalCode"], 77);
    let wrong = post(&platform.api, "/team", &json!({"name": 1})).json();
    assert_eq!(wrong["internalCode"], 74);
    refused(get(&platform.api, "/user?term=%FF"), 400);
    refused(get(&platform.api, "/user/%FF"), 404);
});

on_both!(what_is_asked_of_a_password_is_told_to_everybody, |world| {
    let policy = result(&world.anonymous, "/auth/password_policy");
    assert_eq!(policy, json!({"length": 8, "max_length": 1024, "lockout": 5}));
});
