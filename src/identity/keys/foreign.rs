//! What others have signed: assertions of clients, and what identity providers say of users
//! (<https://www.rfc-editor.org/rfc/rfc8725>).
//!
//! The key is one that was known before the token came: a key in its own header, or an address of one (`jwk`, `jku`,
//! `x5u`, `x5c`), is never looked at. Only asymmetric algorithms are known, so that no public key passes for a secret.

use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde_json::{Map, Value};

use crate::error::{Error, Result, unauthenticated};

const ALGORITHMS: [Algorithm; 4] = [Algorithm::RS256, Algorithm::RS384, Algorithm::ES256, Algorithm::ES384];
/// Characters of a token at most.
const LONGEST: usize = 16 * 1024;
/// Keys of a set that are tried where the token does not say which.
const TRIED: usize = 8;

/// What a token must say.
pub(in crate::identity) struct Expected<'e> {
    pub issuer: &'e str,
    /// Any of these.
    pub audience: &'e [String],
    /// Seconds that clocks may differ by.
    pub leeway: u64,
}

/// The claims of a token that one of `keys` has signed (a JWK set, <https://www.rfc-editor.org/rfc/rfc7517#section-5>);
/// nothing if none of them may have.
pub(in crate::identity) fn verify(
    token: &str,
    keys: &Value,
    expected: &Expected<'_>,
) -> Result<Option<Map<String, Value>>> {
    if token.len() > LONGEST {
        return Err(unauthenticated("this token is too long"));
    }
    let header = jsonwebtoken::decode_header(token).map_err(refused)?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(unauthenticated("a token is signed with RS256, RS384, ES256 or ES384"));
    }
    if header.crit.is_some() {
        return Err(unauthenticated("this token demands what is not known here"));
    }
    let mut validation = Validation::new(header.alg);
    validation.leeway = expected.leeway;
    validation.validate_nbf = true;
    validation.set_issuer(&[expected.issuer]);
    validation.set_audience(expected.audience);
    validation.set_required_spec_claims(&["exp", "iss", "sub", "aud"]);
    let mut result = Ok(None);
    for key in candidates(keys, &header) {
        match jsonwebtoken::decode::<Map<String, Value>>(token, &key, &validation) {
            Ok(found) => return Ok(Some(found.claims)),
            Err(error) => result = Err(refused(error)),
        }
    }
    result
}

fn candidates(keys: &Value, header: &Header) -> Vec<DecodingKey> {
    let all = keys.get("keys").and_then(Value::as_array).into_iter().flatten();
    let known = all.filter_map(|key| serde_json::from_value::<Jwk>(key.clone()).ok());
    let fitting = known.filter(|key| {
        let common = &key.common;
        let named = header.kid.is_none() || common.key_id == header.kid;
        let signs = !matches!(common.public_key_use, Some(PublicKeyUse::Encryption));
        let algorithm = common.key_algorithm.map(|own| own.to_string());
        named && signs && algorithm.is_none_or(|own| own == format!("{:?}", header.alg))
    });
    let keys = fitting.filter_map(|key| DecodingKey::from_jwk(&key).ok());
    keys.filter(|key| key.family() == header.alg.family()).take(TRIED).collect()
}

fn refused(error: jsonwebtoken::errors::Error) -> Error {
    use jsonwebtoken::errors::ErrorKind;
    let text = match error.kind() {
        ErrorKind::ExpiredSignature => "this token has expired",
        ErrorKind::ImmatureSignature => "this token is not good yet",
        ErrorKind::InvalidAudience => "this token is meant for somebody else",
        ErrorKind::InvalidIssuer => "this token is of somebody else",
        _ => "this token is not valid here",
    };
    unauthenticated(text).because(error)
}
