//! Clients: whether one is who it says it is, and what it is in its project.

mod assertion;
mod metadata;
mod prove;
mod record;
mod register;
mod replays;

use std::sync::Arc;

use serde_json::Value;

use super::{policy, system};
use crate::error::{Kind, Result, fault};
use crate::repo::{Actor, Engine, Rank};
use crate::store::Row;
pub(super) use prove::refused;
pub use prove::{Proof, Proved};
pub use record::Client;
pub(super) use record::seconds;
pub(super) use replays::Replays;

async fn find(engine: &Arc<Engine>, id: &str) -> Result<Option<Arc<Row>>> {
    match system(engine).read("ClientApplication", id).await {
        Ok(row) => Ok(Some(row)),
        // Ids are unique in a project only; one that several have is nobody's.
        Err(error) if matches!(error.kind, Kind::NotFound | Kind::Deleted | Kind::Conflict) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What a client is in its project; nothing if it may not act at all.
pub(super) async fn actor(engine: &Arc<Engine>, project: i32, id: &str) -> Result<Option<Actor>> {
    let store = &engine.store;
    let project_id = store.project_id(project)?;
    let Some(client) = living(engine, project, "ClientApplication", id).await? else { return Ok(None) };
    let Some(home) = living(engine, project, "Project", &project_id).await? else { return Ok(None) };
    let off = client.get("status").is_some_and(|status| status != "active")
        || home.get("active") == Some(&Value::Bool(false));
    if off {
        return Ok(None);
    }
    let reference = format!("ClientApplication/{id}");
    let mut actor = Actor {
        project,
        project_id,
        reference: reference.clone(),
        membership: None,
        rank: Rank::ProjectAdmin,
        ..Actor::system()
    };
    // The project's own admin looks no further than the project.
    let asked = [("user".to_owned(), reference)];
    let found =
        engine.bind(Arc::new(actor.clone()), "identity").search("ProjectMembership", &asked, false).await?;
    actor.rank = Rank::Member;
    for row in &found.rows {
        let membership: Value = serde_json::from_str(&row.body).map_err(fault)?;
        if membership.get("active") == Some(&Value::Bool(false)) {
            continue;
        }
        actor.membership = Some(row.id.clone());
        policy::of_membership(engine, &mut actor, &membership).await?;
        if membership.get("admin") == Some(&Value::Bool(true)) {
            let above = home.get("superAdmin") == Some(&Value::Bool(true));
            actor.rank = if above { Rank::SuperAdmin } else { Rank::ProjectAdmin };
        }
        return Ok(Some(actor));
    }
    Ok(None)
}

/// What whoever is referred to is at this moment, in `project` or, failing that, in his own; nothing if he may not act,
/// or if that project sleeps.
pub(super) async fn standing(engine: &Arc<Engine>, reference: &str, project: i32) -> Result<Option<Actor>> {
    let Some(("ClientApplication", id)) = reference.split_once('/') else { return Ok(None) };
    let project_id = engine.store.project_id(project)?;
    let awake = living(engine, project, "Project", &project_id).await?;
    if awake.is_none_or(|project| project.get("active") == Some(&Value::Bool(false))) {
        return Ok(None);
    }
    if let Some(actor) = actor(engine, project, id).await? {
        return Ok(Some(actor));
    }
    match find(engine, id).await? {
        Some(row) if row.project != project => actor(engine, row.project, id).await,
        _ => Ok(None),
    }
}

/// The record of a sign-in, if it is there and not revoked.
pub(super) async fn session(engine: &Arc<Engine>, project: i32, login: &str) -> Result<Option<Value>> {
    let login = living(engine, project, "Login", login).await?;
    Ok(login.filter(|login| login.get("revoked") != Some(&Value::Bool(true))))
}

/// Whether the client that somebody signed in through, if it was one, is still in use
/// (<https://www.rfc-editor.org/rfc/rfc7592#section-2.3>).
pub(super) async fn admits(engine: &Engine, project: i32, login: &Value) -> Result<bool> {
    let client = login.pointer("/client/reference").and_then(Value::as_str);
    let Some(id) = client.and_then(|client| client.strip_prefix("ClientApplication/")) else {
        return Ok(true);
    };
    let client = living(engine, project, "ClientApplication", id).await?;
    Ok(client.is_some_and(|client| client.get("status").is_none_or(|status| status == "active")))
}

pub(super) async fn living(engine: &Engine, project: i32, kind: &str, id: &str) -> Result<Option<Value>> {
    let number = engine.store.kind(kind).ok_or_else(|| fault(format!("the type {kind} has no number")))?;
    let row = engine.store.fetch(project, number, id).await?;
    match row.filter(|row| !row.deleted) {
        Some(row) => serde_json::from_str(&row.body).map(Some).map_err(fault),
        None => Ok(None),
    }
}
