//! Signing in, and what a session is.

use serde_json::{Value, json};

use super::{PASSWORD, Platform, cookie, delete, get, login, names, post, refused, result, taken};
use crate::admin::mailbox;
use crate::auth::person::totp;
use crate::client::{Answer, Client};
use crate::world::World;

fn by_cookie(world: &World, method: &str, place: &str, cookie: &str, body: Option<&Value>) -> Answer {
    let call = world.anonymous.call(method, &format!("/api/v1{place}"));
    let call = call.header("Cookie", &format!("connect.sid={cookie}"));
    match body {
        Some(body) => call.json(body).send(),
        None => call.send(),
    }
}

on_both!(a_session_is_in_a_cookie_and_ends_with_it, |world| {
    let platform = Platform::new(world, "Sessions");
    platform.person(world, "ada@example.com", false);
    let sent = |password: &str| json!({"username": "ADA@example.com", "password": password, "org_hint": platform.keys.project});
    refused(login(world, &sent("wrong")), 401);
    refused(
        login(
            world,
            &json!({"username": "nobody@example.com", "password": PASSWORD, "org_hint": platform.keys.project}),
        ),
        401,
    );
    refused(login(world, &json!({"password": PASSWORD})), 400);
    refused(
        login(world, &json!({"username": "ada@example.com", "password": PASSWORD, "org_hint": "none"})),
        404,
    );
    let answer = login(world, &sent(PASSWORD));
    let sid = cookie(&answer);
    assert!(!answer.text().contains(&sid), "what opens the session is in the cookie alone");
    let told = taken(answer);
    assert_eq!(
        (&told["email"], &told["role"], &told["org"]["name"]),
        (&json!("ada@example.com"), &json!("consumer"), &json!("Sessions"))
    );
    let found = taken(by_cookie(world, "GET", "/auth/findSession", &sid, None));
    assert_eq!((&found["sessionID"], &found["user"]["email"]), (&told["sessionID"], &told["email"]));
    let own = taken(by_cookie(world, "GET", "/session", &sid, None));
    assert_eq!(own["sessionID"], told["sessionID"]);
    let gone = by_cookie(world, "GET", "/auth/logout?redirect=/bye", &sid, None);
    assert_eq!(taken(gone), "/bye");
    assert_eq!(taken(by_cookie(world, "GET", "/auth/findSession", &sid, None)), Value::Null);
    by_cookie(world, "GET", "/auth/checkSession", &sid, None).expect(401);
    assert_eq!(result(&platform.api, "/auth/findSession"), Value::Null, "a service account has none");
    assert_eq!(taken(get(&world.anonymous, "/auth/findSession")), Value::Null);
});

on_both!(a_second_factor_is_asked_for_before_there_is_a_session, |world| {
    let platform = Platform::new(world, "Factors");
    let (guid, ada) = platform.person(world, "ada@example.com", false);
    let app = result(&ada, "/auth/authenticator");
    let uri = app["uri"].as_str().expect("a uri");
    refused(post(&ada, "/auth/authenticator", &json!({"code": 1})), 400);
    // Sent as a number, as the platform's clients do: without the zeros in front.
    let code: u64 = totp(uri, 0).parse().expect("digits");
    post(&ada, "/auth/authenticator", &json!({"code": code})).expect(204);
    let user = result(&ada, &format!("/user/{guid}"));
    assert_eq!((&user["authenticator_enabled"], &user["mfa"]), (&json!(true), &json!(true)));
    let sent =
        json!({"username": "ada@example.com", "password": PASSWORD, "provider_guid": platform.keys.project});
    let answer = login(world, &sent);
    let waiting = cookie(&answer);
    assert_eq!(taken(answer), json!({"deviceAuthRequired": "app"}));
    by_cookie(world, "GET", "/auth/checkSession", &waiting, None).expect(401);
    refused(
        by_cookie(
            world,
            "POST",
            "/auth/deviceauth",
            &waiting,
            Some(&json!({"code": "000000", "remember": false})),
        ),
        400,
    );
    // The code that set the app up is used by now.
    let code = json!({"code": totp(uri, 1), "remember": true});
    let done = by_cookie(world, "POST", "/auth/deviceauth", &waiting, Some(&code));
    let sid = cookie(&done.expect(200));
    by_cookie(world, "GET", "/auth/checkSession", &sid, None).expect(200);
    refused(post(&world.anonymous, "/auth/deviceauth", &code), 401);

    let remove = |password: &str| {
        ada.call("DELETE", "/api/v1/auth/authenticator").header("x-auth-password", password).send()
    };
    refused(delete(&ada, "/auth/authenticator"), 400);
    refused(remove("wrong"), 400);
    remove(PASSWORD).expect(204);
    assert_eq!(result(&ada, &format!("/user/{guid}"))["authenticator_enabled"], false);
    let check = |password: &str| {
        ada.call("POST", "/api/v1/auth/validatePassword").header("x-auth-password", password).send()
    };
    check(PASSWORD).expect(204);
    refused(check("wrong"), 401);
});

on_both!(an_administrator_sees_and_ends_the_sessions_of_his_organization, |world| {
    let platform = Platform::new(world, "Watch");
    let (guid, ada) = platform.person(world, "ada@example.com", false);
    let query = |client: &Client, body: Value| taken(post(client, "/session/query", &body));
    assert_eq!(query(&platform.api, json!({})).as_array().map(Vec::len), Some(2), "and the owner's");
    let found = query(&platform.api, json!({"user_email": "ada@example.com"}));
    assert_eq!((&found[0]["user"]["guid"], &found[0]["current"]), (&json!(guid), &json!(false)));
    assert_eq!(query(&ada, json!({}))[0]["current"], true, "one's own");
    assert_eq!(query(&platform.api, json!({"user_id": "nobody"})), json!([]));
    refused(post(&ada, "/session/query", &json!({"user_id": "nobody"})), 403);
    refused(post(&platform.api, "/session/query", &json!({"access_token": "x"})), 400);
    let place = format!("/session/{}", found[0]["guid"].as_str().expect("a guid"));
    let other = Platform::new(world, "Peep");
    refused(delete(&other.api, &place), 404);
    delete(&platform.api, &place).expect(204);
    get(&ada, "/auth/checkSession").expect(401);
    assert_eq!(query(&platform.api, json!({"user_email": "ada@example.com"})), json!([]));
    let events = names(&result(&platform.api, &format!("/activity?user_guid={guid}&data=true")), "event");
    assert_eq!(events, ["platform.logout", "platform.login"]);
    assert_eq!(result(&platform.api, &format!("/activity?user_guid={guid}&to=0")), json!([]));
    assert_eq!(
        result(&platform.api, &format!("/activity?user_guid={guid}&from=2020-01-01T00:00:00Z&limit=1"))
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    refused(get(&platform.api, "/activity?from=yesterday"), 400);
    assert!(
        result(&platform.api, "/activity/event")
            .as_array()
            .is_some_and(|all| all.contains(&json!("platform.login")))
    );
});

on_both!(whoever_is_invited_activates_himself, |config| mailbox::into_files(config), |world| {
    let platform = Platform::new(world, "Welcome");
    mailbox::take(world);
    let place = format!("/org/{}/user", platform.keys.project);
    let guid = taken(post(&platform.api, &place, &json!({"email": "ada@example.com"})))["guid"]
        .as_str()
        .expect("a guid")
        .to_owned();
    let (_, id, secret) = mailbox::link(&mailbox::take(world)[0]);
    let waiting = result(&platform.api, &format!("/user/{guid}"));
    assert_eq!((&waiting["activated"], waiting["invited"].is_string()), (&json!(false), true), "{waiting}");
    // Sent once more, for whom only the administrator can.
    let again = json!({"username": "ada@example.com", "org_id": platform.keys.project});
    post(&platform.api, "/auth/activate/resend", &again).expect(204);
    assert_eq!(mailbox::take(world).len(), 1);
    refused(
        post(&platform.api, "/auth/activate/resend", &json!({"username": platform.keys.owner_email})),
        404,
    );
    let told = result(&world.anonymous, &format!("/auth/activation/{id}.{secret}"));
    assert_eq!((&told["type"], &told["email"]), (&json!("invite"), &json!("ada@example.com")));
    refused(get(&world.anonymous, &format!("/auth/activation/{id}.wrong")), 404);
    let said = |id: &str, password: &str| json!({"id": id, "firstname": "Ada", "lastname": "King", "password": password});
    let link = format!("{id}/{secret}");
    refused(post(&world.anonymous, "/auth/activate", &said(&link, "password")), 422);
    refused(post(&world.anonymous, "/auth/activate", &said("nonsense", PASSWORD)), 400);
    post(&world.anonymous, "/auth/activate", &said(&link, PASSWORD)).expect(204);
    refused(post(&world.anonymous, "/auth/activate", &said(&link, PASSWORD)), 400);
    let user = result(&platform.api, &format!("/user/{guid}"));
    assert_eq!(
        (&user["activated"], &user["firstname"], user.get("invited")),
        (&json!(true), &json!("Ada"), None)
    );
    let sent =
        json!({"username": "ada@example.com", "password": PASSWORD, "provider_guid": platform.keys.project});
    login(world, &sent).expect(200);
    // The same is said of nobody.
    mailbox::take(world);
    post(&world.anonymous, "/auth/forgot", &json!({"username": "nobody@example.com"})).expect(204);
    refused(post(&platform.api, "/auth/activate/resend", &again), 404);
});
