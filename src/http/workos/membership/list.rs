//! Memberships are read and listed, of an organization or of a user.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse};

use super::super::asked::Parameters;
use super::super::caller::Caller;
use super::super::list::{Paging, ends};
use super::super::refusal::{Refusal, bad, missing};
use super::super::{id, organization, part, user};
use super::{show, shown, status, user_of};
use crate::error::Kind;
use crate::http::reply;
use crate::repo::Repo;
use crate::store::Row;

/// The membership in the address, and the repo of its organization's admin.
pub(super) async fn addressed(
    request: &HttpRequest,
    caller: &Caller<'_>,
) -> Result<(Arc<Row>, Repo), Refusal> {
    let given = part(request, "membership");
    let unknown = || missing("organization_membership", &given);
    let id = id::read(id::MEMBERSHIP, &given).ok_or_else(unknown)?;
    let found = caller.identity().membership_below(&caller.repo, &id).await;
    let (row, seat) = found.map_err(|error| match error.kind {
        Kind::NotFound => unknown(),
        _ => error.into(),
    })?;
    // A client's membership is a key, no person's.
    match user_of(&crate::resource::parse(row.body.as_bytes())?) {
        "" => Err(unknown()),
        _ => Ok((row, seat)),
    }
}

pub(in crate::http) async fn read(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::bare(&request).await?;
    let (row, _) = addressed(&request, &caller).await?;
    Ok(reply::ok().json(show(&caller, &row).await?))
}

pub(in crate::http) async fn list(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::of(&request).await?;
    let mut asked = Parameters::read(&request)?;
    let paging = Paging::read(&mut asked, id::MEMBERSHIP);
    let (user_id, organization_id) = (asked.text("user_id"), asked.text("organization_id"));
    let statuses = asked.texts("statuses");
    if statuses.iter().any(|status| !["active", "inactive", "pending"].contains(&status.as_str())) {
        asked.fault("statuses", "invalid_value", "A status is active, inactive or pending.");
    }
    asked.finish()?;
    let wanted: Vec<&str> = match statuses.is_empty() {
        true => vec!["active"],
        false => statuses.iter().map(String::as_str).collect(),
    };
    let person = match &user_id {
        Some(given) => Some(user::named(&caller.repo, given).await?),
        None => None,
    };
    let (rows, ends) = match (organization_id, person) {
        (None, None) => {
            let text = "user_id or organization_id is needed.";
            return Err(bad("missing_user_id_or_organization_id", text));
        }
        (Some(given), person) => {
            let (home, _) = organization::named(&caller, &given).await?;
            let seat = caller.identity().organization(&caller.repo, &home.id).await?;
            let mut clauses = match person {
                Some(row) => vec![("user".to_owned(), format!("User/{}", row.id))],
                // Clients are members, too.
                None => vec![("profile-type:not".to_owned(), "ClientApplication".to_owned())],
            };
            match (wanted.contains(&"active"), wanted.contains(&"inactive")) {
                (true, false) => clauses.push(("active:not".to_owned(), "false".to_owned())),
                (false, true) => clauses.push(("active".to_owned(), "false".to_owned())),
                (true, true) => {}
                (false, false) => return Ok(reply::ok().json(paging.envelope(Vec::new(), (false, false)))),
            }
            let found = paging.fetch(&seat, "ProjectMembership", clauses, "_id").await?;
            let ends = ends(&found);
            (found.rows, ends)
        }
        (None, Some(row)) => {
            let all = caller.identity().memberships_below(&caller.repo, &row.id).await?;
            let mut some = Vec::new();
            for row in all {
                let body = crate::resource::parse(row.body.as_bytes())?;
                if wanted.contains(&status(&body)) {
                    some.push(row);
                }
            }
            paging.cut(some)
        }
    };
    let data = shown(&caller, &rows).await?;
    Ok(reply::ok().json(paging.envelope(data, ends)))
}
