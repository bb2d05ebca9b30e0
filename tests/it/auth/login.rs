//! Signing in with e-mail and password, and choosing a membership and a scope.

use serde_json::json;

use super::person::*;
use crate::client::{id, place};
use crate::sample::with;
use crate::world::{new_project, register};

on_both!(who_knows_the_password_gets_a_code_and_for_it_tokens, |world| {
    let person = person(world, json!({}));
    let answer = person.begin(world).expect(200);
    assert!(
        answer.header("RateLimit").is_some_and(|limit| limit.starts_with("\"login\";r=")),
        "{}",
        answer.headers()
    );
    assert_eq!(answer.header("Cache-Control"), Some("no-store"));
    let done = answer.json();
    let tokens = redeem(world, text(&done, "code")).expect(200).json();
    let claims = claims(text(&tokens, "access_token"));
    assert_eq!(claims["login_id"], done["login"]);
    assert_eq!(claims["sub"], person.user.as_str());
    assert_eq!(claims["username"], person.email.as_str());
    assert_eq!(claims["profile"], person.membership["profile"]["reference"]);
    assert_eq!(tokens["profile"]["reference"], person.membership["profile"]["reference"]);
    assert_eq!(tokens["project"]["reference"], format!("Project/{}", world.project));
    assert!(claims["exp"].as_i64() > Some(claims["iat"].as_i64().unwrap_or(0) + 300));
    client(world, &tokens).get(&format!("User/{}", person.user)).expect(200);
});

on_both!(nobody_learns_whether_an_account_exists, |world| {
    let person = person(world, json!({}));
    let sleeping = person_who_sleeps(world);
    let wrong =
        post(world, "login", &with(person.asked(world), json!({"password": "wrong"}))).refused(400, "login");
    let unknown =
        post(world, "login", &with(person.asked(world), json!({"email": email()}))).refused(400, "login");
    let asleep = post(world, "login", &sleeping).refused(400, "login");
    // Somebody of another pool is nobody here.
    let other = with(person.asked(world), json!({"projectId": world.other_project}));
    let elsewhere = post(world, "login", &other).refused(400, "login");
    let of_none = post(world, "login", &asked(&person.email, PASSWORD)).refused(400, "login");
    for told in [&unknown, &asleep, &elsewhere, &of_none] {
        assert_eq!(told.json(), wrong.json());
    }
});

fn person_who_sleeps(world: &crate::world::World) -> serde_json::Value {
    let person = person(world, json!({}));
    let user = world.super_admin.get(&format!("User/{}", person.user)).json();
    world.super_admin.update(&with(user, json!({"active": false})));
    person.asked(world)
}

on_both!(what_is_no_sign_in_is_refused_by_its_name, |world| {
    let person = person(world, json!({}));
    let login = |more| post(world, "login", &with(person.asked(world), more));
    login(json!({"email": ""})).refused(400, "value").at("email");
    login(json!({"email": "nobody"})).refused(400, "value").at("email");
    login(json!({"email": 1})).refused(400, "value").at("email");
    login(json!({"password": ""})).refused(400, "required").at("password");
    login(json!({"password": "x".repeat(2000)})).refused(400, "too-long").at("password");
    login(json!({"projectId": "none"})).refused(400, "not-found").at("projectId");
    login(json!({"clientId": "none"})).refused(400, "not-found").at("clientId");
    login(json!({"codeChallenge": "short"})).refused(400, "value").at("codeChallenge");
    login(json!({"codeChallengeMethod": "S512"})).refused(400, "value").at("codeChallengeMethod");
    login(json!({"resourceType": "Nonsense"})).refused(400, "value").at("resourceType");
    world.anonymous.call("POST", "/auth/login").body("text/plain", "{}").send().expect(415);
    world.anonymous.call("POST", "/auth/login").body("application/json", "[]").send().expect(400);
    world.anonymous.call("POST", "/auth/login").body("application/json", "{").send().expect(400);
    for body in [
        json!({"login": "none", "profile": "x"}),
        json!({"login": 7, "profile": "x"}),
        json!({"profile": "x"}),
    ] {
        post(world, "profile", &body).expect(400);
    }
});

on_both!(a_client_names_the_project_and_must_be_of_it, |world| {
    let person = person(world, json!({}));
    let (client, _) = register(&world.super_admin, &world.project, false);
    let (stranger, _) = register(&world.super_admin, &world.other_project, false);
    let by = |more| post(world, "login", &with(asked(&person.email, PASSWORD), more));
    let done = by(json!({"clientId": client})).expect(200).json();
    // The code is bound to that client.
    assert_eq!(redeem(world, text(&done, "code")).status, 400);
    by(json!({"clientId": stranger})).refused(400, "login");
    by(json!({"clientId": stranger, "projectId": world.project})).refused(400, "value").at("clientId");
    let off = world.super_admin.get(&format!("ClientApplication/{client}")).json();
    world.super_admin.update(&with(off, json!({"status": "off"})));
    by(json!({"clientId": client})).refused(400, "not-found").at("clientId");
});

on_both!(pkce_is_s256_and_plain_only_where_no_client_is_named, |world| {
    let person = person(world, json!({}));
    let plain = json!({"codeChallenge": VERIFIER, "codeChallengeMethod": "plain"});
    let done = post(world, "login", &with(person.asked(world), plain.clone())).expect(200).json();
    // A plain challenge is its verifier: admins, who read Logins, are not to have it.
    let login = world.admin.get(&format!("Login/{}", text(&done, "login"))).expect(200).text();
    assert!(!login.contains(VERIFIER), "{login}");
    redeem(world, text(&done, "code")).expect(200);
    let (client, _) = register(&world.super_admin, &world.project, false);
    let named = with(with(person.asked(world), plain), json!({"clientId": client}));
    post(world, "login", &named).refused(400, "value").at("codeChallengeMethod");
    let lenient = world.super_admin.get(&format!("ClientApplication/{client}")).json();
    world.super_admin.update(&with(lenient, json!({"pkceOptional": true})));
    post(world, "login", &named).expect(200);
});

on_both!(pkce_plain_can_be_switched_off, |config| config.sign_in.plain_pkce = false, |world| {
    let person = person(world, json!({}));
    let plain = json!({"codeChallenge": VERIFIER, "codeChallengeMethod": "plain"});
    post(world, "login", &with(person.asked(world), plain)).refused(400, "value").at("codeChallengeMethod");
});

on_both!(a_code_needs_its_verifier, |world| {
    let person = person(world, json!({}));
    let code = |more| {
        text(&post(world, "login", &with(person.asked(world), more)).expect(200).json(), "code").to_owned()
    };
    assert_eq!(redeem_with(world, &code(json!({})), "").status, 400);
    assert_eq!(redeem_with(world, &code(json!({})), &VERIFIER.replace('a', "b")).status, 400);
    // Without a challenge there is no verifier that would do.
    let bare = json!({"codeChallenge": null, "codeChallengeMethod": null});
    assert_eq!(redeem_with(world, &code(bare.clone()), VERIFIER).status, 400);
    assert_eq!(redeem_with(world, &code(bare), "").status, 400);
});

on_both!(a_code_that_comes_again_ends_what_grew_out_of_it, |world| {
    let person = person(world, json!({}));
    let done = person.begin(world).expect(200).json();
    let tokens = redeem(world, text(&done, "code")).expect(200).json();
    let client = client(world, &tokens);
    client.get("/auth/me").expect(200);
    // A made-up one of the same sign-in does no harm.
    assert_eq!(redeem(world, &format!("{}.made-up", text(&done, "login"))).status, 400);
    client.get("/auth/me").expect(200);
    assert_eq!(redeem(world, text(&done, "code")).status, 400);
    client.get("/auth/me").refused(401, "login");
    assert_eq!(refresh(world, text(&tokens, "refresh_token")).status, 400);
});

on_both!(who_has_several_memberships_chooses_one, |world| {
    let email = email();
    let user = user(world, &email, None);
    let first = member(world, &user, &world.project, json!({}));
    let second =
        member(world, &user, &world.other_project, json!({"identifier": [{"value": "night shift"}]}));
    let begun = post(world, "login", &asked(&email, PASSWORD)).expect(200).json();
    let login = text(&begun, "login");
    assert!(begun.get("code").is_none(), "{begun}");
    let offered = begun["memberships"].as_array().expect("memberships");
    assert_eq!(offered.len(), 2, "{begun}");
    assert!(offered.iter().any(|one| one["identifier"][0]["value"] == "night shift"), "{begun}");
    assert!(offered.iter().all(|one| one["profile"]["display"] == "Ada Lovelace"), "{begun}");
    assert_eq!(
        world.anonymous.get(&format!("/auth/login/{login}")).expect(200).json()["memberships"],
        begun["memberships"]
    );
    let foreign = person(world, json!({})).membership;
    post(world, "profile", &json!({"login": login, "profile": id(&foreign)}))
        .refused(400, "not-found")
        .at("profile");
    let done = post(world, "profile", &json!({"login": login, "profile": id(&second)})).expect(200).json();
    let tokens = redeem(world, text(&done, "code")).expect(200).json();
    assert_eq!(tokens["project"]["reference"], format!("Project/{}", world.other_project));
    // It is settled, and used.
    post(world, "profile", &json!({"login": login, "profile": id(&first)})).refused(400, "login").at("login");
    // With the project named, there is nothing to choose.
    let named = with(asked(&email, PASSWORD), json!({"projectId": world.project}));
    assert!(post(world, "login", &named).expect(200).json()["code"].is_string());
});

on_both!(a_type_of_profile_narrows_the_choice, |world| {
    let person = person(world, json!({}));
    let patient =
        world.super_admin.create(&json!({"resourceType": "Patient", "meta": {"project": world.project}}));
    world.super_admin.create(&json!({
        "resourceType": "ProjectMembership", "project": {"reference": format!("Project/{}", world.project)},
        "user": {"reference": format!("User/{}", person.user)}, "profile": {"reference": place(&patient)},
    }));
    assert_eq!(person.begin(world).expect(200).json()["memberships"].as_array().map(Vec::len), Some(2));
    let narrowed = with(person.asked(world), json!({"resourceType": "Patient"}));
    let done = post(world, "login", &narrowed).expect(200).json();
    let tokens = redeem(world, text(&done, "code")).expect(200).json();
    assert_eq!(tokens["profile"]["reference"], place(&patient));
});

on_both!(a_scope_is_narrowed_and_never_widened, |world| {
    let person = person(world, json!({}));
    let asked = with(person.asked(world), json!({"scope": "openid fhirUser offline_access"}));
    let begun = post(world, "login", &asked).expect(200).json();
    let login = text(&begun, "login");
    let narrow = |scope: &str| post(world, "scope", &json!({"login": login, "scope": scope}));
    narrow("openid system/*.*").refused(400, "value").at("scope");
    narrow(" ").refused(400, "value").at("scope");
    let done = narrow("openid").expect(200).json();
    // The code from before is void.
    assert_eq!(redeem(world, text(&begun, "code")).status, 400);
    let tokens = redeem(world, text(&done, "code")).expect(200).json();
    assert_eq!(tokens["scope"], "openid");
    assert!(tokens.get("refresh_token").is_none(), "{tokens}");
});

// The code was `invalid_scope`, which is OAuth's and none of FHIR's.
on_both!(a_scope_that_cannot_be_read_is_refused_in_words_of_fhir, |world| {
    let asked = with(person(world, json!({})).asked(world), json!({"scope": "c\u{9efa}"}));
    post(world, "login", &asked).refused(400, "invalid").at("scope");
});

on_both!(a_scope_without_its_permissions_would_be_wider, |world| {
    let person = person(world, json!({}));
    let asked = with(person.asked(world), json!({"scope": "openid user/Patient.rs user/Organization.rs"}));
    let begun = post(world, "login", &asked).expect(200).json();
    let narrow = |scope: &str| post(world, "scope", &json!({"login": begun["login"], "scope": scope}));
    narrow("openid").refused(400, "value").at("scope");
    let done = narrow("openid user/Patient.rs").expect(200).json();
    let tokens = redeem(world, text(&done, "code")).expect(200).json();
    assert_eq!(tokens["scope"], "openid user/Patient.rs");
});

on_both!(a_login_shows_no_secret_and_its_project_s_admin_finds_it, |world| {
    let person = person(world, json!({}));
    let done = person.begin(world).expect(200).json();
    let tokens = redeem(world, text(&done, "code")).expect(200).json();
    let found = world.admin.get(&format!("Login?user=User/{}", person.user)).expect(200);
    assert_eq!(found.resources().len(), 1);
    for secret in [text(&done, "code"), text(&tokens, "refresh_token")] {
        assert!(!found.text().contains(secret.split('.').nth(1).expect("a secret")));
    }
    assert!(!found.text().contains("Secret") && !found.text().contains("\"code\""), "{}", found.text());
    world.stranger.get(&format!("Login/{}", text(&done, "login"))).expect(404);
    assert!(world.stranger.found(&format!("Login?user=User/{}", person.user)).is_empty());
    world.member.get(&format!("Login/{}", text(&done, "login"))).expect(403);
    let login = world.admin.get(&format!("Login/{}", text(&done, "login"))).expect(200).json();
    world.admin.put(&place(&login), &login).expect(403);
});

on_both!(who_has_no_membership_yet_waits_for_one, |world| {
    let email = email();
    let user = user(world, &email, None);
    let begun = post(world, "login", &asked(&email, PASSWORD)).expect(200).json();
    assert!(begun.get("code").is_none() && begun.get("memberships").is_none(), "{begun}");
    let project = new_project(&world.super_admin, "Late");
    member(world, &user, &project, json!({}));
    let step = world.anonymous.get(&format!("/auth/login/{}", text(&begun, "login"))).expect(200).json();
    redeem(world, text(&step, "code")).expect(200);
});

on_both!(a_code_lived_two_minutes, |world| {
    let begun = person(world, json!({})).begin(world).expect(200).json();
    let before = chrono::Utc::now().timestamp_millis();
    let store = &world.server.engine.store;
    let kind = store.kind("Login").expect("a type");
    let project = store.project_number(&world.project).expect("an answer").expect("a number");
    let row = store.get(project, kind, text(&begun, "login")).expect("an answer").expect("a row");
    let secrets = store.secrets(row.project, row.rid).expect("secrets");
    let (_, code) = secrets.iter().find(|(name, _)| name == "code").expect("a code");
    let ends: i64 = code.split(':').next().and_then(|ends| ends.parse().ok()).expect("a moment");
    assert!(ends <= before + 60_000, "{}", ends - before);
});
