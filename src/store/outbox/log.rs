//! The log of what subscribers were told, newest first; what of it is to be told once more; and its end, after a time.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};

use super::super::connect::AnyConnection;
use super::super::feed::Place;
use super::super::schema::delivery;
use super::super::statement::Statement;
use super::super::{Store, failed};
use super::{Arrival, Outbox};
use crate::error::Result;

/// Places of one statement. Each number of them is a statement of its own to keep prepared.
const CHUNK: usize = 100;
/// Microseconds of a millisecond: a place counts those.
const MICROS: i64 = 1000;

/// What is sought in the log of a subscription.
#[derive(Debug, Clone, Default)]
pub struct Sought {
    /// Numbers of events; none are all.
    pub numbers: Vec<i64>,
    pub outcome: Option<Arrival>,
    /// Noted from this moment on, in milliseconds since 1970.
    pub since: Option<i64>,
    /// And until that one.
    pub until: Option<i64>,
    /// Before this place.
    pub before: Option<i64>,
}

/// A line of the log.
#[derive(Debug, Clone)]
pub struct Logged {
    pub place: i64,
    /// Number of the event.
    pub number: i64,
    /// Where the event is among all; nothing where it was expunged.
    pub event: Option<Place>,
    /// Type and id of the resource, unless it was expunged.
    pub resource: Option<(i32, String)>,
    pub version: i64,
    pub outcome: Arrival,
    /// All attempts.
    pub tries: i32,
    /// The first and the last, in milliseconds since 1970.
    pub first: Option<i64>,
    pub last: Option<i64>,
    /// Before the next, where one failed.
    pub due: i64,
    /// What came of the last.
    pub status: Option<i32>,
    pub error: Option<String>,
    pub millis: Option<i64>,
}

impl Logged {
    /// When it was noted, in milliseconds since 1970.
    pub fn noted(&self) -> i64 {
        noted(self.place)
    }
}

/// The moment of a place, in milliseconds since 1970.
pub fn noted(place: i64) -> i64 {
    place / MICROS
}

/// The first place of a moment.
pub fn place_at(moment: i64) -> i64 {
    moment.saturating_mul(MICROS)
}

/// Puts what was told, or given up, into the queue once more.
#[derive(Debug, Clone)]
pub struct Replay {
    pub project: i32,
    /// Number of the subscription.
    pub subscription: i64,
    pub places: Vec<i64>,
}

type Line = (
    i64,
    i64,
    Option<i64>,
    Option<i32>,
    Option<String>,
    i64,
    i32,
    i32,
    Option<i64>,
    Option<i64>,
    i64,
    Option<i32>,
    Option<String>,
    Option<i64>,
);
type LineTypes = (
    BigInt,
    BigInt,
    Nullable<BigInt>,
    Nullable<Integer>,
    Nullable<Text>,
    BigInt,
    Integer,
    Integer,
    Nullable<BigInt>,
    Nullable<BigInt>,
    BigInt,
    Nullable<Integer>,
    Nullable<Text>,
    Nullable<BigInt>,
);

impl Sought {
    fn narrow<ST>(&self, (project, of): (i32, i64), statement: &mut Statement<ST>) {
        statement.sql(" WHERE project = ").bind(project).sql(" AND subscription = ").bind(of);
        if let Some(outcome) = self.outcome {
            statement.sql(" AND outcome = ").bind(outcome.number());
        }
        if let Some(since) = self.since {
            statement.sql(" AND place >= ").bind(place_at(since));
        }
        let until = self.until.map(|until| place_at(until.saturating_add(1)));
        if let Some(end) = until.into_iter().chain(self.before).min() {
            statement.sql(" AND place < ").bind(end);
        }
        if !self.numbers.is_empty() {
            statement.sql(" AND number IN (");
            for (place, number) in self.numbers.iter().enumerate() {
                statement.sql(if place == 0 { "" } else { ", " }).bind(*number);
            }
            statement.sql(")").forget();
        }
    }
}

impl Store {
    /// What a subscription was told, newest first.
    pub fn log(&self, project: i32, of: i64, sought: &Sought, limit: usize) -> Result<Vec<Logged>> {
        let mut select = Statement::<LineTypes>::new(
            "SELECT d.place, d.number, e.at, r.kind, r.id, d.version, d.outcome, d.tries, d.tried_first, \
             d.tried_last, d.due, d.status, d.error, d.millis FROM (SELECT * FROM delivery",
        );
        sought.narrow((project, of), &mut select);
        select.sql(" ORDER BY place DESC LIMIT ").bind(limit as i64);
        select.sql(
            ") d LEFT JOIN event e ON e.number = d.number \
             LEFT JOIN resource r ON r.project = d.home AND r.rid = d.rid ORDER BY d.place DESC",
        );
        let lines: Vec<Line> = self.with(|connection| select.load(connection))?;
        Ok(lines.into_iter().map(Logged::from).collect())
    }

    /// The places of what is meant and does not wait, oldest first.
    pub fn replayable(&self, project: i32, of: i64, sought: &Sought, limit: usize) -> Result<Vec<i64>> {
        let mut select = Statement::<BigInt>::new("SELECT place FROM delivery");
        sought.narrow((project, of), &mut select);
        select.sql(" AND outcome <> ").bind(Arrival::Pending.number());
        select.sql(" ORDER BY place LIMIT ").bind(limit as i64);
        self.with(|connection| select.load(connection))
    }

    /// The events of these that are in the log at all.
    pub fn logged(&self, project: i32, of: i64, numbers: &[i64]) -> Result<Vec<i64>> {
        self.with(|connection| {
            delivery::table
                .filter(delivery::project.eq(project).and(delivery::subscription.eq(of)))
                .filter(delivery::number.eq_any(numbers))
                .select(delivery::number)
                .load(connection)
        })
    }

    /// How much waits for a subscription.
    pub fn pending(&self, project: i32, of: i64) -> Result<i64> {
        self.with(|connection| {
            delivery::table
                .filter(delivery::project.eq(project).and(delivery::subscription.eq(of)))
                .filter(delivery::outcome.eq(Arrival::Pending.number()))
                .count()
                .get_result(connection)
        })
    }
}

impl Replay {
    /// What waits already stays as it is. The deliverer is left word.
    pub(in super::super) fn run(&self, connection: &mut AnyConnection) -> QueryResult<()> {
        for places in self.places.chunks(CHUNK) {
            let mut update = Statement::<BigInt>::new("UPDATE delivery SET outcome = ");
            update.bind(Arrival::Pending.number()).sql(", attempts = 0, due = 0 WHERE project = ");
            update.bind(self.project).sql(" AND subscription = ").bind(self.subscription);
            update.sql(" AND outcome <> ").bind(Arrival::Pending.number()).sql(" AND place IN (");
            for (at, place) in places.iter().enumerate() {
                update.sql(if at == 0 { "" } else { ", " }).bind(*place);
            }
            update.sql(")");
            update.execute(connection)?;
        }
        let mut word = Statement::<BigInt>::new("INSERT INTO replay (project, subscription, asked) VALUES (");
        word.bind(self.project).sql(", ").bind(self.subscription);
        // A row that is there is held until the commit: the deliverer cannot take it away before it sees all of this.
        word.sql(", 1) ON CONFLICT (project, subscription) DO UPDATE SET asked = replay.asked + 1");
        word.execute(connection).map(drop)
    }
}

impl Outbox {
    /// The subscriptions of which something was put into the queue once more.
    pub fn replays(&mut self) -> Result<Vec<(i32, i64)>> {
        Statement::<(Integer, BigInt)>::new("SELECT project, subscription FROM replay")
            .load(&mut self.connection)
            .map_err(failed)
    }

    /// To be called before what waits is read: what is put there from now on leaves word anew.
    pub fn notice(&mut self, project: i32, of: i64) -> Result<()> {
        let mut delete = Statement::<BigInt>::new("DELETE FROM replay WHERE project = ");
        delete.bind(project).sql(" AND subscription = ").bind(of);
        delete.execute(&mut self.connection).map(drop).map_err(failed)
    }

    /// The first subscription behind this one that has a log.
    pub fn next_logged(&mut self, (project, of): (i32, i64)) -> Result<Option<(i32, i64)>> {
        let mut select = Statement::<(Integer, BigInt)>::new(
            "SELECT project, subscription FROM delivery WHERE (project, subscription) > (",
        );
        select.bind(project).sql(", ").bind(of).sql(") ORDER BY project, subscription LIMIT 1");
        let found: Vec<(i32, i64)> = select.load(&mut self.connection).map_err(failed)?;
        Ok(found.into_iter().next())
    }

    /// Takes out of a log what was noted before a moment and does not wait, at most so much. Gives the number of lines.
    pub fn forget(&mut self, (project, of): (i32, i64), before: i64, limit: usize) -> Result<usize> {
        let own = |statement: &mut Statement<BigInt>| {
            statement.sql(" WHERE project = ").bind(project).sql(" AND subscription = ").bind(of);
        };
        let mut delete = Statement::<BigInt>::new("DELETE FROM delivery");
        own(&mut delete);
        delete.sql(" AND place IN (SELECT place FROM delivery");
        own(&mut delete);
        delete.sql(" AND place < ").bind(place_at(before)).sql(" AND outcome <> ");
        delete.bind(Arrival::Pending.number()).sql(" ORDER BY place LIMIT ").bind(limit as i64).sql(")");
        delete.execute(&mut self.connection).map_err(failed)
    }
}

impl From<Line> for Logged {
    fn from(line: Line) -> Self {
        let (place, number, at, kind, id, version, outcome, tries, first, last, due, status, error, millis) =
            line;
        Self {
            place,
            number,
            event: at.map(|at| Place { at, number }),
            resource: kind.zip(id),
            version,
            outcome: Arrival::of(outcome),
            tries,
            first,
            last,
            due,
            status,
            error,
            millis,
        }
    }
}
