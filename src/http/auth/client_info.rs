//! What a page of sign-in asks before anybody signs in: `/auth/clientinfo/{id}`, `/auth/method`.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::asked::Asked;
use crate::http::oauth::departed;
use crate::http::reply::Failure;
use crate::identity::Bucket;
use crate::identity::external::Errand;

pub(in crate::http) async fn client_info(
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::bare(&request, Bucket::Auth)?;
    Ok(asked.json(&asked.state.identity.client_info(&path).await?))
}

/// How somebody with this e-mail signs in: elsewhere, if his domain is configured so; else with the password, whoever he
/// is.
pub(in crate::http) async fn method(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, payload, Bucket::Auth).await?;
    let email = asked.needed("email")?;
    let identity = &asked.state.identity;
    let project = identity.project_of(&asked.sign_in()?).await?;
    let Some(provider) = identity.provider_for(email, project.as_deref()).await? else {
        return Ok(asked.json(&json!({})));
    };
    let mut fields = asked.fields().clone();
    for name in ["email", "password"] {
        fields.remove(name);
    }
    let departure = identity.depart(&provider, &Errand::App(fields), Some(email), false).await?;
    let domain = email.rsplit('@').next().unwrap_or_default().to_lowercase();
    let mut reply = asked.json(&json!({ "domain": domain, "authorizeUrl": departure.url }));
    // What does not fit into a header is not remembered.
    reply.add_cookie(&departed(&request, departure.cookie)).ok();
    Ok(reply)
}
