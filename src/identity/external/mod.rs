//! Sign-in by an outside party (<https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth>), which a client, a
//! project or a domain of e-mails names as its identity provider.
//!
//! Whoever configures a provider can have it say whatever he likes, and so it is believed about people of his own pool
//! and about nobody else: that of a project about the users who live there, one of the server's own project also about
//! those in the pool of the server. One that is named for a domain speaks of e-mails of that domain only.

mod account;
mod arrive;
mod claims;
mod depart;
mod endpoints;
mod exchange;
mod find;
mod newcomer;

use std::sync::Arc;

use serde_json::Value;
use url::Url;

use crate::error::{Error, malformed};
use crate::repo::{Engine, PROVIDER_SECRET};
use crate::store::Row;

pub use arrive::Return;
pub use depart::{Departure, Errand, KEPT};
pub use exchange::{Foreign, Token};

/// An outside party, as somebody has configured it.
pub struct Provider {
    /// What names it: `ClientApplication/ID`, `Project/ID`, `DomainConfiguration/ID`.
    pub holder: String,
    /// Number of the project that this is in.
    project: i32,
    /// Its project rules all others.
    above: bool,
    /// The only one that e-mails may be of.
    domain: Option<String>,
    said: Value,
    row: Arc<Row>,
}

/// What of an outside identity tells a user apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Email,
    Subject,
    FhirUser,
}

impl Provider {
    fn text(&self, name: &str) -> Option<&str> {
        self.said.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    fn is(&self, name: &str) -> bool {
        self.said.get(name) == Some(&Value::Bool(true))
    }

    /// As users know it.
    pub fn name(&self) -> String {
        if let Some(name) = self.text("name") {
            return name.to_owned();
        }
        let url = ["issuer", "authorizeUrl", "userInfoUrl"].into_iter().find_map(|name| self.text(name));
        let url = url.and_then(|url| Url::parse(url).ok());
        url.and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or_else(|| "your organization".to_owned())
    }

    /// Numbers of the pools whose users it speaks of.
    fn pools(&self) -> Vec<i32> {
        if self.above { vec![self.project, 0] } else { vec![self.project] }
    }

    fn source(&self) -> Source {
        match (self.text("identitySource"), self.is("useSubject")) {
            (Some("subject"), _) | (None, true) => Source::Subject,
            (Some("fhir-user"), _) => Source::FhirUser,
            _ => Source::Email,
        }
    }

    /// Our secret with it.
    fn secret(&self, engine: &Engine) -> crate::error::Result<Option<String>> {
        let kept = engine.store.secrets(self.row.project, self.row.rid)?;
        Ok(kept.into_iter().find(|(name, _)| name == PROVIDER_SECRET).map(|(_, secret)| secret))
    }

    /// What it says, or what is said of it, cannot be used.
    fn unfit(&self, text: &str) -> Error {
        malformed(format!("{}: {text}", self.name())).coded("login")
    }
}
