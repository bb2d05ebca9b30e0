//! The static FHIR handler: what HTTP itself costs, with a token to look up and the headers of a read.
//!
//! It answers reads from memory with the bytes and the headers that the server under test sent for them. It
//! runs in a process of its own, which is this program once more, so that its CPU time can be told apart.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::web::{self, Bytes};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use anyhow::{Context, Result};

use crate::seed::Sampled;

/// What the server does for each request, and so must we: who is it, and may he still?
struct Session {
    project: String,
    until: Instant,
}

struct Stored {
    etag: HeaderValue,
    last_modified: HeaderValue,
    body: Bytes,
}

struct Memory {
    sessions: HashMap<String, Session>,
    users: HashMap<String, Stored>,
    /// Headers that are the same in every answer.
    constant: Vec<(HeaderName, HeaderValue)>,
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Writes down what the handler shall know: the token, the constant headers, and a line for each user.
pub fn write(file: &Path, token: &str, constant: &[(String, String)], sample: &[Sampled]) -> Result<()> {
    let mut text = format!("{token}\n");
    for (name, value) in constant {
        write!(text, "{name}\t{value}\t")?;
    }
    text.push('\n');
    for user in sample {
        let body = std::str::from_utf8(&user.body)?;
        writeln!(text, "{}\t{}\t{}\t{body}", user.id, user.etag, user.last_modified)?;
    }
    Ok(fs::write(file, text)?)
}

/// Serves until killed; says its port in a line on standard output.
pub async fn serve(file: &Path, workers: Option<usize>) -> Result<()> {
    let memory = web::Data::new(read(&fs::read_to_string(file)?)?);
    let app = move || App::new().app_data(memory.clone()).route("/fhir/R4/User/{id}", web::get().to(answer));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let server = HttpServer::new(app).workers(workers.unwrap_or(cores)).bind(("127.0.0.1", 0))?;
    let port = server.addrs().first().context("no address")?.port();
    writeln!(std::io::stdout(), "{port}")?;
    Ok(server.run().await?)
}

fn read(text: &str) -> Result<Memory> {
    let mut lines = text.lines();
    let token = lines.next().context("no token")?.to_owned();
    let until = Instant::now() + std::time::Duration::from_secs(24 * 3600);
    let cells: Vec<&str> = lines.next().context("no headers")?.split('\t').collect();
    let mut constant = Vec::new();
    for pair in cells.chunks_exact(2) {
        constant.push((pair[0].parse()?, HeaderValue::from_str(pair[1])?));
    }
    let mut users = HashMap::new();
    for line in lines {
        let cells: Vec<&str> = line.splitn(4, '\t').collect();
        let [id, etag, last_modified, body] = cells[..] else { anyhow::bail!("not four cells: {line}") };
        let stored = Stored {
            etag: HeaderValue::from_str(etag)?,
            last_modified: HeaderValue::from_str(last_modified)?,
            body: Bytes::copy_from_slice(body.as_bytes()),
        };
        users.insert(id.to_owned(), stored);
    }
    let session = Session { project: String::from("benchmark"), until };
    Ok(Memory { sessions: HashMap::from([(token, session)]), users, constant })
}

async fn answer(request: HttpRequest, id: web::Path<String>, memory: web::Data<Memory>) -> HttpResponse {
    let headers = request.headers();
    if session(headers, &memory).is_none() {
        return HttpResponse::Unauthorized().finish();
    }
    let Some(stored) = memory.users.get(id.as_str()) else { return HttpResponse::NotFound().finish() };
    let fresh = headers.get(header::IF_NONE_MATCH) == Some(&stored.etag);
    let mut reply = if fresh { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    reply.insert_header((header::ETAG, stored.etag.clone()));
    reply.insert_header((header::LAST_MODIFIED, stored.last_modified.clone()));
    reply.insert_header((REQUEST_ID, request_id(headers)));
    for (name, value) in &memory.constant {
        if !fresh || name != header::CONTENT_TYPE {
            reply.insert_header((name.clone(), value.clone()));
        }
    }
    if fresh { reply.finish() } else { reply.body(stored.body.clone()) }
}

fn session<'a>(headers: &HeaderMap, memory: &'a Memory) -> Option<&'a str> {
    let token = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?;
    let session = memory.sessions.get(token)?;
    (session.until > Instant::now()).then_some(session.project.as_str())
}

fn request_id(headers: &HeaderMap) -> HeaderValue {
    if let Some(given) = headers.get(REQUEST_ID) {
        return given.clone();
    }
    let mut text = uuid::Uuid::encode_buffer();
    let id = uuid::Uuid::new_v4().hyphenated().encode_lower(&mut text);
    HeaderValue::from_str(id).unwrap_or_else(|_| HeaderValue::from_static("none"))
}
