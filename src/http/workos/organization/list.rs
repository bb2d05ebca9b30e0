//! Organizations are read and listed.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use super::super::asked::Parameters;
use super::super::caller::Caller;
use super::super::list::Paging;
use super::super::record;
use super::super::refusal::{Refusal, missing, wrong};
use super::super::{id, part};
use super::{EXTERNAL, addressed, show, shown};
use crate::http::reply;
use crate::search::fold;
use crate::store::Row;

/// Organizations that are looked through for a name.
const MOST: usize = 10_000;

pub(in crate::http) async fn read(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::bare(&request).await?;
    let row = addressed(&request, &caller).await?;
    Ok(reply::ok().json(show(&caller.repo, &row).await?))
}

pub(in crate::http) async fn by_external_id(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::bare(&request).await?;
    let external = part(&request, "external");
    let found = caller.identity().organizations_with(&caller.repo, EXTERNAL, &external).await?;
    let row = found.first().ok_or_else(|| missing("organization", &external))?;
    Ok(reply::ok().json(show(&caller.repo, row).await?))
}

pub(in crate::http) async fn list(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::of(&request).await?;
    let mut asked = Parameters::read(&request)?;
    let paging = Paging::read(&mut asked, id::ORGANIZATION);
    let domains = asked.texts("domains");
    let name = asked.text("search");
    asked.finish()?;
    let owners = match domains.is_empty() {
        true => None,
        false => Some(owners(&caller, &domains).await?),
    };
    // Read towards the beginning, what comes first is what is nearest.
    let (beyond, before) =
        paging.beside.as_ref().map_or((None, false), |(id, before)| (Some(id.as_str()), *before));
    let descending = paging.descending != before;
    let wanted = paging.limit + 1;
    let mut rows = match (owners, name) {
        (None, None) => caller.identity().organizations(&caller.repo, beyond, descending, wanted).await?,
        (owners, name) => {
            let mut rows: Vec<Arc<Row>> = Vec::new();
            let candidates = match &owners {
                Some(ids) => beyond_of(&caller, ids, beyond, descending).await,
                None => caller.identity().organizations(&caller.repo, beyond, descending, MOST).await?,
            };
            let sought = name.as_deref().map(fold::fold);
            for row in candidates {
                let body = crate::resource::parse(row.body.as_bytes())?;
                let called = fold::fold(body.get("name").and_then(Value::as_str).unwrap_or_default());
                if sought.as_ref().is_none_or(|sought| called.contains(sought.as_str())) {
                    rows.push(row);
                }
                if rows.len() == wanted {
                    break;
                }
            }
            rows
        }
    };
    let more = rows.len() == wanted;
    rows.truncate(paging.limit);
    let ends = if before { (more, true) } else { (beyond.is_some(), more) };
    if before {
        rows.reverse();
    }
    Ok(reply::ok().json(paging.envelope(shown(&caller.repo, &rows).await?, ends)))
}

/// Ids of the organizations that have any of these domains.
async fn owners(caller: &Caller<'_>, domains: &[String]) -> Result<Vec<String>, Refusal> {
    let mut ids = Vec::new();
    if domains.len() > 100 {
        return Err(wrong("domains", "out_of_range", "No more than 100 domains are sought at once."));
    }
    for domain in domains {
        let Some(row) = record::DOMAIN.named(&caller.repo, &domain.to_lowercase()).await? else { continue };
        let body = crate::resource::parse(row.body.as_bytes())?;
        let subject = body.pointer("/subject/reference").and_then(Value::as_str).unwrap_or_default();
        ids.extend(subject.strip_prefix("Project/").map(str::to_owned));
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// Of some organizations those beyond an id, in the direction of reading.
async fn beyond_of(
    caller: &Caller<'_>,
    ids: &[String],
    beyond: Option<&str>,
    descending: bool,
) -> Vec<Arc<Row>> {
    let mut rows = Vec::new();
    for id in ids {
        let within =
            beyond.is_none_or(|beyond| if descending { id.as_str() < beyond } else { id.as_str() > beyond });
        if within && let Ok((row, _)) = caller.identity().organization_record(&caller.repo, id).await {
            rows.push(row);
        }
    }
    if descending {
        rows.reverse();
    }
    rows
}
