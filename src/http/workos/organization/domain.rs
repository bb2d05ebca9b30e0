//! Domains of organizations: one is of one organization. It is verified because the customer says so, or because the DNS
//! has the token among the texts of the domain.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::super::caller::Caller;
use super::super::record::{self, extend, extension};
use super::super::refusal::{Refusal, bad, missing};
use super::super::{id, moment, part};
use super::named;
use crate::http::reply;
use crate::repo::{Criteria, Outcome, Repo};
use crate::store::Row;

pub(in crate::http::workos) const STATE: &str = "domain-state";
const TOKEN: &str = "domain-token";
/// The state of a domain that the customer calls verified, and of one of which the DNS says so.
const VERIFIED: &str = "verified";
const PROVED: &str = "proved";

/// A version of a domain.
pub(in crate::http::workos) fn render(row: &Row, body: &Value, created: i64) -> Value {
    let subject = body.pointer("/subject/reference").and_then(Value::as_str).unwrap_or_default();
    let state = extension(body, STATE).and_then(Value::as_str).unwrap_or("pending");
    json!({
        "object": "organization_domain",
        "id": id::show(id::DOMAIN, &row.id),
        "organization_id": id::show(id::ORGANIZATION, subject.trim_start_matches("Project/")),
        "domain": record::value(body),
        "state": if state == PROVED { VERIFIED } else { state },
        "verification_prefix": Value::Null,
        "verification_token": extension(body, TOKEN),
        "verification_strategy": if state == VERIFIED { "manual" } else { "dns" },
        "created_at": moment::text(created),
        "updated_at": moment::text(row.updated),
    })
}

/// The record of a domain to be; nothing where the text is no name of one.
pub(super) fn body(domain: &str, organization: &str, verified: bool) -> Option<Value> {
    let domain = domain.trim().to_lowercase();
    let legal = |char: char| char.is_alphanumeric() || char == '-';
    let labels: Vec<&str> = domain.split('.').collect();
    if labels.len() < 2
        || domain.len() > 253
        || labels.iter().any(|label| label.is_empty() || !label.chars().all(legal))
    {
        return None;
    }
    let mut body = record::DOMAIN.body(&domain, Some(&format!("Project/{organization}")));
    let state = if verified { VERIFIED } else { "pending" };
    extend(&mut body, STATE, "valueCode", Some(Value::from(state)));
    extend(&mut body, TOKEN, "valueString", Some(uuid::Uuid::new_v4().simple().to_string().into()));
    Some(body)
}

/// Keeps a new domain, unless another organization has it; one that this organization has is kept as it is.
pub(super) async fn keep(repo: &Repo, body: Value) -> Result<Arc<Row>, Refusal> {
    let domain = record::value(&body).to_owned();
    let subject = body.pointer("/subject/reference").cloned();
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in record::DOMAIN.clauses(&domain) {
        query.append_pair(&name, &value);
    }
    let criteria = Criteria::parse(&query.finish(), "domain")?;
    let written = repo.create_unless("Basic", body, &criteria).await?;
    let found = crate::resource::parse(written.row.body.as_bytes())?;
    if written.outcome == Outcome::Found && found.pointer("/subject/reference") != subject.as_ref() {
        return Err(taken(&domain));
    }
    Ok(written.row)
}

pub(super) fn taken(domain: &str) -> Refusal {
    bad("domain_already_used", format!("The domain '{domain}' is that of another organization."))
}

pub(in crate::http) async fn create(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    let (domain, organization) = (asked.needed("domain"), asked.needed("organization_id"));
    asked.finish()?;
    let (owner, _) = named(&caller, &organization).await?;
    let invalid = || bad("invalid_domain", format!("'{domain}' is no name of a domain."));
    let row = keep(&caller.repo, body(&domain, &owner.id, false).ok_or_else(invalid)?).await?;
    show(&caller.repo, &row, true).await
}

async fn show(repo: &Repo, row: &Arc<Row>, new: bool) -> Result<HttpResponse, Refusal> {
    let created = repo.created(std::slice::from_ref(row)).await?.pop().unwrap_or(row.updated);
    let body = crate::resource::parse(row.body.as_bytes())?;
    let mut reply = if new { reply::made() } else { reply::ok() };
    Ok(reply.json(render(row, &body, created)))
}

/// The domain in the address.
async fn addressed(request: &HttpRequest, repo: &Repo) -> Result<Arc<Row>, Refusal> {
    let given = part(request, "domain");
    let unknown = || missing("organization_domain", &given);
    let id = id::read(id::DOMAIN, &given).ok_or_else(unknown)?;
    let row = repo.read("Basic", &id).await.map_err(|_| unknown())?;
    match record::DOMAIN.is_of(&crate::resource::parse(row.body.as_bytes())?) {
        true => Ok(row),
        false => Err(unknown()),
    }
}

pub(in crate::http) async fn read(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::bare(&request).await?;
    let row = addressed(&request, &caller.repo).await?;
    show(&caller.repo, &row, false).await
}

pub(in crate::http) async fn delete(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::bare(&request).await?;
    let row = addressed(&request, &caller.repo).await?;
    caller.repo.delete("Basic", &row.id, None).await?;
    Ok(reply::no_content().finish())
}

/// Asks the DNS for the token, once: a domain that does not have it yet stays what it was.
pub(in crate::http) async fn verify(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::of(&request).await?;
    let row = addressed(&request, &caller.repo).await?;
    let mut body = crate::resource::parse(row.body.as_bytes())?;
    let token = extension(&body, TOKEN).and_then(Value::as_str).unwrap_or_default();
    if is_verified(&body) || token.is_empty() {
        return show(&caller.repo, &row, false).await;
    }
    let due = format!("verification_token={token}");
    let texts = caller.identity().texts_of_domain(record::value(&body)).await?;
    if !texts.iter().any(|text| text.trim() == due) {
        return show(&caller.repo, &row, false).await;
    }
    extend(&mut body, STATE, "valueCode", Some(Value::from(PROVED)));
    let written = caller.repo.update("Basic", &row.id, body, Some(row.version)).await?;
    show(&caller.repo, &written.row, false).await
}

pub(in crate::http::workos) fn is_verified(body: &Value) -> bool {
    extension(body, STATE).and_then(Value::as_str).is_some_and(|state| [VERIFIED, PROVED].contains(&state))
}
