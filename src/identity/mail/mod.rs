//! Mail to people: which text, from whom, and by which way it goes.
//!
//! A project may have its own texts (settings `mail.NAME.subject` and `mail.NAME.text`) and its own mail server (the
//! secrets `smtpHost`, `smtpPort`, `smtpUser`, `smtpPassword`, `smtpFrom` and `smtpTls`).

mod message;
mod project;
mod smtp;
mod template;
mod transport;

use std::sync::Arc;

use lettre::message::Mailbox;

pub(in crate::identity) use project::entry;
pub use template::{Template, Values};

use super::Identity;
use crate::config::MailConfig;
use crate::error::{Result, busy, fault, malformed};
use transport::Transport;

/// The way that mail goes.
pub(super) struct Mail {
    from: Mailbox,
    transport: Arc<Transport>,
    settings: MailConfig,
}

impl Mail {
    pub fn open(settings: &MailConfig) -> Result<Self> {
        let from = settings
            .from
            .parse()
            .map_err(|error| malformed(format!("'{}' is no sender of mail: {error}", settings.from)))?;
        let transport = Arc::new(Transport::parse(settings)?);
        Ok(Self { from, transport, settings: settings.clone() })
    }

    pub fn settings(&self) -> &MailConfig {
        &self.settings
    }
}

impl Identity {
    /// Sends a mail in the name of a project (given by its id), or of the server.
    pub async fn send(
        &self,
        project: Option<&str>,
        template: Template,
        to: &str,
        values: Values,
    ) -> Result<()> {
        let mail = &self.mail;
        let own = match project {
            Some(project) => project::own(&self.engine, project, template).await?,
            None => project::Own::default(),
        };
        let values = values.complete(own.name.as_deref());
        let text = template.text(own.subject.as_deref(), own.text.as_deref());
        let (transport, from) = match own.server {
            Some(server) => {
                let from = server.from.clone().unwrap_or_else(|| mail.from.clone());
                (Arc::new(Transport::of_project(server, &mail.settings)?), from)
            }
            None => (Arc::clone(&mail.transport), mail.from.clone()),
        };
        let message = message::write(from, to, &text, &values)?;
        let shown = mail.settings.links.then(|| text.fill(&values, true));
        let shown = shown.unwrap_or_else(|| text.fill(&values, false));
        let to = to.to_owned();
        // A mail server takes its time.
        let sent = tokio::task::spawn_blocking(move || transport.send(&message, &to, &shown));
        sent.await.map_err(fault)?.inspect_err(|error| tracing::warn!(%error, "a mail was not sent"))
    }
}

/// What is said of mail that did not get out; the cause is for the log.
fn unsent(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> crate::error::Error {
    busy("the mail could not be sent").coded("exception").because(cause)
}
