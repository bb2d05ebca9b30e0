//! Users: those of the project's own pool, and guests who are members of it.

mod around;
mod filter;
mod taken;
mod view;
mod write;

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

pub(in crate::http) use write::{create_user, delete_user, update_user};

use super::{answer, caller, found, id};
use crate::error::{Error, Result, busy};
use crate::http::extract;
use crate::http::reply::Failure;
use crate::repo::Repo;
use crate::store::Row;
pub(in crate::http::truto) use filter::USERS;
pub(in crate::http::truto) use view::all as seen;

/// A writer who is outrun starts over with what the winner wrote, this often.
pub(super) const ATTEMPTS: usize = 10;

pub(in crate::http) async fn users(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let (repo, asked) = caller(&request).await?;
    let page = USERS.page(&repo, &asked).await?;
    let views = view::all(&extract::state(&request).identity, &repo, &page.rows).await?;
    answer::many(&request, &repo, &asked, &page, views)
}

pub(in crate::http) async fn user(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let (repo, asked) = caller(&request).await?;
    asked.of_one()?;
    let row = found(&repo, "User", id(&request)).await?;
    let view = shown(&request, &repo, &row).await?;
    answer::one(&request, &repo, &asked, &row, view)
}

/// Whoever holds the token, as a list of one; a key is nobody, and its list is empty.
pub(in crate::http) async fn me(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let (repo, mut asked) = caller(&request).await?;
    let Some(id) = repo.actor().reference.strip_prefix("User/").map(str::to_owned) else {
        return answer::none(&request, &asked);
    };
    asked.remote.push(("_id".to_owned(), id.clone()));
    let page = match USERS.page(&repo, &asked).await {
        Ok(page) => page,
        // A member may read himself and search nobody.
        Err(error) if error.kind == crate::error::Kind::Forbidden => {
            asked.key_by = None;
            let row = found(&repo, "User", &id).await?;
            let view = shown(&request, &repo, &row).await?;
            return answer::alone(&request, &asked, &row, view);
        }
        Err(error) => return Err(error.into()),
    };
    let views = view::all(&extract::state(&request).identity, &repo, &page.rows).await?;
    answer::many(&request, &repo, &asked, &page, views)
}

async fn shown(request: &HttpRequest, repo: &Repo, row: &Arc<Row>) -> Result<Value> {
    let mut views = view::all(&extract::state(request).identity, repo, std::slice::from_ref(row)).await?;
    Ok(views.pop().unwrap_or_default())
}

/// What is said to whoever was outrun every time.
pub(super) fn crowded(what: &str) -> Error {
    busy(format!("this {what} is written by many at once; try again"))
}
