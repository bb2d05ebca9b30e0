//! A service account as the platform shows it.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::super::caller::Caller;
use super::super::place::Org;
use super::super::record::{body, moment, text};
use super::super::role::Roles;
use super::super::team::tags;
use crate::error::{Kind, Result, not_found};
use crate::store::Row;

/// Clients of an organization, in their order.
pub(super) async fn shown(caller: &Caller<'_>, org: &Org, rows: &[Arc<Row>]) -> Result<Vec<Value>> {
    let memberships = memberships(org, rows).await?;
    let bodies: Vec<&Value> = memberships.values().map(|(_, body)| body).collect();
    let roles = Roles::of(caller.identity(), org.number, &bodies).await?;
    let created = org.repo.created(rows).await?;
    let mut found = Vec::new();
    for (row, made) in rows.iter().zip(created) {
        let client = body(row)?;
        let mut shown = json!({
            "guid": row.id,
            "client_id": row.id,
            "name": text(&client, "name").unwrap_or_default(),
            "description": text(&client, "description").unwrap_or_default(),
            "type": if signs(&client) { "certificate" } else { "secret" },
            "active": client.get("status").is_none_or(|status| status == "active"),
            "org_guid": org.id,
            "org_id": org.number,
            "tags": tags(&client),
            "created": moment(made),
            "updated": moment(row.updated),
        });
        if let Some((_, membership)) = memberships.get(&row.id) {
            let roles = roles.named(membership);
            shown["role"] = roles[0].as_str().into();
            shown["roles"] = roles.into();
        }
        found.push(shown);
    }
    Ok(found)
}

/// Whether it proves itself by signing.
pub(super) fn signs(client: &Value) -> bool {
    text(client, "jwks").is_some() || text(client, "jwksUri").is_some()
}

/// The memberships that clients act by, with their records, by the ids of the clients.
pub(super) async fn memberships(org: &Org, rows: &[Arc<Row>]) -> Result<HashMap<String, (Arc<Row>, Value)>> {
    let mut found = HashMap::new();
    for some in rows.chunks(100) {
        let who: Vec<String> = some.iter().map(|row| format!("ClientApplication/{}", row.id)).collect();
        for row in org.all("ProjectMembership", &[("user", who.join(","))]).await? {
            let membership = body(&row)?;
            let client = membership["user"]["reference"].as_str().unwrap_or_default();
            let client = client.trim_start_matches("ClientApplication/").to_owned();
            found.entry(client).or_insert((row, membership));
        }
    }
    Ok(found)
}

/// A client with its organization: of the caller's own, or of one below it.
pub(super) async fn named(caller: &Caller<'_>, id: &str) -> Result<(Org, Arc<Row>)> {
    let missing = || not_found(format!("there is no service account '{id}' here")).at("client_id");
    let home = caller.home();
    let id = id.to_ascii_lowercase();
    match home.repo.read("ClientApplication", &id).await {
        Ok(row) => return Ok((home, row)),
        Err(error) if matches!(error.kind, Kind::NotFound | Kind::Deleted) => {}
        Err(error) => return Err(error),
    }
    let below = caller.identity().project_below(&caller.repo, "ClientApplication", &id).await?;
    let org = caller.org(&below.ok_or_else(missing)?).await.map_err(|_| missing())?;
    let row = org.repo.read("ClientApplication", &id).await.map_err(|_| missing())?;
    Ok((org, row))
}
