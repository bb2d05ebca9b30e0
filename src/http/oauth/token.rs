//! The token endpoint (<https://www.rfc-editor.org/rfc/rfc6749#section-3.2>): client credentials
//! (section 4.4), with the client in the body or by Basic (section 2.3.1).

use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, PRAGMA};
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::error::Kind;
use crate::http::reply::{Failure, refused_token};
use crate::http::{extract, parameters, reply};

/// A refusal in the words of section 5.2.
struct Refusal {
    code: &'static str,
    text: &'static str,
    unauthorized: bool,
}

fn refuse(code: &'static str, text: &'static str) -> Refusal {
    Refusal { code, text, unauthorized: code == "invalid_client" }
}

impl Refusal {
    fn reply(&self) -> HttpResponse {
        refused_token(self.unauthorized)
            .insert_header((CACHE_CONTROL, "no-store"))
            .json(json!({ "error": self.code, "error_description": self.text }))
    }
}

/// Who the client says it is.
struct Credentials {
    id: String,
    secret: String,
}

pub(in crate::http) async fn token(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let media = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !media.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        let text = "the request is sent as application/x-www-form-urlencoded";
        return Ok(refuse("invalid_request", text).reply());
    }
    let body = extract::bytes(&request, payload).await?;
    match grant(&request, &body).await? {
        Ok(reply) => Ok(reply),
        Err(refusal) => Ok(refusal.reply()),
    }
}

async fn grant(request: &HttpRequest, body: &[u8]) -> Result<Result<HttpResponse, Refusal>, Failure> {
    let form = std::str::from_utf8(body).ok().and_then(|text| parameters::parse(text).ok());
    let Some(form) = form else { return Ok(Err(refuse("invalid_request", "the form cannot be read"))) };
    let mut names: Vec<&str> = form.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) {
        return Ok(Err(refuse("invalid_request", "a parameter is given twice")));
    }
    let field = |name: &str| {
        form.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str()).filter(|v| !v.is_empty())
    };
    match field("grant_type") {
        None => return Ok(Err(refuse("invalid_request", "grant_type is missing"))),
        Some("client_credentials") => {}
        Some(_) => return Ok(Err(refuse("unsupported_grant_type", "this grant is not offered here"))),
    }
    let client = match credentials(request, field("client_id"), field("client_secret")) {
        Ok(client) => client,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let state = extract::state(request);
    match state.identity.client_credentials(&client.id, &client.secret, field("scope")).await {
        Ok(grant) => Ok(Ok(reply::ok()
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((PRAGMA, "no-cache"))
            .json(json!({
                "access_token": grant.token,
                "token_type": "Bearer",
                "expires_in": grant.expires_in,
                "scope": grant.scope,
            })))),
        Err(error) if error.kind == Kind::Unauthenticated => {
            Ok(Err(refuse("invalid_client", "this client is not known, or its secret is another")))
        }
        Err(error) if error.kind == Kind::Malformed => {
            Ok(Err(refuse("invalid_scope", "this scope is not offered here")))
        }
        Err(error) => Err(error.into()),
    }
}

fn credentials(
    request: &HttpRequest,
    id: Option<&str>,
    secret: Option<&str>,
) -> Result<Credentials, Refusal> {
    let header = request.headers().get(AUTHORIZATION).map(|value| value.to_str().unwrap_or_default());
    let Some(header) = header else {
        return match (id, secret) {
            (Some(id), Some(secret)) => Ok(Credentials { id: id.to_owned(), secret: secret.to_owned() }),
            _ => Err(refuse("invalid_client", "the client does not say who it is")),
        };
    };
    let basic = basic(header)
        .ok_or(refuse("invalid_client", "the Authorization header is not of the scheme Basic"))?;
    if secret.is_some() || id.is_some_and(|id| id != basic.id) {
        return Err(refuse("invalid_request", "a client says who it is in one way only"));
    }
    Ok(basic)
}

/// Both halves are form-encoded before they are joined (section 2.3.1).
fn basic(header: &str) -> Option<Credentials> {
    let (scheme, encoded) = header.split_once(' ')?;
    let decoded = STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(decoded).ok()?;
    let (id, secret) = text.split_once(':')?;
    let part = |text: &str| parameters::parse(&format!("v={text}")).ok()?.pop().map(|(_, value)| value);
    Some(Credentials { id: part(id)?, secret: part(secret)? })
}
