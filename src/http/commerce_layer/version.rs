//! Versions: what was written to a membership or a role, newest first; what changed in it, and who wrote it.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};

use super::asked::Asked;
use super::document::Document;
use super::kind::{self, Kind};
use super::{asked, caller, id, kept, read, told, view};
use crate::error::{Result, malformed};
use crate::http::extract;
use crate::http::record::{moment, policies};
use crate::http::reply::{Failure, ok};
use crate::repo::{Change, Repo};
use crate::store::{Period, Row};

/// Versions are no records that could be searched.
static VERSIONS: Kind =
    Kind { name: "versions", resource: "", only: None, attributes: &[], sorts: &[], relations: &[] };
/// Whose versions are told.
const OF: [&str; 2] = ["memberships", "roles"];

/// Those of one record: a project has too many to be counted at each call.
pub(in crate::http) async fn versions(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    let (mut kind, mut of) = (None, None);
    let mut rest = Vec::new();
    for (name, value) in asked(&request)? {
        match name.as_str() {
            "filter[q][resource_type_eq]" => kind = Some(value),
            "filter[q][resource_id_eq]" => of = Some(value),
            _ => rest.push((name, value)),
        }
    }
    let asked = Asked::of_many(&VERSIONS, rest)?;
    let (Some(kind), Some(of)) = (kind, of) else {
        let text = "a list of versions is of one record: give filter[q][resource_type_eq] and filter[q][resource_id_eq]";
        return Err(malformed(text).coded("required").at("filter[q]").into());
    };
    let known = kind::of(&kind).filter(|kind| OF.contains(&kind.name));
    let Some(kind) = known else {
        let text = format!("versions are of {}", OF.join(" and "));
        return Err(malformed(text).coded("value").at("filter[q][resource_type_eq]").into());
    };
    let row = read::read(&repo, kind, &of).await?;
    let mut asked = asked;
    asked.rest.push(("filter[q][resource_type_eq]".to_owned(), kind.name.to_owned()));
    asked.rest.push(("filter[q][resource_id_eq]".to_owned(), of));
    page(&request, &repo, kind, &row, &asked, "versions").await
}

/// The versions that a record leads to.
pub(super) async fn of_record(
    request: &HttpRequest,
    repo: &Repo,
    kind: &Kind,
    row: &Row,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::of_many(&VERSIONS, asked(request)?)?;
    let path = format!("{}/{}/versions", kind.name, row.id);
    page(request, repo, kind, row, &asked, &path).await
}

pub(in crate::http) async fn version(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    let asked = Asked::of_one(&VERSIONS, asked(&request)?)?;
    let id = id(&request);
    let missing = || read::nothing(&format!("version '{id}'"));
    // `memberships-UUID-3`
    let (kind, rest) = id.split_once('-').ok_or_else(missing)?;
    let (of, number) = rest.rsplit_once('-').ok_or_else(missing)?;
    let kind = kind::of(kind).filter(|kind| OF.contains(&kind.name)).ok_or_else(missing)?;
    let number: i64 = number.parse().ok().filter(|number| *number > 0).ok_or_else(missing)?;
    let row = read::read(&repo, kind, of).await?;
    let told_of = records(&repo, kind, &row, number.saturating_add(1), 1).await?;
    let document = Document::new(&repo, &asked, &extract::state(&request).public_url);
    let found = told_of.into_iter().find(|(found, _)| found == id).ok_or_else(missing)?;
    let record = document.record(&VERSIONS, &found.0, found.1);
    Ok(told(&request, ok(), &json!({ "data": record })))
}

/// Versions are numbered from 1 on, so that a page of them is a look-up wherever it is.
async fn page(
    request: &HttpRequest,
    repo: &Repo,
    kind: &Kind,
    row: &Row,
    asked: &Asked,
    path: &str,
) -> Result<HttpResponse, Failure> {
    let skip = i64::try_from(asked.skip()).unwrap_or(i64::MAX);
    let before = row.version.saturating_add(1).saturating_sub(skip);
    let found = if before > 1 { records(repo, kind, row, before, asked.size).await? } else { Vec::new() };
    let document = Document::new(repo, asked, &extract::state(request).public_url);
    let data =
        found.into_iter().map(|(id, attributes)| document.record(&VERSIONS, &id, attributes)).collect();
    let total = u64::try_from(row.version).unwrap_or_default();
    Ok(told(request, ok(), &document.page(data, total, path)))
}

/// At most `count` versions older than `before`: id and attributes.
async fn records(
    repo: &Repo,
    kind: &Kind,
    row: &Row,
    before: i64,
    count: usize,
) -> Result<Vec<(String, Value)>> {
    // One more, to compare the last with.
    let history = repo.history(kind.resource, &row.id, Period::default(), Some(before), count + 1).await?;
    let changes = &history.changes;
    let each = changes.iter().take(count).enumerate().map(|(place, change)| {
        let attributes = attributes(kind, &row.id, change, changes.get(place + 1))?;
        Ok((format!("{}-{}-{}", kind.name, row.id, change.version.version), attributes))
    });
    each.collect()
}

fn attributes(kind: &Kind, id: &str, change: &Change, older: Option<&Change>) -> Result<Value> {
    let event = match (change.version.deleted, change.created) {
        (true, _) => "destroy",
        (_, true) => "create",
        _ => "update",
    };
    let none = Map::new();
    let (new, old) = (fields(kind, Some(change))?, fields(kind, older)?);
    let (new, old) = (new.as_object().unwrap_or(&none), old.as_object().unwrap_or(&none));
    let names = new.keys().chain(old.keys().filter(|name| !new.contains_key(*name)));
    let mut changes = Map::new();
    for name in names {
        let pair = [old, new].map(|side| side.get(name).cloned().unwrap_or_default());
        if pair[0] != pair[1] {
            changes.insert(name.clone(), json!(pair));
        }
    }
    let who = match change.author.as_deref().and_then(|author| author.split_once('/')) {
        Some(("User", id)) => json!({ "user": { "id": id } }),
        Some(("ClientApplication", id)) => json!({ "application": { "id": id } }),
        _ => json!({}),
    };
    let at = moment(change.version.updated);
    Ok(json!({
        "resource_type": kind.name,
        "resource_id": id,
        "event": event,
        "changes": changes,
        "who": who,
        "created_at": at,
        "updated_at": at,
    }))
}

/// What of a version is compared.
fn fields(kind: &Kind, change: Option<&Change>) -> Result<Value> {
    let Some(change) = change.filter(|change| !change.version.deleted) else { return Ok(json!({})) };
    let body: Value = serde_json::from_str(&change.version.body).map_err(crate::error::fault)?;
    let mut fields = match kind.name {
        "roles" => view::role(&body),
        _ => json!({
            "role_id": policies(&body).first(),
            "active": body.get("active") != Some(&Value::Bool(false)),
        }),
    };
    kept::tell(&body, &mut fields);
    Ok(fields)
}
