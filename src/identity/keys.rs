//! Signing keys: ES256 (<https://www.rfc-editor.org/rfc/rfc7518#section-3.4>), made on the first start and
//! kept as JsonWebKey resources of the server itself, the private half among the credentials.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{DecodingKey, EncodingKey};
use p256::SecretKey;
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::pkcs8::EncodePrivateKey;
use serde_json::{Value, json};
use uuid::Uuid;

use super::system;
use crate::error::{Kind, Result, fault};
use crate::repo::Engine;

/// Fixed, so that of two nodes that start together only one can make it, and both sign with it.
const FIRST: &str = "00000000-0000-7000-8000-000000000002";

pub(super) struct Key {
    pub id: String,
    pub private: EncodingKey,
    pub public: DecodingKey,
    /// As others may see it.
    jwk: Value,
}

/// All keys in use, the newest last.
pub(super) struct Keys(Vec<Key>);

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
        Ok(Self(found))
    }

    pub fn newest(&self) -> Option<&Key> {
        self.0.last()
    }

    pub fn find(&self, id: &str) -> Option<&Key> {
        self.0.iter().find(|key| key.id == id)
    }

    pub fn public(&self) -> Value {
        let keys: Vec<&Value> = self.0.iter().map(|key| &key.jwk).collect();
        json!({ "keys": keys })
    }
}

async fn read(engine: &Arc<Engine>) -> Result<Vec<Key>> {
    let asked =
        [("active", "true"), ("_count", "100")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    let found = system(engine).search("JsonWebKey", &asked, false).await?;
    let mut keys = Vec::new();
    for row in found.rows {
        let mut jwk: Value = serde_json::from_str(&row.body).map_err(fault)?;
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
        keys.push(Key {
            id,
            private: EncodingKey::from_ec_der(der.as_bytes()),
            public: DecodingKey::from_ec_components(&x, &y).map_err(fault)?,
            jwk,
        });
    }
    Ok(keys)
}

async fn create(engine: &Arc<Engine>, id: &str) -> Result<()> {
    let secret = loop {
        // All but a few in 2^32 are keys.
        let bytes: [u8; 32] = rand::random();
        if let Ok(secret) = SecretKey::from_slice(&bytes) {
            break secret;
        }
    };
    let (x, y) = point(&secret)?;
    let key = json!({
        "resourceType": "JsonWebKey",
        "id": id,
        "active": true,
        "kty": "EC",
        "crv": "P-256",
        "alg": "ES256",
        "use": "sig",
        "kid": Uuid::now_v7().to_string(),
        "x": x,
        "y": y,
        "d": URL_SAFE_NO_PAD.encode(secret.to_bytes()),
    });
    match system(engine).import(vec![("JsonWebKey", key)]).await {
        // Another node was first; its key is the one.
        Err(error) if error.kind != Kind::Conflict => Err(error),
        _ => Ok(()),
    }
}

fn point(secret: &SecretKey) -> Result<(String, String)> {
    let point = secret.public_key().to_encoded_point(false);
    let (x, y) = point.x().zip(point.y()).ok_or_else(|| fault("a signing key has no point"))?;
    Ok((URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y)))
}
