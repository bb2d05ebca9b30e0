//! The one who delivers: reads the outbox on, keeps what is to be told, tells it, and waits.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use ureq::Agent;

use super::answer::{Came, Told};
use super::deliverer::Deliverer;
use super::dispatch::passing;
use super::hook::{self, Message};
use super::live::{Key, Live, system};
use super::queue::Queue;
use super::status;
use super::tidy::Tidy;
use super::wording::{Change, wording_of};
use crate::error::Result;
use crate::repo::subscription::{self, Channel, Heard, Status};
use crate::store::{Delivery, Outbox, Position, Record};

/// On their way at most.
const AT_ONCE: usize = 64;
/// At work in one project at most.
const MOST_IN_PROJECT: usize = 1000;
/// A place that is so far behind is kept even if nothing else is.
const FAR: i64 = 1000;
/// Between two looks at PostgreSQL, where others write too: soon after something came, later by and by.
const SOON: Duration = Duration::from_millis(10);
const LATE: Duration = Duration::from_secs(1);
/// On SQLite only the bell and the clock have anything to say.
const NEVER: Duration = Duration::from_secs(3600);

pub(super) struct Lead<'d> {
    pub deliverer: &'d Deliverer,
    pub outbox: Outbox,
    /// The number of the type Subscription.
    pub kind: i32,
    pub read: Position,
    /// What of that is kept.
    kept: Position,
    pub live: BTreeMap<Key, Live>,
    /// To be set to active, once it is kept that they are looked after.
    pub requested: Vec<Key>,
    agent: Agent,
    pub on_their_way: usize,
    /// Whose turn it is: nobody is to wait for ever behind those who answer slowly.
    turn: Key,
    answers: UnboundedReceiver<Told>,
    answer: UnboundedSender<Told>,
    /// Until the next look at the outbox.
    pause: Duration,
    pub tidy: Tidy,
}

pub(super) fn now() -> i64 {
    chrono::Utc::now().timestamp_millis()
}

impl<'d> Lead<'d> {
    /// Takes up what was left.
    pub async fn begin(deliverer: &'d Deliverer, mut outbox: Outbox) -> Result<Self> {
        let standing = outbox.standing()?;
        let (answer, answers) = unbounded_channel();
        let kind = deliverer.kind()?;
        let mut lead = Self {
            deliverer,
            outbox,
            kind,
            read: standing.position,
            kept: standing.position,
            live: BTreeMap::new(),
            requested: Vec::new(),
            agent: hook::agent(&deliverer.settings),
            on_their_way: 0,
            turn: (0, 0),
            answers,
            answer,
            pause: SOON,
            tidy: Tidy::default(),
        };
        for kept in standing.subscribed {
            let queue = Queue::load(&mut lead.outbox, (kept.project, kept.rid))?;
            let key = (kept.project, kept.rid);
            lead.resume(kept, queue).await?;
            if !lead.live.contains_key(&key) {
                // It was expunged, or has no meaning any more.
                lead.outbox.record(&Record { dropped: vec![key], ..Record::default() })?;
            }
        }
        Ok(lead)
    }

    /// Does all that can be done now, then waits until there may be more.
    pub async fn turn(&mut self) -> Result<()> {
        // Before reading on, so that nothing falls in between.
        let bell = self.deliverer.engine.store.bell();
        if self.live.is_empty() {
            bell.hear(self.kind);
        } else {
            bell.hear_all();
        }
        let mut record = Record::default();
        while let Ok(told) = self.answers.try_recv() {
            self.note(told, &mut record).await?;
        }
        let more = self.read_on(&mut record).await?;
        self.expire().await?;
        self.keep(record)?;
        self.take_again()?;
        self.activate().await?;
        self.send().await?;
        if self.tidy()? || more {
            self.pause = SOON;
            return Ok(());
        }
        self.wait().await
    }

    /// Keeps how far it has come, and what has arrived.
    pub async fn end(mut self) -> Result<()> {
        let mut record = Record::default();
        while let Ok(told) = self.answers.try_recv() {
            self.note(told, &mut record).await?;
        }
        if !record.is_empty() || self.read != self.kept {
            record.position = Some(self.read);
            self.outbox.record(&record)?;
        }
        Ok(())
    }

    fn keep(&mut self, mut record: Record) -> Result<()> {
        let behind = (self.read.seen - self.kept.seen).max(self.read.txid - self.kept.txid);
        if record.is_empty() && behind < FAR {
            return Ok(());
        }
        record.position = Some(self.read);
        self.outbox.record(&record)?;
        self.kept = self.read;
        for one in &record.subscribed {
            self.deliverer.sockets.matched((one.project, one.rid), one.matched);
        }
        for key in &record.dropped {
            self.deliverer.sockets.ended(*key);
        }
        Ok(())
    }

    /// Takes up what somebody asked for once more. Who is not looked after yet, will be.
    fn take_again(&mut self) -> Result<()> {
        if self.live.is_empty() {
            return Ok(());
        }
        for key in self.outbox.replays()? {
            if let Some(live) = self.live.get_mut(&key) {
                self.outbox.notice(key.0, key.1)?;
                live.queue.reload(&mut self.outbox, key)?;
            }
        }
        Ok(())
    }

    /// Sends what is due.
    async fn send(&mut self) -> Result<()> {
        let now = now();
        let after = self.live.range(self.turn..).chain(self.live.range(..self.turn));
        let keys: Vec<Key> = after.map(|(key, _)| *key).collect();
        for key in keys {
            let room = AT_ONCE - self.on_their_way;
            if room == 0 {
                self.turn = key;
                break;
            }
            let Some(live) = self.live.get_mut(&key) else { continue };
            live.queue.refill(&mut self.outbox, key)?;
            let at_work = !live.halted && live.status().is_live();
            if !at_work || live.queue.next_due(live.at_once()).is_none_or(|due| due > now) {
                continue;
            }
            if !self.may_still(key).await? {
                continue;
            }
            let Some(live) = self.live.get_mut(&key) else { continue };
            let at_once = live.at_once();
            for delivery in live.queue.take_due(now, room, at_once) {
                self.start(key, delivery).await?;
            }
        }
        Ok(())
    }

    async fn start(&mut self, key: Key, delivery: Delivery) -> Result<()> {
        let Some(live) = self.live.get(&key) else { return Ok(()) };
        let queue = live.queue.number;
        let Some(message) = self.message(live, &delivery).await? else {
            self.skip(key, delivery);
            return Ok(());
        };
        let (agent, answer) = (self.agent.clone(), self.answer.clone());
        let bell = Arc::clone(self.deliverer.engine.store.bell());
        self.on_their_way += 1;
        tokio::task::spawn_blocking(move || {
            let came = match message.send(&agent) {
                (attempt, Ok(())) => Came::Arrived(attempt),
                (attempt, Err(failure)) => Came::Failed(attempt, failure),
            };
            // After a change of leaders nobody asks.
            let _ = answer.send(Told { key, queue, delivery, came });
            bell.wake();
        });
        Ok(())
    }

    /// What is to be sent: nothing where channel or criteria were changed, where what was written is expunged, or where
    /// it is no event that the subscription wants.
    async fn message(&self, live: &Live, delivery: &Delivery) -> Result<Option<Message>> {
        let Channel::Hook(hook) = &live.subscription.channel else { return Ok(None) };
        let store = &self.deliverer.engine.store;
        let id = subscription::name(&live.id, delivery.number);
        if let Heard::Topic { topic, .. } = live.heard {
            let wording = wording_of(self.deliverer.wordings, topic);
            let (Some(wording), Some(line)) = (wording, store.told_once(delivery.number)?) else {
                return Ok(None);
            };
            let change = Change {
                repo: &system(&self.deliverer.engine, delivery.project)?,
                identity: &self.deliverer.identity,
                line: &line,
                subscription: &live.id,
                events: &live.subscription.events,
            };
            let letter = passing(wording.word(&change).await, &live.id)?.flatten();
            return Ok(letter.map(|letter| Message::worded(hook, live.signing.clone(), id, wording, letter)));
        }
        let row = store.past(delivery.home, delivery.rid, delivery.version)?;
        let Some(row) = row.filter(|row| !row.deleted) else { return Ok(None) };
        // Whoever asks for another type by now need not be one who may see this.
        if !live.watches(delivery.home, row.kind) {
            return Ok(None);
        }
        let kind = store.kind_name(row.kind).unwrap_or_default();
        Ok(Some(Message::new(hook, live.signing.clone(), id, kind, &row)))
    }

    /// What need not be sent is done.
    fn skip(&mut self, key: Key, delivery: Delivery) {
        let Some(live) = self.live.get(&key) else { return };
        self.on_their_way += 1;
        // The receiver is our own.
        let _ = self.answer.send(Told { key, queue: live.queue.number, delivery, came: Came::Passed });
        self.deliverer.engine.store.bell().wake();
    }

    /// Sets to active what somebody requested and may have.
    async fn activate(&mut self) -> Result<()> {
        for key in std::mem::take(&mut self.requested) {
            if !self.may_still(key).await? {
                continue;
            }
            let at_work =
                |live: &&Live| live.kept.project == key.0 && live.status().is_live() && !live.halted;
            if self.live.values().filter(at_work).count() >= MOST_IN_PROJECT {
                let text =
                    format!("{MOST_IN_PROJECT} subscriptions of this project are at work, which is the most");
                self.halt(key, Some(&text)).await?;
                continue;
            }
            let Some(live) = self.live.get(&key) else { continue };
            let place = (key.0, live.id.as_str());
            status::set(&self.deliverer.engine, place, &[Status::Requested], Status::Active, None).await?;
        }
        Ok(())
    }

    /// Turns a subscription off. What is left of it goes when that comes by in the outbox.
    pub async fn halt(&mut self, key: Key, error: Option<&str>) -> Result<()> {
        let Some(live) = self.live.get_mut(&key) else { return Ok(()) };
        live.halted = true;
        let id = live.id.clone();
        tracing::info!(subscription = status::name(key, &id), error, "a subscription is turned off");
        let from = [Status::Requested, Status::Active, Status::Error];
        status::set(&self.deliverer.engine, (key.0, &id), &from, Status::Off, error).await
    }

    /// Turns off what has come to its end.
    async fn expire(&mut self) -> Result<()> {
        let now = now();
        let ended = |live: &&Live| !live.halted && live.subscription.end.is_some_and(|end| end <= now);
        let keys: Vec<Key> = self.live.values().filter(ended).map(Live::key).collect();
        for key in keys {
            self.halt(key, None).await?;
        }
        Ok(())
    }

    /// Waits for a ring, an answer, or the time at which something is due.
    async fn wait(&mut self) -> Result<()> {
        let store = &self.deliverer.engine.store;
        let poll = if store.reads_inline() { NEVER } else { self.pause };
        let now = now();
        let has_room = self.on_their_way < AT_ONCE;
        let dues = self.live.values().filter(|live| has_room && !live.halted && live.status().is_live());
        let dues = dues.filter_map(|live| live.queue.next_due(live.at_once()));
        let ends = self.live.values().filter(|live| !live.halted).filter_map(|live| live.subscription.end);
        let next = dues
            .chain(ends)
            .chain([self.tidy.due])
            .min()
            .map(|at| Duration::from_millis((at - now).max(0).unsigned_abs()));
        let time = next.map_or(poll, |next| next.min(poll));
        if tokio::time::timeout(time, store.bell().rung()).await.is_ok() {
            self.pause = SOON;
        } else if self.pause < LATE {
            self.pause = (self.pause * 2).min(LATE);
        }
        Ok(())
    }
}
