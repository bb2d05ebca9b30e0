//! A user as the platform shows him. What is not known is left out: its schema has no nulls.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::super::caller::Caller;
use super::super::place::Org;
use super::super::record::{body, extension, extensions, is, list, moment, target, text};
use crate::error::Result;
use crate::identity::{Activation, SignIns};
use crate::store::Row;

/// The languages that the platform speaks.
pub(super) const LOCALES: [&str; 4] = ["en-US", "fr-FR", "de-DE", "pt-BR"];
/// Characters of a name at most.
const LONGEST: usize = 50;

/// What is told of users besides their records, looked up for all of a page at once.
pub(in crate::http::axway) struct Users {
    made: HashMap<String, i64>,
    sign_ins: HashMap<String, SignIns>,
    activations: HashMap<String, Activation>,
    /// What members call themselves in the caller's organization.
    names: HashMap<String, String>,
}

impl Users {
    pub async fn of(caller: &Caller<'_>, org: &Org, rows: &[Arc<Row>]) -> Result<Self> {
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        let created = caller.repo.created(rows).await?;
        Ok(Self {
            made: ids.iter().cloned().zip(created).collect(),
            sign_ins: caller.identity().sign_ins(&caller.repo, &ids).await?,
            activations: caller.identity().activations(&[&caller.repo, &org.repo], rows).await?,
            names: names(org, &ids).await?,
        })
    }

    /// One of them.
    pub fn show(&self, caller: &Caller<'_>, row: &Row) -> Result<Value> {
        let user = body(row)?;
        let store = &caller.repo.engine().store;
        let activation = self.activations.get(&row.id).copied().unwrap_or_default();
        let name = |element: &str| -> String {
            text(&user, element).unwrap_or_default().chars().take(LONGEST).collect()
        };
        let email = text(&user, "email").unwrap_or_default();
        let mut shown = json!({
            "guid": row.id,
            "user_id": row.rid,
            "email": email,
            "firstname": name("firstName"),
            "lastname": name("lastName"),
            "username": self.names.get(&row.id).map_or(email, String::as_str),
            "active": user.get("active") != Some(&Value::Bool(false)),
            "activated": activation.activated || self.sign_ins.contains_key(&row.id),
            "authenticator_enabled": list(&user, "mfaMethod").contains(&json!("totp")),
            "mfa": is(&user, "mfaEnrolled") || is(&user, "mfaRequired"),
            // Those of the pool of the server belong to no project.
            "external": row.project == 0,
            // Nobody signs in here by another service.
            "oauth": [],
            "prefs": prefs(&user),
            "updated": moment(row.updated),
            "logged_in_count": 0,
        });
        if let Some(made) = self.made.get(&row.id) {
            shown["created"] = moment(*made).into();
        }
        if let Some(invited) = activation.invited.filter(|_| shown["activated"] == false) {
            shown["invited"] = moment(invited).into();
        }
        if let Some(zone) = text(&user, "timezone") {
            shown["timezone"] = zone.into();
        }
        let locale = list(&user, "preferredLanguage").first().and_then(Value::as_str);
        if let Some(locale) = LOCALES.into_iter().find(|known| locale == Some(known)) {
            shown["locale"] = locale.into();
        }
        for (name, field) in [("sign-in-organization", "login_org"), ("terms-accepted", "terms_updated")] {
            if let Some(value) = extension(&user, name) {
                shown[field] = value.clone();
            }
        }
        let default = extension(&user, "default-organization").and_then(|one| one.get("reference"));
        let default = default.and_then(Value::as_str).and_then(|one| one.strip_prefix("Project/"));
        if let Some(number) = default.map(|id| store.project_number(id)).transpose()?.flatten() {
            shown["default_org"] = number.into();
        }
        if let Some(pool) = target(&user, "project", "Project") {
            shown["provider_guid"] = pool.into();
        }
        if let Some(known) = self.sign_ins.get(&row.id) {
            shown["logged_in_count"] = known.count.into();
            shown["last_login"] = moment(known.last.at).into();
            shown["date_activated"] = moment(known.first.at).into();
            if let Some(number) = store.project_number(&known.last.project)? {
                shown["last_logged_in_org"] = number.into();
            }
            for sign_in in [&known.first, &known.last] {
                shown[format!("logged_in_from_{}", kind_of(sign_in.agent.as_deref()))] = true.into();
            }
        }
        Ok(shown)
    }
}

/// One user, looked at by himself.
pub(in crate::http::axway) async fn shown(caller: &Caller<'_>, row: &Arc<Row>) -> Result<Value> {
    let rows = std::slice::from_ref(row);
    Users::of(caller, &caller.home(), rows).await?.show(caller, row)
}

/// What sort of program somebody signs in by.
pub(in crate::http::axway) fn kind_of(agent: Option<&str>) -> &'static str {
    match agent {
        Some(agent) if agent.contains("AMPLIFY SDK") || agent.contains("Axway CLI") => "cli",
        Some(agent) if agent.contains("Studio") => "studio",
        Some(agent) if agent.starts_with("Mozilla/") => "web",
        _ => "other",
    }
}

/// Preferences by their names.
pub(super) fn prefs(user: &Value) -> Value {
    let mut prefs = Map::new();
    for one in extensions(user, "preference") {
        let part = |name: &str| {
            let part = list(one, "extension").iter().find(|part| part["url"] == name)?;
            part.get("valueString").and_then(Value::as_str).map(str::to_owned)
        };
        if let (Some(name), Some(value)) = (part("name"), part("value")) {
            prefs.insert(name, value.into());
        }
    }
    Value::Object(prefs)
}

/// The user names of members, by the ids of their users, as far as the caller sees memberships.
async fn names(org: &Org, ids: &[String]) -> Result<HashMap<String, String>> {
    let mut names = HashMap::new();
    for ids in ids.chunks(100) {
        let users: Vec<String> = ids.iter().map(|id| format!("User/{id}")).collect();
        let found = match org.all("ProjectMembership", &[("user", users.join(","))]).await {
            Err(error) if error.kind == crate::error::Kind::Forbidden => break,
            found => found?,
        };
        for row in found {
            let membership = body(&row)?;
            if let (Some(user), Some(name)) =
                (target(&membership, "user", "User"), text(&membership, "userName"))
            {
                names.insert(user.to_owned(), name.to_owned());
            }
        }
    }
    Ok(names)
}
