//! Signing keys: ES256 (<https://www.rfc-editor.org/rfc/rfc7518#section-3.4>), made on the first start and
//! kept as JsonWebKey resources of the server itself, the private half among the credentials.
//!
//! The newest signs. One that was followed by another goes on verifying what it signed until nothing of that can be
//! good any more; then it is deleted, and its private half with it.

mod der;
mod foreign;
mod make;
mod rsa;

use std::sync::Arc;

use arc_swap::ArcSwap;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{DecodingKey, EncodingKey};
use p256::SecretKey;
use p256::pkcs8::EncodePrivateKey;
use serde_json::{Value, json};
use uuid::Uuid;

use super::system;
use crate::error::{Result, fault};
use crate::repo::Engine;
pub(super) use foreign::{Expected, verify as verify_foreign};
use make::{create, point};

/// Fixed, so that of two nodes that start together only one can make it, and both sign with it.
const FIRST: &str = "00000000-0000-7000-8000-000000000002";
/// Milliseconds for which keys are known by heart; other nodes may have made another.
const FRESH: i64 = 1000;
/// Milliseconds after which nothing that a key has signed is good any more.
pub(super) const LONGEST: i64 = 24 * 3600 * 1000;

pub(super) struct Key {
    pub id: String,
    pub private: EncodingKey,
    pub public: DecodingKey,
    /// As others may see it.
    jwk: Value,
    /// The record it is kept in, and when that was made.
    record: String,
    made: i64,
}

struct Known {
    /// The newest last.
    keys: Vec<Arc<Key>>,
    /// Milliseconds since 1970.
    read: i64,
}

/// All keys in use.
pub(super) struct Keys {
    engine: Arc<Engine>,
    known: ArcSwap<Known>,
    rsa: tokio::sync::OnceCell<Arc<rsa::RsaKey>>,
}

impl Keys {
    pub async fn open(engine: &Arc<Engine>) -> Result<Self> {
        let mut found = read(engine).await?;
        // Under the fixed id there may be one that is out of use by now.
        for id in [FIRST.to_owned(), Uuid::now_v7().to_string()] {
            if found.is_empty() {
                create(engine, &id).await?;
                found = read(engine).await?;
            }
        }
        let known = Known { keys: found, read: now() };
        Ok(Self {
            engine: Arc::clone(engine),
            known: ArcSwap::from_pointee(known),
            rsa: tokio::sync::OnceCell::new(),
        })
    }

    /// Reads the keys again, where that was not done within the last second.
    pub async fn refresh(&self) -> Result<()> {
        if now() - self.known.load().read < FRESH {
            return Ok(());
        }
        self.reread().await
    }

    async fn reread(&self) -> Result<()> {
        let read_at = now();
        let keys = read(&self.engine).await?;
        if !keys.is_empty() {
            self.known.store(Arc::new(Known { keys, read: read_at }));
        }
        Ok(())
    }

    /// Makes the key that signs from now on, and lets go of those that nothing depends on any more. Gives its id.
    pub async fn rotate(&self) -> Result<String> {
        let old = read(&self.engine).await?;
        let made = create(&self.engine, &Uuid::now_v7().to_string()).await?;
        for pair in old.windows(2) {
            if now() - pair[1].made > LONGEST {
                system(&self.engine).delete("JsonWebKey", &pair[0].record, None).await?;
            }
        }
        self.reread().await?;
        Ok(made)
    }

    pub fn newest(&self) -> Option<Arc<Key>> {
        self.known.load().keys.last().map(Arc::clone)
    }

    pub fn find(&self, id: &str) -> Option<Arc<Key>> {
        self.known.load().keys.iter().find(|key| key.id == id).map(Arc::clone)
    }

    pub fn public(&self) -> Value {
        let known = self.known.load();
        let keys: Vec<&Value> = known.keys.iter().map(|key| &key.jwk).collect();
        json!({ "keys": keys })
    }
}

async fn read(engine: &Arc<Engine>) -> Result<Vec<Arc<Key>>> {
    let asked =
        [("active", "true"), ("_count", "100")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    let found = system(engine).search("JsonWebKey", &asked, false).await?;
    let mut keys = Vec::new();
    for row in found.rows {
        let mut jwk: Value = serde_json::from_str(&row.body).map_err(fault)?;
        let made = row.updated;
        let secrets = engine.store.secrets(row.project, row.rid)?;
        let private = secrets.into_iter().find(|(name, _)| name == "d").map(|(_, value)| value);
        let private = private.ok_or_else(|| fault("a signing key has lost its private half"))?;
        let bytes = URL_SAFE_NO_PAD.decode(private).map_err(|_| fault("a signing key cannot be read"))?;
        let secret = SecretKey::from_slice(&bytes).map_err(|_| fault("a signing key is no P-256 key"))?;
        if let Some(object) = jwk.as_object_mut() {
            for name in ["resourceType", "id", "meta", "active"] {
                object.shift_remove(name);
            }
        }
        let id = jwk["kid"].as_str().unwrap_or_default().to_owned();
        let der = secret.to_pkcs8_der().map_err(|_| fault("a signing key cannot be encoded"))?;
        let (x, y) = point(&secret)?;
        keys.push(Arc::new(Key {
            id,
            private: EncodingKey::from_ec_der(der.as_bytes()),
            public: DecodingKey::from_ec_components(&x, &y).map_err(fault)?,
            jwk,
            record: row.id.clone(),
            made,
        }));
    }
    // Their ids begin with the time they were made.
    keys.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(keys)
}

fn now() -> i64 {
    chrono::Utc::now().timestamp_millis()
}
