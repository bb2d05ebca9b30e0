//! What is mailed on the way in: codes to sign in with, links to another password, proofs of an e-mail.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::json;

use super::person::*;
use crate::sample::with;

/// Where the servers of the tests put their mail.
pub fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("mail");
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// The mails to somebody, oldest first.
pub fn sent(email: &str) -> Vec<String> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder()).expect("a folder").map(|file| file.expect("a file").path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "eml"));
    files.sort();
    let read =
        |file: PathBuf| fs::read_to_string(file).unwrap_or_default().replace("=\r\n", "").replace("=3D", "=");
    files.into_iter().map(read).filter(|mail| mail.contains(email)).collect()
}

/// What follows `mark` in the last mail to somebody that has it and was not looked at before. Mail is sent after the
/// answer, so that it may be on its way.
#[track_caller]
fn arrived(email: &str, mark: &str) -> String {
    static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let found =
            sent(email).iter().filter_map(|mail| mail.split(mark).nth(1)).next_back().map(str::to_owned);
        let new = |text: &String| SEEN.lock().expect("nobody panicked").insert(format!("{email} {text}"));
        if let Some(found) = found.filter(new) {
            return found;
        }
        assert!(Instant::now() < deadline, "no mail to {email} has {mark}");
        std::thread::yield_now();
    }
}

/// The last code that somebody was mailed.
#[track_caller]
pub fn code(email: &str) -> String {
    arrived(email, "your code is ").chars().take(6).collect()
}

/// Id and secret of the last link that somebody was mailed.
#[track_caller]
fn link(email: &str, page: &str) -> (String, String) {
    let link = arrived(email, &format!("/{page}/"));
    let link = link.split_whitespace().next().expect("a link");
    let (id, secret) = link.split_once('/').expect("id and secret");
    (id.to_owned(), secret.to_owned())
}

on_both!(a_code_by_mail_signs_in_once, |world| {
    let person = person(world, json!({}));
    let asked = with(person.asked(world), json!({"password": null}));
    post(world, "magic/send", &asked).expect(200);
    let code = code(&person.email);
    post(world, "magic/login", &with(asked.clone(), json!({"code": "000000"}))).refused(400, "login");
    let done = post(world, "magic/login", &with(asked.clone(), json!({"code": code}))).expect(200).json();
    redeem(world, text(&done, "code")).expect(200);
    post(world, "magic/login", &with(asked, json!({"code": code}))).refused(400, "login");
});

on_both!(a_code_by_mail_is_void_after_five_tries, |world| {
    let person = person(world, json!({}));
    let asked = with(person.asked(world), json!({"password": null}));
    post(world, "magic/send", &asked).expect(200);
    let code = code(&person.email);
    for _ in 0..5 {
        post(world, "magic/login", &with(asked.clone(), json!({"code": "000000"}))).expect(400);
    }
    assert_ne!(post(world, "magic/login", &with(asked, json!({"code": code}))).status, 200);
});

on_both!(who_asks_for_mail_is_answered_alike, |world| {
    let person = person(world, json!({}));
    for place in ["magic/send", "resetpassword"] {
        let project = json!({"projectId": world.project});
        let known = post(world, place, &with(json!({"email": person.email}), project.clone())).expect(200);
        let unknown = post(world, place, &with(json!({"email": email()}), project)).expect(200);
        assert_eq!(known.json(), unknown.json());
        post(world, place, &json!({"email": "nobody"})).refused(400, "value").at("email");
    }
});

on_both!(mails_to_one_address_are_limited, |config| config.sign_in.mail_rate = 2, |world| {
    let stranger = json!({"email": email()});
    post(world, "resetpassword", &stranger).expect(200);
    post(world, "resetpassword", &stranger).expect(200);
    let refused = post(world, "resetpassword", &stranger).refused(429, "throttled");
    assert!(refused.header("RateLimit").is_some_and(|limit| limit.starts_with("\"mails\";r=0;t=")));
    assert!(refused.header("Retry-After").is_some());
});

on_both!(a_link_by_mail_gives_another_password_once, |world| {
    let person = person(world, json!({}));
    let session = person.client(world);
    post(world, "resetpassword", &json!({"email": person.email, "projectId": world.project})).expect(200);
    let (id, secret) = link(&person.email, "setpassword");
    let set = |secret: &str, password: &str| {
        post(world, "setpassword", &json!({"id": id, "secret": secret, "password": password}))
    };
    set("wrong", "violet cannon 41 bridge").expect(400);
    set(&secret, "short").refused(422, "business-rule").at("password");
    post(world, "verifyemail", &json!({"id": id, "secret": secret})).expect(400);
    set(&secret, "violet cannon 41 bridge").expect(200);
    set(&secret, "violet cannon 42 bridge").expect(400);
    session.get("/auth/me").refused(401, "login");
    person.begin(world).refused(400, "login");
    let again = with(person.asked(world), json!({"password": "violet cannon 41 bridge"}));
    let done = post(world, "login", &again).expect(200).json();
    let me = client(world, &redeem(world, text(&done, "code")).expect(200).json())
        .get("/auth/me")
        .expect(200)
        .json();
    assert_eq!(me["user"]["emailVerified"], true);
});

on_both!(another_password_does_not_stand_for_the_second_factor, |world| {
    let person = person(world, json!({}));
    enroll(&person.client(world));
    post(world, "resetpassword", &json!({"email": person.email, "projectId": world.project})).expect(200);
    let (id, secret) = link(&person.email, "setpassword");
    post(world, "setpassword", &json!({"id": id, "secret": secret, "password": "violet cannon 41 bridge"}))
        .expect(200);
    let again = with(person.asked(world), json!({"password": "violet cannon 41 bridge"}));
    assert_eq!(post(world, "login", &again).expect(200).json()["mfaRequired"], true);
});

on_both!(a_new_account_proves_its_e_mail, |world| {
    let email = email();
    let newcomer = with(asked(&email, PASSWORD), json!({"firstName": "Grace", "lastName": "Hopper"}));
    post(world, "newuser", &newcomer).expect(200);
    let (id, secret) = link(&email, "verifyemail");
    post(world, "verifyemail", &json!({"id": id, "secret": "wrong"})).expect(400);
    post(world, "verifyemail", &json!({"id": id, "secret": secret})).expect(200);
    post(world, "verifyemail", &json!({"id": id, "secret": secret})).expect(400);
    assert_eq!(world.super_admin.search(&format!("User?email={email}"))[0]["emailVerified"], true);
});

on_both!(
    where_e_mails_are_verified_first_nobody_goes_on_before,
    |config| config.sign_in.verified_sign_up = true,
    |world| {
        let email = email();
        let newcomer = with(asked(&email, PASSWORD), json!({"firstName": "Grace", "lastName": "Hopper"}));
        let welcome = post(world, "newuser", &newcomer).expect(200).json();
        assert_eq!(welcome["emailVerificationRequired"], true);
        assert_eq!(post(world, "newuser", &newcomer).expect(200).json()["emailVerificationRequired"], true);
        post(world, "login", &asked(&email, PASSWORD)).refused(400, "business-rule").at("email");
        let (id, secret) = link(&email, "verifyemail");
        post(world, "verifyemail", &json!({"id": id, "secret": secret})).expect(200);
        let begun = post(world, "login", &asked(&email, PASSWORD)).expect(200).json();
        post(world, "newproject", &json!({"login": begun["login"], "projectName": "Mine"})).expect(200);
    }
);
