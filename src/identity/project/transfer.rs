//! A project is given away: another of its members owns it from then on, and is its admin. Whoever owns it does so; where
//! nobody does, an admin.

use serde_json::{Value, json};

use super::super::acting::{body, in_name_of, is, next, reason, target, within};
use crate::error::{Kind, Result, busy, forbidden, invalid};
use crate::identity::account::folded;
use crate::identity::{Identity, pool};
use crate::repo::Repo;
use crate::repo::audit::{Act, Audit};

const ATTEMPTS: usize = 8;

impl Identity {
    /// To the member of this e-mail: of the pool that the project draws from, or of the server's.
    pub async fn transfer(&self, repo: &Repo, email: &str, audit: Audit) -> Result<()> {
        let project = repo.actor().project_id.clone();
        if !repo.actor().administers() {
            return Err(forbidden("this is for the admin of the project"));
        }
        let unknown =
            || invalid("is no active member of this organization").coded("not-found").at("/new_owner_email");
        let own = in_name_of(repo).audited(Audit { act: Act::Update, ..audit }.project(repo.actor().project));
        let root = pool::root(&self.engine, &project).await?;
        for _ in 0..ATTEMPTS {
            let home = own.read("Project", &project).await?;
            let mut changed = body(&home)?;
            let owner = target(&changed, "owner", "User").map(|owner| format!("User/{owner}"));
            if owner.is_some_and(|owner| owner != repo.actor().reference) {
                return Err(forbidden("only its owner gives it away"));
            }
            let mut found = None;
            for pool in [root.number, 0] {
                let asked = [("email:exact", folded(email))];
                let asked = asked.each_ref().map(|(name, value)| (*name, value.as_str()));
                for user in within(&self.engine, pool, "User", &asked).await? {
                    let reference = format!("User/{}", user.id);
                    let asked = [("user", reference.as_str())];
                    let number = repo.actor().project;
                    for member in within(&self.engine, number, "ProjectMembership", &asked).await? {
                        let membership = body(&member)?;
                        if membership.get("active") != Some(&Value::Bool(false)) && found.is_none() {
                            found = Some((reference.clone(), member, membership));
                        }
                    }
                }
            }
            let (reference, member, mut membership) = found.ok_or_else(unknown)?;
            changed["owner"] = json!({ "reference": reference });
            let mut entries = vec![next("Project", &home, changed)];
            if !is(&membership, "admin") {
                membership["admin"] = Value::Bool(true);
                entries.push(next("ProjectMembership", &member, membership));
            }
            match own.transaction(entries).await.map_err(reason) {
                Ok(_) => return Ok(()),
                Err(error) if matches!(error.kind, Kind::Conflict | Kind::Precondition) => {}
                Err(error) => return Err(error),
            }
        }
        Err(busy("this project is changed by many at once; try again"))
    }
}
