//! A member is removed; a user of a project's own pool goes with his last membership, in the same transaction.

use super::super::acting::{body, expect, gone, in_name_of, reason, target};
use super::Identity;
use crate::error::{Kind, Result, busy, malformed};
use crate::repo::Repo;
use crate::repo::audit::{Act, Audit};

/// Begun anew, this often, where others change the memberships of the same user.
const ATTEMPTS: usize = 12;
/// Memberships of one user that are looked at.
const MOST: &str = "100";

impl Identity {
    pub async fn remove_member(&self, repo: &Repo, project: &str, id: &str, audit: Audit) -> Result<()> {
        let own = in_name_of(repo).audited(Audit { act: Act::Delete, ..audit });
        for _ in 0..ATTEMPTS {
            let member = self.member(project, id).await?;
            let home = body(&*own.read("Project", project).await?)?;
            let user = target(&member.body, "user", "User");
            if user.is_some() && target(&home, "owner", "User") == user {
                return Err(malformed("Cannot delete the owner of the project").coded("business-rule"));
            }
            if repo.actor().membership.as_deref() == Some(id) {
                return Err(malformed("nobody removes himself").coded("business-rule"));
            }
            let mut entries = vec![gone("ProjectMembership", &member.membership)];
            if let Some(user) = user
                && let Ok(row) = own.read("User", user).await
                && row.project != 0
            {
                let reference = format!("User/{user}");
                let asked = [("user", reference.as_str())];
                let count = [("user".to_owned(), reference.clone()), ("_count".to_owned(), MOST.to_owned())];
                let all = own.search("ProjectMembership", &count, false).await?.rows;
                let ids: Vec<&str> = all.iter().map(|row| row.id.as_str()).collect();
                entries.push(expect("ProjectMembership", &asked, &ids, "the memberships have changed")?);
                if all.len() == 1 {
                    entries.push(gone("User", &row));
                }
            }
            match own.transaction(entries).await.map_err(reason) {
                Ok(_) => return Ok(()),
                Err(error) if matches!(error.kind, Kind::Conflict | Kind::Precondition) => {}
                Err(error) => return Err(error),
            }
        }
        Err(busy("the memberships of this user are changed by many at once; try again"))
    }
}
