//! Who a client says it is, in one way only (<https://www.rfc-editor.org/rfc/rfc6749#section-2.3>).

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::form::Form;
use super::refusal::{Refusal, refuse};
use crate::http::{extract, parameters};
use crate::identity::{Proof, Proved};

/// <https://www.rfc-editor.org/rfc/rfc7523#section-2.2>
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The client behind a request, as far as it proves itself.
pub(super) async fn client(request: &HttpRequest, form: &Form) -> Result<Proved, Refusal> {
    let identity = &extract::state(request).identity;
    let (id, secret, assertion) =
        (form.get("client_id"), form.get("client_secret"), form.get("client_assertion"));
    let header = request.headers().get(AUTHORIZATION).map(|value| value.to_str().unwrap_or_default());
    let ways = [header.is_some(), secret.is_some(), assertion.is_some()];
    if ways.into_iter().filter(|way| *way).count() > 1 {
        return Err(refuse("invalid_request", "a client says who it is in one way only"));
    }
    if let Some(header) = header {
        let not_basic = || refuse("invalid_client", "the Authorization header is not of the scheme Basic");
        let (named, secret) = basic(header).ok_or_else(not_basic)?;
        if id.is_some_and(|id| id != named) {
            return Err(refuse("invalid_request", "a client says who it is in one way only"));
        }
        return Ok(identity.prove(Some(&named), Proof::Basic(&secret)).await?);
    }
    if let Some(assertion) = assertion {
        if form.get("client_assertion_type") != Some(ASSERTION) {
            return Err(refuse("invalid_client", format!("client_assertion_type is {ASSERTION}")));
        }
        return Ok(identity.prove(id, Proof::Assertion(assertion)).await?);
    }
    let Some(id) = id else { return Err(refuse("invalid_client", "the client does not say who it is")) };
    Ok(identity.prove(Some(id), secret.map_or(Proof::Nothing, Proof::Post)).await?)
}

/// Whether anything in a request says who the client is.
pub(super) fn is_named(request: &HttpRequest, form: &Form) -> bool {
    ["client_id", "client_assertion"].iter().any(|name| form.get(name).is_some())
        || request.headers().contains_key(AUTHORIZATION)
}

/// Both halves are form-encoded before they are joined (section 2.3.1).
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    let decoded = STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(decoded).ok()?;
    let (id, secret) = text.split_once(':')?;
    let part = |text: &str| parameters::parse(&format!("v={text}")).ok()?.pop().map(|(_, value)| value);
    Some((part(id)?, part(secret)?))
}
