//! A Group that grows and shrinks by SCIM patches of many members each, as an identity provider pushes one
//! (<https://www.rfc-editor.org/rfc/rfc7644#section-3.5.2>): what does a patch cost, the larger the group is?

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::client::{Connection, json, request};
use crate::database::Database;
use crate::meter::Meter;
use crate::options::Options;
use crate::seed;
use crate::server::Server;

const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// Prints what each patch of `step` members took, on the way up and on the way down.
pub async fn run(options: &Options, step: usize) -> Result<bool> {
    ensure!(step > 0, "a patch has members");
    let database = options.database.as_deref().map_or_else(Database::file, |url| Ok(Database::given(url)))?;
    let (access, note) = seed::demo(options, &database.url)?;
    println!("{note}");
    let server = Server::start(options, &database.url).await?;
    let token = server.token(&access.client_id, &access.client_secret).await?;
    let connection = &mut Connection::open(server.address).await?;
    let people = people(connection, &token, options.users).await?;
    let group = json!({ "schemas": [SCHEMA], "displayName": "Everybody" });
    let bytes = sent("POST", "/scim/v2/Groups", &token, &group.to_string());
    let (status, _, body) = connection.call(&bytes).await?;
    ensure!(status == 201, "create: {status}");
    let place = format!("/scim/v2/Groups/{}", json(&body)?["id"].as_str().context("no id")?);
    let meter = Meter::Process(server.pid());
    for verb in ["add", "remove"] {
        let (mut took, mut cpu) = (Vec::new(), Vec::new());
        for some in people.chunks(step) {
            let members: Vec<Value> = some.iter().map(|id| json!({ "value": id })).collect();
            let patch = json!({
                "schemas": [PATCH], "Operations": [{ "op": verb, "path": "members", "value": members }]
            });
            let bytes = sent("PATCH", &place, &token, &patch.to_string());
            let (begun, before) = (Instant::now(), meter.micros());
            let (status, _, body) = connection.call(&bytes).await?;
            ensure!(status == 204, "patch: {status} {}", String::from_utf8_lossy(&body));
            took.push(begun.elapsed().as_millis());
            cpu.push((meter.micros() - before) / 1000);
        }
        println!("{verb} {step} members: {took:?} ms, CPU of the server {cpu:?} ms");
        let (status, _, body) = connection.call(&request("GET", &place, &token, "", "")).await?;
        let there = json(&body)?["members"].as_array().map_or(0, Vec::len);
        let due = if verb == "add" { people.len() } else { 0 };
        ensure!(status == 200 && there == due, "{there} members instead of {due}");
    }
    Ok(true)
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

/// The ids of the users, page by page.
async fn people(connection: &mut Connection, token: &str, most: u64) -> Result<Vec<String>> {
    let mut ids = Vec::new();
    let mut next = Some("/fhir/R4/User?_elements=id&_count=1000".to_owned());
    while let Some(path) = next.filter(|_| (ids.len() as u64) < most) {
        let (status, _, body) = connection.call(&request("GET", &path, token, "", "")).await?;
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
