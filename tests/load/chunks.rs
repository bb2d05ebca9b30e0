//! A Group that grows and shrinks by SCIM patches of many members each, as an identity provider pushes one
//! (<https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2>): what does a patch cost, the larger the group is?

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use rand::seq::SliceRandom;
use serde_json::{Value, json};

use crate::client::{Connection, json, request};
use crate::database::Database;
use crate::measure::median;
use crate::meter::Meter;
use crate::options::Options;
use crate::seed;
use crate::server::Server;

const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// Prints what each patch of `step` members took, on the way up and on the way down: those who come in the order of their
/// ids, and in none. Each round has a group of its own.
pub async fn run(options: &Options, step: usize) -> Result<bool> {
    ensure!(step > 0, "a patch has members");
    let database = options.database.as_deref().map_or_else(Database::file, |url| Ok(Database::given(url)))?;
    let (access, note) = seed::demo(options, &database.url)?;
    println!("{note}");
    let server = Server::start(options, &database.url).await?;
    let token = server.token(&access.client_id, &access.client_secret).await?;
    let meter = Meter::Process(server.pid());
    let mut caller = Caller { connection: Connection::open(server.address).await?, token, meter };
    let mut people = caller.people(options.users).await?;
    for order in ["in order", "in no order"] {
        let mut rounds = Vec::new();
        for _ in 0..options.rounds {
            if order == "in no order" {
                people.shuffle(&mut rand::rng());
            }
            rounds.push(caller.round(&people, step).await?);
        }
        for (way, verb) in VERBS.into_iter().enumerate() {
            let (took, cpu): (Vec<String>, Vec<String>) = (0..people.len().div_ceil(step))
                .map(|place| {
                    let of = |part: fn(&Cost) -> f64| {
                        median(rounds.iter().map(|round| part(&round[way][place])).collect())
                    };
                    (format!("{:.1}", of(|cost| cost.took)), format!("{:.1}", of(|cost| cost.cpu)))
                })
                .unzip();
            println!("{verb} {step} members {order}: {} ms, CPU {} ms", took.join(" "), cpu.join(" "));
        }
    }
    Ok(true)
}

const VERBS: [&str; 2] = ["add", "remove"];

/// What a patch cost, in milliseconds.
struct Cost {
    took: f64,
    /// Of the server.
    cpu: f64,
}

struct Caller {
    connection: Connection,
    token: String,
    meter: Meter,
}

impl Caller {
    /// The patches that fill a group, and those that empty it.
    async fn round(&mut self, people: &[String], step: usize) -> Result<[Vec<Cost>; 2]> {
        let group = json!({ "schemas": [SCHEMA], "displayName": "Everybody" });
        let (status, body) = self.send("POST", "/scim/v2/Groups", &group).await?;
        ensure!(status == 201, "create: {status}");
        let place = format!("/scim/v2/Groups/{}", json(&body)?["id"].as_str().context("no id")?);
        let mut costs = [Vec::new(), Vec::new()];
        for (way, verb) in VERBS.into_iter().enumerate() {
            for some in people.chunks(step) {
                let members: Vec<Value> = some.iter().map(|id| json!({ "value": id })).collect();
                let patch = json!({
                    "schemas": [PATCH], "Operations": [{ "op": verb, "path": "members", "value": members }]
                });
                let (begun, before) = (Instant::now(), self.meter.micros());
                let (status, body) = self.send("PATCH", &place, &patch).await?;
                ensure!(status == 204, "patch: {status} {}", String::from_utf8_lossy(&body));
                let took = begun.elapsed().as_secs_f64() * 1000.0;
                costs[way].push(Cost { took, cpu: (self.meter.micros() - before) as f64 / 1000.0 });
            }
            let (status, body) = self.send("GET", &place, &Value::Null).await?;
            let there = json(&body)?["members"].as_array().map_or(0, Vec::len);
            let due = if verb == "add" { people.len() } else { 0 };
            ensure!(status == 200 && there == due, "{there} members instead of {due}");
        }
        let (status, _) = self.send("DELETE", &place, &Value::Null).await?;
        ensure!(status == 204, "delete: {status}");
        Ok(costs)
    }

    /// The status and the body of the answer to a request in the media type of SCIM.
    async fn send(&mut self, method: &str, path: &str, body: &Value) -> Result<(u16, Vec<u8>)> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let bytes = sent(method, path, &self.token, &body);
        let (status, _, body) = self.connection.call(&bytes).await?;
        Ok((status, body))
    }

    /// The ids of the users, page by page.
    async fn people(&mut self, most: u64) -> Result<Vec<String>> {
        let mut ids = Vec::new();
        let mut next = Some("/fhir/R4/User?_elements=id&_count=1000".to_owned());
        while let Some(path) = next.filter(|_| (ids.len() as u64) < most) {
            let (status, _, body) = self.connection.call(&request("GET", &path, &self.token, "", "")).await?;
            let bundle = json(&body)?;
            ensure!(status == 200, "{path}: {status}");
            let entries = bundle["entry"].as_array().into_iter().flatten();
            ids.extend(entries.filter_map(|entry| entry["resource"]["id"].as_str().map(str::to_owned)));
            let links = bundle["link"].as_array().into_iter().flatten();
            let link = links.filter(|link| link["relation"] == "next").find_map(|link| link["url"].as_str());
            next = link.and_then(|url| url.find("/fhir/").map(|start| url[start..].to_owned()));
        }
        Ok(ids)
    }
}

/// A request with a body in the media type of SCIM.
fn sent(method: &str, path: &str, token: &str, body: &str) -> Vec<u8> {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/scim+json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
