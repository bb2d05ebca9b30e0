//! What follows from an attempt: the notification is done, or it is due again, or its subscription is turned off.

use super::hook::Failure;
use super::lead::{Lead, now};
use super::live::Key;
use super::queue::backoff;
use super::status;
use crate::error::Result;
use crate::repo::subscription::Status;
use crate::store::{Attempt, Delivery, Record};

/// So many failures of one notification, and its subscription says so.
const TROUBLED: i32 = 3;

/// What came of a notification.
pub(super) struct Told {
    pub key: Key,
    /// The queue that it was taken from.
    pub queue: u64,
    pub delivery: Delivery,
    pub came: Came,
}

pub(super) enum Came {
    Arrived(Attempt),
    Failed(Attempt, Failure),
    /// There was nothing to send.
    Passed,
}

impl Lead<'_> {
    /// What follows from an answer.
    pub async fn note(&mut self, told: Told, record: &mut Record) -> Result<()> {
        self.on_their_way -= 1;
        let Told { key, queue, mut delivery, came } = told;
        let Some(live) = self.live.get_mut(&key).filter(|live| live.queue.number == queue) else {
            // It was given up meanwhile; what came of it is noted all the same.
            match came {
                Came::Arrived(attempt) => record.done.push((delivery, attempt)),
                Came::Failed(attempt, _) => record.again.push((delivery, attempt)),
                Came::Passed => {}
            }
            return Ok(());
        };
        let id = live.id.clone();
        let engine = &self.deliverer.engine;
        let (attempt, failure) = match came {
            Came::Arrived(_) | Came::Passed => {
                live.queue.done(&delivery);
                match came {
                    Came::Arrived(attempt) => record.done.push((delivery, attempt)),
                    _ => record.passed.push(delivery),
                }
                if live.troubled && !live.queue.is_troubled(TROUBLED) {
                    live.troubled = false;
                    status::set(engine, (key.0, &id), &[Status::Error], Status::Active, None).await?;
                }
                return Ok(());
            }
            Came::Failed(attempt, failure) => (attempt, failure),
        };
        delivery.attempts = delivery.attempts.saturating_add(1);
        let attempts = delivery.attempts;
        tracing::debug!(subscription = status::name(key, &id), attempts, why = failure.why, "not delivered");
        let pause = backoff(self.deliverer.settings.backoff, attempts);
        let pause = failure.pause.map_or(pause, |asked| asked.max(pause));
        delivery.due = now().saturating_add(i64::try_from(pause.as_millis()).unwrap_or(i64::MAX));
        record.again.push((delivery.clone(), attempt));
        live.queue.again(delivery);
        let first = attempts >= TROUBLED && !live.troubled;
        live.troubled |= first;
        if failure.gone {
            let text = format!("{}: the receiver wants no more", failure.why);
            self.halt(key, Some(&text)).await
        } else if u32::try_from(attempts).is_ok_and(|attempts| attempts >= self.deliverer.settings.attempts) {
            let text = format!("{}; given up after {attempts} attempts", failure.why);
            self.halt(key, Some(&text)).await
        } else if first {
            let text = format!("{}; tried {attempts} times, and tried again", failure.why);
            status::set(engine, (key.0, &id), &[Status::Active], Status::Error, Some(&text)).await
        } else {
            Ok(())
        }
    }
}
