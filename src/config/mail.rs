//! Settings of mail and of the links in it: in the file they are the table `[mail]`.

use std::time::Duration;

use clap::Args;
use serde::Deserialize;
use url::Url;

use crate::error::{Result, malformed};

/// What may be given; all of it is optional, anywhere.
#[derive(Debug, Default, Clone, Args, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MailSettings {
    /// smtp://USER:PASSWORD@HOST:PORT, smtps://…, dir:DIRECTORY for .eml files, or log [default: log]
    #[arg(
        id = "mail_transport",
        long = "mail",
        global = true,
        env = "ROSTER_MAIL",
        hide_env_values = true,
        value_name = "WHERE"
    )]
    pub transport: Option<String>,
    /// Sender of mail [default: Roster <no-reply@ the host of the public address>]
    #[arg(
        id = "mail_from",
        long = "mail-from",
        global = true,
        env = "ROSTER_MAIL_FROM",
        value_name = "ADDRESS"
    )]
    pub from: Option<String>,
    /// Address that links in mail begin with [default: the public address]
    #[arg(long, global = true, env = "ROSTER_APP_URL", value_name = "URL")]
    pub app_url: Option<String>,
    /// Show links and codes where mail goes to the log: for development alone
    #[arg(id = "mail_links", long = "mail-links", global = true, env = "ROSTER_MAIL_LINKS", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub links: Option<bool>,
    /// Milliseconds that a mail server has [default: 10000]
    #[arg(
        id = "mail_timeout",
        long = "mail-timeout",
        global = true,
        env = "ROSTER_MAIL_TIMEOUT",
        value_name = "MS"
    )]
    pub timeout: Option<u64>,
    /// Let projects name mail servers whose address is not public
    #[arg(id = "mail_private", long = "mail-private", global = true, env = "ROSTER_MAIL_PRIVATE", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub private: Option<bool>,
    /// Seconds in which an invitation is accepted; 0 = no limit [default: 604800]
    #[arg(long, global = true, env = "ROSTER_INVITE_LIFETIME", value_name = "SECONDS")]
    pub invite_lifetime: Option<u32>,
    /// Seconds in which a password is reset by mail; 0 = no limit [default: 3600]
    #[arg(long, global = true, env = "ROSTER_RESET_LIFETIME", value_name = "SECONDS")]
    pub reset_lifetime: Option<u32>,
    /// Seconds in which an e-mail is verified; 0 = no limit [default: 86400]
    #[arg(long, global = true, env = "ROSTER_VERIFY_LIFETIME", value_name = "SECONDS")]
    pub verify_lifetime: Option<u32>,
}

/// What holds.
#[derive(Debug, Clone)]
pub struct MailConfig {
    pub transport: String,
    pub from: String,
    /// With a slash at the end.
    pub app_url: String,
    pub links: bool,
    pub timeout: Duration,
    pub private: bool,
    /// Seconds; 0 for no limit.
    pub invite_lifetime: u32,
    pub reset_lifetime: u32,
    pub verify_lifetime: u32,
}

impl MailConfig {
    pub(super) fn settle(given: MailSettings, written: MailSettings, public_url: &str) -> Result<Self> {
        let app_url =
            given.app_url.or(written.app_url).unwrap_or_else(|| public_url.trim_end_matches('/').to_owned());
        let parsed = Url::parse(&app_url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let Some(parsed) = parsed.filter(Url::has_host) else {
            return Err(malformed(format!("'{app_url}' is no address that links in mail could begin with")));
        };
        let host = parsed.host_str().unwrap_or("localhost").trim_matches(['[', ']']);
        let from = || format!("Roster <no-reply@{}>", if host.contains(':') { "localhost" } else { host });
        Ok(Self {
            transport: given.transport.or(written.transport).unwrap_or_else(|| "log".to_owned()),
            from: given.from.or(written.from).unwrap_or_else(from),
            app_url: format!("{}/", app_url.trim_end_matches('/')),
            links: given.links.or(written.links).unwrap_or(false),
            timeout: Duration::from_millis(given.timeout.or(written.timeout).unwrap_or(10_000).max(1)),
            private: given.private.or(written.private).unwrap_or(false),
            invite_lifetime: given.invite_lifetime.or(written.invite_lifetime).unwrap_or(7 * 86_400),
            reset_lifetime: given.reset_lifetime.or(written.reset_lifetime).unwrap_or(3600),
            verify_lifetime: given.verify_lifetime.or(written.verify_lifetime).unwrap_or(86_400),
        })
    }
}
