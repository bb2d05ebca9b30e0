//! From a line of the outbox to those who want to hear of it. The lines are read in order, those about subscriptions
//! too: so a subscription hears of what was written after it was set up, whoever leads and however often.

use std::sync::Arc;

use serde_json::Value;

use super::lead::{Lead, now};
use super::live::{Key, Live};
use super::queue::{MOST_WAITING, Queue};
use super::status;
use crate::definitions::Definitions;
use crate::error::{Error, Kind, Result};
use crate::repo::subscription::{Heard, Status, Subscription};
use crate::resource;
use crate::search::{Entry, index};
use crate::store::{Appended, Delivery, Record, Row, Subscribed};

/// Lines read at once.
const CHUNK: usize = 256;
/// Types whose records decide who somebody is.
const DECISIVE: [&str; 5] = ["AccessPolicy", "ClientApplication", "Project", "ProjectMembership", "User"];
/// What the server writes itself is not a change of who set something up.
const SERVER: &str = "System";

impl Lead<'_> {
    /// Reads some lines; whether there may be more.
    pub async fn read_on(&mut self, record: &mut Record) -> Result<bool> {
        let only = self.live.is_empty().then_some(self.kind);
        let (lines, read) = self.outbox.read(self.read, only, CHUNK)?;
        let more = lines.len() == CHUNK;
        for line in &lines {
            // What was passed over before the first subscription came is no concern of it.
            if line.kind == self.kind {
                self.changed(line, record).await?;
                if only.is_some() && !self.live.is_empty() {
                    self.read = line.at;
                    return Ok(true);
                }
                continue;
            }
            if self.is_decisive(line.kind) {
                self.live.values_mut().for_each(|live| live.proved = false);
            }
            self.tell(line, record).await?;
        }
        self.read = read;
        Ok(more)
    }

    fn is_decisive(&self, kind: i32) -> bool {
        self.deliverer.engine.store.kind_name(kind).is_some_and(|name| DECISIVE.contains(&name))
    }

    /// A subscription was written.
    async fn changed(&mut self, line: &Appended, record: &mut Record) -> Result<()> {
        let key = (line.project, line.rid);
        let old = self.live.remove(&key);
        let row = self.deliverer.engine.store.past(line.project, line.rid, line.version)?;
        let Some(row) = row.filter(|row| !row.deleted) else { return self.dropped(key, record) };
        let subscription = Subscription::read(&resource::parse(row.body.as_bytes())?);
        let Ok(subscription) = subscription else { return self.dropped(key, record) };
        let mut kept = match &old {
            Some(old) => Subscribed { version: line.version, ..old.kept.clone() },
            None => Subscribed {
                project: line.project,
                rid: line.rid,
                version: line.version,
                author: line.author.clone(),
                matched: 0,
            },
        };
        if line.author != SERVER {
            kept.author.clone_from(&line.author);
        }
        if subscription.status == Status::Off {
            return self.dropped(key, record);
        }
        let (queue, troubled) = match old {
            Some(old) => (old.queue, old.troubled),
            None => (Queue::behind(self.last_place(key, record)?), false),
        };
        record.subscribed.retain(|one| (one.project, one.rid) != key);
        record.subscribed.push(kept.clone());
        self.take_up(kept, &row, queue).await?;
        if let Some(live) = self.live.get_mut(&key) {
            live.troubled |= troubled;
        }
        Ok(())
    }

    fn dropped(&mut self, key: Key, record: &mut Record) -> Result<()> {
        record.subscribed.retain(|one| (one.project, one.rid) != key);
        let lost = record.deliveries.extract_if(.., |one| (one.project, one.subscription) == key);
        record.lost.extend(lost);
        record.dropped.push(key);
        Ok(())
    }

    /// The last place in the log of a subscription, with what is about to be kept.
    fn last_place(&mut self, key: Key, record: &Record) -> Result<i64> {
        let lost = record.lost.iter().filter(|one| (one.project, one.subscription) == key);
        let lost = lost.map(|one| one.place).max();
        Ok(self.outbox.last_place(key.0, key.1)?.max(lost.unwrap_or(0)))
    }

    /// Takes up a subscription that was looked after before.
    pub async fn resume(&mut self, kept: Subscribed, queue: Queue) -> Result<()> {
        match self.deliverer.engine.store.past(kept.project, kept.rid, kept.version)? {
            Some(row) => self.take_up(kept, &row, queue).await,
            None => Ok(()),
        }
    }

    async fn take_up(&mut self, kept: Subscribed, row: &Row, queue: Queue) -> Result<()> {
        let key = (kept.project, kept.rid);
        match Live::read(&self.deliverer.engine, kept, row, queue) {
            Ok(live) => {
                if live.status() == Status::Requested {
                    self.requested.push(key);
                }
                self.live.insert(key, live);
                Ok(())
            }
            Err(error) if error.kind == Kind::Fault => Err(error),
            // Its criteria have no meaning any more: a parameter, or its type, is no longer defined.
            Err(error) => self.refuse(key, &row.id, &error).await,
        }
    }

    async fn refuse(&self, key: Key, id: &str, error: &Error) -> Result<()> {
        let from = [Status::Requested, Status::Active, Status::Error];
        let text = error.to_string();
        status::set(&self.deliverer.engine, (key.0, id), &from, Status::Off, Some(&text)).await
    }

    /// Something else was written: a new version is put to whoever watches its type.
    async fn tell(&mut self, line: &Appended, record: &mut Record) -> Result<()> {
        for key in self.following(line)? {
            if self.may_still(key).await? {
                self.matched(key, line, record).await?;
            }
        }
        let watching = |live: &&Live| live.watches(line.project, line.kind);
        let keys: Vec<Key> = self.live.values().filter(watching).map(Live::key).collect();
        // There is no notification of a delete; criteria are put to the new value.
        if keys.is_empty() || line.action == "delete" {
            return Ok(());
        }
        let row = self.deliverer.engine.store.past(line.project, line.rid, line.version)?;
        let Some(row) = row.filter(|row| !row.deleted) else { return Ok(()) };
        let definitions = self.deliverer.engine.definitions_of(line.project);
        let mut entries: Option<Vec<Entry>> = None;
        for key in keys {
            self.refresh(key, &definitions, record).await?;
            let Some(live) = self.live.get(&key) else { continue };
            let Heard::Search(watch) = &live.heard else { continue };
            if watch.reads_entries() && entries.is_none() {
                entries = passing(self.entries(&definitions, &watch.kind, &row), &live.id)?;
                if entries.is_none() {
                    return Ok(());
                }
            }
            let store = &self.deliverer.engine.store;
            let found = entries.as_deref().unwrap_or_default();
            let met = passing(watch.is_met(store, line.project, &row.id, found), &live.id)?;
            if met == Some(true) && self.may_still(key).await? {
                self.matched(key, line, record).await?;
            }
        }
        Ok(())
    }

    /// Who is told of a line in the words of a dialect, of a delete as well.
    fn following(&self, line: &Appended) -> Result<Vec<Key>> {
        if !self.live.values().any(Live::is_topic) {
            return Ok(Vec::new());
        }
        let parent = self.deliverer.engine.store.parent(line.project)?;
        let following = |live: &&Live| live.follows(line.project, parent, line.kind);
        Ok(self.live.values().filter(following).map(Live::key).collect())
    }

    async fn matched(&mut self, key: Key, line: &Appended, record: &mut Record) -> Result<()> {
        let Some(live) = self.live.get_mut(&key) else { return Ok(()) };
        if live.is_socket() {
            live.kept.matched += 1;
            record.subscribed.retain(|one| (one.project, one.rid) != key);
            record.subscribed.push(live.kept.clone());
            return Ok(());
        }
        let delivery = Delivery {
            project: key.0,
            subscription: key.1,
            place: live.queue.next_place(now()),
            number: line.at.number,
            home: line.project,
            rid: line.rid,
            version: line.version,
            attempts: 0,
            due: 0,
        };
        record.deliveries.push(delivery.clone());
        live.queue.push(delivery);
        if live.queue.count > MOST_WAITING {
            let text = format!("more than {MOST_WAITING} notifications waited");
            self.halt(key, Some(&text)).await?;
        }
        Ok(())
    }

    fn entries(&self, definitions: &Definitions, kind: &str, row: &Row) -> Result<Vec<Entry>> {
        let Some(kind) = definitions.resources.get(kind) else { return Ok(Vec::new()) };
        let body: Value = resource::parse(row.body.as_bytes())?;
        index::entries(definitions, kind, &body, &self.deliverer.engine.base_url)
    }

    /// Reads the criteria anew where the definitions are others by now.
    async fn refresh(&mut self, key: Key, current: &Arc<Definitions>, record: &mut Record) -> Result<()> {
        let stale = |live: &Live| !Arc::ptr_eq(&live.definitions, current);
        if !self.live.get(&key).is_some_and(stale) {
            return Ok(());
        }
        let Some(old) = self.live.remove(&key) else { return Ok(()) };
        let proved = old.proved;
        self.resume(old.kept, old.queue).await?;
        match self.live.get_mut(&key) {
            Some(live) => live.proved = proved,
            None => self.dropped(key, record)?,
        }
        Ok(())
    }

    /// Whether whoever set a subscription up may still ask for what it watches; if not, it is turned off.
    pub async fn may_still(&mut self, key: Key) -> Result<bool> {
        let Some(live) = self.live.get(&key) else { return Ok(false) };
        if live.halted || live.proved {
            return Ok(!live.halted);
        }
        let (deliverer, subscription) = (self.deliverer, live.subscription.clone());
        let actor = deliverer.identity.standing(&live.kept.author, key.0).await?;
        let actor = actor.filter(|actor| actor.project == key.0 || actor.is_boundless());
        let may = match actor {
            Some(actor) => deliverer.engine.bind(Arc::new(actor), "events").hear(&subscription).is_ok(),
            None => false,
        };
        if may {
            if let Some(live) = self.live.get_mut(&key) {
                live.proved = true;
            }
        } else {
            self.halt(key, Some("whoever set this up may not ask for it any more")).await?;
        }
        Ok(may)
    }
}

/// A failure that will pass is one to wait for; any other would come again with each attempt, and hold up everybody.
pub(super) fn passing<T>(came: Result<T>, subscription: &str) -> Result<Option<T>> {
    match came {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind == Kind::Busy => Err(error),
        Err(error) => {
            tracing::warn!(%error, subscription, "what happened cannot be looked at; it counts as no match");
            Ok(None)
        }
    }
}
