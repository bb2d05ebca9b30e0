//! Reading what may be written but never served: password hashes, seeds, client secrets, private keys.

use diesel::prelude::*;

use super::Store;
use super::schema::credential;
use crate::error::Result;

impl Store {
    /// The secret elements of one resource, by name. For `identity` only: nothing of it may reach a reply.
    pub fn secrets(&self, project: i32, rid: i64) -> Result<Vec<(String, String)>> {
        self.with(|connection| {
            credential::table
                .filter(credential::project.eq(project).and(credential::rid.eq(rid)))
                .select((credential::name, credential::value))
                .order(credential::name)
                .load(connection)
        })
    }

    /// The names of the secret elements that a resource has.
    pub fn secret_names(&self, project: i32, rid: i64) -> Result<Vec<String>> {
        Ok(self.secrets(project, rid)?.into_iter().map(|(name, _)| name).collect())
    }
}
