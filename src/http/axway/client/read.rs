//! `GET /client`, `GET /client/{client_id}`, and its description for programs, `GET /client/{client_id}/json`.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::super::answer::{one, page, sent};
use super::super::asked::{Asked, wrong};
use super::super::caller::Caller;
use super::super::record::{body, text};
use super::super::role::{ADMINISTRATOR, Access, CONSUMER};
use super::key;
use super::view::{named, shown};
use crate::error::malformed;
use crate::http::reply::Failure;
use crate::search::escape;

pub(in crate::http) async fn clients(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::admin(&request).await?;
    let asked = Asked::read(&request, &["org_id", "roles", "sort", "term"])?;
    let missing = || malformed("this is missing").coded("required").at("org_id");
    let org = caller.org(asked.text("org_id")?.ok_or_else(missing)?).await?;
    let mut clauses = Vec::new();
    let sort = match asked.text("sort")? {
        None | Some("name") => "name",
        Some("-name") => "-name",
        Some("client_id") => "_id",
        Some("-client_id") => "-_id",
        Some(_) => return Err(wrong("sort", "this is name or client_id").into()),
    };
    clauses.push(("_sort".to_owned(), sort.to_owned()));
    if let Some(term) = asked.text("term")? {
        clauses.push(("name:contains".to_owned(), escape(term)));
    }
    let roles = asked.texts("roles");
    if !roles.is_empty() {
        let mut ids = Vec::new();
        for row in org.all("ProjectMembership", &[("profile-type", "ClientApplication".to_owned())]).await? {
            let membership = body(&row)?;
            let access = Access::of(&caller, &org, &roles).await?;
            let policies = membership["access"].as_array().map_or(&[][..], Vec::as_slice);
            let own =
                |policy: &String| policies.iter().any(|one| one["policy"]["reference"] == policy.as_str());
            let admin = membership["admin"] == true;
            let none = !admin && policies.is_empty() && membership.get("accessPolicy").is_none();
            let named = |role: &str| roles.iter().any(|one| one == role);
            if (admin && named(ADMINISTRATOR)) || (none && named(CONSUMER)) || access.policies.iter().any(own)
            {
                let reference = membership["user"]["reference"].as_str().unwrap_or_default();
                ids.push(reference.trim_start_matches("ClientApplication/").to_owned());
            }
        }
        clauses.push(("_id".to_owned(), if ids.is_empty() { "none".to_owned() } else { ids.join(",") }));
    }
    let found = org.repo.search_at("ClientApplication", &clauses, asked.skip(), asked.limit).await?;
    let matched = usize::try_from(found.total.unwrap_or_default()).unwrap_or_default();
    Ok(page(&asked, shown(&caller, &org, &found.rows).await?, matched))
}

pub(in crate::http) async fn client(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::admin(&request).await?;
    let asked = Asked::read(&request, &[])?;
    let (org, row) = named(&caller, caller.part("client_id")).await?;
    let client = shown(&caller, &org, &[row]).await?.pop().unwrap_or_default();
    Ok(one(&asked, client))
}

/// What a program needs to get tokens with the private key; in no envelope.
pub(in crate::http) async fn client_json(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::admin(&request).await?;
    Asked::read(&request, &[])?;
    let (_, row) = named(&caller, caller.part("client_id")).await?;
    let record = body(&row)?;
    let mut told = json!({
        "clientId": row.id,
        "name": text(&record, "name").unwrap_or_default(),
        "tokenUrl": format!("{}/oauth2/token", caller.state.public_url),
    });
    if let Some((kid, pem)) = text(&record, "jwks").and_then(key::shown) {
        told["kid"] = kid.into();
        told["publicKey"] = Value::from(pem);
    }
    Ok(sent(&told))
}
