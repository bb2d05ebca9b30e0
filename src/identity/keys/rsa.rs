//! A key of RSA beside those of ES256, for tokens that clients of others check by RS256 alone
//! (<https://www.rfc-editor.org/rfc/rfc7518#section-3.3>). It is made when it is first asked for.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, crypto};
use rsa::RsaPrivateKey;
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Keys;
use super::der;
use crate::error::{Kind, Result, fault};
use crate::identity::system;
use crate::repo::Engine;

/// Fixed, so that of two nodes that begin together only one can make it, and both sign with it.
const ID: &str = "00000000-0000-7000-8000-000000000004";
const BITS: usize = 2048;
/// What is kept of it, and no more than the first two of it shown.
const PARTS: [&str; 8] = ["n", "e", "d", "p", "q", "dp", "dq", "qi"];

pub(in crate::identity) struct RsaKey {
    id: String,
    private: EncodingKey,
    /// As others may see it.
    jwk: Value,
}

impl Keys {
    async fn rsa(&self) -> Result<Arc<RsaKey>> {
        let engine = &self.engine;
        let made = self.rsa.get_or_try_init(|| async {
            if let Some(key) = read(engine).await? {
                return Ok(Arc::new(key));
            }
            create(engine).await?;
            read(engine).await?.map(Arc::new).ok_or_else(|| fault("a signing key cannot be kept"))
        });
        made.await.map(Arc::clone)
    }

    /// Signs claims with it.
    pub async fn sign_rs256(&self, claims: &impl Serialize) -> Result<String> {
        let key = self.rsa().await?;
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(key.id.clone());
        jsonwebtoken::encode(&header, claims, &key.private).map_err(fault)
    }

    /// It as others may see it, with a certificate that it signed itself.
    pub async fn public_rsa(&self) -> Result<Value> {
        Ok(json!({ "keys": [self.rsa().await?.jwk] }))
    }
}

async fn create(engine: &Arc<Engine>) -> Result<()> {
    let work = || RsaPrivateKey::new(&mut rsa::rand_core::OsRng, BITS);
    let made = tokio::task::spawn_blocking(work).await.map_err(fault)?.map_err(fault)?;
    let [p, q] = made.primes() else { return Err(fault("a key of RSA has two primes")) };
    let lost = || fault("a key of RSA has its exponents");
    let (dp, dq) = made.dp().zip(made.dq()).ok_or_else(lost)?;
    let (_, qi) = made.qinv().ok_or_else(lost)?.to_bytes_be();
    let plain = [made.n(), made.e(), made.d(), p, q, dp, dq].map(|part| part.to_bytes_be());
    let mut key = json!({
        "resourceType": "JsonWebKey", "id": ID, "active": false, "kty": "RSA", "alg": "RS256", "use": "sig",
        "kid": Uuid::now_v7().to_string(),
    });
    for (name, bytes) in PARTS.iter().zip(plain.iter().chain([&qi])) {
        key[*name] = Value::from(URL_SAFE_NO_PAD.encode(bytes));
    }
    match system(engine).import(vec![("JsonWebKey", key)]).await {
        Err(error) if error.kind != Kind::Conflict => Err(error),
        _ => Ok(()),
    }
}

async fn read(engine: &Arc<Engine>) -> Result<Option<RsaKey>> {
    let row = match system(engine).read("JsonWebKey", ID).await {
        Ok(row) => row,
        Err(error) if matches!(error.kind, Kind::NotFound | Kind::Deleted) => return Ok(None),
        Err(error) => return Err(error),
    };
    let body: Value = serde_json::from_str(&row.body).map_err(fault)?;
    let secrets = engine.store.secrets(row.project, row.rid)?;
    let lost = || fault("a signing key cannot be read");
    let mut parts = Vec::with_capacity(PARTS.len());
    for name in PARTS {
        let kept = secrets.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
        let text = kept.or_else(|| body.get(name).and_then(Value::as_str)).ok_or_else(lost)?;
        parts.push(URL_SAFE_NO_PAD.decode(text).map_err(|_| lost())?);
    }
    let numbers: Vec<Vec<u8>> = parts.iter().map(|part| der::integer(part)).collect();
    let private = EncodingKey::from_rsa_der(&der::sequence(&[&[der::integer(&[0])][..], &numbers].concat()));
    let unsigned = der::unsigned_certificate(&numbers[0], &numbers[1]);
    let signature = crypto::sign(&unsigned, &private, Algorithm::RS256).map_err(fault)?;
    let certificate = der::certificate(&unsigned, &URL_SAFE_NO_PAD.decode(signature).map_err(|_| lost())?);
    let id = body["kid"].as_str().unwrap_or_default().to_owned();
    let jwk = json!({
        "alg": "RS256",
        "kty": "RSA",
        "use": "sig",
        "kid": id,
        "n": URL_SAFE_NO_PAD.encode(&parts[0]),
        "e": URL_SAFE_NO_PAD.encode(&parts[1]),
        "x5c": [STANDARD.encode(&certificate)],
        "x5t#S256": URL_SAFE_NO_PAD.encode(Sha256::digest(&certificate)),
    });
    Ok(Some(RsaKey { id, private, jwk }))
}
