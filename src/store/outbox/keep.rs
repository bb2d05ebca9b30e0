//! What the deliverer keeps: how far it has read, whom it looks after, and what is yet to be told.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::super::connect::AnyConnection;
use super::super::schema::{delivery, event, reader, replay, subscription};
use super::super::statement::Statement;
use super::super::write::insert_many;
use super::super::{Store, failed};
use super::{Arrival, Attempt, Delivery, Outbox, Position, Subscribed};
use crate::error::Result;

/// The reader whose place is kept.
const READER: &str = "subscription";
/// What is said of what was given up without an attempt.
const NEVER: &str = "the subscription was turned off before this was sent";
/// What is said of what was asked for once more and is not there.
const NOTHING: &str = "there is nothing left to tell: expunged, or nothing that the subscription wants now";

/// Stands in events of before a database was moved; no transaction has such a number.
const MOVED: (i64, i64) = (0, 1);

/// Where things stand when somebody takes the lead.
#[derive(Debug)]
pub struct Standing {
    pub position: Position,
    pub subscribed: Vec<Subscribed>,
}

/// What came of reading on, kept at once.
#[derive(Debug, Default)]
pub struct Record {
    pub position: Option<Position>,
    /// Looked after from now on, or in another version.
    pub subscribed: Vec<Subscribed>,
    /// Looked after no more: project and number.
    pub dropped: Vec<(i32, i64)>,
    /// To be told.
    pub deliveries: Vec<Delivery>,
    /// Were to be told, but to somebody who is looked after no more.
    pub lost: Vec<Delivery>,
    /// Told.
    pub done: Vec<(Delivery, Attempt)>,
    /// Told in vain, and due again.
    pub again: Vec<(Delivery, Attempt)>,
    /// Nothing that had to be told.
    pub passed: Vec<Delivery>,
}

impl Record {
    pub fn is_empty(&self) -> bool {
        self.position.is_none()
            && self.subscribed.is_empty()
            && self.dropped.is_empty()
            && self.deliveries.is_empty()
            && self.lost.is_empty()
            && self.passed.is_empty()
            && self.done.is_empty()
            && self.again.is_empty()
    }
}

type SubscribedColumns = (i32, i64, i64, String, i64);
type DeliveryColumns = (i32, i64, i64, i64, i64, i64, i32, i64, i32);

impl Outbox {
    /// For whoever begins to lead.
    pub fn standing(&mut self) -> Result<Standing> {
        self.transaction(|connection| {
            let (txid, number, seen) = reader::table
                .find(READER)
                .select((reader::txid, reader::number, reader::seen))
                .first(connection)?;
            let position = settled(connection, Position { txid, number, seen })?;
            let subscribed = subscription::table.load::<SubscribedColumns>(connection)?;
            Ok(Standing { position, subscribed: subscribed.into_iter().map(Subscribed::from).collect() })
        })
    }

    /// Keeps all of it or nothing.
    pub fn record(&mut self, record: &Record) -> Result<()> {
        self.transaction(|connection| {
            if let Some(position) = record.position {
                place(connection, position)?;
            }
            for key in &record.dropped {
                diesel::delete(subscription::table.find(*key)).execute(connection)?;
                diesel::delete(replay::table.find(*key)).execute(connection)?;
                give_up(connection, *key, None)?;
            }
            for one in &record.subscribed {
                upsert(connection, one)?;
            }
            queue(connection, &record.deliveries)?;
            queue(connection, &record.lost)?;
            for one in &record.lost {
                give_up(connection, (one.project, one.subscription), Some(one.place))?;
            }
            for (one, attempt) in &record.done {
                tried(connection, one, attempt, Some(Arrival::Delivered))?;
            }
            for (one, attempt) in &record.again {
                tried(connection, one, attempt, None)?;
            }
            record.passed.iter().try_for_each(|one| pass(connection, one))
        })
    }

    /// What a subscriber has yet to be told behind a place.
    pub fn waiting(&mut self, project: i32, of: i64, after: i64, limit: usize) -> Result<Vec<Delivery>> {
        let waiting = delivery::table
            .filter(delivery::project.eq(project).and(delivery::subscription.eq(of)))
            .filter(delivery::outcome.eq(Arrival::Pending.number()).and(delivery::place.gt(after)))
            .order(delivery::place)
            .select((
                delivery::project,
                delivery::subscription,
                delivery::place,
                delivery::number,
                delivery::rid,
                delivery::version,
                delivery::attempts,
                delivery::due,
                delivery::home,
            ))
            .limit(limit as i64)
            .load::<DeliveryColumns>(&mut self.connection)
            .map_err(failed)?;
        Ok(waiting.into_iter().map(Delivery::from).collect())
    }

    /// How many wait, and the last place given to any.
    pub fn backlog(&mut self, project: i32, of: i64) -> Result<(i64, i64)> {
        let count: i64 = delivery::table
            .filter(delivery::project.eq(project).and(delivery::subscription.eq(of)))
            .filter(delivery::outcome.eq(Arrival::Pending.number()))
            .count()
            .get_result(&mut self.connection)
            .map_err(failed)?;
        Ok((count, self.last_place(project, of)?))
    }

    /// The last place given to any, whether it waits or not.
    pub fn last_place(&mut self, project: i32, of: i64) -> Result<i64> {
        let last: Option<i64> = delivery::table
            .filter(delivery::project.eq(project).and(delivery::subscription.eq(of)))
            .select(diesel::dsl::max(delivery::place))
            .first(&mut self.connection)
            .map_err(failed)?;
        Ok(last.unwrap_or(0))
    }

    fn transaction<T>(&mut self, work: impl FnOnce(&mut AnyConnection) -> QueryResult<T>) -> Result<T> {
        use diesel::connection::SimpleConnection;
        let begin = match self.connection {
            AnyConnection::Sqlite(_) => "BEGIN IMMEDIATE",
            AnyConnection::Postgres(_) => "BEGIN",
        };
        self.connection.batch_execute(begin).map_err(failed)?;
        let done = work(&mut self.connection).and_then(|value| {
            self.connection.batch_execute("COMMIT")?;
            Ok(value)
        });
        if done.is_err() {
            // After a broken connection there is nothing left to roll back.
            let _ = self.connection.batch_execute("ROLLBACK");
        }
        done.map_err(failed)
    }
}

/// Puts deliveries into the queue.
fn queue(connection: &mut AnyConnection, deliveries: &[Delivery]) -> QueryResult<()> {
    insert_many(
        connection,
        "INSERT INTO delivery (project, subscription, place, number, rid, version, attempts, due, home) VALUES ",
        deliveries,
        |insert, one| {
            insert.sql("(").bind(one.project).sql(", ").bind(one.subscription).sql(", ").bind(one.place);
            insert.sql(", ").bind(one.number).sql(", ").bind(one.rid).sql(", ").bind(one.version);
            insert.sql(", ").bind(one.attempts).sql(", ").bind(one.due).sql(", ").bind(one.home);
            insert.sql(")");
        },
    )
    .map(drop)
}

/// What waits of a subscription, or at one place, does so no more.
fn give_up(connection: &mut AnyConnection, (project, of): (i32, i64), at: Option<i64>) -> QueryResult<()> {
    let mut update = Statement::<BigInt>::new("UPDATE delivery SET outcome = ");
    update.bind(Arrival::Failed.number()).sql(", error = COALESCE(error, ").bind(NEVER);
    update.sql(") WHERE project = ").bind(project).sql(" AND subscription = ").bind(of);
    update.sql(" AND outcome = ").bind(Arrival::Pending.number());
    if let Some(place) = at {
        update.sql(" AND place = ").bind(place);
    }
    update.execute(connection).map(drop)
}

/// An attempt, and what came of it; nothing where it is due again.
fn tried(
    connection: &mut AnyConnection,
    one: &Delivery,
    attempt: &Attempt,
    came: Option<Arrival>,
) -> QueryResult<()> {
    let mut update = Statement::<BigInt>::new("UPDATE delivery SET tries = tries + 1, attempts = ");
    update.bind(one.attempts).sql(", due = ").bind(one.due).sql(", tried_first = COALESCE(tried_first, ");
    update.bind(attempt.at).sql("), tried_last = ").bind(attempt.at).sql(", millis = ").bind(attempt.millis);
    match attempt.status {
        Some(status) => update.sql(", status = ").bind(i32::from(status)),
        None => update.sql(", status = NULL"),
    };
    match &attempt.error {
        Some(error) => update.sql(", error = ").bind(error.as_str()),
        None => update.sql(", error = NULL"),
    };
    if let Some(came) = came {
        update.sql(", outcome = ").bind(came.number());
    }
    at(&mut update, one);
    update.execute(connection).map(drop)
}

/// What need not be told leaves no trace, but where it was told before.
fn pass(connection: &mut AnyConnection, one: &Delivery) -> QueryResult<()> {
    let mut delete = Statement::<BigInt>::new("DELETE FROM delivery");
    at(&mut delete, one);
    delete.sql(" AND tries = 0");
    if delete.execute(connection)? > 0 {
        return Ok(());
    }
    let mut update = Statement::<BigInt>::new("UPDATE delivery SET outcome = ");
    update.bind(Arrival::Failed.number()).sql(", error = ").bind(NOTHING);
    at(&mut update, one);
    update.execute(connection).map(drop)
}

fn at(statement: &mut Statement<BigInt>, one: &Delivery) {
    statement.sql(" WHERE project = ").bind(one.project).sql(" AND subscription = ").bind(one.subscription);
    statement.sql(" AND place = ").bind(one.place);
}

fn upsert(connection: &mut AnyConnection, one: &Subscribed) -> QueryResult<()> {
    let mut upsert = Statement::<BigInt>::new(
        "INSERT INTO subscription (project, rid, version, author, matched) VALUES (",
    );
    upsert.bind(one.project).sql(", ").bind(one.rid).sql(", ").bind(one.version).sql(", ");
    upsert.bind(one.author.as_str()).sql(", ").bind(one.matched);
    upsert.sql(
        ") ON CONFLICT (project, rid) DO UPDATE SET version = excluded.version, author = excluded.author, \
         matched = excluded.matched",
    );
    upsert.execute(connection).map(drop)
}

fn place(connection: &mut AnyConnection, position: Position) -> QueryResult<()> {
    diesel::update(reader::table.find(READER))
        .set((
            reader::txid.eq(position.txid),
            reader::number.eq(position.number),
            reader::seen.eq(position.seen),
        ))
        .execute(connection)
        .map(drop)
}

/// Transactions are numbered by each cluster anew: in a database that was moved to another, a place may name one
/// that is far ahead. What was read is then told from what was not by numbers of our own.
fn settled(connection: &mut AnyConnection, position: Position) -> QueryResult<Position> {
    if let AnyConnection::Sqlite(_) = connection {
        return Ok(position);
    }
    let next: i64 = Statement::<BigInt>::new("SELECT txid_snapshot_xmax(txid_current_snapshot())")
        .get_result(connection)?;
    if position.txid <= next {
        return Ok(position);
    }
    // Numbers go on where they were; what was written since has higher ones.
    let (read, unread) = MOVED;
    let behind = event::txid
        .lt(position.txid)
        .or(event::txid.eq(position.txid).and(event::number.le(position.number)));
    let is_read = event::number.le(position.seen).and(behind);
    diesel::update(event::table.filter(is_read)).set(event::txid.eq(read)).execute(connection)?;
    diesel::update(event::table.filter(event::txid.ne(read)))
        .set(event::txid.eq(unread))
        .execute(connection)?;
    let position = Position { txid: read, number: i64::MAX, ..position };
    place(connection, position)?;
    Ok(position)
}

impl Store {
    /// How many events a subscription has matched; nothing where it is not looked after.
    pub fn matched(&self, project: i32, rid: i64) -> Result<Option<i64>> {
        self.with(|connection| {
            subscription::table
                .find((project, rid))
                .select(subscription::matched)
                .first(connection)
                .optional()
        })
    }
}

impl From<SubscribedColumns> for Subscribed {
    fn from((project, rid, version, author, matched): SubscribedColumns) -> Self {
        Self { project, rid, version, author, matched }
    }
}

impl From<DeliveryColumns> for Delivery {
    fn from(columns: DeliveryColumns) -> Self {
        let (project, subscription, place, number, rid, version, attempts, due, home) = columns;
        Self { project, subscription, place, number, home, rid, version, attempts, due }
    }
}
