//! Fills the database with the demo population, and looks up whom the workloads will ask for.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use roster::demo::Population;
use serde::{Deserialize, Serialize};

use crate::client::{Connection, encoded, header, json, request};
use crate::options::Options;
use crate::server;

/// What `roster demo --json` prints: a project and a client that may work in it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Access {
    pub project: String,
    pub client_id: String,
    pub client_secret: String,
}

/// The big project, and the small one where there is one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Filled {
    pub big: Access,
    pub small: Option<Access>,
}

/// A user that workloads ask for, with the answer that is right.
#[derive(Debug, Clone, Default)]
pub struct Sampled {
    pub n: u64,
    pub id: String,
    pub email: String,
    pub etag: String,
    pub last_modified: String,
    pub body: Vec<u8>,
}

/// Headers of a read that differ from one to the next, or that every server makes for itself.
const OWN: [&str; 7] =
    ["etag", "last-modified", "x-request-id", "date", "content-length", "connection", "server"];

/// What a file of credentials knows of a database that is filled already.
pub fn known(options: &Options) -> Result<Option<Filled>> {
    match options.credentials.as_deref().filter(|file| file.exists()) {
        Some(file) => Ok(Some(serde_json::from_slice(&std::fs::read(file)?)?)),
        None => Ok(None),
    }
}

/// Fills a project with the demo population, and says how fast that went.
pub fn demo(options: &Options, database: &str) -> Result<(Access, String)> {
    let users = options.users;
    let begun = Instant::now();
    let output = server::command(options)
        .args(["demo", "--users", &users.to_string(), "--database", database, "--json"])
        .output()
        .with_context(|| format!("{}", options.binary.display()))?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "roster demo: {}", complaint.trim());
    let text = String::from_utf8(output.stdout)?;
    let line =
        text.lines().rfind(|line| line.starts_with('{')).context("roster demo --json printed no JSON")?;
    let seconds = begun.elapsed().as_secs_f64();
    let note = format!(
        "roster demo: {users} users and what belongs to them in {seconds:.1} s ({:.0} users/s)",
        users as f64 / seconds
    );
    Ok((serde_json::from_str(line)?, note))
}

/// Users spread over the whole population, looked up by e-mail and read by 16 connections.
pub async fn sample(address: SocketAddr, token: &str, options: &Options) -> Result<Vec<Sampled>> {
    let population = Population::default();
    let size = options.sample.clamp(1, options.users);
    let numbers = (0..size).map(|i| i * options.users / size);
    let wanted = numbers.map(|n| Sampled { n, email: population.person(n).email(), ..Sampled::default() });
    let queue = Rc::new(RefCell::new(wanted.collect::<Vec<_>>()));
    let mut tasks = Vec::new();
    for _ in 0..16 {
        let (queue, token) = (Rc::clone(&queue), token.to_owned());
        tasks.push(actix_web::rt::spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut found = Vec::new();
            loop {
                let Some(mut user) = queue.borrow_mut().pop() else { return Ok::<_, anyhow::Error>(found) };
                look_up(&mut connection, &token, &mut user).await?;
                found.push(user);
            }
        }));
    }
    let mut sample = Vec::new();
    for task in tasks {
        sample.extend(task.await??);
    }
    sample.sort_by_key(|user| user.n);
    Ok(sample)
}

async fn look_up(connection: &mut Connection, token: &str, user: &mut Sampled) -> Result<()> {
    let path = format!("/fhir/R4/User?email={}", encoded(&user.email));
    let (status, _, body) = connection.call(&request("GET", &path, token, "", "")).await?;
    let bundle = json(&body)?;
    ensure!(status == 200, "{path}: {status} {bundle}");
    let id = bundle["entry"][0]["resource"]["id"].as_str();
    user.id = id
        .with_context(|| format!("{path} finds nobody; was the database filled by roster demo?"))?
        .to_owned();
    let path = format!("/fhir/R4/User/{}", user.id);
    let (status, head, body) = connection.call(&request("GET", &path, token, "", "")).await?;
    let resource = json(&body)?;
    ensure!(status == 200 && resource["email"] == user.email.as_str(), "{path}: {status} {resource}");
    ensure!(!body.contains(&b'\n'), "{path}: the body is not one line");
    let named = |name: &str| -> Result<String> {
        Ok(header(&head, name).with_context(|| format!("{path}: no {name}"))?.to_owned())
    };
    user.etag = named("etag")?;
    user.last_modified = named("last-modified")?;
    user.body = body;
    Ok(())
}

/// The headers that the server sends with every read alike, for the static handler to send too.
pub async fn constant_headers(address: SocketAddr, token: &str, id: &str) -> Result<Vec<(String, String)>> {
    let mut connection = Connection::open(address).await?;
    let path = format!("/fhir/R4/User/{id}");
    let (_, head, _) = connection.call(&request("GET", &path, token, "", "")).await?;
    let pairs = head.split("\r\n").skip(1).filter_map(|line| line.split_once(':'));
    let lower = pairs.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()));
    Ok(lower.filter(|(name, _)| !OWN.contains(&name.as_str())).collect())
}
