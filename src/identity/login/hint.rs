//! Whose session a browser or an id token speaks of (<https://openid.net/specs/openid-connect-rpinitiated-1_0.html>),
//! and the end of one by its refresh token.

use super::draft::{Draft, PREVIOUS, REFRESH, parts};
use crate::error::Result;
use crate::identity::Identity;
use crate::resource::secret;

impl Identity {
    /// Ends the session of a refresh token of this client's.
    pub async fn end_refresh(&self, token: &str, client: &str) -> Result<()> {
        let Some((id, random)) = parts(token) else { return Ok(()) };
        let Some(mut draft) = Draft::read(&self.engine, id).await? else { return Ok(()) };
        let bound = draft.reference("client").map(|client| client.trim_start_matches("ClientApplication/"));
        let is_known = [REFRESH, PREVIOUS]
            .into_iter()
            .any(|name| draft.secret(name).is_some_and(|kept| secret::matches(random, kept)));
        if bound == Some(client) && is_known { self.end_draft(&mut draft).await } else { Ok(()) }
    }

    /// The login and the client of an id token that was given here, however old it is.
    pub async fn hinted(&self, token: &str) -> Result<Option<(String, String)>> {
        self.keys.refresh().await?;
        Ok(self.keys.hint(token, &self.issuer))
    }
}
