//! Who may do what to which type (the rows of an actor's rank). Which resources of a type he can reach is
//! decided by where they are looked for, in `locate` and `search`.

use super::{Rank, Repo};
use crate::definitions::ResourceType;
use crate::error::{Result, forbidden, not_found};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Interaction {
    Create,
    Read,
    Update,
    Delete,
    History,
    Search,
}

impl Interaction {
    fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::History => "read the history of",
            Self::Search => "search",
        }
    }
}

/// Types that only the server writes.
pub(super) const RECORDS: [&str; 3] = ["JsonWebKey", "Login", "UserSecurityRequest"];

impl Repo {
    /// The type, if the actor may do this to it at all.
    pub(super) fn may(&self, interaction: Interaction, kind: &str) -> Result<&ResourceType> {
        use Interaction::{Create, Delete, Read, Update};
        let resource = self.resource_type(kind)?;
        if self.actor.rank == Rank::System {
            return Ok(resource);
        }
        if !resource.served {
            return Err(not_found(format!("{kind} is not served here")).coded("not-supported"));
        }
        let refused = || forbidden(format!("you may not {} {kind}", interaction.word()));
        let writes = matches!(interaction, Create | Update | Delete);
        if writes && RECORDS.contains(&kind) {
            return Err(forbidden(format!("{kind} is written by the server alone")));
        }
        match self.actor.rank {
            Rank::System | Rank::SuperAdmin => Ok(resource),
            Rank::ProjectAdmin if kind == "Project" && matches!(interaction, Create | Delete) => {
                Err(refused())
            }
            Rank::ProjectAdmin => Ok(resource),
            Rank::Member if interaction == Read && self.is_own_type(kind) => Ok(resource),
            Rank::Member => Err(refused()),
        }
    }

    /// Fails for a type that is not served, before its body is looked at.
    pub fn knows(&self, kind: &str) -> Result<()> {
        let resource = self.resource_type(kind)?;
        if resource.served {
            Ok(())
        } else {
            Err(not_found(format!("{kind} is not served here")).coded("not-supported"))
        }
    }

    fn is_own_type(&self, kind: &str) -> bool {
        kind == "Project" || self.actor.reference.split('/').next() == Some(kind)
    }

    /// Whether this very resource may be read, where the rank does not settle it.
    pub(super) fn may_read(&self, kind: &str, id: &str) -> Result<()> {
        if self.actor.rank != Rank::Member {
            return Ok(());
        }
        let own = match kind {
            "Project" => id == self.actor.project_id,
            _ => self.actor.reference.split_once('/') == Some((kind, id)),
        };
        // Said of every other id alike, whether it exists or not.
        if own { Ok(()) } else { Err(forbidden(format!("you may not read {kind}/{id}"))) }
    }
}
