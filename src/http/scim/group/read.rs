//! From FHIR to SCIM: a Group as a client reads it, and the groups that users are in.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::accept::Object;
use super::super::refusal::Result;
use super::super::schema::GROUP;
use super::super::shape::{Wanted, moment, wants};
use super::super::user::all;
use super::{EXTERNAL_ID, MEMBERS};
use crate::error::fault;
use crate::repo::Repo;
use crate::resource;
use crate::store::Row;

/// A group as it is stored.
pub(in super::super) struct Team {
    pub row: Arc<Row>,
    pub body: Value,
    created: i64,
}

/// As much of a Group as says who is in it: a large one is read for one of its members.
#[derive(Deserialize)]
struct Light<'a> {
    #[serde(borrow, default)]
    name: Cow<'a, str>,
    #[serde(borrow, default)]
    member: Vec<Member<'a>>,
}

#[derive(Deserialize)]
struct Member<'a> {
    #[serde(borrow)]
    entity: Entity<'a>,
    #[serde(default)]
    inactive: bool,
}

#[derive(Deserialize)]
struct Entity<'a> {
    #[serde(borrow, default)]
    reference: Cow<'a, str>,
}

/// Ids in one question.
const MOST: usize = 50;

pub(in super::super) async fn teams(repo: &Repo, rows: Vec<Arc<Row>>) -> Result<Vec<Team>> {
    let created = repo.created(&rows).await?;
    let mut teams = Vec::with_capacity(rows.len());
    for (row, created) in rows.into_iter().zip(created) {
        teams.push(Team { body: resource::parse(row.body.as_bytes())?, row, created });
    }
    Ok(teams)
}

/// Of each user the groups that he is in.
pub(in super::super) async fn of_users(
    repo: &Repo,
    ids: &[&str],
    base: &str,
) -> Result<HashMap<String, Vec<Value>>> {
    let mut groups: HashMap<String, Vec<Value>> = HashMap::new();
    for some in ids.chunks(MOST) {
        let wanted: HashSet<&str> = some.iter().copied().collect();
        for row in of_any(repo, some).await? {
            let light: Light = serde_json::from_str(&row.body).map_err(fault)?;
            let shown = json!({
                "value": row.id, "$ref": format!("{base}/Groups/{}", row.id), "display": light.name, "type": "direct"
            });
            let inside = light.member.iter().filter(|member| !member.inactive);
            let inside = inside.filter_map(|member| member.entity.reference.strip_prefix("User/"));
            for id in inside.filter(|id| wanted.contains(id)).collect::<HashSet<_>>() {
                groups.entry(id.to_owned()).or_default().push(shown.clone());
            }
        }
    }
    Ok(groups)
}

/// The groups that any of these users is in.
pub(super) async fn of_any(repo: &Repo, ids: &[&str]) -> Result<Vec<Arc<Row>>> {
    let users: Vec<String> = ids.iter().map(|id| format!("User/{id}")).collect();
    Ok(all(repo, "Group", &[("member", users.join(",")), ("type", "person".to_owned())]).await?)
}

/// The groups as SCIM has them, with as much as is asked for.
pub(in super::super) fn shown(teams: &[Team], base: &str, wanted: &Wanted) -> Vec<Value> {
    let members = wants(wanted, "members");
    teams.iter().map(|team| Value::Object(team.scim(base, members))).collect()
}

impl Team {
    /// Of which only the version matters.
    pub fn unread(row: Arc<Row>) -> Self {
        Self { created: row.updated, row, body: Value::Null }
    }

    pub fn tag(&self) -> String {
        tag(&self.row)
    }

    pub fn scim(&self, base: &str, with_members: bool) -> Object {
        let mut scim = Object::new();
        scim.insert("schemas".to_owned(), json!([GROUP]));
        scim.insert("id".to_owned(), Value::from(self.row.id.as_str()));
        let identifiers = self.body.get("identifier").and_then(Value::as_array).into_iter().flatten();
        let external =
            identifiers.filter(|one| one["system"] == EXTERNAL_ID).find_map(|one| one.get("value"));
        if let Some(external) = external {
            scim.insert("externalId".to_owned(), external.clone());
        }
        // A Group of FHIR may have no name, one of SCIM has.
        let name = self.body.get("name").cloned().unwrap_or_else(|| Value::from(self.row.id.as_str()));
        scim.insert("displayName".to_owned(), name);
        if with_members {
            let members = self.body.get("member").and_then(Value::as_array).into_iter().flatten();
            let members: Vec<Value> = members.filter_map(|member| member_of(member, base)).collect();
            if !members.is_empty() {
                scim.insert("members".to_owned(), Value::Array(members));
            }
        }
        scim.insert(
            "meta".to_owned(),
            json!({
                "resourceType": "Group",
                "created": moment(self.created),
                "lastModified": moment(self.row.updated),
                "location": format!("{base}/Groups/{}", self.row.id),
                "version": self.tag(),
            }),
        );
        scim
    }
}

pub(super) fn tag(row: &Row) -> String {
    format!("W/\"{}\"", row.version)
}

/// What SCIM takes for a group.
pub(super) fn lists_persons(body: &Value) -> bool {
    body["type"] == "person" && body["actual"] == Value::Bool(true)
}

/// What a member is and which one, if he is one of ours.
pub(super) fn named(member: &Value) -> Option<(&'static str, &str)> {
    if member.get("inactive") == Some(&Value::Bool(true)) {
        return None;
    }
    let (kind, id) = member.get("entity")?.get("reference")?.as_str()?.split_once('/')?;
    MEMBERS.into_iter().find(|known| *known == kind).map(|kind| (kind, id))
}

/// A member as SCIM has it.
pub(super) fn member_of(member: &Value, base: &str) -> Option<Value> {
    let (kind, id) = named(member)?;
    let mut shown = Object::new();
    shown.insert("value".to_owned(), Value::from(id));
    shown.insert("$ref".to_owned(), Value::from(format!("{base}/{kind}s/{id}")));
    if let Some(display) = member.get("entity").and_then(|entity| entity.get("display")) {
        shown.insert("display".to_owned(), display.clone());
    }
    shown.insert("type".to_owned(), Value::from(kind));
    Some(Value::Object(shown))
}
