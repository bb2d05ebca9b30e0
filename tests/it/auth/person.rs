//! Somebody who signs in: made, and let in, as every test of the family needs it.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::client::{Answer, Client, id};
use crate::world::World;

pub const PASSWORD: &str = "plum violin 77 harbour";
pub const VERIFIER: &str = "a-verifier-of-forty-three-characters-or-more-0123";

/// An e-mail that nobody else has.
pub fn email() -> String {
    format!("person.{}@example.com", Uuid::new_v4().simple())
}

pub fn challenge() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER))
}

/// A call to `/auth`, of nobody in particular.
pub fn post(world: &World, place: &str, body: &Value) -> Answer {
    world.anonymous.post(&format!("/auth/{place}"), body)
}

/// The fields of a sign-in.
pub fn asked(email: &str, password: &str) -> Value {
    json!({
        "email": email, "password": password, "scope": "openid offline_access",
        "codeChallenge": challenge(), "codeChallengeMethod": "S256", "clientId": "",
    })
}

/// With more fields, or others.
pub fn and(mut body: Value, more: Value) -> Value {
    for (name, value) in more.as_object().expect("an object") {
        body[name] = value.clone();
    }
    body
}

/// Somebody of a pool with a password: the server's, where no project is named.
pub fn user(world: &World, email: &str, project: Option<&str>) -> String {
    let hash = "$2b$04$BqBONbSxA/aYH0FL2Lm1sOPlg2P5Mair6zp1JEKvp8UXPiACVfHEm";
    let mut user = json!({
        "resourceType": "User", "firstName": "Ada", "lastName": "Lovelace", "email": email, "passwordHash": hash,
    });
    if let Some(project) = project {
        user["project"] = json!({"reference": format!("Project/{project}")});
    }
    id(&world.super_admin.create(&user))
}

/// Makes a user a member of a project, with a profile of his own. Gives the membership.
pub fn member(world: &World, user: &str, project: &str, more: Value) -> Value {
    let profile = world.super_admin.create(&json!({
        "resourceType": "Practitioner", "meta": {"project": project},
        "name": [{"given": ["Ada"], "family": "Lovelace"}],
    }));
    world.super_admin.create(&and(
        json!({
            "resourceType": "ProjectMembership", "project": {"reference": format!("Project/{project}")},
            "user": {"reference": format!("User/{user}")},
            "profile": {"reference": format!("Practitioner/{}", id(&profile))},
        }),
        more,
    ))
}

/// A user of the project's pool who is a member of it.
pub struct Person {
    pub email: String,
    pub user: String,
    pub membership: Value,
}

pub fn person(world: &World, more: Value) -> Person {
    let email = email();
    let user = user(world, &email, Some(&world.project));
    let membership = member(world, &user, &world.project, more);
    Person { email, user, membership }
}

impl Person {
    /// What signing in with the password comes to.
    pub fn begin(&self, world: &World) -> Answer {
        post(world, "login", &self.asked(world))
    }

    pub fn asked(&self, world: &World) -> Value {
        and(asked(&self.email, PASSWORD), json!({"projectId": world.project}))
    }

    /// The tokens of a sign-in.
    pub fn tokens(&self, world: &World) -> Value {
        let code = self.begin(world).expect(200).json();
        redeem(world, text(&code, "code")).expect(200).json()
    }

    pub fn client(&self, world: &World) -> Client {
        client(world, &self.tokens(world))
    }
}

/// Exchanges a code as Medplum's client does.
pub fn redeem(world: &World, code: &str) -> Answer {
    redeem_with(world, code, VERIFIER)
}

pub fn redeem_with(world: &World, code: &str, verifier: &str) -> Answer {
    let form = format!(
        "grant_type=authorization_code&code={code}&client_id=&redirect_uri=&code_verifier={verifier}"
    );
    world.anonymous.call("POST", "/oauth2/token").form(&form).send()
}

pub fn refresh(world: &World, token: &str) -> Answer {
    let form = format!("grant_type=refresh_token&client_id=&refresh_token={token}");
    world.anonymous.call("POST", "/oauth2/token").form(&form).send()
}

pub fn client(world: &World, tokens: &Value) -> Client {
    Client::with_token(&world.server.address, text(tokens, "access_token"))
}

#[track_caller]
pub fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}

/// The claims of a token, unproved.
pub fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).expect("a token");
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON")
}

/// The code of an app, and of steps after this one.
pub fn totp(uri: &str, later: i64) -> String {
    let seed = uri.split("secret=").nth(1).and_then(|rest| rest.split('&').next()).expect("a seed");
    let mut bits = String::new();
    for char in seed.bytes() {
        let value =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|known| *known == char).expect("base 32");
        bits.push_str(&format!("{value:05b}"));
    }
    let key: Vec<u8> = bits
        .as_bytes()
        .chunks_exact(8)
        .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).expect("bits"), 2).expect("a byte"))
        .collect();
    let step = chrono::Utc::now().timestamp() / 30 + later;
    let mac = Hmac::<Sha1>::new_from_slice(&key).expect("a key").chain_update(step.to_be_bytes()).finalize();
    let mac = mac.into_bytes();
    let start = usize::from(mac[19] & 15);
    let number = u32::from_be_bytes(mac[start..start + 4].try_into().expect("four bytes")) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

/// Sets up an app for whoever is in. Gives its address and the recovery codes.
pub fn enroll(client: &Client) -> (String, Vec<String>) {
    let status = client.get("/auth/mfa/status").expect(200).json();
    let uri = text(&status, "enrollUri").to_owned();
    let done = client.post("/auth/mfa/enroll", &json!({"token": totp(&uri, -1)})).expect(200).json();
    let codes = done["recoveryCodes"].as_array().expect("codes");
    (uri, codes.iter().map(|code| code.as_str().expect("a code").to_owned()).collect())
}
