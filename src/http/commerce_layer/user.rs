//! The user whose token it is: read and changed by himself, and by nobody else here.

use actix_web::{HttpRequest, HttpResponse, web};

use super::asked::Asked;
use super::document::Document;
use super::kind::USERS;
use super::sent::Sent;
use super::{asked, audit, caller, read, told};
use crate::error::Result;
use crate::http::record::found;
use crate::http::reply::{Failure, ok};
use crate::http::{extract, origin};
use crate::repo::Repo;
use crate::repo::audit::Act;

const WRITTEN: [&str; 4] = ["email", "first_name", "last_name", "time_zone"];

pub(in crate::http) async fn user(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    let asked = Asked::of_one(&USERS, asked(&request)?)?;
    let row = found(&repo, "User", own(&repo)?).await?;
    let document = Document::new(&repo, &asked, &extract::state(&request).public_url);
    Ok(told(&request, ok(), &document.one(&USERS, Some(&row)).await?))
}

pub(in crate::http) async fn update_user(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    let asked = Asked::of_one(&USERS, asked(&request)?)?;
    let sent = Sent::read(&request, payload, &USERS, Some(own(&repo)?), (&WRITTEN, &[])).await?;
    if sent.attributes.contains_key("email") {
        sent.needed("email")?;
    }
    let state = extract::state(&request);
    let row = state
        .identity
        .change_own(&repo, audit(&request, "update-own", Act::Update), &origin::origin(&request), |user| {
            sent.write_record(
                user,
                &[
                    ("email", "email"),
                    ("first_name", "firstName"),
                    ("last_name", "lastName"),
                    ("time_zone", "timezone"),
                ],
            );
            Ok(())
        })
        .await?;
    let document = Document::new(&repo, &asked, &state.public_url);
    Ok(told(&request, ok(), &document.one(&USERS, Some(&row)).await?))
}

/// The id of the person who holds the token; a key is nobody.
fn own(repo: &Repo) -> Result<&str, Failure> {
    repo.actor()
        .reference
        .strip_prefix("User/")
        .ok_or_else(|| read::nothing("user behind the key of a client"))
}
