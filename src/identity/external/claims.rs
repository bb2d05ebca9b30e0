//! What an outside party says of a user: in a token that it signed
//! (<https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation>), or when it is asked
//! (<https://openid.net/specs/openid-connect-core-1_0.html#UserInfo>).

use serde_json::{Map, Value};
use ureq::http::Request;

use super::Provider;
use super::endpoints::{Endpoints, unreachable};
use crate::error::{Error, Result};
use crate::identity::Identity;
use crate::identity::keys::{Expected, verify_foreign};

/// Seconds that clocks may differ by.
const LEEWAY: u64 = 60;
/// Characters of a claim.
const LONGEST: usize = 320;

/// As far as it can be believed.
#[derive(Debug, Default, Clone)]
pub(super) struct Said {
    pub subject: Option<String>,
    /// Verified by the party.
    pub email: Option<String>,
    /// There is an e-mail, but nobody has verified it.
    pub unverified: bool,
    pub fhir_user: Option<String>,
    pub given: Option<String>,
    pub family: Option<String>,
    /// More than one factor was shown there (<https://www.rfc-editor.org/rfc/rfc8176#section-2>).
    pub factor: bool,
}

impl Said {
    /// Adds what other claims of the same user say.
    pub fn add(&mut self, claims: &Map<String, Value>) {
        let text = |name: &str| {
            let text = claims.get(name)?.as_str()?.trim();
            let is_plain = !text.is_empty() && text.len() <= LONGEST && !text.chars().any(char::is_control);
            is_plain.then(|| text.to_owned())
        };
        let put = |own: &mut Option<String>, name: &str| {
            if let Some(text) = text(name) {
                *own = Some(text);
            }
        };
        put(&mut self.subject, "sub");
        put(&mut self.fhir_user, "fhirUser");
        put(&mut self.given, "given_name");
        put(&mut self.family, "family_name");
        if let Some(email) = text("email") {
            // Some say it as a text.
            let verified = claims.get("email_verified").is_some_and(|said| said == true || said == "true");
            // That it says no more of one that was verified before takes nothing away.
            if verified || self.email.as_deref() != Some(&email) {
                (self.email, self.unverified) = (Some(email).filter(|_| verified), !verified);
            }
        }
        if self.given.is_none()
            && self.family.is_none()
            && let Some(name) = text("name")
        {
            let (given, family) = name.rsplit_once(' ').unwrap_or((&name, &name));
            (self.given, self.family) = (Some(given.to_owned()), Some(family.to_owned()));
        }
        let amr = claims.get("amr").and_then(Value::as_array).into_iter().flatten();
        self.factor |= amr.into_iter().any(|one| one == "mfa");
    }
}

impl Identity {
    /// The claims of a token that the party signed for one of `audience`.
    pub(super) async fn signed_claims(
        &self,
        provider: &Provider,
        endpoints: &Endpoints,
        token: &str,
        audience: &[String],
    ) -> Result<Map<String, Value>> {
        let issuer = provider.text("issuer").ok_or_else(|| provider.unfit("it signs no tokens"))?;
        let expected = Expected { issuer, audience, leeway: LEEWAY };
        let address = endpoints.jwks(provider)?;
        for anew in [false, true] {
            let keys = self.outgoing.document(address, anew).await.map_err(unreachable)?;
            match verify_foreign(token, &keys, &expected) {
                Ok(Some(claims)) => return timely(provider, claims),
                // It may have been signed by a key that was made since the keys were asked for.
                _ if !anew => {}
                Ok(None) => {}
                Err(error) => return Err(unacceptable(provider, error)),
            }
        }
        Err(provider.unfit("the token was signed by somebody else"))
    }

    /// What the party tells whoever has an access token.
    pub(super) async fn told(
        &self,
        endpoints: &Endpoints,
        provider: &Provider,
        token: &str,
    ) -> Result<Map<String, Value>> {
        let address = endpoints.user_info.as_deref();
        let address = address.ok_or_else(|| provider.unfit("it is not known where it tells of users"))?;
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(provider.unfit("this is no access token"));
        }
        let request = Request::get(address).header("authorization", format!("Bearer {token}"));
        match self.outgoing.send(request, None).await.map_err(unreachable)? {
            Value::Object(claims) => Ok(claims),
            _ => Err(provider.unfit("what it tells of users is no JSON object")),
        }
    }
}

/// Claims that were not made in the future.
fn timely(provider: &Provider, claims: Map<String, Value>) -> Result<Map<String, Value>> {
    let now = chrono::Utc::now().timestamp();
    let made = claims.get("iat").and_then(Value::as_f64).map(|seconds| seconds as i64);
    match made {
        Some(made) if made <= now + LEEWAY.cast_signed() => Ok(claims),
        _ => Err(provider.unfit("the token does not say when it was made, or says a time to come")),
    }
}

fn unacceptable(provider: &Provider, error: Error) -> Error {
    let text = error.issues.first().map(|issue| issue.text.clone()).unwrap_or_default();
    provider.unfit(&text).because(error)
}
