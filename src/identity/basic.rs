//! Clients that show their id and secret with each request (<https://www.rfc-editor.org/rfc/rfc7617>).

use std::sync::Arc;

use super::{Identity, Proof, client};
use crate::error::{Result, unauthenticated};
use crate::repo::Actor;

/// Seconds that a proof is remembered.
const REMEMBERED: i64 = 60;

impl Identity {
    /// The actor of a client that shows its secret.
    pub async fn authenticate_basic(&self, id: &str, secret: &str) -> Result<Arc<Actor>> {
        // What is remembered opens nothing by itself.
        let key = self.seal.derive(&["basic", id, secret]);
        if let Some(actor) = self.sessions.get(&key) {
            return Ok(actor);
        }
        let seen = self.sessions.mark();
        let refused = || unauthenticated("this client is not known, or its secret is another");
        let proved = self.prove(Some(id), Proof::Basic(secret)).await.map_err(|_| refused())?;
        let actor = client::actor(&self.engine, proved.client.project, &proved.client.id).await?;
        let actor = Arc::new(actor.ok_or_else(refused)?);
        self.sessions.put(&key, &actor, chrono::Utc::now().timestamp() + REMEMBERED, seen);
        Ok(actor)
    }
}
