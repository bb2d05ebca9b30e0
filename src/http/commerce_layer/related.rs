//! What records lead to: for one relation the related records of each, looked up for all of them together.

use std::collections::HashMap;
use std::sync::Arc;

use super::kind::{self, Kind, Relation};
use super::part;
use crate::error::{Error, Result, fault, malformed};
use crate::http::record::{all, found, parsed, policies, target};
use crate::repo::Repo;
use crate::store::Row;

/// Records that are included at most: whoever wants more pages through them.
const MOST: usize = 1000;
/// Ids in one question.
const ASKED: usize = 100;

/// The search that finds what a record leads to by a relation to many; nothing where it leads to nobody.
pub(super) async fn search(
    repo: &Repo,
    from: &Kind,
    row: &Row,
    relation: &Relation,
) -> Result<Option<Vec<(String, String)>>> {
    let asked = |name: &str, value: String| Some(vec![(name.to_owned(), value)]);
    Ok(match (from.name, relation.name) {
        ("organizations", "memberships") => asked("project", format!("Project/{}", row.id)),
        ("organizations", _) => Some(Vec::new()),
        ("roles", "memberships") => asked("access-policy", format!("AccessPolicy/{}", row.id)),
        ("roles", "api_credentials") => {
            let by = [
                ("access-policy", format!("AccessPolicy/{}", row.id)),
                ("profile-type", "ClientApplication".to_owned()),
            ];
            let mut ids = Vec::new();
            for member in all(repo, "ProjectMembership", &by).await? {
                ids.extend(
                    parsed(&member)?
                        .get("user")
                        .and_then(|user| target(user, "ClientApplication"))
                        .map(str::to_owned),
                );
            }
            if ids.is_empty() { None } else { asked("_id", ids.join(",")) }
        }
        _ => return Err(fault(format!("{} are not searched by {}", from.name, relation.name))),
    })
}

/// For each record, in order, what it leads to.
pub(super) async fn of(
    repo: &Repo,
    from: &Kind,
    rows: &[Arc<Row>],
    relation: &Relation,
) -> Result<Vec<Vec<Arc<Row>>>> {
    let to = kind::of(relation.to).ok_or_else(|| fault("a relation to nothing"))?;
    if from.holder().is_some() {
        return of_parts(repo, rows, relation).await;
    }
    if relation.many {
        let mut each = Vec::new();
        for row in rows {
            if to.holder().is_some() {
                each.push(parts(repo, from, row, to).await?);
                continue;
            }
            let Some(asked) = search(repo, from, row, relation).await? else {
                each.push(Vec::new());
                continue;
            };
            let mut asked: Vec<(&str, String)> =
                asked.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
            asked.extend(to.only.map(|(name, value)| (name, value.to_owned())));
            let found = all(repo, to.resource, &asked).await?;
            if found.len() > MOST {
                let text = format!(
                    "there are more than {MOST} {} to include; ask for them as a list",
                    relation.name
                );
                return Err(malformed(text).coded("too-costly").at("include"));
            }
            each.push(found);
        }
        return Ok(each);
    }
    match relation.name {
        "organization" => {
            let project = found(repo, "Project", &repo.actor().project_id).await?;
            Ok(rows.iter().map(|_| vec![Arc::clone(&project)]).collect())
        }
        _ => roles(repo, from, rows).await,
    }
}

/// The parts of a record, or of all there are for an organization.
pub(super) async fn parts(repo: &Repo, from: &Kind, row: &Row, to: &Kind) -> Result<Vec<Arc<Row>>> {
    match from.name {
        "organizations" => part::everywhere(repo, to).await,
        _ => part::of(to, row),
    }
}

/// What parts lead to: what holds them, the organization, or what their entry names.
async fn of_parts(repo: &Repo, rows: &[Arc<Row>], relation: &Relation) -> Result<Vec<Vec<Arc<Row>>>> {
    let to = kind::of(relation.to).ok_or_else(|| fault("a relation to nothing"))?;
    if relation.name == "organization" {
        let project = found(repo, "Project", &repo.actor().project_id).await?;
        return Ok(rows.iter().map(|_| vec![Arc::clone(&project)]).collect());
    }
    let mut ids: Vec<Option<String>> = Vec::with_capacity(rows.len());
    for row in rows {
        let body = parsed(row)?;
        let entry = &body["entry"];
        let id = match relation.name {
            "api_credential" => entry.get("client").and_then(|client| target(client, "ClientApplication")),
            "role" if entry.get("policy").is_some() => {
                entry.get("policy").and_then(|policy| target(policy, "AccessPolicy"))
            }
            _ => body["holder"].as_str(),
        };
        ids.push(id.map(str::to_owned));
    }
    let mut wanted: Vec<&str> = ids.iter().flatten().map(String::as_str).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut there: HashMap<String, Arc<Row>> = HashMap::new();
    for some in wanted.chunks(ASKED) {
        let found = all(repo, to.resource, &[("_id", some.join(","))]).await?;
        there.extend(found.into_iter().map(|row| (row.id.clone(), row)));
    }
    Ok(ids.iter().map(|id| id.as_ref().and_then(|id| there.get(id).cloned()).into_iter().collect()).collect())
}

/// The role of each: the first policy of its membership.
async fn roles(repo: &Repo, from: &Kind, rows: &[Arc<Row>]) -> Result<Vec<Vec<Arc<Row>>>> {
    let mut by_owner: HashMap<String, String> = HashMap::new();
    let memberships = match from.name {
        "memberships" => rows.to_vec(),
        _ => {
            let clients: Vec<String> =
                rows.iter().map(|row| format!("ClientApplication/{}", row.id)).collect();
            all(repo, "ProjectMembership", &[("user", clients.join(","))]).await?
        }
    };
    for membership in &memberships {
        let body = parsed(membership)?;
        let owner = match from.name {
            "memberships" => Some(membership.id.as_str()),
            _ => body.get("user").and_then(|user| target(user, "ClientApplication")),
        };
        if let (Some(owner), Some(policy)) = (owner, policies(&body).first()) {
            by_owner.insert(owner.to_owned(), (*policy).to_owned());
        }
    }
    let mut ids: Vec<&str> = by_owner.values().map(String::as_str).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = match ids.is_empty() {
        true => Vec::new(),
        false => all(repo, "AccessPolicy", &[("_id", ids.join(","))]).await?,
    };
    let role = |row: &Arc<Row>| {
        let policy = by_owner.get(&row.id)?;
        found.iter().find(|role| role.id == *policy).cloned()
    };
    Ok(rows.iter().map(|row| role(row).into_iter().collect()).collect())
}

/// The relation of a name, or the refusal that there is none.
pub(super) fn named(from: &Kind, name: &str) -> Result<&'static Relation, Error> {
    from.relation(name).ok_or_else(|| crate::error::not_found(format!("{} have no {name} here", from.name)))
}
