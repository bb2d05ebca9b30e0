//! A Login in the making: read, changed, written back at once if nobody else did.

use std::sync::Arc;

use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::error::{Result, conflict, malformed};
use crate::identity::account::{Account, parsed};
use crate::identity::member::{self, Membership};
use crate::identity::{random, system};
use crate::repo::audit::{Act, Audit};
use crate::repo::{Engine, Retain, told_by};
use crate::resource::secret;
use crate::store::{Row, Secret};

pub(super) const CODE: &str = "code";
pub(super) const REFRESH: &str = "refreshSecret";
pub(super) const PREVIOUS: &str = "previousRefreshSecret";
/// A code that was mailed as the second factor.
pub(super) const MAILED: &str = "emailCode";
/// A client asked to be remembered: its session may be refreshed.
pub(super) const REMEMBER: &str = "remember";

/// The e-mail may be verified on the way.
pub(super) const VERIFIES: &str = "verifies";

pub(super) struct Draft {
    pub id: String,
    pub body: Value,
    /// As it is stored; nothing as long as it is not.
    row: Option<Arc<Row>>,
    kept: Vec<(String, String)>,
    pub secrets: Vec<Secret>,
    /// The project in which it is to be, once that is known.
    pub project: Option<String>,
    /// What the next writing of it is recorded as.
    pub audit: Option<Audit>,
}

impl Draft {
    pub fn new(user: &str, method: &str) -> Self {
        let body = json!({
            "resourceType": "Login",
            "user": { "reference": user },
            "authMethod": method,
            "authTime": now(),
        });
        let id = Uuid::now_v7().to_string();
        Self { id, body, row: None, kept: Vec::new(), secrets: Vec::new(), project: None, audit: None }
    }

    pub async fn read(engine: &Arc<Engine>, id: &str) -> Result<Option<Self>> {
        let Some(row) = member::living(engine, "Login", id).await? else { return Ok(None) };
        let kept = engine.store.secrets(row.project, row.rid)?;
        Ok(Some(Self {
            id: row.id.clone(),
            body: parsed(&row)?,
            project: None,
            audit: None,
            kept,
            secrets: Vec::new(),
            row: Some(row),
        }))
    }

    /// One that is still on its way: neither ended nor exchanged for tokens.
    pub async fn open(engine: &Arc<Engine>, id: &str) -> Result<Self> {
        let unknown = || malformed("there is no such sign-in, or it is over").coded("not-found").at("login");
        let draft = Self::read(engine, id).await?.ok_or_else(unknown)?;
        if draft.is_over() {
            return Err(malformed("this sign-in was revoked").coded("login").at("login"));
        }
        if draft.is("granted") {
            return Err(malformed("this sign-in was exchanged for tokens already")
                .coded("login")
                .at("login"));
        }
        // An hour is enough for whoever looks for his telephone. `authTime` may be that of the session it goes on from.
        let since = told_by(&draft.id).unwrap_or_else(|| member::began(&draft.body));
        if Utc::now().timestamp_millis() - since > 3_600_000 {
            return Err(malformed("this sign-in took too long; begin again").coded("expired").at("login"));
        }
        if draft.reference("user").is_none_or(|user| !user.starts_with("User/")) {
            return Err(unknown());
        }
        Ok(draft)
    }

    pub fn is(&self, name: &str) -> bool {
        self.body.get(name) == Some(&Value::Bool(true))
    }

    pub fn is_over(&self) -> bool {
        self.is("revoked") || self.body.get("endedAt").is_some()
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name)?.as_str()
    }

    pub fn reference(&self, name: &str) -> Option<&str> {
        self.body.get(name)?.get("reference")?.as_str()
    }

    pub fn secret(&self, name: &str) -> Option<&str> {
        self.kept.iter().find(|(kept, _)| kept == name).map(|(_, value)| value.as_str())
    }

    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.body[name] = value.into();
    }

    pub fn refer(&mut self, name: &str, to: &str) {
        self.body[name] = json!({ "reference": to });
    }

    /// The project that it is stored in.
    pub fn stored_in(&self) -> Option<i32> {
        self.row.as_ref().map(|row| row.project)
    }

    /// The next writing of it is recorded, where its project's admin looks.
    pub fn record(&mut self, what: &'static str) {
        let user = self.reference("user").unwrap_or_default().to_owned();
        let audit = Audit::new(what, Act::Execute)
            .agent(user)
            .address(self.text("remoteAddress"))
            .entity(format!("Login/{}", self.id));
        self.audit = Some(match self.stored_in() {
            Some(project) => audit.project(project),
            None => audit,
        });
    }

    pub async fn account(&self, engine: &Arc<Engine>) -> Result<Account> {
        let id = self.reference("user").unwrap_or_default().trim_start_matches("User/");
        let account = Account::read(engine, id).await?.filter(Account::is_active);
        let account = account.filter(|account| member::began(&self.body) >= account.sessions_since());
        account.ok_or_else(|| malformed("this sign-in was revoked").coded("login").at("login"))
    }

    /// Signs in as this member.
    pub fn settle(&mut self, project: &str, membership: &Membership) {
        self.refer("project", &format!("Project/{project}"));
        self.refer("membership", &format!("ProjectMembership/{}", membership.row.id));
        if membership.body.get("admin") == Some(&Value::Bool(true)) {
            self.set("admin", true);
        }
        self.project = Some(project.to_owned());
    }

    /// A code for the tokens; it replaces any before it.
    pub fn mint(&mut self, lifetime: i64) -> Result<String> {
        let random = random();
        let expires = Utc::now().timestamp_millis() + lifetime.max(1) * 1000;
        self.secrets.push(Secret::set(CODE, format!("{expires}:{}", secret::digest(&random)?)));
        Ok(format!("{}.{random}", self.id))
    }

    /// Writes it, where it belongs by now.
    pub async fn save(&mut self, engine: &Arc<Engine>) -> Result<()> {
        let project = match &self.project {
            Some(id) => engine.store.project_number(id)?,
            None => None,
        };
        if let Some(id) = &self.project {
            self.body["meta"]["project"] = Value::from(id.as_str());
        }
        let secrets = std::mem::take(&mut self.secrets);
        let repo = match self.audit.take() {
            Some(audit) => system(engine).audited(audit),
            None => system(engine),
        };
        let row = match &self.row {
            None => {
                self.body["id"] = Value::from(self.id.as_str());
                repo.import(vec![("Login", self.body.clone())]).await?;
                let row = repo.read("Login", &self.id).await?;
                match secrets.is_empty() {
                    true => Some(row),
                    false => {
                        let body = parsed(&row)?;
                        repo.retain("Login", &row, body, secrets, Retain::Amended)
                            .await?
                            .map(|written| written.row)
                    }
                }
            }
            Some(row) if project.is_some_and(|project| project != row.project) => {
                let mut moved: Vec<Secret> =
                    self.kept.iter().map(|(name, value)| Secret::set(name, value.as_str())).collect();
                moved.retain(|old| secrets.iter().all(|new| new.name != old.name));
                moved.extend(secrets);
                repo.relocate("Login", row, self.body.clone(), moved).await?.map(|written| written.row)
            }
            Some(row) => {
                let mut body = self.body.clone();
                if let Some(meta) = body.get_mut("meta").and_then(Value::as_object_mut) {
                    meta.shift_remove("project");
                }
                repo.retain("Login", row, body, secrets, Retain::Amended).await?.map(|written| written.row)
            }
        };
        let outrun = || conflict("this sign-in was continued elsewhere at the same moment").coded("conflict");
        let row = row.ok_or_else(outrun)?;
        self.body = parsed(&row)?;
        self.kept = engine.store.secrets(row.project, row.rid)?;
        self.row = Some(row);
        Ok(())
    }
}

/// This moment, as an instant.
pub(super) fn now() -> String {
    Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// The Login that a code or refresh token is of, and the rest of it.
pub(super) fn parts(token: &str) -> Option<(&str, &str)> {
    let (id, random) = token.split_once('.')?;
    (id.len() == 36 && !random.is_empty() && random.len() <= 128).then_some((id, random))
}
