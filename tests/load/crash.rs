//! The crash test: the server is killed while it writes, and nothing that it acknowledged may be lost.
//!
//! Sixteen connections create and update users, each its own, and remember what was answered. After the kill
//! the server must show, for each user, exactly the last acknowledged version, or the one write that was
//! under way. `roster check` then compares every index row and history row with its resource.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rand::RngExt;
use roster::demo::Population;
use serde_json::Value;

use crate::client::{Connection, header, json, request};
use crate::database::Database;
use crate::options::Options;
use crate::server::{self, CLIENT_ID, CLIENT_SECRET, Server};

const CONNECTIONS: u64 = 16;

/// The newest users of a connection are the ones that it updates.
const IN_HAND: usize = 20;

/// Answers shall show what was written.
const WHOLE: &str = "Prefer: return=representation\r\n";

/// What is known of one user.
struct Written {
    /// The ETag that was acknowledged, and the marker that went with it.
    etag: String,
    marker: String,
    /// The marker of an update that nobody answered.
    under_way: Option<String>,
}

/// By id.
type Ledger = BTreeMap<String, Written>;

/// True if nothing was lost in any round.
pub async fn run(options: &Options, rounds: usize) -> Result<bool> {
    let database = Database::fresh(options.database.as_deref())?;
    let ledger = Rc::new(RefCell::new(Ledger::new()));
    let mut sound = true;
    for round in 1..=rounds {
        let alive = Duration::from_millis(rand::rng().random_range(200..1_500));
        let before = ledger.borrow().len();
        let mut server = Server::start(options, &database.url).await?;
        let token = server.token(CLIENT_ID, CLIENT_SECRET).await?;
        let tasks: Vec<_> = (0..CONNECTIONS)
            .map(|i| {
                let first = 100_000_000 + (round as u64 * CONNECTIONS + i) * 100_000;
                let writer = Writer { token: token.clone(), ledger: Rc::clone(&ledger), number: first };
                actix_web::rt::spawn(writer.write(server.address))
            })
            .collect();
        tokio::time::sleep(alive).await;
        server.kill()?;
        let mut acknowledged = 0;
        for task in tasks {
            acknowledged += tokio::time::timeout(Duration::from_secs(60), task).await???;
        }
        let server = Server::start(options, &database.url).await?;
        let token = server.token(CLIENT_ID, CLIENT_SECRET).await?;
        let recovered = server.started_in.as_millis();
        let mut known = ledger.take();
        let lost = verify(&server, &token, &mut known).await?;
        ledger.replace(known);
        drop(server);
        let checked = check(options, &database.url);
        sound &= lost.is_empty() && checked.is_ok() && acknowledged > 0;
        let verdict = match (&checked, lost.len()) {
            (Ok(()), 0) => String::from("sound"),
            (Ok(()), lost) => format!("LOST {lost}"),
            (Err(complaint), lost) => format!("LOST {lost}, roster check: {complaint}"),
        };
        println!(
            "round {round}: killed after {} ms, {acknowledged} writes acknowledged, {} new users, \
             back in {recovered} ms: {verdict}",
            alive.as_millis(),
            ledger.borrow().len() - before,
        );
        lost.iter().take(10).for_each(|loss| println!("  {loss}"));
    }
    Ok(sound)
}

struct Writer {
    token: String,
    ledger: Rc<RefCell<Ledger>>,
    /// The number of the last user or marker.
    number: u64,
}

impl Writer {
    /// Writes until the server is gone; says how many writes were acknowledged.
    async fn write(mut self, address: SocketAddr) -> Result<u64> {
        let population = Population::default();
        let mut connection = Connection::open(address).await?;
        let mut in_hand: Vec<Value> = Vec::new();
        let mut acknowledged = 0;
        loop {
            self.number += 1;
            let marker = format!("marker {}", self.number);
            let turn = self.number as usize % in_hand.len().max(1);
            let updated = in_hand.get_mut(turn).filter(|_| !self.number.is_multiple_of(3));
            let (bytes, expected) = match updated {
                Some(user) => (self.update(user, &marker)?, 200),
                None => (self.create(population.user(self.number), &marker), 201),
            };
            // When the server is gone, what was under way may or may not have been written.
            let Ok((status, head, body)) = connection.call(&bytes).await else { return Ok(acknowledged) };
            let user = json(&body)?;
            ensure!(status == expected, "a write was refused: {status} {user}");
            let etag = header(&head, "etag").context("a write without an ETag")?.to_owned();
            let id = user["id"].as_str().context("a write without an id")?.to_owned();
            self.ledger.borrow_mut().insert(id, Written { etag, marker, under_way: None });
            acknowledged += 1;
            if status == 201 {
                if in_hand.len() == IN_HAND {
                    in_hand.remove(0);
                }
                in_hand.push(user);
            }
        }
    }

    fn create(&self, mut user: Value, marker: &str) -> Vec<u8> {
        user["title"] = marker.into();
        request("POST", "/fhir/R4/User", &self.token, WHOLE, &user.to_string())
    }

    fn update(&self, user: &mut Value, marker: &str) -> Result<Vec<u8>> {
        user["title"] = marker.into();
        let id = user["id"].as_str().context("a user without an id")?;
        let mut ledger = self.ledger.borrow_mut();
        let written = ledger.get_mut(id).context("a user that nobody wrote")?;
        written.under_way = Some(marker.to_owned());
        let condition = format!("If-Match: {}\r\n{WHOLE}", written.etag);
        Ok(request("PUT", &format!("/fhir/R4/User/{id}"), &self.token, &condition, &user.to_string()))
    }
}

/// Reads all that was ever acknowledged; says what is not as it must be, and takes the rest as it is now.
async fn verify(server: &Server, token: &str, ledger: &mut Ledger) -> Result<Vec<String>> {
    let mut connection = Connection::open(server.address).await?;
    let mut lost = Vec::new();
    for (id, written) in ledger {
        let path = format!("/fhir/R4/User/{id}");
        let (status, head, body) = connection.call(&request("GET", &path, token, "", "")).await?;
        let (etag, user) = (header(&head, "etag").unwrap_or_default(), json(&body)?);
        let marker = user["title"].as_str().unwrap_or_default();
        let as_acknowledged = etag == written.etag && marker == written.marker;
        let one_further = etag != written.etag && written.under_way.as_deref() == Some(marker);
        if status != 200 || !(as_acknowledged || one_further) {
            lost.push(format!("{id}: {status} {etag} {marker:?}, not {} {:?}", written.etag, written.marker));
        }
        *written = Written { etag: etag.to_owned(), marker: marker.to_owned(), under_way: None };
    }
    Ok(lost)
}

/// Every index row and every history row must agree with its resource.
fn check(options: &Options, database: &str) -> Result<(), String> {
    let mut command = server::command(options);
    let output =
        command.args(["check", "--database", database]).output().map_err(|error| error.to_string())?;
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).trim().to_owned()),
    }
}
