//! Passkeys (<https://www.w3.org/TR/webauthn-3/>): a key of a device, proved by a signature over a challenge of ours.
//!
//! Keys are ES256 or RS256. Attestation is not asked for. The device must have checked its user, so that a passkey
//! stands for both factors. A challenge carries its own proof and end; which ones were used is kept with the key.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value as Cbor;
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use super::Seal;
use crate::error::{Error, Result, fault, malformed};

/// Milliseconds that a challenge is good for.
const CHALLENGE: i64 = 5 * 60_000;
/// Bits of the flags: present, verified, with a key.
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const WITH_KEY: u8 = 0x40;

/// A key that was registered, as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::identity) struct Passkey {
    pub id: String,
    pub name: String,
    pub created: String,
    key: Public,
    /// Of signatures, where the device counts them.
    count: u32,
    /// Challenges that were answered, with their ends.
    used: Vec<(String, i64)>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
enum Public {
    Es256 { x: String, y: String },
    Rs256 { n: String, e: String },
}

/// Who asks for a passkey, as the device is told: the name of the host and the origin of its pages.
pub(in crate::identity) struct Party {
    host: String,
    origin: String,
}

/// What was signed about.
#[derive(Deserialize)]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
}

impl Party {
    pub fn of(public_url: &str) -> Option<Self> {
        let url = Url::parse(public_url).ok()?;
        Some(Self { host: url.host_str()?.to_owned(), origin: url.origin().ascii_serialization() })
    }

    /// What the device is asked to make a key for (section 5.4).
    pub fn creation(&self, seal: &Seal, user: (&str, &str, &str), have: &[Passkey], now: i64) -> Value {
        let (id, name, display) = user;
        let listed = |key: &Passkey| json!({ "type": "public-key", "id": key.id });
        json!({
            "challenge": challenge(seal, "create", id, now),
            "rp": { "id": self.host, "name": self.host },
            "user": { "id": URL_SAFE_NO_PAD.encode(id), "name": name, "displayName": display },
            "pubKeyCredParams": [{ "type": "public-key", "alg": -7 }, { "type": "public-key", "alg": -257 }],
            "timeout": CHALLENGE,
            "attestation": "none",
            "authenticatorSelection": { "residentKey": "required", "requireResidentKey": true, "userVerification": "required" },
            "excludeCredentials": have.iter().map(listed).collect::<Vec<Value>>(),
        })
    }

    /// What the device is asked to sign (section 5.5). It says itself whose key it has: nobody learns who has one.
    pub fn request(&self, seal: &Seal, now: i64) -> Value {
        json!({
            "challenge": challenge(seal, "get", "", now),
            "rpId": self.host,
            "timeout": CHALLENGE,
            "userVerification": "required",
            "allowCredentials": [],
        })
    }

    /// The key that a device has made (section 7.1).
    pub fn register(
        &self,
        seal: &Seal,
        user: &str,
        credential: &Value,
        name: &str,
        now: i64,
    ) -> Result<Passkey> {
        let client = bytes(credential, "clientDataJSON")?;
        self.client_data(seal, ("webauthn.create", "create", user), &client, now)?;
        let attested = bytes(credential, "attestationObject")?;
        let attested: Cbor =
            ciborium::from_reader(attested.as_slice()).map_err(|_| bad("attestationObject"))?;
        let data = entry(&attested, &Cbor::from("authData"))
            .and_then(Cbor::as_bytes)
            .ok_or_else(|| bad("attestationObject"))?;
        let (count, rest) = self.authenticator_data(data, WITH_KEY)?;
        let cut = || bad("attestationObject");
        let (length, rest) = rest.get(16..).and_then(<[u8]>::split_first_chunk::<2>).ok_or_else(cut)?;
        let (id, key) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length))).ok_or_else(cut)?;
        let key: Cbor = ciborium::from_reader(key).map_err(|_| cut())?;
        let id = URL_SAFE_NO_PAD.encode(id);
        if credential.get("id").and_then(Value::as_str).is_some_and(|named| named.trim_end_matches('=') != id)
        {
            return Err(bad("id"));
        }
        Ok(Passkey {
            id,
            name: name.chars().take(100).collect(),
            created: chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
            key: Public::read(&key).ok_or_else(|| {
                malformed("the key is neither ES256 nor RS256").coded("not-supported").at("attestationObject")
            })?,
            count,
            used: Vec::new(),
        })
    }

    /// The key as it is to be kept after it has signed (section 7.2).
    pub fn assert(&self, seal: &Seal, key: &Passkey, credential: &Value, now: i64) -> Result<Passkey> {
        let client = bytes(credential, "clientDataJSON")?;
        let challenge = self.client_data(seal, ("webauthn.get", "get", ""), &client, now)?;
        let data = bytes(credential, "authenticatorData")?;
        let (count, _) = self.authenticator_data(&data, 0)?;
        let signed = [data.as_slice(), &Sha256::digest(&client)].concat();
        if !key.key.verifies(&signed, &bytes(credential, "signature")?)? {
            return Err(bad("signature"));
        }
        let mut key = key.clone();
        key.used.retain(|(_, end)| *end > now);
        if key.used.iter().any(|(used, _)| *used == challenge) {
            return Err(bad("challenge"));
        }
        // One that counts backwards was copied.
        if count <= key.count && (count != 0 || key.count != 0) {
            return Err(bad("authenticatorData"));
        }
        key.used.push((challenge, now + CHALLENGE));
        key.count = count;
        Ok(key)
    }

    fn client_data(
        &self,
        seal: &Seal,
        (kind, purpose, user): (&str, &str, &str),
        client: &[u8],
        now: i64,
    ) -> Result<String> {
        let data: ClientData = serde_json::from_slice(client).map_err(|_| bad("clientDataJSON"))?;
        if data.r#type != kind || data.origin != self.origin {
            return Err(bad("clientDataJSON"));
        }
        if is_ours(seal, purpose, user, &data.challenge, now) {
            Ok(data.challenge)
        } else {
            Err(bad("challenge"))
        }
    }

    /// The number of signatures, and what follows.
    fn authenticator_data<'d>(&self, data: &'d [u8], flags: u8) -> Result<(u32, &'d [u8])> {
        let cut = || bad("authenticatorData");
        let (host, rest) = data.split_first_chunk::<32>().ok_or_else(cut)?;
        let (flag, rest) = rest.split_first().ok_or_else(cut)?;
        let (count, rest) = rest.split_first_chunk::<4>().ok_or_else(cut)?;
        let wanted = PRESENT | VERIFIED | flags;
        if Sha256::digest(&self.host).as_slice() != host || flag & wanted != wanted {
            return Err(cut());
        }
        Ok((u32::from_be_bytes(*count), rest))
    }
}

impl Public {
    /// A COSE key (<https://www.rfc-editor.org/rfc/rfc9053>).
    fn read(key: &Cbor) -> Option<Self> {
        let number = |name: i64| entry(key, &Cbor::from(name))?.as_integer().map(i128::from);
        let text = |name: i64| Some(URL_SAFE_NO_PAD.encode(entry(key, &Cbor::from(name))?.as_bytes()?));
        match (number(1)?, number(3)?) {
            (2, -7) if number(-1)? == 1 => Some(Self::Es256 { x: text(-2)?, y: text(-3)? }),
            (3, -257) => Some(Self::Rs256 { n: text(-1)?, e: text(-2)? }),
            _ => None,
        }
    }

    fn verifies(&self, message: &[u8], signature: &[u8]) -> Result<bool> {
        let (key, signature, algorithm) = match self {
            Self::Es256 { x, y } => {
                let Ok(signature) = p256::ecdsa::Signature::from_der(signature) else { return Ok(false) };
                (
                    DecodingKey::from_ec_components(x, y).map_err(fault)?,
                    signature.to_bytes().to_vec(),
                    Algorithm::ES256,
                )
            }
            Self::Rs256 { n, e } => {
                (DecodingKey::from_rsa_components(n, e).map_err(fault)?, signature.to_vec(), Algorithm::RS256)
            }
        };
        Ok(crypto::verify(&URL_SAFE_NO_PAD.encode(signature), message, &key, algorithm).unwrap_or(false))
    }
}

/// End, randomness and proof, in one.
fn challenge(seal: &Seal, purpose: &str, user: &str, now: i64) -> String {
    let (end, random) = ((now + CHALLENGE).to_string(), uuid::Uuid::new_v4().simple().to_string());
    let proof = seal.derive(&["passkey", purpose, user, &end, &random]);
    URL_SAFE_NO_PAD.encode(format!("{end}.{random}.{proof}"))
}

fn is_ours(seal: &Seal, purpose: &str, user: &str, challenge: &str, now: i64) -> bool {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(challenge) else { return false };
    let Ok(text) = String::from_utf8(bytes) else { return false };
    let mut parts = text.split('.');
    let (Some(end), Some(random), Some(proof), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    seal.derived(&["passkey", purpose, user, end, random], proof)
        && end.parse::<i64>().is_ok_and(|end| end > now)
}

fn entry<'c>(map: &'c Cbor, key: &Cbor) -> Option<&'c Cbor> {
    map.as_map()?.iter().find(|(name, _)| name == key).map(|(_, value)| value)
}

/// A part of what the device answered.
fn bytes(credential: &Value, name: &str) -> Result<Vec<u8>> {
    let text =
        credential.pointer(&format!("/response/{name}")).and_then(Value::as_str).ok_or_else(|| bad(name))?;
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| bad(name))
}

fn bad(place: &str) -> Error {
    malformed("the passkey did not prove what it was asked to")
        .coded("login")
        .at(format!("credential.{place}"))
}
