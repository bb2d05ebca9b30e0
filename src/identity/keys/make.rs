//! A new signing key, and its record (<https://www.rfc-editor.org/rfc/rfc7518#section-6.2>).

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::SecretKey;
use p256::elliptic_curve::sec1::ToEncodedPoint;
use serde_json::json;
use uuid::Uuid;

use crate::error::{Kind, Result, fault};
use crate::identity::system;
use crate::repo::Engine;

/// Gives the id of the key, unless another node was first: then its key is the one.
pub(super) async fn create(engine: &Arc<Engine>, id: &str) -> Result<String> {
    let secret = loop {
        // All but a few in 2^32 are keys.
        let bytes: [u8; 32] = rand::random();
        if let Ok(secret) = SecretKey::from_slice(&bytes) {
            break secret;
        }
    };
    let (x, y) = point(&secret)?;
    let kid = Uuid::now_v7().to_string();
    let key = json!({
        "resourceType": "JsonWebKey",
        "id": id,
        "active": true,
        "kty": "EC",
        "crv": "P-256",
        "alg": "ES256",
        "use": "sig",
        "kid": kid,
        "x": x,
        "y": y,
        "d": URL_SAFE_NO_PAD.encode(secret.to_bytes()),
    });
    match system(engine).import(vec![("JsonWebKey", key)]).await {
        Err(error) if error.kind != Kind::Conflict => Err(error),
        _ => Ok(kid),
    }
}

pub(super) fn point(secret: &SecretKey) -> Result<(String, String)> {
    let point = secret.public_key().to_encoded_point(false);
    let (x, y) = point.x().zip(point.y()).ok_or_else(|| fault("a signing key has no point"))?;
    Ok((URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y)))
}
