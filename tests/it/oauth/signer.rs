//! A client with keys of its own, which signs assertions: <https://www.rfc-editor.org/rfc/rfc7523>.

use std::sync::atomic::{AtomicU32, Ordering};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use p256::SecretKey;
use p256::pkcs8::EncodePrivateKey;
use serde_json::{Value, json};

use crate::client::PUBLIC_URL;
use crate::sample::with;

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A private key, under the name that it is published by.
pub struct Signer {
    pub key: EncodingKey,
    pub algorithm: Algorithm,
    pub kid: String,
}

impl Signer {
    /// On the curve P-256.
    pub fn new(kid: &str) -> Self {
        let secret = SecretKey::from_slice(&rand::random::<[u8; 32]>()).expect("a key");
        let der = secret.to_pkcs8_der().expect("a key");
        Self {
            key: EncodingKey::from_ec_der(der.as_bytes()),
            algorithm: Algorithm::ES256,
            kid: kid.to_owned(),
        }
    }

    /// Of RSA: the same one in every test, since a new one takes long to make.
    pub fn rsa(algorithm: Algorithm) -> Self {
        Self { key: EncodingKey::from_rsa_der(include_bytes!("rsa.der")), algorithm, kid: "rsa".to_owned() }
    }

    /// What is published of it: a set of one key.
    pub fn jwks(&self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.key, self.algorithm).expect("a public half");
        jwk.common.key_id = Some(self.kid.clone());
        json!({ "keys": [jwk] })
    }

    /// An assertion of a client that is right but for the claims given.
    pub fn assertion(&self, client: &str, claims: Value) -> String {
        self.signed(&with(Self::claims(client), claims))
    }

    pub fn claims(client: &str) -> Value {
        let now = chrono::Utc::now().timestamp();
        json!({
            "iss": client,
            "sub": client,
            "aud": format!("{PUBLIC_URL}/oauth2/token"),
            "exp": now + 120,
            "iat": now,
            "jti": fresh("jti"),
        })
    }

    pub fn signed(&self, claims: &Value) -> String {
        let mut header = Header::new(self.algorithm);
        header.kid = Some(self.kid.clone());
        self.with_header(&header, claims)
    }

    pub fn with_header(&self, header: &Header, claims: &Value) -> String {
        jsonwebtoken::encode(header, claims, &self.key).expect("a token")
    }
}

/// Something that occurs once.
pub fn fresh(what: &str) -> String {
    format!("{what}-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// A part of a token, as it is.
pub fn part(token: &str, number: usize) -> Value {
    let text = token.split('.').nth(number).expect("a part");
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(text).expect("base64")).expect("JSON")
}

/// As a value in a form.
pub fn encoded(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|b| if keep(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
