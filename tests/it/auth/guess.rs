//! Against guessing.

use serde_json::json;

use super::person::*;
use crate::sample::with;

on_both!(
    failures_make_one_wait_alike_for_known_and_unknown,
    |config| config.sign_in.free_failures = 2,
    |world| {
        let person = person(world, json!({}));
        for email in [person.email.clone(), email()] {
            let wrong = with(person.asked(world), json!({"email": email, "password": "wrong"}));
            post(world, "login", &wrong).refused(400, "login");
            post(world, "login", &wrong).refused(400, "login");
            let refused = post(world, "login", &wrong).refused(429, "throttled");
            assert!(
                refused.header("RateLimit").is_some_and(|limit| limit.starts_with("\"failures\";r=0;t=")),
                "{}",
                refused.headers()
            );
            assert!(refused.header("Retry-After").is_some_and(|wait| wait.parse::<u64>().is_ok()));
        }
        // Not even the right one is looked at.
        person.begin(world).refused(429, "throttled");
    }
);

on_both!(
    a_browser_that_is_known_is_not_locked_out_by_others,
    |config| (config.sign_in.free_failures, config.sign_in.longest_wait) = (1, 3600),
    |world| {
        let person = person(world, json!({}));
        let cookie = person.begin(world).expect(200);
        let cookie = cookie.header("Set-Cookie").expect("a cookie").to_owned();
        assert!(
            cookie.starts_with("__Host-roster-device=")
                && cookie.contains("HttpOnly")
                && cookie.contains("Secure"),
            "{cookie}"
        );
        let cookie = cookie.split(';').next().expect("a cookie").to_owned();
        let wrong = with(person.asked(world), json!({"password": "wrong"}));
        post(world, "login", &wrong).refused(400, "login");
        post(world, "login", &wrong).refused(429, "throttled");
        let known = |body: &serde_json::Value| {
            world.anonymous.call("POST", "/auth/login").header("Cookie", &cookie).json(body).send()
        };
        known(&person.asked(world)).expect(200);
        // It has failures of its own to make.
        known(&wrong).refused(400, "login");
        known(&wrong).refused(429, "throttled");
        // One that was made up, or is of somebody else, is of no use.
        let other = self::person(world, json!({}));
        let wrong = with(other.asked(world), json!({"password": "wrong"}));
        post(world, "login", &wrong).refused(400, "login");
        known(&other.asked(world)).refused(429, "throttled");
    }
);

on_both!(
    a_reset_opens_the_door_again,
    |config| (config.sign_in.free_failures, config.sign_in.longest_wait) = (1, 3600),
    |world| {
        let person = person(world, json!({}));
        post(world, "login", &with(person.asked(world), json!({"password": "wrong"}))).refused(400, "login");
        person.begin(world).refused(429, "throttled");
        let given = json!({"email": person.email, "password": "violet cannon 41 bridge"});
        world.admin.post("/admin/projects/setpassword", &given).expect(200);
        post(world, "login", &with(person.asked(world), json!({"password": "violet cannon 41 bridge"})))
            .expect(200);
    }
);

on_both!(recovery_works_while_the_app_is_waited_for, |config| config.sign_in.free_failures = 3, |world| {
    let person = person(world, json!({}));
    let (_, codes) = enroll(&person.client(world));
    let begun = person.begin(world).expect(200).json();
    let verify = |token: &str| post(world, "mfa/verify", &json!({"login": begun["login"], "token": token}));
    for _ in 0..3 {
        verify("000000").refused(400, "login");
    }
    verify("000000").refused(429, "throttled");
    verify(&codes[0]).expect(200);
});

on_both!(requests_from_one_address_are_limited, |config| config.sign_in.login_rate = 3, |world| {
    let body = asked(&email(), "wrong");
    for left in [2, 1, 0] {
        let answer = post(world, "newproject", &json!({"login": "none", "projectName": "x"}));
        assert_eq!(answer.status, 400, "{left}");
    }
    let refused = post(world, "login", &body).refused(429, "throttled");
    assert!(refused.header("RateLimit").is_some_and(|limit| limit.starts_with("\"login\";r=0;t=")));
    // Others are not.
    post(world, "method", &json!({"email": email()})).expect(200);
});

on_both!(
    proxies_that_are_trusted_tell_the_address,
    |config| (config.sign_in.login_rate, config.sign_in.proxies) = (1, 1),
    |world| {
        let from = |address: &str| {
            let call = world.anonymous.call("POST", "/auth/login").header("X-Forwarded-For", address);
            call.json(&asked(&email(), "wrong")).send().status
        };
        assert_eq!(from("203.0.113.7"), 400);
        assert_eq!(from("203.0.113.7"), 429);
        // What the client claims itself stands further left.
        assert_eq!(from("198.51.100.1, 203.0.113.7"), 429);
        assert_eq!(from("203.0.113.8"), 400);
    }
);

on_both!(
    limits_can_be_switched_off,
    |config| {
        let limits = &mut config.sign_in;
        (limits.login_rate, limits.auth_rate, limits.free_failures, limits.free_failures_address) =
            (0, 0, 0, 0);
    },
    |world| {
        let person = person(world, json!({}));
        let wrong = with(person.asked(world), json!({"password": "wrong"}));
        for _ in 0..70 {
            post(world, "login", &wrong).refused(400, "login");
        }
        assert!(person.begin(world).expect(200).header("RateLimit").is_none());
    }
);

on_both!(a_hash_of_another_system_lets_nobody_else_in, |world| {
    // A refusal costs a hash of that making for everybody; whether it fits decides for its owner alone.
    let (person, imported) = (person(world, json!({})), email());
    world.super_admin.create(&json!({
        "resourceType": "User", "firstName": "Grace", "lastName": "Hopper", "email": imported,
        "project": {"reference": format!("Project/{}", world.project)},
        "passwordHash": "{SSHA}Ixeqctr6CgfwWvR7qi44j5Xc9vMxMjM0NTY3OA==",
    }));
    let begin = |email: &str, password: &str| {
        post(world, "login", &with(person.asked(world), json!({"email": email, "password": password})))
    };
    begin(&imported, "wrong").refused(400, "login");
    begin(&email(), "password").refused(400, "login");
    begin(&person.email, "password").refused(400, "login");
    begin(&person.email, PASSWORD).expect(200);
    begin(&imported, "password").expect(200);
    begin(&imported, "wrong").refused(400, "login");
});
