//! Where mail goes: to a mail server, into a directory as .eml files, or, in development, into the log.

use std::fs;
use std::path::PathBuf;

use lettre::Message;
use url::Url;
use uuid::Uuid;

use super::project::Server;
use super::smtp::Smtp;
use super::template::Text;
use super::unsent;
use crate::config::MailConfig;
use crate::error::{Result, malformed};

pub(super) enum Transport {
    Smtp(Box<Smtp>),
    Directory(PathBuf),
    Log,
}

impl Transport {
    pub fn parse(settings: &MailConfig) -> Result<Self> {
        let text = settings.transport.as_str();
        if text == "log" {
            return Ok(Self::Log);
        }
        if let Some(folder) = text.strip_prefix("dir:").filter(|folder| !folder.is_empty()) {
            return Ok(Self::Directory(PathBuf::from(folder)));
        }
        // What is wrong with it is not said by showing it: it may hold a password.
        let wrong = || {
            malformed("mail goes to smtp://HOST, smtps://HOST, dir:DIRECTORY or log; this is none of them")
        };
        let url = Url::parse(text).map_err(|_| wrong())?;
        if !matches!(url.scheme(), "smtp" | "smtps") || !url.has_host() {
            return Err(wrong());
        }
        Ok(Self::Smtp(Box::new(Smtp::of_url(&url, settings.timeout)?)))
    }

    pub fn of_project(server: Server, settings: &MailConfig) -> Result<Self> {
        Ok(Self::Smtp(Box::new(Smtp::of_project(server, settings.timeout, settings.private)?)))
    }

    /// `shown` is the text as the log may have it.
    pub fn send(&self, message: &Message, to: &str, shown: &Text) -> Result<()> {
        match self {
            Self::Smtp(smtp) => smtp.send(message),
            Self::Directory(folder) => {
                let name = Uuid::now_v7().to_string();
                let hidden = folder.join(format!(".{name}"));
                // Whoever watches the directory finds whole mails only.
                fs::write(&hidden, message.formatted()).map_err(unsent)?;
                fs::rename(&hidden, folder.join(format!("{name}.eml"))).map_err(unsent)
            }
            Self::Log => {
                tracing::info!(to, subject = shown.subject, "mail:\n{}", shown.body);
                Ok(())
            }
        }
    }
}
