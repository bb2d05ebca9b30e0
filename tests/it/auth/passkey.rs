//! Passkeys, with a device that is made of software.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as B64;
use ciborium::cbor;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::person::*;
use crate::client::{Answer, Client, PUBLIC_URL};
use crate::sample::with;
use crate::world::World;

/// A device with one key.
struct Device {
    key: SigningKey,
    id: Vec<u8>,
    user: String,
    count: u32,
}

const HOST: &str = "roster.test";

fn client_data(kind: &str, challenge: &str, origin: &str) -> Vec<u8> {
    json!({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false})
        .to_string()
        .into_bytes()
}

fn authenticator_data(flags: u8, count: u32) -> Vec<u8> {
    [Sha256::digest(HOST).as_slice(), &[flags], &count.to_be_bytes()].concat()
}

impl Device {
    fn new() -> Self {
        let key = loop {
            if let Ok(key) = SigningKey::from_slice(&rand::random::<[u8; 32]>()) {
                break key;
            }
        };
        Self { key, id: rand::random::<[u8; 16]>().to_vec(), user: String::new(), count: 0 }
    }

    fn create(&mut self, options: &Value) -> Value {
        self.user = text(&options["user"], "id").to_owned();
        let point = self.key.verifying_key().to_encoded_point(false);
        let (x, y) = (point.x().expect("x").to_vec(), point.y().expect("y").to_vec());
        let (x, y) = (ciborium::Value::Bytes(x), ciborium::Value::Bytes(y));
        let key = cbor!({1 => 2, 3 => -7, -1 => 1, -2 => x, -3 => y}).expect("a key");
        let mut data = authenticator_data(0x45, 0);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).expect("short").to_be_bytes());
        data.extend(&self.id);
        ciborium::into_writer(&key, &mut data).expect("CBOR");
        let data = ciborium::Value::Bytes(data);
        let attested = cbor!({"fmt" => "none", "attStmt" => {}, "authData" => data}).expect("CBOR");
        let mut bytes = Vec::new();
        ciborium::into_writer(&attested, &mut bytes).expect("CBOR");
        let client = client_data("webauthn.create", text(options, "challenge"), PUBLIC_URL);
        json!({
            "id": B64.encode(&self.id), "rawId": B64.encode(&self.id), "type": "public-key",
            "response": {"clientDataJSON": B64.encode(client), "attestationObject": B64.encode(bytes)},
        })
    }

    fn get(&mut self, options: &Value, flags: u8, origin: &str) -> Value {
        self.count += 1;
        let client = client_data("webauthn.get", text(options, "challenge"), origin);
        let data = authenticator_data(flags, self.count);
        let signature: Signature = self.key.sign(&[data.as_slice(), &Sha256::digest(&client)].concat());
        json!({
            "id": B64.encode(&self.id), "rawId": B64.encode(&self.id), "type": "public-key",
            "response": {
                "clientDataJSON": B64.encode(client), "authenticatorData": B64.encode(data),
                "signature": B64.encode(signature.to_der()), "userHandle": self.user,
            },
        })
    }
}

fn registered(client: &Client) -> Device {
    let mut device = Device::new();
    let options = client.post("/auth/passkey/begin", &json!({})).expect(200).json();
    let made = device.create(&options);
    client.post("/auth/passkey/finish", &json!({"credential": made, "name": "Laptop"})).expect(200);
    device
}

fn options(world: &World) -> Value {
    post(world, "passkey/options", &json!({})).expect(200).json()
}

fn sign_in(world: &World, person: &Person, credential: &Value) -> Answer {
    post(
        world,
        "passkey/login",
        &with(person.asked(world), json!({"credential": credential, "password": null})),
    )
}

on_both!(a_passkey_stands_for_both_factors, |world| {
    let person = person(world, json!({}));
    let client = person.client(world);
    let mut device = registered(&client);
    enroll(&client);
    let credential = device.get(&options(world), 0x05, PUBLIC_URL);
    let done = sign_in(world, &person, &credential).expect(200).json();
    let tokens = redeem(world, text(&done, "code")).expect(200).json();
    let me = self::client(world, &tokens).get("/auth/me").expect(200).json();
    assert_eq!(me["user"]["email"], person.email.as_str());
    // What was signed once is not taken twice.
    sign_in(world, &person, &credential).refused(400, "login");
});

on_both!(a_proof_of_anything_else_is_no_proof, |world| {
    let person = person(world, json!({}));
    let client = person.client(world);
    let mut device = registered(&client);
    let refused = |credential: Value| {
        sign_in(world, &person, &credential).refused(400, "login");
    };
    refused(device.get(&options(world), 0x05, "https://evil.example"));
    // The device has not asked who it is.
    refused(device.get(&options(world), 0x01, PUBLIC_URL));
    refused(device.get(&json!({"challenge": "AAAA"}), 0x05, PUBLIC_URL));
    let creation = client.post("/auth/passkey/begin", &json!({})).expect(200).json();
    refused(device.get(&creation, 0x05, PUBLIC_URL));
    let mut forged = device.get(&options(world), 0x05, PUBLIC_URL);
    forged["response"]["signature"] = json!(B64.encode("nonsense"));
    refused(forged);
    let mut other = device.get(&options(world), 0x05, PUBLIC_URL);
    other["response"]["userHandle"] = json!(B64.encode("nobody"));
    refused(other);
    // One that counts backwards was copied.
    device.count = 0;
    let first = device.get(&options(world), 0x05, PUBLIC_URL);
    sign_in(world, &person, &first).expect(200);
    device.count = 0;
    refused(device.get(&options(world), 0x05, PUBLIC_URL));
    for nonsense in [json!({}), json!({"response": {}}), json!("x"), json!({"response": {"userHandle": 7}})] {
        assert_eq!(sign_in(world, &person, &nonsense).status, 400);
    }
});

on_both!(passkeys_are_listed_and_taken_away_by_their_owner, |world| {
    let person = person(world, json!({}));
    let client = person.client(world);
    let mut device = registered(&client);
    let again = client.post("/auth/passkey/begin", &json!({})).expect(200).json();
    let copy = device.create(&again);
    client.post("/auth/passkey/finish", &json!({"credential": copy})).refused(400, "duplicate");
    let listed = client.get("/auth/passkey").expect(200);
    assert_eq!(listed.json()["passkeys"][0]["name"], "Laptop");
    assert!(!listed.text().contains("Es256"), "{}", listed.text());
    let neighbour = self::person(world, json!({})).client(world);
    let id = B64.encode(&device.id);
    neighbour.delete(&format!("/auth/passkey/{id}")).refused(404, "not-found");
    // A challenge is for the one who asked for it.
    let mut foreign = Device::new();
    let made = foreign.create(&again);
    neighbour.post("/auth/passkey/finish", &json!({"credential": made})).refused(400, "login");
    client.delete(&format!("/auth/passkey/{id}")).expect(200);
    let credential = device.get(&options(world), 0x05, PUBLIC_URL);
    sign_in(world, &person, &credential).refused(400, "login");
});

on_both!(a_passkey_outlived_a_reset_of_the_factors, |world| {
    let person = person(world, json!({}));
    let client = person.client(world);
    let mut device = registered(&client);
    enroll(&client);
    let of = ["user", "reset-mfa", person.email.as_str(), "--project", world.project.as_str()];
    let said = crate::admin::command::printed(&world.database.url, &of, "");
    assert!(said.contains("taken away"), "{said}");
    // The server hears of it within a second.
    let heard = (0..100).any(|_| {
        let ended = client.get("/auth/me").status == 401;
        if !ended {
            std::thread::park_timeout(std::time::Duration::from_millis(20));
        }
        ended
    });
    assert!(heard, "a session outlived the reset");
    let credential = device.get(&options(world), 0x05, PUBLIC_URL);
    sign_in(world, &person, &credential).refused(400, "login").at("credential");
    assert!(person.begin(world).expect(200).json()["code"].is_string());
    assert_eq!(world.admin.search("AuditEvent?subtype=reset-factor").len(), 1);
});
