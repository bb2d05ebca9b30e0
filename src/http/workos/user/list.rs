//! Users are read and listed.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse};

use super::super::asked::Parameters;
use super::super::caller::Caller;
use super::super::list::{Paging, ends};
use super::super::refusal::{Refusal, missing, wrong};
use super::super::{id, part};
use super::{addressed, answer, shown};
use crate::http::reply;
use crate::search::escape;
use crate::store::Row;

pub(in crate::http) async fn read(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::bare(&request).await?;
    let row = addressed(&request, &caller.repo).await?;
    answer(caller.identity(), &caller.repo, &row, false).await
}

/// Who else vouches for a user: nobody, since nobody signs in here by another's word.
pub(in crate::http) async fn identities(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::bare(&request).await?;
    addressed(&request, &caller.repo).await?;
    Ok(reply::ok().json(serde_json::json!([])))
}

pub(in crate::http) async fn by_external_id(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::bare(&request).await?;
    let external = part(&request, "external");
    let asked = [("external-id:exact".to_owned(), escape(&external))];
    let found = caller.repo.search("User", &asked, false).await?;
    let row = found.rows.iter().find(|row| row.project == caller.repo.actor().project);
    let row = row.ok_or_else(|| missing("user", &external))?;
    answer(caller.identity(), &caller.repo, row, false).await
}

pub(in crate::http) async fn list(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::of(&request).await?;
    let mut asked = Parameters::read(&request)?;
    let paging = Paging::read(&mut asked, id::USER);
    let email = asked.text("email");
    let organization = asked.text("organization_id").or(asked.text("organization"));
    asked.finish()?;
    let (rows, ends) = match organization {
        Some(organization) => of_organization(&caller, &paging, &organization, email.as_deref()).await?,
        None => {
            let home = format!("Project/{}", caller.repo.actor().project_id);
            let mut clauses = vec![("project".to_owned(), home)];
            clauses.extend(email.map(|email| ("email:exact".to_owned(), escape(&email.to_lowercase()))));
            let found = paging.fetch(&caller.repo, "User", clauses, "_id").await?;
            let ends = ends(&found);
            (found.rows, ends)
        }
    };
    let data = shown(caller.identity(), &caller.repo, &rows).await?;
    Ok(reply::ok().json(paging.envelope(data, ends)))
}

/// The people of an organization: its memberships, in the order of their users.
async fn of_organization(
    caller: &Caller<'_>,
    paging: &Paging,
    organization: &str,
    email: Option<&str>,
) -> Result<(Vec<Arc<Row>>, (bool, bool)), Refusal> {
    let unknown = || wrong("organization_id", "invalid_value", "organization_id is that of an organization.");
    let id = id::read(id::ORGANIZATION, organization).ok_or_else(unknown)?;
    let seat = caller.identity().organization(&caller.repo, &id).await.map_err(|_| unknown())?;
    let mut clauses = vec![("project".to_owned(), format!("Project/{id}"))];
    if let Some(email) = email {
        // One user has it, if any.
        let asked = [("email:exact".to_owned(), escape(&email.to_lowercase()))];
        let found = caller.repo.search("User", &asked, false).await?;
        match found.rows.iter().find(|row| row.project == caller.repo.actor().project) {
            Some(row) => clauses.push(("user".to_owned(), format!("User/{}", row.id))),
            None => return Ok((Vec::new(), (false, false))),
        }
    } else {
        clauses.push(("user:missing".to_owned(), "false".to_owned()));
    }
    let found = paging.fetch(&seat, "ProjectMembership", clauses, "user").await?;
    let mut rows: Vec<Arc<Row>> = Vec::with_capacity(found.rows.len());
    for membership in &found.rows {
        let body = crate::resource::parse(membership.body.as_bytes())?;
        let user = body.pointer("/user/reference").and_then(|reference| reference.as_str());
        let Some(user) = user.and_then(|user| user.strip_prefix("User/")) else { continue };
        if rows.iter().all(|known| known.id != user)
            && let Ok(row) = caller.repo.read("User", user).await
        {
            rows.push(row);
        }
    }
    Ok((rows, ends(&found)))
}
