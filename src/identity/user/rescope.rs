//! `$rescope`: a user moves from the pool of a project to that of the server, or back, and stays who he is.

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::acting::{body, in_name_of, target};
use super::super::{Identity, system};
use super::administered;
use crate::error::{Kind, Result, busy, forbidden, malformed, not_found};
use crate::repo::Repo;
use crate::repo::audit::{Act, Audit};
use crate::store::{Row, Secret};

const ATTEMPTS: usize = 8;

/// Where he goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pool {
    Server,
    /// The id of the project.
    Project(String),
}

impl Identity {
    pub async fn rescope(&self, repo: &Repo, id: &str, to: &Pool, audit: Audit) -> Result<Arc<Row>> {
        let audit = Audit { act: Act::Update, ..audit };
        for _ in 0..ATTEMPTS {
            let row = administered(repo, id).await?;
            let own = in_name_of(repo);
            let trusted = repo.actor().is_boundless();
            let mut next = body(&row)?;
            let mut secrets: Vec<Secret> = Vec::new();
            let audit = match to {
                Pool::Server if row.project == 0 => return Err(already("scope")),
                Pool::Server => {
                    if next.get("email").is_none() {
                        let text = "a user of the server has an e-mail";
                        return Err(malformed(text).coded("business-rule").at("scope"));
                    }
                    if let Some(object) = next.as_object_mut() {
                        object.shift_remove("project");
                    }
                    // What an admin of one project says of somebody proves nothing to the others.
                    if !trusted {
                        next["emailVerified"] = Value::Bool(false);
                    }
                    audit.clone().project(row.project)
                }
                Pool::Project(project) => {
                    if !trusted {
                        return Err(forbidden("only a super admin moves a user into a project"));
                    }
                    let missing = || not_found(format!("there is no Project/{project}")).at("project");
                    let number = self.engine.store.project_number(project)?.ok_or_else(missing)?;
                    let home = match own.read("Project", project).await {
                        Ok(home) => body(&home)?,
                        Err(error) if error.kind == Kind::NotFound => return Err(missing()),
                        Err(error) => return Err(error),
                    };
                    if target(&home, "parent", "Project").is_some() {
                        let text = "a child project has no users of its own";
                        return Err(malformed(text).coded("business-rule").at("project"));
                    }
                    if row.project == number {
                        return Err(already("project"));
                    }
                    self.no_members_but(id, number).await?;
                    next["project"] = json!({ "reference": format!("Project/{project}") });
                    audit.clone().project(number)
                }
            };
            for (name, value) in self.engine.store.secrets(row.project, row.rid)? {
                // Nor is a password that he chose.
                if trusted || name != "passwordHash" {
                    secrets.push(Secret::set(&name, value));
                }
            }
            if let Some(object) = next.as_object_mut() {
                object.shift_remove("meta");
            }
            if let Some(written) = own.audited(audit).relocate("User", &row, next, secrets).await? {
                return Ok(written.row);
            }
        }
        Err(busy("this user is changed by many at once; try again"))
    }

    /// Fails while he is a member elsewhere.
    async fn no_members_but(&self, user: &str, project: i32) -> Result<()> {
        let asked = [("user".to_owned(), format!("User/{user}")), ("_count".to_owned(), "100".to_owned())];
        let found = system(&self.engine).search("ProjectMembership", &asked, false).await?.rows;
        match found.iter().any(|row| row.project != project) {
            true => {
                let text = "this user is a member of other projects; remove him there first";
                Err(malformed(text).coded("business-rule").at("project"))
            }
            false => Ok(()),
        }
    }
}

fn already(place: &str) -> crate::error::Error {
    malformed("this user is there already").coded("business-rule").at(place)
}
