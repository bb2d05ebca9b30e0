//! The one door to what is stored.
//!
//! A `Repo` is an `Engine` bound to an `Actor`: whoever holds one can do what that actor may, and nothing
//! else. The verbs are those of FHIR (<https://hl7.org/fhir/R4/http.html>), one file each. They are async
//! only at this door, because a write is answered when it is durable; everything beneath is plain.

pub mod access;
mod actor;
pub mod audit;
mod beside;
pub mod bundle;
pub mod check;
mod conditional;
mod contained;
mod create;
mod created;
mod delete;
mod guests;
mod history;
mod import;
mod include;
mod leave;
mod locate;
mod narrow;
mod number;
mod numbered;
pub mod operation;
pub mod parameter;
mod patch;
mod plan;
pub mod policy;
mod prepare;
mod profiles;
mod provider;
mod read;
mod reading;
mod reindex;
mod relocate;
mod retain;
mod roll;
mod rules;
mod search;
pub mod subscription;
mod terminology;
mod update;
mod widen;

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

pub use actor::{Actor, Rank};
pub use beside::Beside;
pub use conditional::Criteria;
pub use created::told_by;
pub use history::{Change, History, Mark};
pub use locate::absent;
pub use prepare::SESSIONS_SINCE;
pub use provider::PROVIDER_SECRET;
pub use reindex::reindex;
pub use retain::Retain;
pub use search::Found;

use arc_swap::ArcSwap;

use crate::definitions::{Definitions, ResourceType};
use crate::error::{Result, fault, not_found};
use crate::store::{Row, Store};
use parameter::{Attention, Catalogue, Pace};

/// The id of the project that rules all others. What is in it is there for all, where that makes sense.
pub const SERVER_PROJECT: &str = "00000000-0000-7000-8000-000000000001";

/// Hears the type of what was written, what came of it, and whether it may have ended what someone may do.
pub type Listener = Box<dyn Fn(&str, Outcome, bool) + Send + Sync>;

/// What everybody shares.
pub struct Engine {
    pub store: Arc<Store>,
    catalogue: ArcSwap<Catalogue>,
    attention: Attention,
    /// How much the background may do; for tests.
    pub pace: Pace,
    /// The FHIR base as clients see it, without a slash at the end.
    pub base_url: String,
    /// Called after each write: `identity` forgets what it knew by heart.
    pub written: OnceLock<Listener>,
    pub limits: Limits,
    guests: guests::Guests,
    profiles: profiles::Shelf,
    numbered: numbered::Bookmarks,
}

/// What the configuration says of searches.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Entries of a page where the caller says nothing.
    pub default_count: usize,
    /// Entries of a page at most.
    pub max_count: usize,
    /// Whether a conditional delete may delete more than one.
    pub delete_many: bool,
    /// Whether a subscription may be sent to an address that is not public.
    pub private_endpoints: bool,
    /// How much of what is done is recorded as AuditEvents.
    pub audit: audit::Scope,
}

impl Engine {
    pub fn new(store: Store, definitions: Arc<Definitions>, base_url: String, limits: Limits) -> Self {
        Self {
            store: Arc::new(store),
            catalogue: ArcSwap::from_pointee(Catalogue::bare(definitions)),
            attention: Attention::default(),
            pace: Pace::default(),
            base_url,
            written: OnceLock::new(),
            limits,
            guests: guests::Guests::default(),
            profiles: profiles::Shelf::default(),
            numbered: numbered::Bookmarks::default(),
        }
    }

    /// The repo of an actor. `request` is the id of the request that it acts in.
    pub fn bind(self: &Arc<Self>, actor: Arc<Actor>, request: &str) -> Repo {
        let catalogue = self.catalogue.load_full();
        // A super admin searches many projects at once, by what all of them have.
        let project = if actor.rank == Rank::SuperAdmin { 0 } else { actor.project };
        let definitions = Arc::clone(catalogue.of_project(project));
        let (engine, request) = (Arc::clone(self), request.to_owned());
        Repo {
            engine,
            catalogue,
            definitions,
            actor,
            request,
            promised: None,
            audit: None,
            through: None,
            narrow: None,
        }
    }

    /// What may exist in a project, as of now.
    pub fn definitions_of(&self, project: i32) -> Arc<Definitions> {
        Arc::clone(self.catalogue.load().of_project(project))
    }

    /// What may exist in all projects, as of now.
    pub fn definitions(&self) -> Arc<Definitions> {
        Arc::clone(self.catalogue.load().shared())
    }

    /// Tells everyone who depends on it of a write.
    fn tell(&self, kind: &str, project: i32, outcome: Outcome, grave: bool) {
        self.guests.written(kind, project);
        self.profiles.written(kind);
        if let Some(written) = self.written.get() {
            written(kind, outcome, grave);
        }
    }

    /// Another process has written: nothing that is known by heart holds.
    pub fn look_again(&self) {
        self.store.forget();
        for kind in ["Project", "ProjectMembership", "User", "AccessPolicy", "StructureDefinition"] {
            self.tell(kind, 0, Outcome::Deleted, true);
        }
    }

    fn kind(&self, name: &str) -> Result<i32> {
        self.store.kind(name).ok_or_else(|| fault(format!("the type {name} has no number")))
    }
}

/// An engine, bound to an actor.
#[derive(Clone)]
pub struct Repo {
    engine: Arc<Engine>,
    /// The same from the beginning of a request to its end.
    catalogue: Arc<Catalogue>,
    /// As the actor's project has them.
    definitions: Arc<Definitions>,
    actor: Arc<Actor>,
    request: String,
    /// What the transaction under way will have written: type and id.
    promised: Option<Arc<HashSet<(String, String)>>>,
    /// What its writes are recorded as.
    audit: Option<Arc<audit::Audit>>,
    /// The dialect that it is spoken to in, if not FHIR.
    through: Option<&'static str>,
    /// Conditions of its searches besides those that are asked for.
    narrow: Option<Arc<narrow::Narrow>>,
}

impl Repo {
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// The id of the request that it acts in.
    pub fn request(&self) -> &str {
        &self.request
    }

    /// What may exist for the actor.
    pub fn definitions(&self) -> &Arc<Definitions> {
        &self.definitions
    }

    /// The same for whoever speaks another dialect: what it writes says so in `meta.source`.
    pub fn through(self, dialect: &'static str) -> Self {
        Self { through: Some(dialect), ..self }
    }

    /// A repo of another actor in the same request.
    pub fn rebind(&self, actor: Arc<Actor>) -> Self {
        Self { through: self.through, ..self.engine.bind(actor, &self.request) }
    }

    fn resource_type(&self, name: &str) -> Result<&ResourceType> {
        self.definitions.resources.get(name).map(Arc::as_ref).ok_or_else(|| {
            not_found(format!("there is no resource type '{name}' here")).coded("not-supported")
        })
    }
}

/// What a write came to.
#[derive(Debug)]
pub struct Written {
    pub row: Arc<Row>,
    pub outcome: Outcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Created,
    Updated,
    /// The same as before: no new version.
    Unchanged,
    /// What was to be created unless it exists does exist.
    Found,
    Deleted,
}
