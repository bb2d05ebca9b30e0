//! Invitations are read and listed.

use actix_web::{HttpRequest, HttpResponse};

use super::super::asked::Parameters;
use super::super::caller::Caller;
use super::super::list::{Paging, ends};
use super::super::refusal::{Refusal, missing};
use super::super::{id, organization, part};
use super::render;
use crate::http::reply;
use crate::identity::application::{CodeKind, Coded};
use crate::search::escape;

pub(super) async fn addressed(request: &HttpRequest, caller: &Caller<'_>) -> Result<Coded, Refusal> {
    let given = part(request, "invitation");
    let unknown = || missing("invitation", &given);
    let id = id::read(id::INVITATION, &given).ok_or_else(unknown)?;
    caller.identity().code(&caller.repo, CodeKind::Invite, &id).await.map_err(|_| unknown())
}

pub(in crate::http) async fn read(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::bare(&request).await?;
    let coded = addressed(&request, &caller).await?;
    Ok(reply::ok().json(render(caller.identity(), &caller.repo, &coded).await?))
}

pub(in crate::http) async fn by_token(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::bare(&request).await?;
    let token = part(&request, "token");
    let found = caller.identity().by_token(&caller.repo, CodeKind::Invite, &token).await;
    let coded = found.map_err(|_| missing("invitation", &token))?;
    Ok(reply::ok().json(render(caller.identity(), &caller.repo, &coded).await?))
}

pub(in crate::http) async fn list(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::of(&request).await?;
    let mut asked = Parameters::read(&request)?;
    let paging = Paging::read(&mut asked, id::INVITATION);
    let (home, email) = (asked.text("organization_id"), asked.text("email"));
    asked.finish()?;
    let mut clauses = vec![("type".to_owned(), CodeKind::Invite.code().to_owned())];
    if let Some(home) = home {
        let (row, _) = organization::named(&caller, &home).await?;
        clauses.push(("project".to_owned(), format!("Project/{}", row.id)));
    }
    if let Some(email) = email {
        clauses.push(("email:exact".to_owned(), escape(&email.to_lowercase())));
    }
    let found = paging.fetch(&caller.repo, "UserSecurityRequest", clauses, "_id").await?;
    let mut data = Vec::with_capacity(found.rows.len());
    for row in &found.rows {
        // One that was mailed by another way has no token to show.
        if let Ok(coded) = caller.identity().code(&caller.repo, CodeKind::Invite, &row.id).await {
            data.push(render(caller.identity(), &caller.repo, &coded).await?);
        }
    }
    Ok(reply::ok().json(paging.envelope(data, ends(&found))))
}
