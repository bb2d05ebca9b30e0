//! `GET /user/{user_id}`: a user by number or guid.

use actix_web::{HttpRequest, HttpResponse};

use super::super::answer::one;
use super::super::asked::Asked;
use super::super::caller::Caller;
use super::view::shown;
use crate::error::not_found;
use crate::http::reply::Failure;
use crate::repo::Repo;

pub(in crate::http) async fn user(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::of(&request).await?;
    let asked = Asked::read(&request, &["provider_guid"])?;
    provided(&caller.repo, asked.text("provider_guid")?)?;
    let row = caller.user(caller.part("user_id")).await?;
    Ok(one(&asked, shown(&caller, &row).await?))
}

/// A credential is bound to one pool of users: in that of another provider there is nobody for it.
pub(in crate::http::axway) fn provided(repo: &Repo, provider: Option<&str>) -> Result<(), Failure> {
    match provider {
        Some(id) if !id.eq_ignore_ascii_case(&repo.actor().project_id) => {
            Err(not_found("there is no such provider here").at("provider_guid").into())
        }
        _ => Ok(()),
    }
}
