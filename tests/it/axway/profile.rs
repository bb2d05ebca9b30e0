//! What people say of themselves, and what an administrator changes of them.

use serde_json::{Value, json};

use super::{PASSWORD, Platform, get, login, put, refused, result, taken};

on_both!(people_say_how_they_are_called_and_spoken_to, |world| {
    let platform = Platform::new(world, "Profiles");
    let (guid, ada) = platform.person(world, "ada@example.com", false);
    let org = result(&ada, "/auth/checkSession")["org_id"].clone();
    let place = format!("/user/profile/{guid}");
    let said = json!({
        "firstname": "Augusta", "lastname": "King", "locale": "de-DE", "timezone": "Europe/London", "phone": "+44 1",
        "login_org": "default", "default_org": org,
    });
    let shown = taken(put(&ada, &place, &said));
    for name in ["firstname", "lastname", "locale", "timezone", "login_org", "default_org"] {
        assert_eq!(shown[name], said[name], "{name}");
    }
    let record = platform.api.get(&format!("User/{guid}")).expect(200).json();
    assert_eq!(record["telecom"][0]["value"], "+44 1");
    assert_eq!(record["meta"]["source"], "https://roster.dev/dialect/axway");
    // What is left out stays, and an empty text takes away.
    let shown = taken(put(&ada, &place, &json!({"lastname": ""})));
    assert_eq!((&shown["firstname"], &shown["lastname"]), (&json!("Augusta"), &json!("")));
    for wrong in [
        json!({"firstname": "x".repeat(51)}),
        json!({"locale": "xx"}),
        json!({"login_org": "never"}),
        json!({"firstname": 1}),
        json!({"email": "other@example.com"}),
        json!({"preferred_mfa": "email"}),
    ] {
        refused(put(&ada, &place, &wrong), 400);
    }
    refused(put(&ada, &place, &json!({"timezone": "no  code"})), 422);
    refused(put(&ada, &place, &json!({"default_org": "none"})), 404);
    refused(put(&ada, &place, &json!({"active": false})), 403);
    refused(put(&ada, &place, &json!({"mfa": false})), 403);
    assert_eq!(result(&ada, &format!("/user/{guid}"))["firstname"], "Augusta");
});

on_both!(an_administrator_changes_users_of_the_pool_and_a_member_only_himself, |world| {
    let platform = Platform::new(world, "Changes");
    let (guid, ada) = platform.person(world, "ada@example.com", false);
    let (other, _) = platform.person(world, "bob@example.com", false);
    refused(put(&ada, &format!("/user/profile/{other}"), &json!({"firstname": "Eve"})), 404);
    let place = format!("/user/profile/{guid}");
    let shown = taken(put(&platform.api, &place, &json!({"firstname": "Eve", "mfa": true})));
    assert_eq!((&shown["firstname"], &shown["mfa"]), (&json!("Eve"), &json!(true)));
    get(&ada, "/auth/checkSession").expect(200);
    let shown = taken(put(&platform.api, &place, &json!({"active": false})));
    assert_eq!(shown["active"], false);
    get(&ada, "/auth/checkSession").expect(401);
});

on_both!(a_password_is_changed_by_the_one_until_now, |world| {
    let platform = Platform::new(world, "Passwords");
    let (guid, ada) = platform.person(world, "ada@example.com", false);
    let place = format!("/user/profile/{guid}");
    let other = "seven brass kettles sing";
    let sent = |old: Value, new: &str| json!({"current_password": old, "password": new});
    refused(put(&ada, &place, &json!({"password": other})), 400);
    refused(put(&ada, &place, &sent(json!("wrong"), other)), 400);
    refused(put(&ada, &place, &sent(json!(PASSWORD), "password")), 422);
    taken(put(&ada, &place, &sent(json!(PASSWORD), other)));
    let with = |password: &str| {
        let provider = &platform.keys.project;
        login(world, &json!({"username": "ada@example.com", "password": password, "provider_guid": provider}))
    };
    refused(with(PASSWORD), 401);
    with(other).expect(200);
    // One's own session stays, and goes with `force_logout`.
    get(&ada, "/auth/checkSession").expect(200);
    taken(put(&ada, &place, &json!({"force_logout": true})));
    get(&ada, "/auth/checkSession").expect(401);
    taken(put(&platform.api, &place, &json!({"password": PASSWORD})));
    with(PASSWORD).expect(200);
});

on_both!(preferences_are_remembered_one_by_one, |world| {
    let platform = Platform::new(world, "Preferences");
    let (guid, ada) = platform.person(world, "ada@example.com", false);
    let prefs = || result(&ada, &format!("/user/{guid}"))["prefs"].clone();
    for (name, value) in [("theme", "dark"), ("rows", "50"), ("theme", "light")] {
        put(&ada, "/user/pref", &json!({"pref": name, "value": value})).expect(204);
    }
    assert_eq!(prefs(), json!({"theme": "light", "rows": "50"}));
    put(&ada, "/user/pref", &json!({"pref": "rows", "value": ""})).expect(204);
    assert_eq!(prefs(), json!({"theme": "light"}));
    refused(put(&ada, "/user/pref", &json!({"value": "dark"})), 400);
    refused(put(&ada, "/user/pref", &json!({"pref": "theme", "value": {"deep": 1}})), 400);
    refused(put(&platform.api, "/user/pref", &json!({"pref": "theme", "value": "dark"})), 403);
    let accepted = taken(put(&ada, "/auth/terms", &json!({})));
    assert!(accepted["terms_updated"].is_string(), "{accepted}");
});
