//! What a browser keeps between the pages of a sign-in: which sign-in is its own, sealed, so that nobody makes one up.
//! Forms carry a token that is derived from it (<https://www.rfc-editor.org/rfc/rfc6749#section-10.12>).

use chrono::Utc;

use super::Identity;

/// Seconds that a browser is known for.
pub const KEPT: i64 = 8 * 3600;
/// Stands for no sign-in.
const NOBODY: &str = "-";

pub struct Browser {
    /// As its cookie has it.
    pub cookie: String,
    pub login: Option<String>,
}

impl Identity {
    /// The browser that shows this; nothing if that was not given by this server, or too long ago.
    pub fn browser(&self, cookie: &str) -> Option<Browser> {
        let [login, random, ends, proof] = cookie.split('.').collect::<Vec<_>>()[..] else { return None };
        let is_sealed = self.seal.derived(&["browser", login, random, ends], proof);
        let ends: i64 = ends.parse().ok()?;
        if !is_sealed || Utc::now().timestamp() >= ends {
            return None;
        }
        let login = Some(login).filter(|login| *login != NOBODY).map(str::to_owned);
        Some(Browser { cookie: cookie.to_owned(), login })
    }

    /// A browser as it is from now on.
    pub fn new_browser(&self, login: Option<&str>) -> Browser {
        let (named, random) = (login.unwrap_or(NOBODY), super::random());
        let ends = (Utc::now().timestamp() + KEPT).to_string();
        let proof = self.seal.derive(&["browser", named, &random, &ends]);
        Browser { cookie: format!("{named}.{random}.{ends}.{proof}"), login: login.map(str::to_owned) }
    }

    /// What forms of this browser carry.
    pub fn form_token(&self, browser: &Browser) -> String {
        self.seal.derive(&["form", &browser.cookie])
    }

    pub fn is_form_token(&self, browser: &Browser, token: &str) -> bool {
        self.seal.derived(&["form", &browser.cookie], token)
    }
}
