//! Who asks.

use std::sync::Arc;

use super::policy::Policy;

/// An authenticated party in a project.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Number of the project in the store.
    pub project: i32,
    /// Id of the Project resource; empty for the server itself.
    pub project_id: String,
    /// `User/…` or `ClientApplication/…`.
    pub reference: String,
    /// Id of the ProjectMembership that it acts by.
    pub membership: Option<String>,
    pub rank: Rank,
    /// Whom it is inside the project: `Practitioner/…`, by the membership.
    pub profile: Option<String>,
    /// Id of the Login that its token is bound to.
    pub login: Option<String>,
    /// Id of the ClientApplication that a person came through.
    pub client: Option<String>,
    /// What bounds it besides its rank; nothing for an admin without one, and for a member the least.
    pub policy: Option<Arc<Policy>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rank {
    /// The server acting for itself.
    System,
    /// All projects.
    SuperAdmin,
    /// All of one project.
    ProjectAdmin,
    /// What his policy says; without one the least: himself, and the name of his project.
    Member,
}

impl Actor {
    /// The server, acting for itself.
    pub fn system() -> Self {
        Self {
            project: 0,
            project_id: String::new(),
            reference: "System".to_owned(),
            membership: None,
            rank: Rank::System,
            profile: None,
            login: None,
            client: None,
            policy: None,
        }
    }

    /// Whether it may do what takes an admin as a whole: a token that was given for less is not good for that.
    pub fn administers(&self) -> bool {
        self.rank != Rank::Member && !self.policy.as_ref().is_some_and(|policy| policy.takes_away())
    }

    /// Whether no project bounds what it sees.
    pub fn is_boundless(&self) -> bool {
        matches!(self.rank, Rank::System | Rank::SuperAdmin)
    }
}
