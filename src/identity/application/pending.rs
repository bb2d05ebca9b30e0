//! A sign-in that waits for something, as an application carries it about: sealed, so that nobody makes one up.

use serde_json::json;

use crate::error::{Result, malformed};
use crate::identity::Identity;

/// Place that it is sealed for.
const PLACE: &str = "pending sign-in";

#[derive(Debug, Clone)]
pub struct Pending {
    /// Id of the Login.
    pub login: String,
    /// What it was given already, where only the organization is still to be chosen.
    pub refresh: Option<String>,
}

impl Identity {
    pub fn close_pending(&self, pending: &Pending) -> Result<String> {
        let text = json!([pending.login, pending.refresh]).to_string();
        Ok(self.seal.close(&text, PLACE)?.trim_start_matches("sealed:").to_owned())
    }

    pub fn open_pending(&self, token: &str) -> Result<Pending> {
        let wrong = || malformed("this token of a sign-in is wrong").coded("login");
        let text = self.seal.open_text(&format!("sealed:{token}"), PLACE).map_err(|_| wrong())?;
        let (login, refresh) = serde_json::from_str(&text).map_err(|_| wrong())?;
        Ok(Pending { login, refresh })
    }
}
