//! Where a resource is for an actor: in his project, and nowhere else; for the boundless, anywhere.

use std::sync::Arc;

use serde_json::Value;

use super::policy::{Interaction, Sight};
use super::update::must_match;
use super::{Actor, Rank, Repo, SERVER_PROJECT};
use crate::error::{Error, Result, conflict, deleted, not_found};
use crate::resource;
use crate::search::shape::is_id;
use crate::search::{Facet, Key, qualifier};
use crate::store::{Referred, Row};

/// Parents above a project at most.
const DEEPEST: usize = 16;

impl Repo {
    /// The row of a resource the actor can reach, deleted or not.
    pub(super) async fn locate(&self, kind: &str, id: &str) -> Result<Option<Arc<Row>>> {
        // What is no id cannot be found, and may be nothing that a database takes.
        if !is_id(id) {
            return Ok(None);
        }
        let number = self.engine.kind(kind)?;
        let store = &self.engine.store;
        let home = store.fetch(self.home(kind, id)?, number, id).await?;
        // A user who moved to another pool, and a sign-in that moved to its project, left a marker behind.
        let moved = matches!(kind, "Login" | "User") && home.as_ref().is_some_and(|row| row.deleted);
        if !self.actor.is_boundless() || (home.is_some() && !moved) {
            return Ok(home);
        }
        let text = id.to_owned();
        let mut rows = store.offload(move |store| store.everywhere(number, &text)).await?;
        // A namesake that was deleted elsewhere is not in the way of the living.
        if rows.iter().filter(|row| !row.deleted).count() == 1 {
            rows.retain(|row| !row.deleted);
        }
        match (rows.pop(), rows.is_empty()) {
            (row, true) => Ok(row.map(Arc::new)),
            _ => {
                Err(conflict(format!("several projects have a {kind}/{id}; ask as an admin of one of them"))
                    .coded("multiple-matches"))
            }
        }
    }

    /// Where profiles, value sets and code systems that are resources are looked for, nearest first: in a
    /// project, in that of the server, outside of all.
    pub(super) fn shelves(&self, project: i32) -> Result<Vec<i32>> {
        let mut shelves = vec![project];
        shelves.extend(self.engine.store.project_number(SERVER_PROJECT)?);
        shelves.push(0);
        shelves.dedup();
        Ok(shelves)
    }

    /// The project to look in first.
    fn home(&self, kind: &str, id: &str) -> Result<i32> {
        // A project's own record is kept in the project.
        if kind == "Project" && self.actor.is_boundless() {
            return Ok(self.engine.store.project_number(id)?.unwrap_or(self.actor.project));
        }
        Ok(self.actor.project)
    }

    /// The living resource that an update of it begins with, if its version is `if_match` (where given).
    pub(super) async fn living(&self, kind: &str, id: &str, if_match: Option<i64>) -> Result<Arc<Row>> {
        let found = self.reach(Interaction::Update, kind, id).await?;
        let row = found.ok_or_else(|| absent(kind, id))?;
        if row.deleted {
            return Err(gone(kind, id, &row));
        }
        must_match(kind, id, if_match, Some(&row))?;
        Ok(row)
    }

    /// The living resource, as much of it as the actor sees.
    pub(super) async fn find(&self, kind: &str, id: &str) -> Result<Arc<Row>> {
        if let Some(row) = self.reach(Interaction::Read, kind, id).await? {
            if !row.deleted {
                return self.seen(row);
            }
            // A user who moved to the pool of the server may be a guest by now.
            if kind != "User" || self.actor.is_boundless() || self.guest(id).await?.is_none() {
                return Err(gone(kind, id, &row));
            }
        }
        if kind == "User"
            && !self.actor.is_boundless()
            && let Some(row) = self.guest(id).await?
            && self.sees(Interaction::Read, &row).await?
        {
            return self.seen(Sight::Guest.of(row)?);
        }
        Err(absent(kind, id))
    }

    /// The living record of the actor himself, where he is of another pool than that of the project he acts in.
    pub(super) async fn own_elsewhere(&self, kind: &str, id: &str) -> Result<Option<Arc<Row>>> {
        let is_own = kind == "User" && self.actor.reference.strip_prefix("User/") == Some(id);
        if !is_own || self.actor.is_boundless() {
            return Ok(None);
        }
        Ok(self.for_server().locate(kind, id).await?.filter(|row| !row.deleted))
    }

    /// The same with the server's right, for what it sees to itself.
    pub(super) fn for_server(&self) -> Self {
        let actor = Actor { rank: Rank::System, policy: None, ..Actor::clone(&self.actor) };
        Self { actor: Arc::new(actor), ..self.clone() }
    }

    /// A user of the server pool who is a member of the actor's project.
    async fn guest(&self, id: &str) -> Result<Option<Arc<Row>>> {
        let (repo, id) = (self.clone(), id.to_owned());
        self.engine.store.offload(move |_| repo.guest_at_once(&id)).await
    }

    /// The same, on the calling thread.
    pub(super) fn guest_at_once(&self, id: &str) -> Result<Option<Arc<Row>>> {
        if !is_id(id) {
            return Ok(None);
        }
        let store = &self.engine.store;
        let number = self.engine.kind("User")?;
        for pool in self.lenders()? {
            let Some(row) = store.get(pool, number, id)?.filter(|row| !row.deleted) else { continue };
            let Some(referred) = self.guests() else { return Ok(None) };
            return Ok(store.is_referred(&referred, id)?.then_some(row));
        }
        Ok(None)
    }

    /// The pools, besides its own, that the users of the actor's project may be of: that of the server and, for a
    /// child, that of its root.
    pub(super) fn lenders(&self) -> Result<Vec<i32>> {
        let (own, store) = (self.actor.project, &self.engine.store);
        let root = self.engine.guests.root(own, !store.reads_inline(), || self.root(own))?;
        Ok(if root == own { vec![0] } else { vec![0, root] })
    }

    /// The number of the project whose pool the users of a project are of.
    pub(super) async fn pool_of(&self, project: i32) -> Result<i32> {
        let repo = self.clone();
        let ask = move || {
            let store = &repo.engine.store;
            repo.engine.guests.root(project, !store.reads_inline(), || repo.root(project))
        };
        match self.engine.store.reads_inline() {
            true => ask(),
            false => self.engine.store.offload(move |_| ask()).await,
        }
    }

    /// The project at the end of the parents of a project; itself, where it has none.
    fn root(&self, project: i32) -> Result<i32> {
        let store = &self.engine.store;
        let kind = self.engine.kind("Project")?;
        let mut root = project;
        for _ in 0..DEEPEST {
            let Some(row) = store.get(root, kind, &store.project_id(root)?)? else { break };
            let body: Value = resource::parse(row.body.as_bytes()).unwrap_or_default();
            let parent = body.pointer("/parent/reference").and_then(Value::as_str);
            let Some(id) = parent.and_then(|parent| parent.strip_prefix("Project/")) else { break };
            match store.project_number(id)? {
                Some(parent) => root = parent,
                None => break,
            }
        }
        Ok(root)
    }

    /// What makes a user of another pool a guest: a membership of his in the actor's project.
    pub(super) fn guests(&self) -> Option<Referred> {
        let memberships = self.definitions.resources.get("ProjectMembership")?;
        let slot = memberships.params.get("user")?.slot;
        Some(Referred {
            by_project: self.actor.project,
            by_kind: self.engine.kind("ProjectMembership").ok()?,
            key: Key { slot, facet: Facet::Value },
            qualifier: qualifier("User"),
        })
    }
}

pub fn absent(kind: &str, id: &str) -> Error {
    not_found(format!("there is no {kind}/{id}"))
}

fn gone(kind: &str, id: &str, row: &Row) -> Error {
    deleted(format!("{kind}/{id} was deleted")).of_version(row.version, row.updated)
}
