//! A secret comes back: whether it is the one, and still good. Marking it as used belongs into the transaction that
//! does what it allows, so that of two that come at once one is first.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::Purpose;
use crate::error::{Kind, Result, malformed};
use crate::identity::{Identity, system};
use crate::repo::bundle::{Action, Condition, Entry, Target};
use crate::resource::{self, secret};
use crate::store::Row;

/// A request that its bearer proved to be his.
#[derive(Debug, Clone)]
pub struct Held {
    pub purpose: Purpose,
    /// Id of the user.
    pub user: String,
    pub email: Option<String>,
    /// Id of the project that it is about.
    pub project: Option<String>,
    pub redirect: Option<String>,
    row: Arc<Row>,
    body: Value,
}

impl Identity {
    /// The request with this id, if the secret is its own and it is still good. What is wrong with it is said only to
    /// who knows the secret.
    pub async fn hold(&self, id: &str, given: &str) -> Result<Held> {
        let unknown = || malformed("Incorrect secret").coded("invalid").at("secret");
        let row = match system(&self.engine).read("UserSecurityRequest", id).await {
            Ok(row) => row,
            Err(error) if matches!(error.kind, Kind::NotFound | Kind::Deleted | Kind::Conflict) => {
                return Err(unknown());
            }
            Err(error) => return Err(error),
        };
        let kept = self.engine.store.secrets(row.project, row.rid)?;
        let kept = kept.iter().find(|(name, _)| name == "secret").map(|(_, value)| value.as_str());
        if !secret::matches(given, kept.unwrap_or_default()) {
            return Err(unknown());
        }
        let body: Value = resource::parse(row.body.as_bytes())?;
        let flag = |name: &str| body.get(name) == Some(&Value::Bool(true));
        if flag("used") {
            return Err(malformed("Already used").coded("invalid"));
        }
        if flag("revoked") || is_over(&body) {
            return Err(malformed("Expired").coded("expired"));
        }
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        let target = |place: &str| {
            let reference = body.pointer(place).and_then(Value::as_str)?;
            reference.split_once('/').map(|(_, id)| id.to_owned())
        };
        let purpose = text("type").as_deref().and_then(Purpose::parse);
        Ok(Held {
            purpose: purpose.ok_or_else(|| malformed("Invalid request type").coded("invalid"))?,
            user: target("/user/reference")
                .ok_or_else(|| malformed("Invalid request type").coded("invalid"))?,
            email: text("email"),
            project: target("/project/reference"),
            redirect: text("redirectUri"),
            row,
            body,
        })
    }
}

impl Held {
    /// What marks it as used, for the transaction that does what it allows.
    pub fn spent(&self) -> Entry {
        let mut body = self.body.clone();
        body["used"] = Value::Bool(true);
        Entry {
            full_url: None,
            action: Action::Update {
                kind: "UserSecurityRequest".to_owned(),
                target: Target::Id(self.row.id.clone()),
                body,
                condition: Condition::Version(self.row.version),
            },
        }
    }
}

fn is_over(body: &Value) -> bool {
    let Some(expires) = body.get("expiresAt").and_then(Value::as_str) else { return false };
    // What cannot be read is not trusted.
    DateTime::parse_from_rfc3339(expires).map_or(true, |expires| expires <= Utc::now())
}
