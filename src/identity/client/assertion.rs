//! Tokens that clients sign to prove themselves (<https://www.rfc-editor.org/rfc/rfc7523#section-3>,
//! <https://hl7.org/fhir/smart-app-launch/STU2.2/client-confidential-asymmetric.html>).

use serde_json::{Map, Value};

use super::Client;
use super::prove::refused;
use crate::error::{Error, Result, unauthenticated};
use crate::identity::Identity;
use crate::identity::keys::{Expected, verify_foreign};

/// Seconds that an assertion may be good for, at most.
const LONGEST: i64 = 300;
/// Seconds that clocks may differ by.
const LEEWAY: u64 = 30;
/// Characters of its id.
const LONGEST_ID: usize = 255;

/// Whom an assertion says it is of; believed once its signature is.
pub(super) fn subject(token: &str) -> Result<String> {
    let claims: Map<String, Value> =
        jsonwebtoken::dangerous::insecure_decode_claims(token).map_err(|error| refused().because(error))?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    match (text("iss"), text("sub")) {
        (Some(iss), Some(sub)) if iss == sub => Ok(sub.to_owned()),
        _ => Err(refused()),
    }
}

/// Whose keys cannot be had is told so: whoever runs the client is the only one who can help.
fn unreached(error: Error) -> Error {
    tracing::warn!(%error, "the keys of a client could not be fetched");
    unauthenticated(format!("the keys of this client could not be fetched: {error}"))
        .coded("invalid_client")
        .because(error)
}

impl Identity {
    /// Proves an assertion, once. Gives what names it among those of the client.
    pub(super) async fn assertion(&self, client: &Client, token: &str) -> Result<String> {
        let claims = self.signed(client, token).await?;
        let number = |name: &str| claims.get(name).and_then(Value::as_f64).map(|seconds| seconds as i64);
        let now = chrono::Utc::now().timestamp();
        let expires = number("exp").ok_or_else(refused)?;
        let id =
            claims.get("jti").and_then(Value::as_str).filter(|id| !id.is_empty() && id.len() <= LONGEST_ID);
        let id = id.ok_or_else(refused)?;
        let skew = LEEWAY.cast_signed();
        let is_early = number("iat").is_some_and(|made| made > now + skew);
        if expires > now + LONGEST + skew || is_early {
            return Err(refused());
        }
        let name = format!("{}|{id}", client.id);
        if self.replays.is_new(&name, expires + skew, now) { Ok(name) } else { Err(refused()) }
    }

    async fn signed(&self, client: &Client, token: &str) -> Result<Map<String, Value>> {
        let audience =
            [self.issuer.clone(), format!("{}/", self.issuer), format!("{}/oauth2/token", self.issuer)];
        let expected = Expected { issuer: &client.id, audience: &audience, leeway: LEEWAY };
        let proved = |found: Map<String, Value>| {
            (found.get("sub").and_then(Value::as_str) == Some(client.id.as_str())).then_some(found)
        };
        if let Some(own) = client.text("jwks") {
            let keys: Value = serde_json::from_str(own).map_err(|_| refused())?;
            let found = verify_foreign(token, &keys, &expected).map_err(|error| refused().because(error))?;
            return found.and_then(proved).ok_or_else(refused);
        }
        let address = client.text("jwksUri").ok_or_else(refused)?;
        for anew in [false, true] {
            let keys = self.outgoing.document(address, anew).await.map_err(unreached)?;
            let found = verify_foreign(token, &keys, &expected);
            match found {
                Ok(Some(found)) => return proved(found).ok_or_else(refused),
                // It may have been signed by a key that was made since the keys were asked for.
                _ if !anew => {}
                Ok(None) => {}
                Err(error) => return Err(refused().because(error)),
            }
        }
        Err(refused())
    }
}
