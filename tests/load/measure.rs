//! One round: connections ask as fast as they are answered, for a few seconds, while clocks are read.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use hdrhistogram::Histogram;
use serde::Serialize;

use crate::client::Connection;
use crate::meter::Meter;
use crate::script::{Script, Scripts};

/// Whose CPU time a request costs.
#[derive(Debug, Clone, Copy)]
pub struct Meters {
    pub server: Meter,
    pub database: Option<Meter>,
}

/// What came out of a round. Times are in microseconds, CPU times for each request.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Figures {
    pub requests: u64,
    pub per_second: f64,
    pub p50: f64,
    pub p99: f64,
    pub server_cpu: f64,
    pub database_cpu: f64,
    /// Answers that were wrong.
    pub wrong: u64,
}

impl Figures {
    pub fn cpu(&self) -> f64 {
        self.server_cpu + self.database_cpu
    }
}

impl Meters {
    pub fn read(&self) -> (u64, u64) {
        (self.server.micros(), self.database.map_or(0, Meter::micros))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Warming,
    Counting,
    Over,
}

/// What all connections write into; they share a thread.
struct Tally {
    phase: Cell<Phase>,
    wrong: Cell<u64>,
    times: RefCell<Histogram<u64>>,
}

pub async fn round(
    address: SocketAddr,
    scripts: Scripts,
    length: Duration,
    meters: Meters,
) -> Result<(Figures, Scripts)> {
    let times = Histogram::new_with_bounds(1, 120_000_000, 3)?;
    let tally =
        Rc::new(Tally { phase: Cell::new(Phase::Warming), wrong: Cell::new(0), times: RefCell::new(times) });
    let mut tasks = Vec::new();
    for script in scripts {
        let connection = Connection::open(address).await?;
        tasks.push(actix_web::rt::spawn(talk(connection, script, Rc::clone(&tally))));
    }
    tokio::time::sleep(length / 8).await;
    let (begun, before) = (Instant::now(), meters.read());
    tally.phase.set(Phase::Counting);
    tokio::time::sleep(length).await;
    let (elapsed, after) = (begun.elapsed(), meters.read());
    tally.phase.set(Phase::Over);
    let mut scripts = Scripts::new();
    for task in tasks {
        scripts.push(tokio::time::timeout(Duration::from_secs(120), task).await???);
    }
    let times = tally.times.borrow();
    ensure!(!times.is_empty(), "no answer within a round");
    let requests = times.len();
    let figures = Figures {
        requests,
        per_second: requests as f64 / elapsed.as_secs_f64(),
        p50: times.value_at_quantile(0.5) as f64,
        p99: times.value_at_quantile(0.99) as f64,
        server_cpu: (after.0 - before.0) as f64 / requests as f64,
        database_cpu: (after.1 - before.1) as f64 / requests as f64,
        wrong: tally.wrong.get(),
    };
    Ok((figures, scripts))
}

async fn talk(
    mut connection: Connection,
    mut script: Box<dyn Script>,
    tally: Rc<Tally>,
) -> Result<Box<dyn Script>> {
    while tally.phase.get() != Phase::Over {
        let sent = Instant::now();
        let answer = connection.ask(script.next()).await?;
        let took = sent.elapsed();
        // A wrong answer counts in every phase: it must not happen at all.
        if !script.right(&answer) {
            tally.wrong.set(tally.wrong.get() + 1);
        }
        if tally.phase.get() == Phase::Counting {
            tally.times.borrow_mut().saturating_record(took.as_micros() as u64);
        }
    }
    Ok(script)
}

/// The middle one; of an even number the lower of the two.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

/// Median of each figure.
pub fn typical(rounds: &[Figures]) -> Figures {
    let of = |figure: fn(&Figures) -> f64| median(rounds.iter().map(figure).collect());
    Figures {
        requests: rounds.iter().map(|round| round.requests).sum(),
        per_second: of(|round| round.per_second),
        p50: of(|round| round.p50),
        p99: of(|round| round.p99),
        server_cpu: of(|round| round.server_cpu),
        database_cpu: of(|round| round.database_cpu),
        wrong: rounds.iter().map(|round| round.wrong).sum(),
    }
}
