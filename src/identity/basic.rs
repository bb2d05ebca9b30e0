//! Clients that show their id and secret with each request: by the scheme Basic
//! (<https://www.rfc-editor.org/rfc/rfc7617>), or as one key where a bearer token is expected.

use std::sync::Arc;

use super::{Identity, Proof, client};
use crate::error::{Result, unauthenticated};
use crate::repo::Actor;

/// Seconds that a proof is remembered.
const REMEMBERED: i64 = 60;

/// What a key begins with. Scanners for secrets know it.
const KEY: &str = "sk_";

/// The key of a client: all it takes to act as it.
pub fn api_key(id: &str, secret: &str) -> String {
    format!("{KEY}{id}_{secret}")
}

/// Id and secret of a key. No id has an underscore in it.
pub fn of_api_key(key: &str) -> Option<(&str, &str)> {
    key.strip_prefix(KEY)?.split_once('_')
}

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
