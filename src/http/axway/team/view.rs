//! A team as the platform shows it, and what of it is kept where: its tags are tags of the record, its description and
//! whether it is the default are extensions, and so are the roles of a member.

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::asked::wrong;
use super::super::caller::Caller;
use super::super::place::Org;
use super::super::record::{body, extension, extensions, list, moment, text};
use crate::error::{Kind, Result, not_found};
use crate::repo::Repo;
use crate::store::Row;

pub(super) const TAGS: &str = "https://roster.dev/fhir/CodeSystem/tag";
/// Characters of a tag at most.
const LONGEST: usize = 40;

pub(super) fn shown(org: &Org, row: &Row, group: &Value, created: i64) -> Value {
    json!({
        "guid": row.id,
        "name": text(group, "name").unwrap_or_default(),
        "desc": extension(group, "team-description").and_then(Value::as_str).unwrap_or_default(),
        "default": extension(group, "default-team") == Some(&Value::Bool(true)),
        "tags": tags(group),
        "org_guid": org.id,
        "org_id": org.number,
        "users": list(group, "member").iter().filter_map(member).collect::<Vec<Value>>(),
        "created": moment(created),
        "updated": moment(row.updated),
    })
}

/// One that is neither a person nor a service account is no matter of the platform.
fn member(member: &Value) -> Option<Value> {
    let reference = member.pointer("/entity/reference")?.as_str()?;
    let (kind, guid) = match reference.split_once('/')? {
        ("User", id) => ("user", id),
        ("ClientApplication", id) => ("client", id),
        _ => return None,
    };
    Some(json!({ "guid": guid, "type": kind, "roles": roles(member) }))
}

/// What a member is in a team for.
pub(super) fn roles(member: &Value) -> Vec<&str> {
    let values = extensions(member, "team-role").filter_map(|one| one.get("valueCode"));
    values.filter_map(Value::as_str).collect()
}

pub(in crate::http::axway) fn tags(record: &Value) -> Vec<&str> {
    let tags = record.pointer("/meta/tag").and_then(Value::as_array).into_iter().flatten();
    tags.filter(|tag| tag["system"] == TAGS).filter_map(|tag| tag["code"].as_str()).collect()
}

/// Puts these in the place of all tags of the platform.
pub(in crate::http::axway) fn tagged(record: &mut Value, tags: &[String]) -> Result<()> {
    let mut all: Vec<Value> =
        record.pointer("/meta/tag").and_then(Value::as_array).cloned().unwrap_or_default();
    all.retain(|tag| tag["system"] != TAGS);
    for tag in tags {
        let words: Vec<&str> = tag.split_whitespace().collect();
        if words.is_empty() || tag.chars().count() > LONGEST || words.join(" ") != *tag {
            return Err(wrong("tags", "a tag has 1 to 40 characters, and single spaces"));
        }
        all.push(json!({ "system": TAGS, "code": tag }));
    }
    if record.get("meta").is_none() {
        record["meta"] = json!({});
    }
    record["meta"]["tag"] = all.into();
    let meta = record["meta"].as_object_mut();
    if let Some(meta) =
        meta.filter(|meta| meta.get("tag").and_then(Value::as_array).is_some_and(Vec::is_empty))
    {
        meta.shift_remove("tag");
        if meta.is_empty() {
            record.as_object_mut().map(|record| record.shift_remove("meta"));
        }
    }
    Ok(())
}

/// A team with its organization: of the caller's own, or of one below it.
pub(super) async fn named(caller: &Caller<'_>, guid: &str) -> Result<(Org, Arc<Row>, Value)> {
    let missing = || not_found(format!("there is no team '{guid}' here")).at("team_id");
    let guid = guid.to_ascii_lowercase();
    let home = caller.home();
    if let Some(row) = read(&home.repo, &guid).await? {
        let group = body(&row)?;
        return Ok((home, row, group));
    }
    let below = caller.identity().project_below(&caller.repo, "Group", &guid).await?;
    let org = caller.org(&below.ok_or_else(missing)?).await.map_err(|_| missing())?;
    let row = read(&org.repo, &guid).await?.ok_or_else(missing)?;
    let group = body(&row)?;
    Ok((org, row, group))
}

async fn read(repo: &Repo, id: &str) -> Result<Option<Arc<Row>>> {
    match repo.read("Group", id).await {
        Ok(row) => Ok(Some(row)),
        Err(error) if matches!(error.kind, Kind::NotFound | Kind::Deleted) => Ok(None),
        Err(error) => Err(error),
    }
}
