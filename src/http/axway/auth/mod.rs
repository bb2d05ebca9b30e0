//! Signing in and what belongs to it: `/auth/…`, a file a subject.

mod activate;
mod factor;
mod login;
mod password_policy;
mod session;
mod terms;

pub(in crate::http) use activate::{activate, activation, forgot, resend_activation, reset};
pub(in crate::http) use factor::{
    begin_app, confirm_app, remove_app, send_code, validate_password, verify_code,
};
pub(in crate::http) use login::{device_auth, login, logout, resend};
pub(in crate::http) use password_policy::password_policy;
pub(in crate::http) use session::{check_session, find_session, own_session};
pub(in crate::http) use terms::accept_terms;

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;

use crate::error::{Result, not_found};
use crate::http::extract;
use crate::http::reply::Failure;

/// The project whose users somebody is sought among before he is known: that of the organization or provider that he
/// names, else that of the key that the request bears; else there is none, and he is a user of the server.
async fn project(
    request: &HttpRequest,
    provider: Option<&str>,
    org: Option<&str>,
) -> Result<Option<String>, Failure> {
    let store = &extract::state(request).engine.store;
    let Some(given) = org.or(provider).filter(|given| !given.is_empty()) else {
        if !request.headers().contains_key(AUTHORIZATION) {
            return Ok(None);
        }
        let repo = extract::caller(request).await?;
        return Ok(Some(repo.actor().project_id.clone()).filter(|id| !id.is_empty()));
    };
    let missing = || not_found(format!("there is no organization '{given}'"));
    let id = match given.parse::<i32>() {
        Ok(number) => store.id_of_project(number)?.filter(|id| !id.is_empty()),
        Err(_) => Some(given.to_ascii_lowercase()),
    };
    match id {
        Some(id) if store.project_number(&id)?.is_some() => Ok(Some(id)),
        _ => Err(missing().into()),
    }
}
