//! Registration that is open to anybody: the whole life of a client, and what nobody becomes by it
//! (<https://www.rfc-editor.org/rfc/rfc7591>, <https://www.rfc-editor.org/rfc/rfc7592>).

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use roster::config::Registration;
use serde_json::{Value, json};

use super::signer::Signer;
use super::visitor::{REDIRECT, Visitor, caller, practitioner, redeem, request};
use crate::client::{Answer, Client};
use crate::database::Engine;
use crate::sample::with;
use crate::server::Server;
use crate::world::World;

/// A world with a server beside it where anybody registers clients of its project.
fn open(engine: Engine, change: impl FnOnce(&mut roster::config::Config)) -> World {
    let mut world = World::with(engine, |_| {});
    let project = world.project.clone();
    let server = Server::start(&world.database.url, |config| {
        config.oauth.registration = Registration::Open;
        config.oauth.registration_project = Some(project);
        change(config);
    });
    let at = |client: &Client| Client::with_token(&server.address, client.token());
    (world.stranger, world.member, world.admin) = (at(&world.stranger), at(&world.member), at(&world.admin));
    world.super_admin = at(&world.super_admin);
    world.anonymous = Client::anonymous(&server.address);
    world.server = server;
    world
}

fn on_each(change: fn(&mut roster::config::Config), test: impl Fn(&World)) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        test(&open(engine, change));
    }
}

fn said(more: Value) -> Value {
    let said = json!({
        "client_name": "App", "redirect_uris": [REDIRECT], "scope": "openid fhirUser user/Patient.rs offline_access",
        "grant_types": ["authorization_code", "refresh_token"],
    });
    with(said, more)
}

fn register(world: &World, more: Value) -> Value {
    world.anonymous.post("/oauth2/register", &said(more)).expect(201).json()
}

fn text<'v>(told: &'v Value, name: &str) -> &'v str {
    told[name].as_str().unwrap_or_else(|| panic!("no {name} in {told}"))
}

/// Whoever looks after a registration, and its place.
fn owner(world: &World, told: &Value) -> (Client, String) {
    let place = text(told, "registration_client_uri").to_owned();
    let own = Client::with_token(&world.server.address, text(told, "registration_access_token"));
    (own, place)
}

/// The tokens of a sign-in through a client that shows its secret.
fn tokens(world: &World, told: &Value, email: &str) -> Value {
    let client = text(told, "client_id");
    let asked = json!({"scope": "openid fhirUser user/Patient.rs offline_access"});
    let back = Visitor::default().go(world, &request(client, asked), email);
    let form = format!(
        "grant_type=authorization_code&code={}&redirect_uri={}&code_verifier={}",
        back["code"],
        super::signer::encoded(REDIRECT),
        super::visitor::VERIFIER,
    );
    token(world, told, &form).expect(200).json()
}

fn token(world: &World, told: &Value, form: &str) -> Answer {
    let basic = format!("{}:{}", text(told, "client_id"), text(told, "client_secret"));
    let basic = format!("Basic {}", BASE64_STANDARD.encode(basic));
    world.anonymous.call("POST", "/oauth2/token").header("Authorization", &basic).form(form).send()
}

#[test]
fn a_client_that_registered_itself_lives_and_dies() {
    on_each(
        |_| {},
        |world| {
            let told = register(world, json!({}));
            assert_eq!(text(&told, "token_endpoint_auth_method"), "client_secret_basic");
            assert_eq!(told["client_secret_expires_at"], 0);
            assert_eq!(told["redirect_uris"], json!([REDIRECT]));
            assert!(told["client_id_issued_at"].as_i64().is_some_and(|at| at > 1_700_000_000), "{told}");
            let (own, place) = owner(world, &told);
            assert!(place.ends_with(&format!("/oauth2/register/{}", text(&told, "client_id"))));

            // It signs people in, with what they allow.
            let email = practitioner(world);
            let tokens = tokens(world, &told, &email);
            let person = caller(world, &tokens);
            person.get("Patient").expect(200);
            person.get("Practitioner").expect(403);
            let again = format!("grant_type=refresh_token&refresh_token={}", text(&tokens, "refresh_token"));
            let tokens = token(world, &told, &again).expect(200).json();
            let person = caller(world, &tokens);
            person.get("Patient").expect(200);

            // It is looked after by whoever has its token, and by nobody else.
            for other in [&world.admin, &world.member, &world.stranger, &world.super_admin, &person] {
                other.get(&place).expect(401);
                other.put(&place, &said(json!({"client_id": told["client_id"]}))).expect(401);
                other.delete(&place).expect(401);
            }
            let stranger = owner(world, &register(world, json!({}))).0;
            stranger.get(&place).expect(401);
            let changed =
                said(json!({"client_id": told["client_id"], "client_name": "Another", "scope": "openid"}));
            let read = own.put(&place, &changed).expect(200).json();
            assert_eq!((text(&read, "client_name"), text(&read, "scope")), ("Another", "openid"));
            assert!(read.get("client_secret").is_none(), "{read}");
            assert_eq!(own.get(&place).expect(200).json()["client_name"], "Another");

            // With it goes all that was given through it.
            own.delete(&place).expect(204);
            own.get(&place).expect(401);
            own.put(&place, &changed).expect(401);
            own.delete(&place).expect(401);
            person.get("Patient").refused(401, "login");
            let again = format!("grant_type=refresh_token&refresh_token={}", text(&tokens, "refresh_token"));
            assert_eq!(token(world, &told, &again).expect(401).json()["error"], "invalid_client");
            let (page, _) =
                (Visitor::default().open(world, &request(text(&told, "client_id"), json!({}))), ());
            assert_eq!(page.0.status, 400);
        },
    );
}

#[test]
fn another_way_of_proving_itself_brings_what_it_needs() {
    on_each(
        |_| {},
        |world| {
            let told = register(world, json!({"token_endpoint_auth_method": "none"}));
            assert!(told.get("client_secret").is_none(), "{told}");
            let email = practitioner(world);
            let (own, place) = owner(world, &told);
            let client = text(&told, "client_id");
            let asked = json!({"scope": "openid user/Patient.rs"});
            let back = Visitor::default().go(world, &request(client, asked), &email);
            redeem(world, client, &back["code"], "").expect(200);
            let by = |way: &str| said(json!({"client_id": client, "token_endpoint_auth_method": way}));
            // A secret that is new is told, once.
            let now = own.put(&place, &by("client_secret_basic")).expect(200).json();
            let secret = text(&now, "client_secret").to_owned();
            tokens(world, &now, &email);
            assert!(own.get(&place).expect(200).json().get("client_secret").is_none());
            assert!(
                own.put(&place, &by("client_secret_basic")).expect(200).json().get("client_secret").is_none()
            );
            tokens(world, &now, &email);
            // And opens nothing once it is not the way any more.
            own.put(&place, &by("none")).expect(200);
            assert_eq!(
                token(world, &now, "grant_type=refresh_token&refresh_token=x").expect(401).json()["error"],
                "invalid_client"
            );
            let later = own.put(&place, &by("client_secret_basic")).expect(200).json();
            assert_ne!(text(&later, "client_secret"), secret);
            assert!(token(world, &now, "grant_type=refresh_token&refresh_token=x").status == 401);
            // Keys that are its own.
            let keys = with(by("private_key_jwt"), json!({"jwks": Signer::new("a").jwks()}));
            assert_eq!(own.put(&place, &keys).expect(200).json()["jwks"]["keys"][0]["kid"], "a");
        },
    );
}

#[test]
fn nobody_becomes_more_than_an_application_by_registering() {
    on_each(
        |_| {},
        |world| {
            // Rights of its own are a matter of an admin.
            let own = json!({"grant_types": ["client_credentials"]});
            let answer = world.anonymous.post("/oauth2/register", &said(own)).expect(400);
            assert_eq!(answer.json()["error"], "invalid_client_metadata");
            let told = register(
                world,
                json!({
                    "id": "0190aaaa-0000-7000-8000-00000000c11e", "admin": true, "project": world.other_project,
                    "meta": {"project": world.other_project}, "status": "active", "secret": "a-secret-of-my-own-choice",
                    "client_id": "mine", "client_secret": "a-secret-of-my-own-choice", "pkceOptional": true,
                    "allowedScope": ["system/*.*"], "accessPolicy": {"reference": "AccessPolicy/1"},
                }),
            );
            let id = text(&told, "client_id");
            let stored = world.super_admin.get(&format!("ClientApplication/{id}")).expect(200).json();
            world.admin.get(&format!("ClientApplication/{id}")).expect(200);
            world.stranger.get(&format!("ClientApplication/{id}")).expect(404);
            assert!(stored.get("pkceOptional").is_none() && stored.get("accessPolicy").is_none(), "{stored}");
            assert!(
                world
                    .super_admin
                    .search(&format!("ProjectMembership?user=ClientApplication/{id}"))
                    .is_empty()
            );
            let answer = token(world, &told, "grant_type=client_credentials");
            assert!((400..=401).contains(&answer.status), "{}", answer.text());
            let (owner, place) = owner(world, &told);
            let more =
                said(json!({"client_id": id, "grant_types": ["authorization_code", "client_credentials"]}));
            assert_eq!(owner.put(&place, &more).expect(400).json()["error"], "invalid_client_metadata");
            // Its token is good for its registration and nothing else.
            for place in ["Patient", "/auth/me", "/oauth2/userinfo", &format!("ClientApplication/{id}")] {
                owner.get(place).expect(401);
            }
            // An admin of the project sees it, and can switch it off.
            let seen = world.admin.get(&format!("ClientApplication/{id}")).expect(200).json();
            world.admin.update(&with(seen, json!({"status": "off"})));
            owner.get(&place).expect(401);
        },
    );
}

#[test]
fn what_a_stranger_says_of_his_client_is_not_believed() {
    on_each(
        |config| config.sign_in.login_rate = 0,
        |world| {
            let key = Signer::new("a").jwks();
            let private = with(key["keys"][0].clone(), json!({"d": "AAAA"}));
            let many = |count: usize| vec![json!(REDIRECT); count];
            for (more, error) in [
                (json!({"redirect_uris": ["https://app.example/cb#x"]}), "invalid_redirect_uri"),
                (json!({"redirect_uris": ["http://app.example/cb"]}), "invalid_redirect_uri"),
                (json!({"redirect_uris": ["https://user@app.example/"]}), "invalid_redirect_uri"),
                (json!({"redirect_uris": ["https://:secret@app.example/"]}), "invalid_redirect_uri"),
                (json!({"redirect_uris": ["javascript:alert(1)"]}), "invalid_redirect_uri"),
                (json!({"redirect_uris": ["data:text/html,x"]}), "invalid_redirect_uri"),
                (json!({"redirect_uris": ["file:///etc/passwd"]}), "invalid_redirect_uri"),
                (json!({"redirect_uris": ["//app.example/"]}), "invalid_redirect_uri"),
                (json!({"redirect_uris": ["/callback"]}), "invalid_redirect_uri"),
                (json!({"redirect_uris": ["https://app.example/\ncb"]}), "invalid_redirect_uri"),
                (json!({"redirect_uris": ["https:\\\\app.example/cb"]}), "invalid_redirect_uri"),
                (json!({"redirect_uris": [REDIRECT, "myapp:/cb"]}), "invalid_redirect_uri"),
                (json!({"redirect_uris": []}), "invalid_redirect_uri"),
                (json!({"redirect_uris": many(21)}), "invalid_client_metadata"),
                (json!({"redirect_uris": [7]}), "invalid_client_metadata"),
                (
                    json!({"redirect_uris": [format!("https://app.example/{}", "x".repeat(3000))]}),
                    "invalid_client_metadata",
                ),
                (json!({"post_logout_redirect_uris": ["javascript:alert(1)"]}), "invalid_redirect_uri"),
                (json!({"grant_types": ["implicit"]}), "invalid_client_metadata"),
                (json!({"grant_types": "authorization_code"}), "invalid_client_metadata"),
                (json!({"response_types": ["code", "token"]}), "invalid_client_metadata"),
                (json!({"client_name": "x".repeat(500)}), "invalid_client_metadata"),
                (json!({"client_name": "Bank\u{202e}ppa"}), "invalid_client_metadata"),
                (json!({"client_name": "Bank\u{200b}"}), "invalid_client_metadata"),
                (json!({"client_name": "two\nlines"}), "invalid_client_metadata"),
                (json!({"client_name": ["App"]}), "invalid_client_metadata"),
                (json!({"scope": "patient/x"}), "invalid_client_metadata"),
                (json!({"scope": ["openid"]}), "invalid_client_metadata"),
                (json!({"token_endpoint_auth_method": "private_key_jwt"}), "invalid_client_metadata"),
                (json!({"token_endpoint_auth_method": "client_secret_jwt"}), "invalid_client_metadata"),
                (json!({"jwks": {"keys": [private]}}), "invalid_client_metadata"),
                (json!({"jwks": {"keys": [{"kty": "oct", "k": "AAAA"}]}}), "invalid_client_metadata"),
                (json!({"jwks": {"keys": vec![key["keys"][0].clone(); 30]}}), "invalid_client_metadata"),
                (json!({"jwks": {"keys": "x"}}), "invalid_client_metadata"),
                (json!({"jwks": "x"}), "invalid_client_metadata"),
                (json!({"jwks": key, "jwks_uri": "https://app.example/keys"}), "invalid_client_metadata"),
                (json!({"jwks_uri": "file:///etc/passwd"}), "invalid_client_metadata"),
                (json!({"jwks_uri": "http://app.example/keys"}), "invalid_client_metadata"),
                (json!({"jwks_uri": "com.example:/keys"}), "invalid_client_metadata"),
            ] {
                let answer = world.anonymous.post("/oauth2/register", &said(more.clone()));
                assert_eq!(answer.status, 400, "{more}: {}", answer.text());
                assert_eq!(answer.json()["error"], error, "{more}");
            }
            let call = || world.anonymous.call("POST", "/oauth2/register");
            for body in ["", "[1", "[]", "7", "null", "\"x\""] {
                let answer = call().body("application/json", body).send().expect(400);
                assert_eq!(answer.json()["error"], "invalid_client_metadata", "{body}");
            }
            let long = said(json!({"software_id": "x".repeat(70_000)})).to_string();
            call().body("application/json", long).send().expect(400);
            let before = world.super_admin.search("ClientApplication?_count=1000").len();
            // A name is a name, whatever is in it.
            let told = register(world, json!({"client_name": "<img src=x onerror=alert(1)>\"'&{{name}}"}));
            let page = Visitor::default().open(world, &request(text(&told, "client_id"), json!({})));
            assert_eq!(page.0.status, 200);
            assert!(
                !page.0.text().contains("<img") && page.0.text().contains("&lt;img"),
                "{}",
                page.0.text()
            );
            assert_eq!(world.super_admin.search("ClientApplication?_count=1000").len(), before + 1);
        },
    );
}

#[test]
fn registrations_from_one_address_are_limited() {
    on_each(
        |config| config.sign_in.login_rate = 3,
        |world| {
            for _ in 0..3 {
                register(world, json!({}));
            }
            let refused =
                world.anonymous.post("/oauth2/register", &said(json!({}))).refused(429, "throttled");
            assert!(refused.header("Retry-After").is_some());
        },
    );
}
