//! Whether people have come by now, or are still waited for.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use super::Identity;
use super::account::{PASSKEYS, PASSWORD, parsed};
use super::acting::{target, within};
use super::member::moment;
use crate::error::Result;
use crate::repo::Repo;
use crate::store::Row;

/// Invitations that are looked at.
const MOST: &str = "1000";

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Activation {
    /// He has a password or a passkey, or has proved his e-mail.
    pub activated: bool,
    /// When he was last invited, in milliseconds since 1970, if that is still open.
    pub invited: Option<i64>,
}

impl Identity {
    /// By the ids of these users; invitations are those of the projects of these repos.
    pub async fn activations(
        &self,
        repos: &[&Repo],
        users: &[Arc<Row>],
    ) -> Result<HashMap<String, Activation>> {
        let rows = users.to_vec();
        let look = move |store: &crate::store::Store| {
            let mut told = HashMap::new();
            for row in rows {
                let secrets = store.secret_names(row.project, row.rid)?;
                let activated = secrets.iter().any(|name| name == PASSWORD || name == PASSKEYS)
                    || parsed(&row)?.get("emailVerified") == Some(&Value::Bool(true));
                told.insert(row.id.clone(), Activation { activated, invited: None });
            }
            Ok(told)
        };
        let mut told = self.engine.store.offload(look).await?;
        let waiting: Vec<&String> = told.iter().filter(|(_, one)| !one.activated).map(|(id, _)| id).collect();
        if waiting.is_empty() {
            return Ok(told);
        }
        let waiting = waiting.iter().map(|id| format!("User/{id}")).collect::<Vec<_>>();
        let at = chrono::Utc::now().timestamp_millis();
        for project in repos.iter().map(|repo| repo.actor().project).collect::<std::collections::HashSet<_>>()
        {
            for user in &waiting {
                let asked =
                    [("user", user.as_str()), ("type", "invite"), ("used", "false"), ("_count", MOST)];
                for row in within(&self.engine, project, "UserSecurityRequest", &asked).await? {
                    let body = parsed(&row)?;
                    let over = body.get("revoked") == Some(&Value::Bool(true))
                        || moment(&body, "expiresAt").is_some_and(|ends| at >= ends);
                    let Some(one) = target(&body, "user", "User").and_then(|id| told.get_mut(id)) else {
                        continue;
                    };
                    if !over {
                        one.invited = one.invited.max(Some(row.updated));
                    }
                }
            }
        }
        Ok(told)
    }
}
