//! Members of an organization: a user of the pool above it becomes one, gets other roles, leaves.

use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use super::super::acting::{self, ATTEMPTS, expect, gone, in_name_of, reason};
use super::super::user::written;
use crate::error::{Error, Kind, Result, busy, conflict};
use crate::identity::Identity;
use crate::repo::audit::{Act, Audit};
use crate::repo::{Repo, absent};
use crate::store::Row;

const MEMBER: &str = "this user is a member of the organization already";

/// A member to be.
#[derive(Debug, Clone)]
pub struct Wanted<'w> {
    /// Id of the user.
    pub user: &'w str,
    /// References to the policies that are his roles.
    pub roles: Vec<String>,
    /// Reference of who invited him.
    pub invited_by: Option<&'w str>,
}

impl Identity {
    /// Makes a user of the pool of whoever holds the repo a member of an organization of his, once.
    pub async fn join_organization(
        &self,
        repo: &Repo,
        organization: &str,
        wanted: &Wanted<'_>,
        audit: Audit,
    ) -> Result<Arc<Row>> {
        let (home, _) = self.organization_record(repo, organization).await?;
        let user = repo.read("User", wanted.user).await?;
        if user.project != repo.actor().project {
            return Err(absent("User", wanted.user));
        }
        let (reference, project) = (format!("User/{}", user.id), format!("Project/{organization}"));
        let mut membership = json!({
            "resourceType": "ProjectMembership",
            "project": { "reference": project },
            "user": { "reference": reference },
            "profile": { "reference": reference },
            "active": true,
            "access": accesses(&wanted.roles),
        });
        if wanted.roles.is_empty() {
            membership.as_object_mut().map(|membership| membership.shift_remove("access"));
        }
        if let Some(inviter) = wanted.invited_by {
            membership["invitedBy"] = json!({ "reference": inviter });
        }
        let asked = [("user", reference.as_str()), ("project", project.as_str())];
        let entries = vec![
            acting::new("ProjectMembership", &Uuid::now_v7().to_string(), membership),
            expect("ProjectMembership", &asked, &[], MEMBER)?,
            expect("User", &[("_id", &user.id)], &[&user.id], "there is no such user")?,
        ];
        let own = in_name_of(repo).audited(Audit { act: Act::Create, ..audit }.project(home.project));
        match own.transaction(entries).await.map_err(reason) {
            Ok(done) => written(done),
            Err(error) if error.kind == Kind::Precondition => Err(conflict(MEMBER).coded("duplicate")),
            Err(error) => Err(error),
        }
    }

    /// Changes a membership in an organization. `change` may be asked again, where others were faster.
    pub async fn change_member<E: From<Error>>(
        &self,
        repo: &Repo,
        id: &str,
        audit: Audit,
        change: impl Fn(&mut Value) -> Result<(), E>,
    ) -> Result<Arc<Row>, E> {
        let read = async || Ok(self.membership_below(repo, id).await?.0);
        let audit = |row: &Row| Audit { act: Act::Update, ..audit.clone() }.project(row.project);
        acting::change(repo, "ProjectMembership", read, audit, change).await
    }

    /// Ends a membership in an organization. The user stays: he is of the pool above it.
    pub async fn leave_organization(&self, repo: &Repo, id: &str, audit: Audit) -> Result<()> {
        for _ in 0..ATTEMPTS {
            let (row, _) = self.membership_below(repo, id).await?;
            // He is of the pool above, also where he was a member here alone; one who sleeps there has been one.
            if let Some(user) = acting::target(&acting::body(&row)?, "user", "User") {
                self.home_membership(repo, user).await.ok();
            }
            let own =
                in_name_of(repo).audited(Audit { act: Act::Delete, ..audit.clone() }.project(row.project));
            match own.transaction(vec![gone("ProjectMembership", &row)]).await.map_err(reason) {
                Ok(_) => return Ok(()),
                Err(error) if matches!(error.kind, Kind::Conflict | Kind::Precondition) => {}
                Err(error) => return Err(error),
            }
        }
        Err(busy("this membership is changed by many at once; try again"))
    }
}

/// Policies as the `access` of a membership.
pub fn accesses(roles: &[String]) -> Value {
    roles.iter().map(|policy| json!({ "policy": { "reference": policy } })).collect()
}
