//! New accounts, projects and patients: `/auth/newuser`, `/auth/newproject`, `/auth/newpatient`.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::asked::Asked;
use crate::http::reply::Failure;
use crate::identity::{Bucket, Newcomer};

pub(in crate::http) async fn new_user(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, payload, Bucket::Login).await?;
    asked.needed("email")?;
    asked.needed("password")?;
    let newcomer = Newcomer {
        first_name: asked.needed("firstName")?.to_owned(),
        last_name: asked.needed("lastName")?.to_owned(),
        sign_in: asked.sign_in()?,
    };
    let welcome = asked.state.identity.register(newcomer).await?;
    Ok(asked.json(&match welcome.unverified {
        true => json!({ "login": welcome.login, "emailVerificationRequired": true }),
        false => json!({ "login": welcome.login }),
    }))
}

pub(in crate::http) async fn new_project(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, payload, Bucket::Login).await?;
    let step =
        asked.state.identity.found_project(asked.needed("login")?, asked.needed("projectName")?).await?;
    Ok(asked.step(step).await)
}

pub(in crate::http) async fn new_patient(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, payload, Bucket::Login).await?;
    let step = asked.state.identity.new_patient(asked.needed("login")?, asked.needed("projectId")?).await?;
    Ok(asked.step(step).await)
}
