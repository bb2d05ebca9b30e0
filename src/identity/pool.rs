//! Whose users a project's are: a child project draws them from the pool of its root.

use std::sync::Arc;

use super::acting::{body, target};
use super::system;
use crate::error::{Result, conflict};
use crate::repo::{Engine, absent};

/// Parents above a project at most.
const DEEPEST: usize = 16;

/// The project whose pool it is.
pub struct Root {
    pub number: i32,
    pub id: String,
}

/// The root of a project; itself, if it has no parent.
pub async fn root(engine: &Arc<Engine>, project: &str) -> Result<Root> {
    let mut id = project.to_owned();
    for _ in 0..DEEPEST {
        let row = system(engine).read("Project", &id).await?;
        match target(&body(&row)?, "parent", "Project") {
            Some(parent) => id = parent.to_owned(),
            None => {
                let number = engine.store.project_number(&id)?;
                return Ok(Root { number: number.ok_or_else(|| absent("Project", &id))?, id });
            }
        }
    }
    Err(conflict(format!("the parents of Project/{project} have no end")).coded("business-rule"))
}
