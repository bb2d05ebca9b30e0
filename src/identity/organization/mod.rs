//! The organizations of a product: child projects of the project that a key is for, run by its admin. They draw their
//! people from his project's pool.

mod change;
mod member;

pub use change::Organization;
pub use member::{Wanted, accesses};

use std::sync::Arc;

use super::acting::{self, in_name_of};
use super::{Identity, system};
use crate::error::{Kind, Result, fault};
use crate::repo::{Actor, Engine, Rank, Repo, absent};
use crate::search::{Key, qualifier};
use crate::store::{Row, Stretch};

/// Children that are read at once.
const CHUNK: usize = 128;

/// The memberships of a user in the children of a project, in the order of their ids.
pub(super) async fn memberships(engine: &Arc<Engine>, project: i32, user: &str) -> Result<Vec<Arc<Row>>> {
    below(engine, project, "ProjectMembership", "user", (user, "User")).await
}

/// What refers to something, or has a token of a system, in all the children of a project.
async fn below(
    engine: &Arc<Engine>,
    project: i32,
    kind: &str,
    parameter: &str,
    (value, within): (&str, &str),
) -> Result<Vec<Arc<Row>>> {
    let definitions = engine.definitions();
    let found = definitions.resources.get(kind).and_then(|kind| kind.params.get(parameter));
    let key = found.map(|parameter| Key::of(parameter)).ok_or_else(|| fault("a parameter is not defined"))?;
    let number = engine.store.kind(kind).ok_or_else(|| fault("a type has no number"))?;
    let (value, within) = (value.to_owned(), qualifier(within));
    let rows = engine.store.offload(move |store| store.below(project, number, key, (&value, within))).await?;
    Ok(rows.into_iter().map(Arc::new).collect())
}

impl Identity {
    /// The repo of an organization's admin, for the admin of the project above it; of others there are none.
    pub async fn organization(&self, repo: &Repo, id: &str) -> Result<Repo> {
        let (row, _) = self.organization_record(repo, id).await?;
        Ok(self.seat(repo, row.project, id))
    }

    fn seat(&self, repo: &Repo, project: i32, id: &str) -> Repo {
        let actor =
            Actor { project, project_id: id.to_owned(), rank: Rank::ProjectAdmin, ..repo.actor().clone() };
        repo.rebind(Arc::new(actor))
    }

    /// The record of an organization that is awake, and its number.
    pub async fn organization_record(&self, repo: &Repo, id: &str) -> Result<(Arc<Row>, serde_json::Value)> {
        let missing = || absent("Project", id);
        let number = self.engine.store.project_number(id)?.ok_or_else(missing)?;
        let parent = self.engine.store.parent(number)?;
        if parent != Some(repo.actor().project) || !repo.actor().administers() {
            return Err(missing());
        }
        let row = match in_name_of(repo).read("Project", id).await {
            Ok(row) => row,
            Err(error) if matches!(error.kind, Kind::NotFound | Kind::Deleted) => return Err(missing()),
            Err(error) => return Err(error),
        };
        let body = acting::body(&row)?;
        match body.get("active") == Some(&serde_json::Value::Bool(false)) {
            true => Err(missing()),
            false => Ok((row, body)),
        }
    }

    /// Organizations that are awake, beyond an id in the direction of reading: no more than are wanted.
    pub async fn organizations(
        &self,
        repo: &Repo,
        beyond: Option<&str>,
        descending: bool,
        wanted: usize,
    ) -> Result<Vec<Arc<Row>>> {
        let (project, mut place) = (repo.actor().project, beyond.map(str::to_owned));
        let mut found = Vec::new();
        while found.len() < wanted {
            let from = place.clone();
            let read = move |store: &crate::store::Store| {
                store.children(project, Stretch { beyond: from.as_deref(), descending, limit: CHUNK })
            };
            let children = self.engine.store.offload(read).await?;
            let more = children.len() == CHUNK;
            for (_, id) in children {
                if found.len() == wanted {
                    return Ok(found);
                }
                // A number may have been given to a project that was never made.
                if let Ok((row, _)) = self.organization_record(repo, &id).await {
                    found.push(row);
                }
                place = Some(id);
            }
            if !more {
                break;
            }
        }
        Ok(found)
    }

    /// An access policy of a project, or of one above it.
    pub async fn inherited_policy(&self, project: i32, id: &str) -> Result<Option<serde_json::Value>> {
        super::policy::inherited(&self.engine, project, id).await
    }

    /// The organizations that have an identifier of a system.
    pub async fn organizations_with(&self, repo: &Repo, system: &str, value: &str) -> Result<Vec<Arc<Row>>> {
        let rows =
            below(&self.engine, repo.actor().project, "Project", "identifier", (value, system)).await?;
        let mut awake = Vec::new();
        for row in rows {
            if self.organization_record(repo, &row.id).await.is_ok() {
                awake.push(row);
            }
        }
        Ok(awake)
    }

    /// The memberships of a user in the organizations of whoever holds the repo, those that are awake.
    pub async fn memberships_below(&self, repo: &Repo, user: &str) -> Result<Vec<Arc<Row>>> {
        let mut found = Vec::new();
        for row in memberships(&self.engine, repo.actor().project, user).await? {
            let organization = self.engine.store.project_id(row.project)?;
            if self.organization_record(repo, &organization).await.is_ok() {
                found.push(row);
            }
        }
        Ok(found)
    }

    /// A membership in one of the organizations, the organization's id, and the repo of its admin.
    pub async fn membership_below(&self, repo: &Repo, id: &str) -> Result<(Arc<Row>, Repo)> {
        let missing = || absent("ProjectMembership", id);
        let row = match system(&self.engine).read("ProjectMembership", id).await {
            Ok(row) => row,
            Err(error) if matches!(error.kind, Kind::NotFound | Kind::Deleted | Kind::Conflict) => {
                return Err(missing());
            }
            Err(error) => return Err(error),
        };
        let organization = self.engine.store.project_id(row.project)?;
        let seat = self.organization(repo, &organization).await.map_err(|_| missing())?;
        Ok((row, seat))
    }
}
