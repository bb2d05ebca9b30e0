//! What must be read again is encrypted at rest (<https://www.rfc-editor.org/rfc/rfc8439>), and what must be made
//! again is derived, both from one key of the server: `secret_key` of the settings, or one among its credentials.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use hmac::{Hmac, Mac};
use serde_json::json;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::error::{Kind, Result, fault, malformed};
use crate::identity::system;
use crate::repo::Engine;

/// Fixed, so that of two nodes that start together only one can make it.
const ID: &str = "00000000-0000-7000-8000-000000000003";
const MARK: &str = "sealed:";
/// Characters of a key that an operator sets.
const SHORTEST: usize = 32;

/// The key of the server.
#[derive(Clone)]
pub(in crate::identity) struct Seal {
    key: [u8; 32],
}

impl Seal {
    pub async fn open(engine: &Arc<Engine>, given: &str) -> Result<Self> {
        if !given.is_empty() {
            if given.chars().count() < SHORTEST {
                return Err(malformed(format!("the secret key has at least {SHORTEST} characters")));
            }
            return Ok(Self { key: mac(given.as_bytes(), &["key"]) });
        }
        if let Some(key) = kept(engine).await? {
            return Ok(Self { key: mac(key.as_bytes(), &["key"]) });
        }
        let key = json!({
            "resourceType": "JsonWebKey", "id": ID, "active": false, "kty": "oct", "alg": "dir", "use": "enc",
            "k": URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()),
        });
        match system(engine).import(vec![("JsonWebKey", key)]).await {
            Err(error) if error.kind != Kind::Conflict => return Err(error),
            _ => {}
        }
        let key = kept(engine).await?.ok_or_else(|| fault("the key of the server cannot be kept"))?;
        Ok(Self { key: mac(key.as_bytes(), &["key"]) })
    }

    /// Encrypts for one place: elsewhere it cannot be opened.
    pub fn close(&self, text: &str, place: &str) -> Result<String> {
        let nonce: [u8; 12] = rand::random();
        let payload = Payload { msg: text.as_bytes(), aad: place.as_bytes() };
        let sealed = self.cipher().encrypt(&Nonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| fault("a secret cannot be encrypted"))?;
        Ok(format!("{MARK}{}", URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat())))
    }

    /// What was encrypted for this place. What never was, as some were imported, is given back as it is.
    pub fn open_text(&self, kept: &str, place: &str) -> Result<String> {
        let Some(sealed) = kept.strip_prefix(MARK) else { return Ok(kept.to_owned()) };
        let lost = || fault("a secret was encrypted with another key than the server's");
        let sealed = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| lost())?;
        let (nonce, sealed) = sealed.split_first_chunk::<12>().ok_or_else(lost)?;
        let payload = Payload { msg: sealed, aad: place.as_bytes() };
        let text = self.cipher().decrypt(&Nonce::from(*nonce), payload).map_err(|_| lost())?;
        String::from_utf8(text).map_err(|_| lost())
    }

    /// The same for the same parts, and to be guessed by nobody.
    pub fn derive(&self, parts: &[&str]) -> String {
        URL_SAFE_NO_PAD.encode(mac(&self.key, parts))
    }

    /// Whether `given` was derived from these parts.
    pub fn derived(&self, parts: &[&str], given: &str) -> bool {
        self.derive(parts).as_bytes().ct_eq(given.as_bytes()).into()
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&Key::from(mac(&self.key, &["seal"])))
    }
}

async fn kept(engine: &Arc<Engine>) -> Result<Option<String>> {
    let row = match system(engine).read("JsonWebKey", ID).await {
        Ok(row) => row,
        Err(error) if matches!(error.kind, Kind::NotFound | Kind::Deleted) => return Ok(None),
        Err(error) => return Err(error),
    };
    let secrets = engine.store.secrets(row.project, row.rid)?;
    Ok(secrets.into_iter().find(|(name, _)| name == "k").map(|(_, key)| key))
}

fn mac(key: &[u8], parts: &[&str]) -> [u8; 32] {
    // A key of any length is a key.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    for part in parts {
        // The length in front keeps parts from running into each other.
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    mac.finalize().into_bytes().into()
}
