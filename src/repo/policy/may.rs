//! Who may do what to which type. Which resources of a type he can reach is decided by where they are looked for,
//! in `locate` and `search`, and by the criteria of his policy.

use std::sync::Arc;

use super::Interaction;
use crate::definitions::ResourceType;
use crate::error::{Error, Result, forbidden, not_found};
use crate::repo::{Rank, Repo};

/// Types that only the server writes.
pub(in crate::repo) const RECORDS: [&str; 3] = ["JsonWebKey", "Login", "UserSecurityRequest"];
/// Types by which a project is administered: the `*` of a policy never means them, and an admin has them whatever his
/// policy says. By the secret of a client one becomes that client, and the record of who did what tells of all of them.
pub const ADMINISTRATION: [&str; 7] = [
    "AccessPolicy",
    "AuditEvent",
    "ClientApplication",
    "DomainConfiguration",
    "Project",
    "ProjectMembership",
    "User",
];
/// Types that only admins write, whatever a policy says: whoever writes policies has whatever he writes there, and whoever
/// says who signs people in can be any of them.
const OF_ADMINS: [&str; 2] = ["AccessPolicy", "DomainConfiguration"];

/// Whether a type is to be named by whoever gives access to it.
pub(super) fn is_administration(kind: &str) -> bool {
    ADMINISTRATION.contains(&kind) || RECORDS.contains(&kind)
}

impl Repo {
    /// The type, if the actor may do this to it at all.
    pub(in crate::repo) fn may(&self, interaction: Interaction, kind: &str) -> Result<&ResourceType> {
        use Interaction::{Create, Delete};
        let resource = self.resource_type(kind)?;
        if self.actor.rank == Rank::System {
            return Ok(resource);
        }
        if !resource.served {
            return Err(not_found(format!("{kind} is not served here")).coded("not-supported"));
        }
        if interaction.writes() && RECORDS.contains(&kind) {
            return Err(forbidden(format!("{kind} is written by the server alone")));
        }
        if kind == "AuditEvent" && matches!(interaction, Interaction::Update | Delete) {
            return Err(forbidden("what was recorded stays as it is"));
        }
        let refused = || forbidden(format!("you may not {} {kind}", interaction.word()));
        let above = self.actor.rank == Rank::SuperAdmin;
        if !above && kind == "Project" && matches!(interaction, Create | Delete) {
            return Err(refused());
        }
        if self.actor.rank == Rank::Member && OF_ADMINS.contains(&kind) && interaction.writes() {
            return Err(refused());
        }
        match self.rights(kind)? {
            None => Ok(resource),
            Some(rights) if rights.allow(interaction) => Ok(resource),
            Some(_) => Err(refused()),
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

    /// Types that the actor may do this to; his refusal where there is none.
    pub(in crate::repo) fn open_to(
        &self,
        interaction: Interaction,
        is_meant: impl Fn(&str) -> bool,
    ) -> Result<Vec<String>> {
        let mut refusal = None;
        let mut kinds = Vec::new();
        for kind in self.definitions.resources.values().filter(|kind| kind.served && is_meant(&kind.name)) {
            match self.may(interaction, &kind.name) {
                Ok(_) => kinds.push(kind.name.clone()),
                Err(error) => refusal = Some(error),
            }
        }
        match refusal {
            Some(refusal) if kinds.is_empty() => Err(refusal),
            _ => Ok(kinds),
        }
    }

    /// Whether this very resource may be read, where the least that everybody has is all that he has.
    pub(in crate::repo) fn may_read(&self, kind: &str, id: &str) -> Result<()> {
        let Some(rights) = self.rights(kind)? else { return Ok(()) };
        if !rights.is_least() || self.is_own(kind, id) {
            return Ok(());
        }
        // Said of every other id alike, whether it exists or not.
        Err(forbidden(format!("you may not read {kind}/{id}")))
    }

    pub(super) fn is_own(&self, kind: &str, id: &str) -> bool {
        match kind {
            "Project" => id == self.actor.project_id,
            _ => self.actor.reference.split_once('/') == Some((kind, id)),
        }
    }

    /// Fails for whoever sees or changes only a part of a type: some operations know no parts.
    pub(in crate::repo) fn has_all_of(&self, kind: &str) -> Result<()> {
        match self.rights(kind)? {
            Some(rights) if !rights.are_whole() => Err(only_a_part(kind)),
            _ => Ok(()),
        }
    }

    /// Fails for whoever sees only a part of a type.
    pub(in crate::repo) fn sees_all_of(&self, kind: &str) -> Result<()> {
        match self.rights(kind)? {
            Some(rights) if !rights.show_all() => Err(only_a_part(kind)),
            _ => Ok(()),
        }
    }

    /// Whether nothing but his rank bounds the actor: the path of nearly every request.
    pub(super) fn is_free(&self) -> bool {
        self.actor.policy.is_none() && self.actor.rank != Rank::Member
    }

    /// What bounds the actor in a type; nothing where nothing does.
    pub(super) fn rights(&self, kind: &str) -> Result<Option<Arc<super::rights::Rights>>> {
        match (&self.actor.policy, self.actor.rank) {
            (_, Rank::System) | (None, Rank::SuperAdmin | Rank::ProjectAdmin) => Ok(None),
            (None, Rank::Member) => Ok(Some(Arc::new(self.least(kind)))),
            (Some(policy), _) => policy.rights(self, kind),
        }
    }
}

fn only_a_part(kind: &str) -> Error {
    forbidden(format!("your access policy gives you only a part of {kind}; this takes all of it"))
}
