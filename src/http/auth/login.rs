//! Signing in, step by step: `/auth/login`, `/auth/profile`, `/auth/scope`, and by a code that is mailed.

use actix_web::{HttpRequest, HttpResponse, web};

use super::asked::Asked;
use crate::http::reply::Failure;
use crate::identity::Bucket;

/// With e-mail and password.
pub(in crate::http) async fn login(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, payload, Bucket::Login).await?;
    let step = asked.state.identity.sign_in(asked.sign_in()?).await?;
    Ok(asked.step(step).await)
}

/// What is left to do.
pub(in crate::http) async fn step(
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::bare(&request, Bucket::Auth)?;
    let step = asked.state.identity.step(&path).await?;
    Ok(asked.step(step).await)
}

/// The membership is chosen.
pub(in crate::http) async fn profile(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, payload, Bucket::Auth).await?;
    let step = asked.state.identity.choose(asked.needed("login")?, asked.needed("profile")?).await?;
    Ok(asked.step(step).await)
}

/// Less of the scope is chosen.
pub(in crate::http) async fn narrow(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, payload, Bucket::Auth).await?;
    let step = asked.state.identity.narrow(asked.needed("login")?, asked.needed("scope")?).await?;
    Ok(asked.step(step).await)
}

/// A code is to be mailed to sign in with. The answer is the same whether there is such an account.
pub(in crate::http) async fn mail_code(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, payload, Bucket::Login).await?;
    asked.needed("email")?;
    asked.state.identity.magic(&asked.sign_in()?).await?;
    Ok(asked.done())
}

/// With such a code.
pub(in crate::http) async fn with_code(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, payload, Bucket::Login).await?;
    let step = asked.state.identity.sign_in_by_mail(asked.needed("code")?, asked.sign_in()?).await?;
    Ok(asked.step(step).await)
}
