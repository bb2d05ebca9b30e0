//! What one subscriber has yet to be told, in order: of each resource one thing at a time, and nothing later before it
//! has arrived. Only the beginning is in memory; all of it is in the store.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::error::Result;
use crate::store::{Delivery, Outbox, place_at};

/// In memory at most.
const WINDOW: usize = 256;
/// On their way to one subscriber at most.
pub(super) const AT_ONCE: usize = 8;
/// More than these that wait are too many.
pub(super) const MOST_WAITING: i64 = 100_000;
/// Between two attempts at most.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

#[derive(Debug, Default)]
pub(super) struct Queue {
    /// Which queue this is: an answer to what another one sent is none of its concern.
    pub number: u64,
    /// The last place given, and the last place in memory.
    last: i64,
    loaded: i64,
    /// How many there are, in memory and not.
    pub count: i64,
    waiting: VecDeque<Delivery>,
    /// The resources of what is on its way, and its places.
    busy: HashMap<i64, i64>,
}

impl Queue {
    pub fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self { number: NEXT.fetch_add(1, Ordering::Relaxed), ..Self::default() }
    }

    /// The queue of a subscription that was not looked after, behind the last place that was given before.
    pub fn behind(last: i64) -> Self {
        Self { last, loaded: last, ..Self::new() }
    }

    /// What a subscription has waiting in the store.
    pub fn load(outbox: &mut Outbox, (project, rid): (i32, i64)) -> Result<Self> {
        let (count, last) = outbox.backlog(project, rid)?;
        let mut queue = Self { last, count, ..Self::new() };
        queue.refill(outbox, (project, rid))?;
        Ok(queue)
    }

    /// Brings more into memory where there is room.
    pub fn refill(&mut self, outbox: &mut Outbox, (project, rid): (i32, i64)) -> Result<()> {
        if self.loaded < self.last && self.waiting.len() < WINDOW / 2 {
            let more = outbox.waiting(project, rid, self.loaded, WINDOW - self.waiting.len())?;
            self.loaded = more.last().map_or(self.last, |last| last.place);
            more.into_iter().for_each(|one| self.insert(one));
        }
        Ok(())
    }

    /// Reads anew what waits, since something was put among it that was told before.
    pub fn reload(&mut self, outbox: &mut Outbox, (project, rid): (i32, i64)) -> Result<()> {
        (self.count, self.last) = outbox.backlog(project, rid)?;
        self.loaded = 0;
        self.waiting.clear();
        self.refill(outbox, (project, rid))
    }

    /// Puts one into its place, unless it is there or on its way.
    fn insert(&mut self, delivery: Delivery) {
        let place = self.waiting.partition_point(|other| other.place < delivery.place);
        let there = self.waiting.get(place).is_some_and(|other| other.place == delivery.place);
        if !there && self.busy.get(&delivery.rid) != Some(&delivery.place) {
            self.waiting.insert(place, delivery);
        }
    }

    /// The place for one more, at this moment in milliseconds since 1970.
    pub fn next_place(&self, now: i64) -> i64 {
        (self.last + 1).max(place_at(now))
    }

    /// One that was put into the store.
    pub fn push(&mut self, delivery: Delivery) {
        let follows = self.loaded == self.last;
        self.last = delivery.place;
        self.count += 1;
        if follows && self.waiting.len() < WINDOW {
            self.loaded = delivery.place;
            self.waiting.push_back(delivery);
        }
    }

    /// Takes out of memory what may be sent now, so that no more than `at_once` are on their way.
    pub fn take_due(&mut self, now: i64, room: usize, at_once: usize) -> Vec<Delivery> {
        let mut taken = Vec::new();
        let mut held: HashSet<i64> = HashSet::new();
        let mut place = 0;
        while place < self.waiting.len() && taken.len() < room && self.busy.len() < at_once {
            let one = &self.waiting[place];
            let first = !self.busy.contains_key(&one.rid) && held.insert(one.rid);
            if first && one.due <= now {
                self.busy.insert(one.rid, one.place);
                taken.extend(self.waiting.remove(place));
            } else {
                place += 1;
            }
        }
        taken
    }

    /// It has arrived.
    pub fn done(&mut self, delivery: &Delivery) {
        self.busy.remove(&delivery.rid);
        self.count -= 1;
    }

    /// It has not, and goes back to the front: all others of its resource are behind it.
    pub fn again(&mut self, delivery: Delivery) {
        self.busy.remove(&delivery.rid);
        self.insert(delivery);
    }

    /// When the next may be sent, if no more than `at_once` are to be on their way.
    pub fn next_due(&self, at_once: usize) -> Option<i64> {
        if self.busy.len() >= at_once {
            return None;
        }
        let mut held: HashSet<i64> = HashSet::new();
        let firsts =
            self.waiting.iter().filter(|one| !self.busy.contains_key(&one.rid) && held.insert(one.rid));
        firsts.map(|one| one.due).min()
    }

    /// Whether any that waits has failed so often.
    pub fn is_troubled(&self, attempts: i32) -> bool {
        self.waiting.iter().any(|one| one.attempts >= attempts)
    }
}

/// How long to wait after so many failures: twice as long each time, with jitter, so that those who failed together do
/// not come back together.
pub(super) fn backoff(base: Duration, attempts: i32) -> Duration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(20);
    let full = base.saturating_mul(1 << doublings).min(LONGEST_PAUSE);
    full.mul_f64(0.5 + rand::random::<f64>() / 2.0)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{AT_ONCE, Queue, WINDOW, backoff};
    use crate::store::Delivery;

    fn delivery(place: i64, rid: i64) -> Delivery {
        let number = place;
        Delivery { project: 1, subscription: 1, place, number, home: 1, rid, version: 1, attempts: 0, due: 0 }
    }

    fn places(taken: &[Delivery]) -> Vec<i64> {
        taken.iter().map(|one| one.place).collect()
    }

    #[test]
    fn of_a_resource_one_is_told_at_a_time() {
        let mut queue = Queue::new();
        for (place, rid) in [(1, 7), (2, 7), (3, 8), (4, 7)] {
            queue.push(delivery(place, rid));
        }
        let taken = queue.take_due(0, 10, AT_ONCE);
        assert_eq!(places(&taken), [1, 3]);
        assert_eq!(queue.next_due(AT_ONCE), None);
        queue.done(&taken[1]);
        let late = Delivery { attempts: 1, due: 50, ..taken[0].clone() };
        queue.again(late);
        assert!(queue.take_due(49, 10, AT_ONCE).is_empty(), "what failed holds back what follows");
        assert_eq!(queue.next_due(AT_ONCE), Some(50));
        let taken = queue.take_due(50, 10, AT_ONCE);
        assert_eq!(places(&taken), [1]);
        queue.done(&taken[0]);
        assert_eq!(places(&queue.take_due(50, 10, AT_ONCE)), [2]);
        assert_eq!(queue.count, 2);
    }

    #[test]
    fn no_more_than_some_are_on_their_way() {
        let mut queue = Queue::new();
        for place in 1..100 {
            queue.push(delivery(place, place));
        }
        assert_eq!(queue.take_due(0, 3, AT_ONCE).len(), 3);
        assert_eq!(queue.take_due(0, 100, AT_ONCE).len(), AT_ONCE - 3);
        assert!(queue.take_due(0, 100, AT_ONCE).is_empty() && queue.next_due(AT_ONCE).is_none());
        assert_eq!(queue.take_due(0, 100, AT_ONCE + 1).len(), 1);
    }

    #[test]
    fn what_does_not_fit_stays_in_the_store() {
        let mut queue = Queue::new();
        for place in 1..=1000 {
            queue.push(delivery(place, place));
        }
        assert_eq!((queue.waiting.len(), queue.loaded, queue.count), (WINDOW, WINDOW as i64, 1000));
        assert_eq!(queue.next_place(0), 1001);
        assert_eq!(queue.next_place(2), 2000, "a place is a moment");
    }

    #[test]
    fn what_is_read_twice_is_told_once() {
        let mut queue = Queue::new();
        for place in [3, 5] {
            queue.push(delivery(place, place));
        }
        let taken = queue.take_due(0, 1, AT_ONCE);
        assert_eq!(places(&taken), [3]);
        for place in [5, 4, 3] {
            queue.insert(delivery(place, place));
        }
        queue.again(taken[0].clone());
        assert_eq!(places(&queue.take_due(0, 10, AT_ONCE)), [3, 4, 5]);
    }

    #[test]
    fn a_pause_grows_and_ends_somewhere() {
        let base = Duration::from_secs(1);
        for (attempts, full) in [(1, 1), (2, 2), (5, 16), (30, 3600), (i32::MAX, 3600)] {
            let pause = backoff(base, attempts).as_secs_f64();
            assert!(pause >= f64::from(full) / 2.0 && pause <= f64::from(full), "{attempts}: {pause}");
        }
    }
}
