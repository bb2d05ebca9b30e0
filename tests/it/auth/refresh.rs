//! Refresh tokens: rotation, grace, theft, ends.

use serde_json::{Value, json};

use super::person::*;
use crate::client::Answer;
use crate::sample::with;
use crate::world::World;

on_both!(a_refresh_token_gives_new_tokens_and_a_successor, |world| {
    let person = person(world, json!({}));
    let tokens = person.tokens(world);
    let next = refresh(world, text(&tokens, "refresh_token")).expect(200).json();
    assert_ne!(next["refresh_token"], tokens["refresh_token"]);
    assert_ne!(next["access_token"], tokens["access_token"]);
    client(world, &next).get("/auth/me").expect(200);
    let third = refresh(world, text(&next, "refresh_token")).expect(200).json();
    assert_eq!(
        claims(text(&third, "access_token"))["login_id"],
        claims(text(&tokens, "access_token"))["login_id"]
    );
});

on_both!(within_the_grace_the_previous_one_gets_the_same_successor, |world| {
    let tokens = person(world, json!({})).tokens(world);
    let first = refresh(world, text(&tokens, "refresh_token")).expect(200).json();
    let again = refresh(world, text(&tokens, "refresh_token")).expect(200).json();
    assert_eq!(first["refresh_token"], again["refresh_token"]);
    client(world, &again).get("/auth/me").expect(200);
});

on_both!(one_that_comes_after_the_grace_was_stolen, |config| config.sign_in.refresh_grace = 0, |world| {
    let tokens = person(world, json!({})).tokens(world);
    let next = refresh(world, text(&tokens, "refresh_token")).expect(200).json();
    let client = client(world, &next);
    client.get("/auth/me").expect(200);
    assert_eq!(refresh(world, text(&tokens, "refresh_token")).status, 400);
    client.get("/auth/me").refused(401, "login");
    assert_eq!(refresh(world, text(&next, "refresh_token")).status, 400);
});

on_both!(an_ancestor_of_many_generations_is_still_known_as_stolen, |world| {
    let first = person(world, json!({})).tokens(world);
    let mut tokens = first.clone();
    for _ in 0..4 {
        tokens = refresh(world, text(&tokens, "refresh_token")).expect(200).json();
    }
    assert_eq!(refresh(world, text(&first, "refresh_token")).status, 400);
    client(world, &tokens).get("/auth/me").refused(401, "login");
});

on_both!(a_made_up_one_ends_nothing, |world| {
    let tokens = person(world, json!({})).tokens(world);
    let login = text(&tokens, "refresh_token").split('.').next().expect("a login").to_owned();
    for made_up in [format!("{login}.x"), "x.y".to_owned(), "nonsense".to_owned(), login.clone()] {
        assert_eq!(refresh(world, &made_up).status, 400);
    }
    let other = person(world, json!({})).tokens(world);
    let mixed = format!("{login}.{}", text(&other, "refresh_token").split('.').nth(1).expect("a secret"));
    assert_eq!(refresh(world, &mixed).status, 400);
    refresh(world, text(&tokens, "refresh_token")).expect(200);
});

on_both!(many_who_refresh_at_once_all_go_on, |world| {
    let tokens = person(world, json!({})).tokens(world);
    let successors: Vec<String> = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..6)
            .map(|_| {
                scope.spawn(|| {
                    text(&refresh(world, text(&tokens, "refresh_token")).expect(200).json(), "refresh_token")
                        .to_owned()
                })
            })
            .collect();
        tries.into_iter().map(|one| one.join().expect("a successor")).collect()
    });
    assert!(successors.iter().all(|one| *one == successors[0]), "{successors:?}");
    refresh(world, &successors[0]).expect(200);
});

on_both!(without_offline_access_and_for_super_admins_there_is_none, |world| {
    let person = person(world, json!({}));
    let online = with(person.asked(world), json!({"scope": "openid"}));
    let code = post(world, "login", &online).expect(200).json();
    assert!(redeem(world, text(&code, "code")).expect(200).json().get("refresh_token").is_none());
    let remembered = with(online, json!({"remember": true}));
    let code = post(world, "login", &remembered).expect(200).json();
    assert!(redeem(world, text(&code, "code")).expect(200).json()["refresh_token"].is_string());
    let first = asked("first@example.com", "a-password-of-the-first-user");
    let code = post(world, "login", &first).expect(200).json();
    assert!(redeem(world, text(&code, "code")).expect(200).json().get("refresh_token").is_none());
});

on_both!(
    a_session_ends_when_it_is_old,
    |config| (config.sign_in.session_lifetime, config.sign_in.session_idle) = (-1, 0),
    |world| {
        // A lifetime that is over before it begins.
        let tokens = person(world, json!({})).tokens(world);
        assert_eq!(refresh(world, text(&tokens, "refresh_token")).status, 400);
        client(world, &tokens).get("/auth/me").refused(401, "login");
    }
);

on_both!(a_session_ends_when_it_is_idle, |config| config.sign_in.session_idle = -1, |world| {
    // Whatever it did last was too long ago.
    let tokens = person(world, json!({})).tokens(world);
    client(world, &tokens).get("/auth/me").expect(200);
    assert_eq!(refresh(world, text(&tokens, "refresh_token")).status, 400);
    client(world, &tokens).get("/auth/me").refused(401, "login");
});

/// Asks for a part of the scope.
fn refresh_for(world: &World, token: &str, scope: &str) -> Answer {
    let scope = scope.replace('/', "%2F").replace(' ', "+");
    let form = format!("grant_type=refresh_token&client_id=&refresh_token={token}&scope={scope}");
    world.anonymous.call("POST", "/oauth2/token").form(&form).send()
}

/// Tokens of an admin, with these scopes.
fn tokens_for(world: &World, scope: &str) -> Value {
    let person = person(world, json!({"admin": true}));
    let code = post(world, "login", &with(person.asked(world), json!({"scope": scope}))).expect(200).json();
    redeem(world, text(&code, "code")).expect(200).json()
}

on_both!(a_narrower_refresh_kept_the_whole_scope, |world| {
    let all = "openid offline_access user/Patient.cruds user/Organization.rs";
    let tokens = tokens_for(world, all);
    let narrow = refresh_for(world, text(&tokens, "refresh_token"), "user/Patient.cruds").expect(200).json();
    assert_eq!(narrow["scope"], "user/Patient.cruds");
    assert!(narrow.get("id_token").is_none(), "{narrow}");
    assert_eq!(claims(text(&narrow, "access_token"))["scope"], "user/Patient.cruds");
    let client_of = |tokens: &Value| client(world, tokens);
    client_of(&narrow).get("Patient").expect(200);
    client_of(&narrow).get("Organization").refused(403, "forbidden");
    // A part of a permission is narrower, too.
    let read = refresh_for(world, text(&narrow, "refresh_token"), "user/Patient.rs").expect(200).json();
    client_of(&read).get("Patient").expect(200);
    client_of(&read).post("Patient", &crate::sample::patient("A", "B")).refused(403, "forbidden");
    // The refresh token keeps its own.
    let whole = refresh(world, text(&read, "refresh_token")).expect(200).json();
    assert_eq!(whole["scope"], all);
    client_of(&whole).get("Organization").expect(200);
});

on_both!(a_wider_refresh_is_refused_and_uses_nothing_up, |world| {
    let tokens = tokens_for(world, "openid offline_access user/Patient.rs");
    let token = text(&tokens, "refresh_token");
    for wider in [
        "user/Patient.cruds",
        "user/*.rs",
        "user/Organization.rs",
        "system/Patient.rs",
        "openid",
        "openid fhirUser",
        "user/Patient.rs nonsense",
        "user/nonsense",
    ] {
        let refused = refresh_for(world, token, wider).expect(400).json();
        assert_eq!(refused["error"], "invalid_scope", "{wider}: {refused}");
    }
    refresh(world, token).expect(200);
    // Nothing was said of permissions: none was granted by name.
    let tokens = tokens_for(world, "openid offline_access");
    let refused = refresh_for(world, text(&tokens, "refresh_token"), "user/Patient.rs").expect(400).json();
    assert_eq!(refused["error"], "invalid_scope");
});
