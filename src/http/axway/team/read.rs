//! `GET /team` and `GET /team/{team_id}`.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use super::super::answer::{one, page};
use super::super::asked::Asked;
use super::super::caller::Caller;
use super::super::place::Org;
use super::super::record::body;
use super::view::{TAGS, named, shown};
use crate::error::{Kind, Result, malformed};
use crate::http::reply::Failure;
use crate::search::escape;

const KNOWN: [&str; 6] = ["default", "name", "org_id", "tag", "user_guid", "provider_guid"];

pub(in crate::http) async fn teams(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::of(&request).await?;
    let asked = Asked::read(&request, &KNOWN)?;
    super::super::user::provided(&caller.repo, asked.text("provider_guid")?)?;
    let org = match asked.text("org_id")? {
        Some(given) => caller.org(given).await?,
        None => caller.home(),
    };
    let mut clauses = vec![("_sort".to_owned(), "name".to_owned())];
    if let Some(name) = asked.text("name")? {
        clauses.push(("name:exact".to_owned(), escape(name)));
    }
    if let Some(tag) = asked.text("tag")? {
        clauses.push(("_tag".to_owned(), format!("{TAGS}|{}", escape(tag))));
    }
    match asked.flag("default")? {
        Some(true) => clauses.push(("default-team".to_owned(), "true".to_owned())),
        Some(false) => clauses.push(("default-team:not".to_owned(), "true".to_owned())),
        None => {}
    }
    if let Some(given) = asked.text("user_guid")? {
        let user = match caller.user(given).await {
            Ok(row) => row.id.clone(),
            Err(error) if error.kind == Kind::NotFound => "none".to_owned(),
            Err(error) => return Err(error.into()),
        };
        clauses.push(("member".to_owned(), format!("User/{user}")));
    }
    let (found, matched) = match org.repo.search_at("Group", &clauses, asked.skip(), asked.limit).await {
        // Of what somebody may not see there is nothing for him.
        Err(error) if error.kind == Kind::Forbidden => (Vec::new(), 0),
        Err(error) => return Err(error.into()),
        Ok(found) => (found.rows, usize::try_from(found.total.unwrap_or_default()).unwrap_or_default()),
    };
    let created = org.repo.created(&found).await?;
    let teams: Result<Vec<Value>> =
        found.iter().zip(created).map(|(row, made)| Ok(shown(&org, row, &body(row)?, made))).collect();
    Ok(page(&asked, teams?, matched))
}

/// All teams of an organization in which somebody is, in short.
pub(in crate::http::axway) async fn accessible(org: &Org, reference: &str) -> Result<Vec<Value>> {
    let asked = [("member", reference.to_owned()), ("_sort", "name".to_owned())];
    let found = match org.all("Group", &asked).await {
        Err(error) if error.kind == Kind::Forbidden => Vec::new(),
        found => found?,
    };
    let created = org.repo.created(&found).await?;
    found.iter().zip(created).map(|(row, made)| Ok(shown(org, row, &body(row)?, made))).collect()
}

pub(in crate::http) async fn team(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::of(&request).await?;
    let asked = Asked::read(&request, &[])?;
    let (org, row, group) = named(&caller, caller.part("team_id")).await?;
    let created = org.repo.created(std::slice::from_ref(&row)).await?;
    let created = created.first().ok_or_else(|| malformed("this team is gone"))?;
    Ok(one(&asked, shown(&org, &row, &group, *created)))
}
