//! People: what a user is in a project, and whether his session stands.

use std::sync::Arc;

use serde_json::{Value, json};

use super::account::{Account, parsed};
use super::{Identity, policy, system};
use crate::error::{Kind, Result};
use crate::repo::{Actor, Engine, Rank};
use crate::store::Row;

impl Identity {
    /// The membership that somebody acts by.
    pub async fn membership_of(&self, actor: &Actor) -> Result<Option<Arc<Row>>> {
        match &actor.membership {
            Some(id) => living(&self.engine, "ProjectMembership", id).await,
            None => Ok(None),
        }
    }

    /// What a project is called, unless it sleeps.
    pub async fn name_of_project(&self, project: i32) -> Result<Option<String>> {
        let project = awake(&self.engine, project).await?;
        let name =
            |project: Value| project.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(project.map(name))
    }

    /// The active memberships of whoever acts, in projects that are awake, oldest first.
    pub async fn memberships_of(&self, actor: &Actor) -> Result<Vec<Arc<Row>>> {
        let found = memberships(&self.engine, &actor.reference, None).await?;
        Ok(found.into_iter().map(|membership| membership.row).collect())
    }
}

/// A membership of a user.
pub(super) struct Membership {
    pub row: Arc<Row>,
    pub body: Value,
}

impl Membership {
    fn of(row: Arc<Row>) -> Result<Self> {
        Ok(Self { body: parsed(&row)?, row })
    }

    pub async fn read(engine: &Arc<Engine>, id: &str) -> Result<Option<Self>> {
        living(engine, "ProjectMembership", id).await?.map(Self::of).transpose()
    }

    pub fn is_active(&self) -> bool {
        self.body.get("active") != Some(&Value::Bool(false))
    }

    /// Whether it is entered with a second factor only.
    pub fn wants_factor(&self) -> bool {
        self.body.get(REQUIRED) == Some(&Value::Bool(true))
    }

    pub fn reference(&self, name: &str) -> Option<&str> {
        self.body.get(name)?.get("reference")?.as_str()
    }

    pub fn is_of(&self, user: &str) -> bool {
        self.reference("user") == Some(user)
    }
}

/// The active memberships of a user in projects that are awake, oldest first; of one project where that is named.
pub(super) async fn memberships(
    engine: &Arc<Engine>,
    user: &str,
    project: Option<i32>,
) -> Result<Vec<Membership>> {
    let asked = [("user", user), ("_sort", "_id"), ("_count", "200")];
    let asked = asked.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let repo = match project {
        Some(project) => super::account::within(engine, project),
        None => system(engine),
    };
    let found = repo.search("ProjectMembership", &asked, false).await?;
    let mut memberships = Vec::new();
    for row in found.rows {
        let membership = Membership::of(row)?;
        if membership.is_active() && awake(engine, membership.row.project).await?.is_some() {
            memberships.push(membership);
        }
    }
    Ok(memberships)
}

/// The Project of a number, unless it sleeps.
pub(super) async fn awake(engine: &Arc<Engine>, project: i32) -> Result<Option<Value>> {
    let id = engine.store.project_id(project)?;
    let Some(number) = engine.store.kind("Project") else { return Ok(None) };
    let Some(row) = engine.store.fetch(project, number, &id).await?.filter(|row| !row.deleted) else {
        return Ok(None);
    };
    Ok(Some(parsed(&row)?).filter(|project| project.get("active") != Some(&Value::Bool(false))))
}

/// What a person is at this moment in a project, whether or not he is signed in: the most that a membership makes of him.
pub(super) async fn standing(engine: &Arc<Engine>, user: &str, project: i32) -> Result<Option<Actor>> {
    let mut found = None;
    for here in [true, false] {
        for membership in memberships(engine, user, here.then_some(project)).await? {
            let session = json!({
                "user": { "reference": user },
                "membership": { "reference": format!("ProjectMembership/{}", membership.row.id) },
                "authTime": chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
            });
            let Some(actor) = actor(engine, membership.row.project, &session).await? else { continue };
            // Elsewhere he counts only if he rules all projects.
            if actor.is_boundless() || (here && actor.administers()) {
                return Ok(Some(actor));
            }
            found = found.or(Some(actor).filter(|_| here));
        }
    }
    Ok(found)
}

/// What a session makes of a user: nothing if it, he or his membership has ended.
pub(super) async fn actor(engine: &Arc<Engine>, project: i32, login: &Value) -> Result<Option<Actor>> {
    let text = |name: &str| login.pointer(&format!("/{name}/reference")).and_then(Value::as_str);
    let (Some(user), Some(membership)) = (text("user"), text("membership")) else { return Ok(None) };
    let Some(home) = awake(engine, project).await? else { return Ok(None) };
    let Some(number) = engine.store.kind("ProjectMembership") else { return Ok(None) };
    let id = membership.trim_start_matches("ProjectMembership/");
    let Some(row) = engine.store.fetch(project, number, id).await?.filter(|row| !row.deleted) else {
        return Ok(None);
    };
    let membership = Membership::of(row)?;
    if !membership.is_active() || !membership.is_of(user) {
        return Ok(None);
    }
    let Some(account) = Account::read(engine, user.trim_start_matches("User/")).await? else {
        return Ok(None);
    };
    let over = moment(login, "expiresAt").is_some_and(|ends| chrono::Utc::now().timestamp_millis() >= ends);
    if over || !account.is_active() || began(login) < account.sessions_since() {
        return Ok(None);
    }
    let is = |value: &Value, name: &str| value.get(name) == Some(&Value::Bool(true));
    let rank = match (is(&membership.body, "admin"), is(&home, "superAdmin")) {
        (true, true) => Rank::SuperAdmin,
        (true, false) => Rank::ProjectAdmin,
        (false, _) => Rank::Member,
    };
    let mut actor = Actor {
        project,
        project_id: engine.store.project_id(project)?,
        reference: user.to_owned(),
        membership: Some(membership.row.id.clone()),
        rank,
        login: login.get("id").and_then(Value::as_str).map(str::to_owned),
        client: text("client")
            .and_then(|client| client.strip_prefix("ClientApplication/"))
            .map(str::to_owned),
        ..Actor::system()
    };
    policy::of_membership(engine, &mut actor, &membership.body).await?;
    Ok(Some(actor))
}

/// When somebody signed in, in milliseconds since 1970.
pub(super) fn began(login: &Value) -> i64 {
    moment(login, "authTime").unwrap_or(0)
}

/// An instant of a resource, in milliseconds since 1970.
pub(super) fn moment(body: &Value, name: &str) -> Option<i64> {
    let text = body.get(name)?.as_str()?;
    chrono::DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.timestamp_millis())
}

/// A resource anywhere, if it is there.
pub(super) async fn living(engine: &Arc<Engine>, kind: &str, id: &str) -> Result<Option<Arc<Row>>> {
    match system(engine).read(kind, id).await {
        Ok(row) => Ok(Some(row)),
        Err(error) if matches!(error.kind, Kind::NotFound | Kind::Deleted | Kind::Conflict) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Name of the element of a membership, and of the setting of a project, that wants a second factor: of the one member
/// or of all.
const REQUIRED: &str = "mfaRequired";

pub(super) fn wants_factor(project: &Value) -> bool {
    let settings = ["setting", "systemSetting"].into_iter().filter_map(|name| project.get(name)?.as_array());
    settings.flatten().any(|one| one["name"] == REQUIRED && one["valueBoolean"] == Value::Bool(true))
}
