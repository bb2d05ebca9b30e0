//! Access tokens: signed JWTs of type `at+jwt` (<https://www.rfc-editor.org/rfc/rfc9068>).

use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};

use super::keys::Keys;
use crate::error::{Error, Result, fault, unauthenticated};

/// Seconds.
pub(super) const LIFETIME: i64 = 3600;
const TYPE: &str = "at+jwt";
const ID_TYPE: &str = "JWT";

#[derive(Serialize, Deserialize)]
pub(super) struct Claims {
    pub iss: String,
    pub sub: String,
    pub client_id: String,
    /// Id of the project that the token is good for.
    pub project: String,
    /// Id of the Login that it stands on.
    pub login_id: String,
    /// The e-mail of a user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Reference of his profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    pub scope: String,
    pub iat: i64,
    pub exp: i64,
    pub jti: String,
}

/// Of an id token (<https://openid.net/specs/openid-connect-core-1_0.html#IDToken>).
#[derive(Serialize)]
pub(super) struct IdClaims {
    pub iss: String,
    pub sub: String,
    pub aud: String,
    pub client_id: String,
    pub login_id: String,
    pub iat: i64,
    pub exp: i64,
    pub auth_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    #[serde(rename = "fhirUser", skip_serializing_if = "Option::is_none")]
    pub fhir_user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
}

/// What an id token says of its session.
#[derive(Deserialize)]
struct Hint {
    login_id: String,
    client_id: String,
}

impl Keys {
    pub fn sign(&self, claims: &Claims) -> Result<String> {
        self.sign_as(TYPE, claims)
    }

    /// An id token: of another type, so that it is no access token.
    pub fn sign_id(&self, claims: &IdClaims) -> Result<String> {
        self.sign_as(ID_TYPE, claims)
    }

    fn sign_as(&self, kind: &str, claims: &impl Serialize) -> Result<String> {
        let key = self.newest().ok_or_else(|| fault("there is no signing key"))?;
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some(kind.to_owned());
        header.kid = Some(key.id.clone());
        jsonwebtoken::encode(&header, claims, &key.private).map_err(fault)
    }

    /// The claims of a token of ours. The key is found by its id among ours alone; a key, or an address of
    /// one, in the token's own header is never looked at.
    pub fn verify(&self, token: &str, issuer: &str) -> Result<Claims> {
        let header = jsonwebtoken::decode_header(token).map_err(refused)?;
        if header.alg != Algorithm::ES256 || header.typ.as_deref() != Some(TYPE) {
            return Err(unauthenticated("this is no access token of this server"));
        }
        let key = header.kid.and_then(|id| self.find(&id));
        let key = key.ok_or_else(|| unauthenticated("this token was signed by somebody else"))?;
        let mut validation = Validation::new(Algorithm::ES256);
        validation.leeway = 0;
        validation.validate_aud = false;
        validation.validate_nbf = true;
        validation.set_issuer(&[issuer]);
        validation.set_required_spec_claims(&["exp", "iss", "sub"]);
        Ok(jsonwebtoken::decode::<Claims>(token, &key.public, &validation).map_err(refused)?.claims)
    }

    /// The login and the client of an id token of ours. That it has expired says nothing about who it was given to.
    pub fn hint(&self, token: &str, issuer: &str) -> Option<(String, String)> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        if header.alg != Algorithm::ES256 || header.typ.as_deref() != Some(ID_TYPE) {
            return None;
        }
        let key = self.find(&header.kid?)?;
        let mut validation = Validation::new(Algorithm::ES256);
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.set_issuer(&[issuer]);
        validation.set_required_spec_claims(&["iss", "sub"]);
        let claims = jsonwebtoken::decode::<Hint>(token, &key.public, &validation).ok()?.claims;
        Some((claims.login_id, claims.client_id))
    }
}

fn refused(error: jsonwebtoken::errors::Error) -> Error {
    use jsonwebtoken::errors::ErrorKind;
    match error.kind() {
        ErrorKind::ExpiredSignature => unauthenticated("this token has expired").coded("expired"),
        _ => unauthenticated("this token is not valid here").because(error),
    }
}
