//! A subscription that the server is at work for.

use std::sync::Arc;

use serde_json::Value;

use super::queue::{AT_ONCE, Queue};
use crate::definitions::Definitions;
use crate::error::Result;
use crate::repo::subscription::{Channel, Heard, Status, Subscription, signing_key};
use crate::repo::{Actor, Engine, Repo};
use crate::resource;
use crate::store::{Row, Subscribed};

/// Project and number.
pub(super) type Key = (i32, i64);

pub(super) struct Live {
    pub kept: Subscribed,
    pub id: String,
    pub subscription: Subscription,
    pub heard: Heard,
    /// What the criteria were understood by.
    pub definitions: Arc<Definitions>,
    /// What its messages are signed with.
    pub signing: Option<Vec<u8>>,
    pub queue: Queue,
    /// Whether whoever set it up is known to be one who may still ask.
    pub proved: bool,
    /// It was said of it that what it tells does not arrive.
    pub troubled: bool,
    /// It is being turned off.
    pub halted: bool,
}

impl Live {
    /// What a version of a subscription comes to.
    pub fn read(engine: &Arc<Engine>, kept: Subscribed, row: &Row, queue: Queue) -> Result<Self> {
        let body: Value = resource::parse(row.body.as_bytes())?;
        let subscription = Subscription::read(&body)?;
        let repo = system(engine, kept.project)?;
        let heard = repo.hear(&subscription)?;
        let secret = engine.store.secrets(kept.project, kept.rid)?.into_iter().next();
        let signing = secret.and_then(|(_, secret)| match heard {
            Heard::Search(_) => signing_key(&secret),
            // In a dialect a secret is the text that it is.
            Heard::Topic { .. } => Some(secret.into_bytes()),
        });
        let definitions = Arc::clone(repo.definitions());
        let troubled = subscription.status == Status::Error;
        Ok(Self {
            kept,
            id: row.id.clone(),
            subscription,
            heard,
            definitions,
            signing,
            queue,
            proved: false,
            troubled,
            halted: false,
        })
    }

    pub fn key(&self) -> Key {
        (self.kept.project, self.kept.rid)
    }

    pub fn status(&self) -> Status {
        self.subscription.status
    }

    /// Whether it wants to hear of changes to this type in this project at all.
    pub fn watches(&self, project: i32, kind: i32) -> bool {
        let Heard::Search(watch) = &self.heard else { return false };
        self.kept.project == project && watch.number == kind && self.is_at_work()
    }

    /// Whether a dialect tells it of what happens to this type in a project below this one.
    pub fn follows(&self, project: i32, parent: Option<i32>, kind: i32) -> bool {
        let Heard::Topic { own, below, .. } = &self.heard else { return false };
        let here = self.kept.project == project && own.contains(&kind);
        (here || (parent == Some(self.kept.project) && below.contains(&kind))) && self.is_at_work()
    }

    pub fn is_topic(&self) -> bool {
        matches!(self.heard, Heard::Topic { .. })
    }

    fn is_at_work(&self) -> bool {
        self.status().is_live() && !self.halted
    }

    /// How many may be on their way to it: where nothing arrives, one attempt tells as much as many.
    pub fn at_once(&self) -> usize {
        if self.troubled { 1 } else { AT_ONCE }
    }

    pub fn is_socket(&self) -> bool {
        matches!(self.subscription.channel, Channel::Socket)
    }
}

/// The server itself, in a project.
pub(super) fn system(engine: &Arc<Engine>, project: i32) -> Result<Repo> {
    let project_id = engine.store.project_id(project)?;
    Ok(engine.bind(Arc::new(Actor { project, project_id, ..Actor::system() }), "events"))
}
