//! The attributes of a page of records, in the words of the dialect. What is not known is null.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Value, json};

use super::kind::Kind;
use super::{application, kept, permission, webhook};
use crate::error::Result;
use crate::http::record::{all, found, list, moment, parsed, target, text};
use crate::repo::Repo;
use crate::store::Row;

/// In the order of the rows.
pub(super) async fn attributes(repo: &Repo, kind: &Kind, rows: &[Arc<Row>]) -> Result<Vec<Value>> {
    let made = repo.created(rows).await?;
    let members = match kind.name {
        "memberships" => Members::of(repo, rows).await?,
        _ => Members::default(),
    };
    let each = rows.iter().zip(made).map(|(row, made)| {
        let body = parsed(row)?;
        let mut attributes = match kind.name {
            "users" => user(&body),
            "memberships" => members.tell(&body),
            "organizations" => json!({ "name": body["name"] }),
            "roles" => role(&body),
            "permissions" => permission::attributes(&body["entry"]),
            "application_memberships" => application::attributes(&body["entry"]),
            "webhooks" => webhook::attributes(row)?,
            _ => credential(row, &body),
        };
        attributes["created_at"] = moment(made);
        attributes["updated_at"] = moment(row.updated);
        kept::tell(if kind.holder().is_some() { &body["entry"] } else { &body }, &mut attributes);
        Ok(attributes)
    });
    each.collect()
}

fn user(body: &Value) -> Value {
    let is = |name: &str| body.get(name) == Some(&Value::Bool(true));
    json!({
        "email": body["email"],
        "first_name": body["firstName"],
        "last_name": body["lastName"],
        "time_zone": body["timezone"],
        "otp_required_for_login": is("mfaRequired") || is("mfaEnrolled"),
    })
}

pub(super) fn role(body: &Value) -> Value {
    let name = text(body, "name").or_else(|| text(body, "slug"));
    let entries = list(body, "resource");
    let kind = if entries.is_empty() {
        "custom"
    } else if entries.iter().all(|entry| entry.get("readonly") == Some(&Value::Bool(true))) {
        "read_only"
    } else if entries
        .iter()
        .any(|entry| entry.as_object().is_some_and(|entry| entry.len() == 1) && entry["resourceType"] == "*")
    {
        "admin"
    } else {
        "custom"
    };
    json!({ "name": name, "kind": kind })
}

/// The secret is shown when it is made, and never again.
fn credential(row: &Row, body: &Value) -> Value {
    let uri = list(body, "redirectUris").first().or_else(|| body.get("redirectUri"));
    json!({
        "name": body["name"],
        "kind": if uri.is_some() { "webapp" } else { "integration" },
        "confidential": text(body, "tokenEndpointAuthMethod") != Some("none"),
        "client_id": row.id,
        "client_secret": null,
        "redirect_uri": uri,
    })
}

/// The people behind memberships.
#[derive(Default)]
struct Members {
    users: HashMap<String, Value>,
    invited: HashSet<String>,
    owner: Option<String>,
}

impl Members {
    async fn of(repo: &Repo, rows: &[Arc<Row>]) -> Result<Self> {
        let mut members = Self::default();
        let mut ids = Vec::new();
        for row in rows {
            let body = parsed(row)?;
            ids.extend(body.get("user").and_then(|user| target(user, "User")).map(str::to_owned));
        }
        if ids.is_empty() {
            return Ok(members);
        }
        for row in all(repo, "User", &[("_id", ids.join(","))]).await? {
            members.users.insert(row.id.clone(), parsed(&row)?);
        }
        let open = [("type", "invite"), ("used:not", "true"), ("revoked:not", "true")];
        let mut asked: Vec<(&str, String)> = open.map(|(name, value)| (name, value.to_owned())).into();
        asked.push(("user", ids.iter().map(|id| format!("User/{id}")).collect::<Vec<_>>().join(",")));
        for row in all(repo, "UserSecurityRequest", &asked).await? {
            let request = parsed(&row)?;
            members
                .invited
                .extend(request.get("user").and_then(|user| target(user, "User")).map(str::to_owned));
        }
        if let Ok(project) = found(repo, "Project", &repo.actor().project_id).await {
            members.owner =
                parsed(&project)?.get("owner").and_then(|owner| target(owner, "User")).map(str::to_owned);
        }
        Ok(members)
    }

    fn tell(&self, body: &Value) -> Value {
        let id = body.get("user").and_then(|user| target(user, "User")).unwrap_or_default();
        let none = Value::Null;
        let user = self.users.get(id).unwrap_or(&none);
        let proved = user.get("emailVerified") == Some(&Value::Bool(true));
        json!({
            "user_email": user["email"],
            "user_first_name": user["firstName"],
            "user_last_name": user["lastName"],
            "status": if !proved && self.invited.contains(id) { "pending" } else { "active" },
            "owner": self.owner.as_deref() == Some(id),
        })
    }
}
