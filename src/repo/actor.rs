//! Who asks.

/// An authenticated party in a project.
#[derive(Debug, Clone, PartialEq, Eq)]
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
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rank {
    /// The server acting for itself.
    System,
    /// All projects.
    SuperAdmin,
    /// All of one project.
    ProjectAdmin,
    /// The least: himself, and the name of his project.
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
        }
    }

    /// Whether no project bounds what it sees.
    pub fn is_boundless(&self) -> bool {
        matches!(self.rank, Rank::System | Rank::SuperAdmin)
    }
}
