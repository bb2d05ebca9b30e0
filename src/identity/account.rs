//! A user, as sign-in sees him: the record, its secrets, and what he may prove himself by.

use std::sync::Arc;

use serde_json::{Value, json};

use super::factor::passkey::Passkey;
use super::factor::recovery;
use super::system;
use crate::error::{Kind, Result, fault};
use crate::repo::{Actor, Engine, Rank, Repo, Retain};
use crate::resource;
use crate::store::{Row, Secret};

pub(super) const PASSWORD: &str = "passwordHash";
pub(super) const SEED: &str = "mfaSecret";
/// A seed that is shown and not yet proved.
pub(super) const PENDING: &str = "mfaPending";
pub(super) const RECOVERY: &str = "recoveryCodes";
pub(super) const PASSKEYS: &str = "passkeys";
/// The last step of a one-time code that was taken.
pub(super) const STEP: &str = "mfaStep";
/// Failures in a row.
pub(super) const FAILURES: &str = "signInFailures";
/// How often something is written anew when others were faster.
pub(super) const ATTEMPTS: usize = 10;

#[derive(Clone)]
pub(super) struct Account {
    pub row: Arc<Row>,
    pub body: Value,
    secrets: Vec<(String, String)>,
}

impl Account {
    pub fn of(engine: &Engine, row: Arc<Row>) -> Result<Self> {
        let body = resource::parse(row.body.as_bytes())?;
        let secrets = engine.store.secrets(row.project, row.rid)?;
        Ok(Self { row, body, secrets })
    }

    /// The user of this id, in whatever pool he is.
    pub async fn read(engine: &Arc<Engine>, id: &str) -> Result<Option<Self>> {
        match system(engine).read("User", id).await {
            Ok(row) => Self::of(engine, row).map(Some),
            Err(error) if matches!(error.kind, Kind::NotFound | Kind::Deleted | Kind::Conflict) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The user with this e-mail: of the pool of a project first, then of the server's.
    pub async fn by_email(engine: &Arc<Engine>, email: &str, project: Option<i32>) -> Result<Option<Self>> {
        for pool in project.into_iter().filter(|pool| *pool != 0).chain([0]) {
            if let Some(account) = Self::in_pool(engine, email, pool).await? {
                return Ok(Some(account));
            }
        }
        Ok(None)
    }

    /// The user of one pool with this e-mail.
    pub async fn in_pool(engine: &Arc<Engine>, email: &str, pool: i32) -> Result<Option<Self>> {
        let asked: [(String, String); 1] = [("email:exact".to_owned(), escaped(&folded(email)))];
        let found = within(engine, pool).search("User", &asked, false).await?;
        match found.rows.into_iter().find(|row| row.project == pool) {
            Some(row) => Self::of(engine, row).map(Some),
            None => Ok(None),
        }
    }

    pub fn reference(&self) -> String {
        format!("User/{}", self.row.id)
    }

    pub fn secret(&self, name: &str) -> Option<&str> {
        self.secrets.iter().find(|(kept, _)| kept == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str)
    }

    pub fn email(&self) -> Option<&str> {
        self.text("email")
    }

    pub fn is_active(&self) -> bool {
        self.body.get("active") != Some(&Value::Bool(false))
    }

    /// How he can prove himself after his password.
    pub fn methods(&self) -> Vec<&'static str> {
        let mut methods = Vec::new();
        if self.secret(SEED).is_some() {
            methods.push("totp");
        }
        let listed = self.body.get("mfaMethod").and_then(Value::as_array);
        let by_mail = listed.is_some_and(|methods| methods.iter().any(|method| method == "email"));
        if by_mail && self.email().is_some() {
            methods.push("email");
        }
        methods
    }

    pub fn passkeys(&self) -> Vec<Passkey> {
        self.secret(PASSKEYS).and_then(|kept| serde_json::from_str(kept).ok()).unwrap_or_default()
    }

    pub fn must_have_factor(&self) -> bool {
        self.body.get("mfaRequired") == Some(&Value::Bool(true))
    }

    pub fn recovery_codes(&self) -> usize {
        self.secret(RECOVERY).map_or(0, recovery::left)
    }

    /// The moment, in milliseconds, before which no sign-in counts any more.
    pub fn sessions_since(&self) -> i64 {
        self.secret(crate::repo::SESSIONS_SINCE).and_then(|moment| moment.parse().ok()).unwrap_or(0)
    }

    /// Keeps secrets about him; nothing where others wrote since he was read.
    pub async fn keep(&self, engine: &Arc<Engine>, secrets: Vec<Secret>) -> Result<Option<Self>> {
        self.put(&system(engine), self.body.clone(), secrets, Retain::Amended).await
    }

    /// Changes him.
    pub async fn change(
        &self,
        engine: &Arc<Engine>,
        body: Value,
        secrets: Vec<Secret>,
    ) -> Result<Option<Self>> {
        self.change_by(&system(engine), body, secrets).await
    }

    /// Forgets the failures, if that can be done at once.
    pub async fn keep_no_failures(&self, engine: &Arc<Engine>) {
        if self.secret(FAILURES).is_some()
            && let Ok(Some(account)) = Self::read(engine, &self.row.id).await
        {
            account.keep(engine, vec![Secret::forget(FAILURES)]).await.ok();
        }
    }

    /// Changes him by a repo of the server's, which may be one that records it.
    pub async fn change_by(&self, repo: &Repo, body: Value, secrets: Vec<Secret>) -> Result<Option<Self>> {
        self.put(repo, body, secrets, Retain::Version).await
    }

    async fn put(&self, repo: &Repo, body: Value, secrets: Vec<Secret>, how: Retain) -> Result<Option<Self>> {
        match repo.retain("User", &self.row, body, secrets, how).await? {
            Some(written) => Self::of(repo.engine(), written.row).map(Some),
            None => Ok(None),
        }
    }

    /// What is shown of him to himself.
    pub fn shown(&self) -> Value {
        let mut shown = json!({ "resourceType": "User", "id": self.row.id });
        for name in
            ["email", "firstName", "lastName", "displayName", "identifier", "emailVerified", "mfaEnrolled"]
        {
            if let Some(value) = self.body.get(name) {
                shown[name] = value.clone();
            }
        }
        shown
    }
}

/// An e-mail as pools have it.
pub(super) fn folded(email: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    email.trim().to_lowercase().nfc().collect()
}

/// A value in which no character means anything to a search.
fn escaped(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for char in value.chars() {
        if matches!(char, '\\' | ',' | '|' | '$') {
            escaped.push('\\');
        }
        escaped.push(char);
    }
    escaped
}

/// The server, looking no further than one project.
pub(super) fn within(engine: &Arc<Engine>, project: i32) -> Repo {
    let actor = Actor { project, rank: Rank::ProjectAdmin, ..Actor::system() };
    engine.bind(Arc::new(actor), "identity")
}

/// A stored resource, as JSON.
pub(super) fn parsed(row: &Row) -> Result<Value> {
    serde_json::from_str(&row.body).map_err(fault)
}
