//! What a project says of its mail: texts among its settings, a mail server among its secrets.

use std::sync::Arc;

use lettre::message::Mailbox;
use serde_json::Value;

use super::template::Template;
use crate::error::{Result, fault};
use crate::identity::system;
use crate::repo::Engine;

#[derive(Default)]
pub(super) struct Own {
    pub name: Option<String>,
    pub subject: Option<String>,
    pub text: Option<String>,
    pub server: Option<Server>,
}

/// A mail server as a project names it.
pub(super) struct Server {
    pub host: String,
    pub port: Option<u16>,
    pub user: Option<String>,
    pub password: Option<String>,
    pub from: Option<Mailbox>,
    pub tls: Option<String>,
}

pub(super) async fn own(engine: &Arc<Engine>, project: &str, template: Template) -> Result<Own> {
    let row = system(engine).read("Project", project).await?;
    let project: Value = serde_json::from_str(&row.body).map_err(fault)?;
    let name = template.name();
    Ok(Own {
        name: project.get("name").and_then(Value::as_str).map(str::to_owned),
        subject: entry(&project, "setting", &format!("mail.{name}.subject")),
        text: entry(&project, "setting", &format!("mail.{name}.text")),
        server: server(&project),
    })
}

fn server(project: &Value) -> Option<Server> {
    let secret = |name: &str| entry(project, "secret", name);
    Some(Server {
        host: secret("smtpHost")?,
        port: secret("smtpPort").and_then(|port| port.parse().ok()),
        user: secret("smtpUser"),
        password: secret("smtpPassword"),
        from: secret("smtpFrom").and_then(|from| from.parse().ok()),
        tls: secret("smtpTls"),
    })
}

/// A setting or secret of this name, as text.
pub(in crate::identity) fn entry(project: &Value, list: &str, name: &str) -> Option<String> {
    let entries = project.get(list)?.as_array()?;
    let entry = entries.iter().find(|entry| entry.get("name").and_then(Value::as_str) == Some(name))?;
    ["valueString", "valueInteger", "valueBoolean", "valueDecimal"].iter().find_map(|value| {
        match entry.get(*value)? {
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    })
}
