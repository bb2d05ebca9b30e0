//! The way to an outside party, and what is needed on the way back: a sealed cookie that only this browser has, and a
//! `state` that only goes with it (<https://www.rfc-editor.org/rfc/rfc6749#section-10.12>). Both run out, the nonce and the
//! verifier of PKCE are derived from them, and nothing is kept here meanwhile.

use chrono::Utc;
use serde_json::{Map, Value, json};

use super::Provider;
use crate::error::{Result, fault, malformed};
use crate::identity::login::challenge_of;
use crate::identity::{Identity, random};

/// Seconds in which one comes back.
pub const KEPT: i64 = 600;
/// What the cookie and the state are sealed for.
pub(super) const COOKIE: &str = "external cookie";
pub(super) const STATE: &str = "external state";
/// Characters of a state.
const LONGEST: usize = 6000;
const SCOPE: &str = "openid email profile";

/// What somebody was about.
#[derive(Debug, Clone)]
pub enum Errand {
    /// The authorization request of a page of ours.
    Page(String),
    /// The fields of a sign-in that an application began.
    App(Map<String, Value>),
}

/// Where to, and what the browser is to keep.
pub struct Departure {
    pub url: String,
    pub cookie: String,
}

impl Identity {
    /// Sends somebody to a party. `anew`: he is to prove himself there once more.
    pub async fn depart(
        &self,
        provider: &Provider,
        errand: &Errand,
        hint: Option<&str>,
        anew: bool,
    ) -> Result<Departure> {
        let endpoints = self.endpoints(provider).await?;
        let mut url = endpoints.authorize(provider)?;
        let client =
            provider.text("clientId").ok_or_else(|| provider.unfit("it is not known who we are there"))?;
        let id = random();
        let state = match errand {
            Errand::Page(request) => json!({ "id": id, "page": request }),
            Errand::App(fields) => json!({ "id": id, "app": fields }),
        };
        let state = self.seal.close(&state.to_string(), STATE)?;
        if state.len() > LONGEST {
            return Err(malformed("this request is too long to be taken along").coded("too-long"));
        }
        // An application may put a state of its own in the place of ours: then the cookie alone says whose it is.
        let cookie = json!({
            "id": id, "holder": provider.holder, "until": Utc::now().timestamp() + KEPT,
            "open": matches!(errand, Errand::App(_)),
        });
        let mut pairs = vec![
            ("response_type", "code".to_owned()),
            ("client_id", client.to_owned()),
            ("redirect_uri", self.callback()),
            ("scope", provider.text("scope").unwrap_or(SCOPE).to_owned()),
            ("state", state),
            ("nonce", self.nonce(&id)),
        ];
        if provider.uses_pkce() {
            pairs.push(("code_challenge", challenge_of(&self.verifier(&id))));
            pairs.push(("code_challenge_method", "S256".to_owned()));
        }
        pairs.extend(hint.map(|hint| ("login_hint", hint.to_owned())));
        pairs.extend(anew.then(|| ("prompt", "login".to_owned())));
        url.query_pairs_mut().extend_pairs(pairs);
        let cookie = self.seal.close(&cookie.to_string(), COOKIE).map_err(fault)?;
        Ok(Departure { url: url.into(), cookie })
    }

    /// Where parties send people back to.
    pub(super) fn callback(&self) -> String {
        format!("{}/auth/external", self.issuer)
    }

    /// Where the application of the server's owner is.
    pub fn app_url(&self) -> &str {
        &self.mail.settings().app_url
    }

    pub(super) fn nonce(&self, id: &str) -> String {
        self.seal.derive(&["external nonce", id])
    }

    pub(super) fn verifier(&self, id: &str) -> String {
        self.seal.derive(&["external verifier", id])
    }
}

impl Provider {
    pub(super) fn uses_pkce(&self) -> bool {
        self.said.get("usePkce") != Some(&Value::Bool(false))
    }
}
