//! Passwords and proofs of e-mail: `/auth/changepassword`, `/auth/resetpassword`, `/auth/setpassword`,
//! `/auth/verifyemail`.

use actix_web::{HttpRequest, HttpResponse, web};

use super::asked::Asked;
use crate::error::malformed;
use crate::http::reply::Failure;
use crate::identity::Bucket;

/// By whoever knows the one until now.
pub(in crate::http) async fn change(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let (repo, asked) = Asked::of_caller(&request, payload).await?;
    let (old, new) = (asked.needed("oldPassword")?, asked.needed("newPassword")?);
    asked.state.identity.change_password(repo.actor(), old, new, &asked.origin).await?;
    Ok(asked.done())
}

/// A link is to be mailed. The answer is the same whether there is such an account.
pub(in crate::http) async fn reset(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, payload, Bucket::Auth).await?;
    let (email, project) = (asked.needed("email")?, asked.text("projectId")?);
    if asked.state.identity.provider_for(email, project).await?.is_some() {
        let text = "people with this e-mail sign in at their organization, which knows their password";
        return Err(malformed(text).coded("business-rule").at("email").into());
    }
    asked.state.identity.ask_reset(email, project, asked.text("redirectUri")?)?;
    Ok(asked.done())
}

/// By such a link, or by an invitation.
pub(in crate::http) async fn set(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, payload, Bucket::Auth).await?;
    let (id, secret, password) = (asked.needed("id")?, asked.needed("secret")?, asked.needed("password")?);
    let held = asked.state.identity.hold(id, secret).await?;
    asked.state.identity.accept(&held, password).await?;
    Ok(asked.done())
}

pub(in crate::http) async fn verify_email(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, payload, Bucket::Auth).await?;
    let held = asked.state.identity.hold(asked.needed("id")?, asked.needed("secret")?).await?;
    asked.state.identity.verify_email(&held).await?;
    Ok(asked.done())
}
