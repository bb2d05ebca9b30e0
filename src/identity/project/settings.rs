//! Settings, secrets and sites of a project, each set as a whole list.

use std::sync::Arc;

use serde_json::Value;

use super::super::acting::body;
use crate::error::{Kind, Result, busy, malformed};
use crate::identity::Identity;
use crate::repo::Repo;
use crate::repo::audit::Audit;
use crate::store::Row;

const ATTEMPTS: usize = 8;

impl Identity {
    /// Puts `list` into the place of `element`. Other elements stay as they are, whoever writes them meanwhile.
    pub async fn set_in_project(
        &self,
        repo: &Repo,
        project: &str,
        element: &str,
        list: &Value,
        audit: Audit,
    ) -> Result<Arc<Row>> {
        let Some(entries) = list.as_array() else {
            return Err(malformed("the body is a list").coded("structure"));
        };
        let repo = repo.audited(audit);
        for _ in 0..ATTEMPTS {
            let row = repo.read("Project", project).await?;
            let mut next = body(&row)?;
            match (entries.is_empty(), next.as_object_mut()) {
                (true, Some(object)) => drop(object.shift_remove(element)),
                _ => next[element] = list.clone(),
            }
            match repo.update("Project", project, next, Some(row.version)).await {
                Ok(written) => return Ok(written.row),
                Err(error) if error.kind == Kind::Precondition => {}
                Err(error) => return Err(error),
            }
        }
        Err(busy("this project is changed by many at once; try again"))
    }
}
