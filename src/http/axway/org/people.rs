//! Members of an organization as they are shown: people, and service accounts where these are asked for.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::super::caller::Caller;
use super::super::place::Org;
use super::super::record::{body, list, moment, target, text};
use super::super::role::Roles;
use super::super::user::view::Users;
use super::read::primary;
use crate::error::{Kind, Result};
use crate::store::Row;

/// What of a user is told of a member.
const SHOWN: [&str; 12] = [
    "activated",
    "active",
    "created",
    "date_activated",
    "email",
    "external",
    "firstname",
    "guid",
    "last_login",
    "lastname",
    "mfa",
    "user_id",
];

/// Memberships of an organization as members, in their order. One whose user or client is gone is none.
pub(super) async fn shown(caller: &Caller<'_>, org: &Org, memberships: &[Arc<Row>]) -> Result<Vec<Value>> {
    let bodies = memberships.iter().map(|row| body(row)).collect::<Result<Vec<Value>>>()?;
    let roles = Roles::of(caller.identity(), org.number, &bodies.iter().collect::<Vec<_>>()).await?;
    let ids: Vec<String> =
        bodies.iter().filter_map(|one| target(one, "user", "User")).map(str::to_owned).collect();
    let rows = caller.users(org, &ids).await?;
    let users = Users::of(caller, org, &rows).await?;
    let rows: HashMap<&str, &Arc<Row>> = rows.iter().map(|row| (row.id.as_str(), row)).collect();
    let (_, project) = org.record().await?;
    let teams = teams(org, &bodies).await?;
    let mut found = Vec::new();
    for membership in &bodies {
        let asleep = membership.get("active") == Some(&Value::Bool(false));
        let mut member = json!({});
        if let Some(row) = target(membership, "user", "User").and_then(|id| rows.get(id)) {
            let user = users.show(caller, row)?;
            for name in SHOWN {
                if let Some(value) = user.get(name) {
                    member[name] = value.clone();
                }
            }
            if asleep {
                member["active"] = false.into();
            }
            let name = [text(&user, "firstname"), text(&user, "lastname")];
            member["name"] = name.into_iter().flatten().collect::<Vec<_>>().join(" ").into();
            member["primary"] = (primary(&project) == Some(row.id.as_str())).into();
            member["idp"] = "local".into();
        } else if let Some(id) = target(membership, "user", "ClientApplication") {
            let Some((row, client)) = client(org, id).await? else { continue };
            member["guid"] = id.into();
            member["client_id"] = id.into();
            member["name"] = text(&client, "name").unwrap_or_default().into();
            member["active"] = (!asleep && client.get("status").is_none_or(|one| one == "active")).into();
            member["created"] = moment(org.repo.created(&[row]).await?[0]).into();
            member["type"] = "client".into();
        } else {
            continue;
        }
        let roles = roles.named(membership);
        member["org_id"] = org.number.into();
        member["role"] = roles[0].as_str().into();
        member["roles"] = roles.into();
        let reference = membership["user"]["reference"].as_str().unwrap_or_default();
        member["teams"] = teams.get(reference).copied().unwrap_or_default().into();
        found.push(member);
    }
    Ok(found)
}

async fn client(org: &Org, id: &str) -> Result<Option<(Arc<Row>, Value)>> {
    match org.repo.read("ClientApplication", id).await {
        Ok(row) => {
            let client = body(&row)?;
            Ok(Some((row, client)))
        }
        Err(error) if matches!(error.kind, Kind::NotFound | Kind::Deleted) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Of how many teams they are, by their references.
async fn teams(org: &Org, memberships: &[Value]) -> Result<HashMap<String, usize>> {
    let mut counts = HashMap::new();
    let who: Vec<&str> = memberships.iter().filter_map(|one| one["user"]["reference"].as_str()).collect();
    for some in who.chunks(100) {
        let found = match org.all("Group", &[("member", some.join(","))]).await {
            Err(error) if error.kind == Kind::Forbidden => break,
            found => found?,
        };
        for row in found {
            for member in list(&body(&row)?, "member") {
                let reference = member["entity"]["reference"].as_str().unwrap_or_default();
                if some.contains(&reference) {
                    *counts.entry(reference.to_owned()).or_default() += 1;
                }
            }
        }
    }
    Ok(counts)
}
