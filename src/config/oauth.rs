//! Settings of OAuth 2.0 and OpenID Connect: in the file they are the table `[oauth]`.

use clap::Args;
use serde::Deserialize;

pub(super) const REGISTRATIONS: [&str; 3] = ["off", "token", "open"];

/// What may be given; all of it is optional, anywhere.
#[derive(Debug, Default, Clone, Args, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OAuthSettings {
    /// Who may register clients at /oauth2/register: off, token (admins of projects) or open [default: off]
    #[arg(long, global = true, env = "ROSTER_CLIENT_REGISTRATION", value_name = "WHO", value_parser = REGISTRATIONS)]
    pub client_registration: Option<String>,
    /// Id of the project that clients register in where anybody may
    #[arg(long, global = true, env = "ROSTER_CLIENT_REGISTRATION_PROJECT", value_name = "ID")]
    pub client_registration_project: Option<String>,
    /// Hosts (HOST or HOST:PORT) that keys of clients are fetched from; * = any public one, by https [default: none]
    #[arg(long, global = true, env = "ROSTER_OAUTH_HOSTS", value_delimiter = ',', value_name = "HOST")]
    pub oauth_hosts: Vec<String>,
}

/// Who may register clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registration {
    Off,
    Token,
    Open,
}

/// What holds.
#[derive(Debug, Clone)]
pub struct OAuth {
    pub registration: Registration,
    pub registration_project: Option<String>,
    pub hosts: Vec<String>,
}

impl OAuth {
    pub(super) fn settle(given: OAuthSettings, written: OAuthSettings) -> Self {
        let registration = match given.client_registration.or(written.client_registration).as_deref() {
            Some("token") => Registration::Token,
            Some("open") => Registration::Open,
            _ => Registration::Off,
        };
        Self {
            registration,
            registration_project: given.client_registration_project.or(written.client_registration_project),
            hosts: if given.oauth_hosts.is_empty() { written.oauth_hosts } else { given.oauth_hosts },
        }
    }
}
