//! One token for another (<https://www.rfc-editor.org/rfc/rfc8693>): a token of an outside party for tokens of ours, or an
//! access token of ours for one that is good for less.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::super::client::client;
use super::super::form::Form;
use super::super::refusal::{Refusal, refuse};
use super::person;
use crate::http::{extract, origin};
use crate::identity::Bucket;
use crate::identity::external::{Foreign, Token};
use crate::identity::login::SignIn;

pub(super) const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
/// <https://www.rfc-editor.org/rfc/rfc8693#section-3>
const ACCESS: &str = "urn:ietf:params:oauth:token-type:access_token";
const ID: &str = "urn:ietf:params:oauth:token-type:id_token";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";

pub(super) async fn give(request: &HttpRequest, form: &Form) -> Result<HttpResponse, Refusal> {
    let proved = client(request, form).await?;
    if !proved.client.grants(EXCHANGE) {
        return Err(refuse("unauthorized_client", "this client is not meant for this grant"));
    }
    let token = form.need("subject_token")?;
    let kind = form.need("subject_token_type")?;
    if form.get("requested_token_type").is_some_and(|wanted| wanted != ACCESS) {
        return Err(refuse("invalid_request", "access tokens are given and no others"));
    }
    if form.get("actor_token").is_some() || form.get("actor_token_type").is_some() {
        return Err(refuse(
            "invalid_request",
            "nobody acts for anybody else here: actor tokens are not taken",
        ));
    }
    let state = extract::state(request);
    // There is one place that our tokens are for.
    let places = [state.engine.base_url.as_str(), state.public_url.as_str()];
    for name in ["resource", "audience"] {
        if form.get(name).is_some_and(|asked| !places.contains(&asked.trim_end_matches('/'))) {
            return Err(refuse("invalid_target", "tokens are given for this server and no other"));
        }
    }
    let identity = &state.identity;
    let own = identity.is_own(token).await?;
    let body = match (own, kind) {
        (true, ACCESS | JWT) => {
            let narrowed = identity.narrow_token(token, &proved, form.get("scope")).await?;
            json!({
                "access_token": narrowed.token,
                "token_type": "Bearer",
                "expires_in": narrowed.expires_in,
                "scope": narrowed.scope,
            })
        }
        (true, _) => return Err(refuse("invalid_request", "of our own tokens, access tokens are taken")),
        (false, ACCESS | ID | JWT) => {
            identity.allow(Bucket::Login, &origin::network(request))?;
            let given = Foreign {
                token,
                kind: if kind == ACCESS { Token::Access } else { Token::Id },
                client: &proved.client,
                proven: proved.proven,
                membership: form.get("membership"),
            };
            let asked = SignIn {
                client: Some(proved.client.id.clone()),
                scope: form.get("scope").map(str::to_owned),
                origin: origin::origin(request),
                ..SignIn::default()
            };
            person::body(&identity.exchange(&given, asked).await?, &state.public_url)
        }
        (false, _) => return Err(refuse("invalid_request", "tokens of this type are not taken")),
    };
    Ok(person::said(&issued(body)))
}

fn issued(mut body: Value) -> Value {
    body["issued_token_type"] = Value::from(ACCESS);
    body
}
