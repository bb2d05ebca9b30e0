//! Resources by their numbers, for protocols whose ids are numbers.

use super::Repo;
use crate::error::Result;

impl Repo {
    /// The id of the resource of a type that has a number, where the actor's own are kept; of users, also where the
    /// guests of his project come from. Whether he may see it is for `read` to say.
    pub async fn id_of(&self, kind: &str, number: i64) -> Result<Option<String>> {
        let mut homes = vec![self.actor.project];
        if kind == "User" {
            homes.extend(self.lenders()?);
        }
        let kind = self.engine.kind(kind)?;
        let look = move |store: &crate::store::Store| {
            for home in homes {
                if let Some(id) = store.id_of(home, kind, number)? {
                    return Ok(Some(id));
                }
            }
            Ok(None)
        };
        self.engine.store.offload(look).await
    }
}
