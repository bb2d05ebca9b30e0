//! Where something is that only its id tells of: in one of the projects below that of an admin.

use super::{Identity, system};
use crate::error::{Kind, Result};
use crate::repo::Repo;

impl Identity {
    /// The id of the child project, of the admin who holds the repo, that a resource is in.
    pub async fn project_below(&self, repo: &Repo, kind: &str, id: &str) -> Result<Option<String>> {
        if !repo.actor().administers() {
            return Ok(None);
        }
        let row = match system(&self.engine).read(kind, id).await {
            Ok(row) => row,
            Err(error) if matches!(error.kind, Kind::NotFound | Kind::Deleted | Kind::Conflict) => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let project = self.engine.store.project_id(row.project)?;
        match self.organization(repo, &project).await {
            Ok(_) => Ok(Some(project)),
            Err(error) if matches!(error.kind, Kind::NotFound | Kind::Forbidden) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
