//! The log of what a subscription was told: read by whoever may read the subscription, and told once more by whoever may
//! change it.

use std::sync::Arc;

use serde_json::Value;

use super::{Channel, SUBSCRIPTION, Status, Subscription};
use crate::error::{Error, Result, conflict, invalid, not_found, too_large};
use crate::repo::Repo;
use crate::repo::audit::Audit;
use crate::repo::plan::outrun;
use crate::repo::policy::Interaction;
use crate::resource;
use crate::store::{Chore, Logged, Refusal, Replay, Row, Sought, Store, Unit};

/// Put into the queue by one request at most.
const MOST: usize = 10_000;
/// More are not added to so many that wait: the queue ends at a number not much larger.
const MOST_WAITING: i64 = 50_000;

/// What was asked for once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replayed {
    /// How many were put into the queue.
    pub count: usize,
    /// When the first was noted that is meant, too, but was one too many: in milliseconds since 1970.
    pub next: Option<i64>,
}

impl Repo {
    /// The subscription, and what of its log is sought, newest first.
    pub async fn deliveries(
        &self,
        id: &str,
        sought: Sought,
        limit: usize,
    ) -> Result<(Arc<Row>, Vec<Logged>)> {
        let row = self.read(SUBSCRIPTION, id).await?;
        let (project, rid) = (row.project, row.rid);
        let read = move |store: &Store| store.log(project, rid, &sought, limit);
        Ok((row, self.engine.store.offload(read).await?))
    }

    /// Puts what is meant into the queue once more, oldest first.
    pub async fn replay(&self, id: &str, sought: Sought) -> Result<Replayed> {
        let row = self.to_replay(id).await?;
        let (project, subscription) = (row.project, row.rid);
        let read = move |store: &Store| {
            let known = store.logged(project, subscription, &sought.numbers)?;
            if let Some(number) = sought.numbers.iter().find(|number| !known.contains(number)) {
                return Ok(Err(*number));
            }
            let waiting = store.pending(project, subscription)?;
            Ok(Ok((waiting, store.replayable(project, subscription, &sought, MOST + 1)?)))
        };
        let (waiting, mut meant) = match self.engine.store.offload(read).await? {
            Ok(found) => found,
            Err(number) => {
                let text = match number {
                    0 => {
                        "a delivery is named as the log names it, and as the receiver sees it in `webhook-id`"
                            .to_owned()
                    }
                    number => format!("the log has no delivery {}", name(id, number)),
                };
                return Err(not_found(text).at("delivery"));
            }
        };
        if waiting >= MOST_WAITING {
            let text =
                format!("{waiting} notifications wait for this subscription; ask again when they are told");
            return Err(too_large(text).coded("too-costly"));
        }
        let next = meant.get(MOST).map(|place| crate::store::noted(*place));
        meant.truncate(MOST);
        let count = meant.len();
        if count > 0 {
            self.put_back(&row, Replay { project, subscription, places: meant }).await?;
        }
        Ok(Replayed { count, next })
    }

    /// A subscription that the actor may change, and that is told of something.
    async fn to_replay(&self, id: &str) -> Result<Arc<Row>> {
        let kind = self.may(Interaction::Update, SUBSCRIPTION)?;
        let row = self.living(SUBSCRIPTION, id, None).await?;
        let before: Value = resource::parse(row.body.as_bytes())?;
        let mut body = before.clone();
        self.may_change(kind, &row, Some(&before), &mut body).await?;
        self.may_be(kind, Interaction::Update, (row.project, id), Some(&before), body).await?;
        let subscription = Subscription::read(&before)?;
        if matches!(subscription.channel, Channel::Socket) {
            let text = "over a websocket only pings are sent, and none of them is kept";
            return Err(invalid(text).coded("not-supported").at("Subscription.channel.type"));
        }
        if subscription.status == Status::Off {
            let text =
                "this subscription is off: nothing is sent to it until its status is set to 'requested'";
            return Err(conflict(text).coded("business-rule").at("Subscription.status"));
        }
        Ok(row)
    }

    async fn put_back(&self, row: &Row, replay: Replay) -> Result<()> {
        let repo = match &self.audit {
            Some(audit) => {
                let audit = Audit::clone(audit).entity(format!("{SUBSCRIPTION}/{}", row.id));
                self.audited(audit.project(row.project))
            }
            None => self.clone(),
        };
        let record = repo.record_of(&[])?;
        let changes = record.iter().filter_map(|plan| plan.change().cloned()).collect();
        let chore = Some(Chore::Replay(replay));
        let unit = Unit { changes, guards: Vec::new(), epoch: self.catalogue.epoch, chore };
        self.hand_over(unit).await.map_err(refused)?;
        self.engine.store.bell().wake();
        Ok(())
    }
}

/// As the receiver sees it: `webhook-id`.
pub fn name(subscription: &str, number: i64) -> String {
    format!("{subscription}.{number}")
}

/// The number of the event in such a name.
pub fn number(subscription: &str, name: &str) -> Option<i64> {
    name.strip_prefix(subscription)?.strip_prefix('.')?.parse().ok().filter(|number| *number > 0)
}

fn refused(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Failed(error) => error,
        _ => outrun(),
    }
}
