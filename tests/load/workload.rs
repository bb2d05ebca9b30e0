//! The workloads of the performance targets: what is asked, what it is held against, what must hold.

use std::cell::Cell;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use roster::demo::Population;
use serde_json::{Value, json};

use crate::client::{self, Connection, encoded, header, request};
use crate::dialect::{self, List, Part};
use crate::query::{Checked, Expected, Search, check};
use crate::script::{MARK, Making, Owned, Request, Script, Scripts, Template, Updating, fixed};
use crate::seed::Sampled;
use crate::team;

/// Different requests of a search; more would make the check before it longer than the measurement.
const VARIETY: usize = 1_000;

/// How long to look for the middle of the list.
const WALK: Duration = Duration::from_secs(60);

/// What the numbers of a workload are compared with, round by round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    Nothing,
    /// The static handler; on PostgreSQL pgbench.
    Limit,
    Other(Asked),
}

/// What must hold.
#[derive(Debug, Clone, Copy)]
pub enum Goal {
    /// At least so many times the throughput.
    Throughput(f64),
    /// At most so many times the CPU time for each request.
    Cpu(f64),
    /// At most so many microseconds of CPU for each request.
    Micros(f64),
    /// At most so many times the time that all but one in a hundred take.
    Slowest(f64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Read,
    /// While others sign in.
    ReadInCompany,
    NotModified,
    Email,
    ExternalId,
    FirstPage,
    MiddlePage,
    FilteredPage,
    Prefix,
    Contains,
    SmallPrefix,
    SmallContains,
    Team,
    Create,
    Update,
    Transaction,
    Dialect(List, Part),
}

pub struct Workload {
    pub name: &'static str,
    pub asked: Asked,
    pub against: Against,
    pub goals: Vec<Goal>,
}

/// Reads first: what is written would change the pages.
pub fn all(postgres: bool, users: u64) -> Vec<Workload> {
    use Against::{Limit, Nothing, Other};
    use Goal::{Cpu, Micros, Slowest, Throughput};
    let of = |on_sqlite: f64, on_postgres: f64| Micros(if postgres { on_postgres } else { on_sqlite });
    let read = match (postgres, users) {
        (true, _) => Cpu(1.0),
        (false, ..=100_000) => Throughput(0.9),
        (false, _) => Throughput(0.75),
    };
    let row = |name, asked, against, goals| Workload { name, asked, against, goals };
    let at_the_end = |name, list| {
        let first = Other(Asked::Dialect(list, Part::Start));
        row(name, Asked::Dialect(list, Part::End), first, vec![Cpu(1.2)])
    };
    vec![
        row("read by id", Asked::Read, Limit, vec![read]),
        row("conditional read (304)", Asked::NotModified, Limit, vec![read]),
        row("read by id while 8 sign in", Asked::ReadInCompany, Other(Asked::Read), vec![Slowest(1.5)]),
        row("search by e-mail", Asked::Email, Other(Asked::Read), vec![Cpu(1.6)]),
        row("search by external id", Asked::ExternalId, Other(Asked::Read), vec![Cpu(1.6)]),
        row("page of 50 by family, first", Asked::FirstPage, Nothing, vec![of(170.0, 250.0)]),
        row(
            "page of 50 by family, middle",
            Asked::MiddlePage,
            Other(Asked::FirstPage),
            vec![of(170.0, 250.0), Cpu(1.1)],
        ),
        row("page of 50, given=X by family", Asked::FilteredPage, Nothing, vec![Micros(2000.0)]),
        row("name prefix", Asked::Prefix, Nothing, vec![of(1000.0, 2000.0)]),
        row("name:contains", Asked::Contains, Nothing, vec![of(1000.0, 2000.0)]),
        row("name prefix, small project", Asked::SmallPrefix, Nothing, vec![of(1000.0, 2000.0)]),
        row("name:contains, small project", Asked::SmallContains, Nothing, vec![of(1000.0, 2000.0)]),
        row("team with 50 members, _include", Asked::Team, Nothing, vec![]),
        row("SCIM: userName eq", Asked::Dialect(List::Scim, Part::Named), Nothing, vec![]),
        row("WorkOS: users by e-mail", Asked::Dialect(List::WorkOs, Part::Named), Nothing, vec![]),
        row("Truto: users by e-mail", Asked::Dialect(List::Truto, Part::Named), Nothing, vec![]),
        row("SCIM: page of 50, first", Asked::Dialect(List::Scim, Part::Start), Nothing, vec![]),
        at_the_end("SCIM: page of 50, last", List::Scim),
        row("SCIM by cursor, first", Asked::Dialect(List::ScimByCursor, Part::Start), Nothing, vec![]),
        at_the_end("SCIM by cursor, last", List::ScimByCursor),
        row("WorkOS: page of 50, first", Asked::Dialect(List::WorkOs, Part::Start), Nothing, vec![]),
        at_the_end("WorkOS: page of 50, last", List::WorkOs),
        row("Truto: page of 50, first", Asked::Dialect(List::Truto, Part::Start), Nothing, vec![]),
        at_the_end("Truto: page of 50, last", List::Truto),
        row("Axway: page of 50, first", Asked::Dialect(List::Axway, Part::Start), Nothing, vec![]),
        at_the_end("Axway: page of 50, last", List::Axway),
        row("create", Asked::Create, Nothing, vec![of(200.0, 400.0)]),
        row("update with If-Match", Asked::Update, Other(Asked::Create), vec![Cpu(1.3)]),
        row("transaction of 100 creates", Asked::Transaction, Other(Asked::Create), vec![Cpu(60.0)]),
    ]
}

/// A filled server, and who is in it.
pub struct World {
    pub address: SocketAddr,
    pub token: String,
    pub small_token: Option<String>,
    pub project: String,
    pub sample: Vec<Sampled>,
    pub users: u64,
    /// Of them, those that are in the small project too.
    pub users_of_both: u64,
    pub population: Population,
    /// The next number for somebody new.
    pub number: Rc<Cell<u64>>,
}

pub enum Prepared {
    Ready(Scripts),
    /// The server does not offer it, and how it says so.
    Absent(String),
}

impl World {
    /// Checks that the answers are right, and gives each connection its part.
    pub async fn prepare(&self, asked: Asked, connections: usize) -> Result<Prepared> {
        let connection = &mut Connection::open(self.address).await?;
        let searches = match asked {
            Asked::Read | Asked::ReadInCompany | Asked::NotModified => {
                return self.reads(connection, asked, connections).await;
            }
            Asked::Create => return self.creates(connection, connections).await,
            Asked::Transaction => return self.transactions(connection, connections).await,
            Asked::Update => return self.updates(connection, connections).await,
            Asked::Dialect(list, part) => {
                return Ok(match dialect::prepare(self, connection, list, part).await? {
                    Ok(requests) => Prepared::Ready(fixed(requests, connections)),
                    Err(reason) => Prepared::Absent(reason),
                });
            }
            Asked::Email => self.one_hit("email", |user| user.email.clone()),
            Asked::ExternalId => self.one_hit("external-id", |user| format!("EMP-{:06}", user.n)),
            Asked::FirstPage => vec![self.page(String::from("/fhir/R4/User?_sort=family&_count=50"), None)],
            Asked::MiddlePage => match self.middle(connection).await? {
                Ok(searches) => searches,
                Err(reason) => return Ok(Prepared::Absent(reason)),
            },
            Asked::Team => team::found(connection, &self.token, &self.sample).await?,
            Asked::FilteredPage => self.filtered(),
            Asked::Prefix | Asked::SmallPrefix => self.named("name", 0..4),
            Asked::Contains | Asked::SmallContains => self.named("name:contains", 1..5),
        };
        let token = match (asked, &self.small_token) {
            (Asked::SmallPrefix | Asked::SmallContains, None) => {
                return Ok(Prepared::Absent(String::from("there is no small project")));
            }
            (Asked::SmallPrefix | Asked::SmallContains, Some(token)) => token,
            _ => &self.token,
        };
        if searches.is_empty() {
            return Ok(Prepared::Absent(String::from("too few people to ask for")));
        }
        Ok(match check(connection, token, searches).await? {
            Checked::Requests(requests) => Prepared::Ready(fixed(requests, connections)),
            Checked::Absent(reason) => Prepared::Absent(reason),
        })
    }

    /// Every hundredth or so is read once, the length of all is known.
    async fn reads(&self, connection: &mut Connection, asked: Asked, connections: usize) -> Result<Prepared> {
        let mut requests = Vec::with_capacity(self.sample.len());
        for (i, user) in self.sample.iter().enumerate() {
            let path = format!("/fhir/R4/User/{}", user.id);
            let (status, condition, body) = match asked {
                Asked::NotModified => (304, format!("If-None-Match: {}\r\n", user.etag), &[][..]),
                _ => (200, String::new(), &user.body[..]),
            };
            let bytes = request("GET", &path, &self.token, &condition, "");
            if i % 100 == 0 {
                let (got, head, got_body) = connection.call(&bytes).await?;
                ensure!(got == status && got_body == body, "{path}: {got} and other bytes than before");
                ensure!(header(&head, "etag") == Some(&user.etag), "{path}: another ETag");
            }
            requests.push(Request { bytes, status, length: Some(body.len()) });
        }
        Ok(Prepared::Ready(fixed(requests, connections)))
    }

    fn one_hit(&self, parameter: &str, value: fn(&Sampled) -> String) -> Vec<Search> {
        let step = (self.sample.len() / VARIETY).max(1);
        let search = |user: &Sampled| Search {
            path: format!("/fhir/R4/User?{parameter}={}", encoded(&value(user))),
            expected: Expected::User(user.id.clone()),
        };
        self.sample.iter().step_by(step).map(search).collect()
    }

    fn page(&self, path: String, given: Option<String>) -> Search {
        Search { path, expected: Expected::Page { entries: 50.min(self.users as usize), given } }
    }

    /// Goes through the list in large steps until half of it is behind; the last ten steps are the middle.
    async fn middle(&self, connection: &mut Connection) -> Result<Result<Vec<Search>, String>> {
        let begun = Instant::now();
        let step = format!("_count={}", (self.users / 20).clamp(50, 1_000));
        let (mut next, mut seen, mut links) = (format!("/fhir/R4/User?_sort=family&{step}"), 0, vec![]);
        while seen < self.users / 2 && begun.elapsed() < WALK {
            let (status, _, body) = connection.call(&request("GET", &next, &self.token, "", "")).await?;
            if status != 200 {
                return Ok(Err(format!("the server answers {status} to {next}")));
            }
            let bundle = client::json(&body)?;
            seen += bundle["entry"].as_array().map_or(0, |entries| entries.len() as u64);
            let links_of_page = bundle["link"].as_array().context("no links")?;
            let link = links_of_page.iter().find(|link| link["relation"] == "next");
            let Some(address) = link.and_then(|link| link["url"].as_str()) else { break };
            next = path_of(address).to_owned();
            links.push(next.replace(&step, "_count=50"));
        }
        if links.is_empty() {
            return Ok(Err(String::from("the list has one page")));
        }
        eprintln!("the middle page begins after {seen} of {} users", self.users);
        let middle = links.split_off(links.len().saturating_sub(10));
        Ok(Ok(middle.into_iter().map(|path| self.page(path, None)).collect()))
    }

    /// First names that one in a hundred has.
    fn filtered(&self) -> Vec<Search> {
        let mut count = HashMap::<&str, i64>::new();
        let people = self.users.min(20_000);
        for person in self.population.people().take(people as usize) {
            *count.entry(person.given.native).or_default() += 1;
        }
        let mut names: Vec<(&str, i64)> = count.into_iter().filter(|(name, _)| name.is_ascii()).collect();
        names.sort_by_key(|&(name, times)| ((times - people as i64 / 100).abs(), name));
        let common = names.into_iter().take(5).filter(|&(_, times)| times >= 50);
        let path = |given: &str| format!("/fhir/R4/User?given={given}&_sort=family&_count=50");
        common.map(|(given, _)| self.page(path(given), Some(given.to_owned()))).collect()
    }

    /// Letters out of the family names of people who are in both projects.
    fn named(&self, parameter: &str, letters: std::ops::Range<usize>) -> Vec<Search> {
        let mut parts: Vec<String> = self
            .population
            .people()
            .take(self.users_of_both.min(2_000) as usize)
            .filter_map(|person| person.family.native.get(letters.clone()).map(str::to_lowercase))
            .filter(|part| part.bytes().all(|byte| byte.is_ascii_alphabetic()))
            .collect();
        parts.sort();
        parts.dedup();
        let path = |part: &String| format!("/fhir/R4/User?{parameter}={part}&_count=20");
        parts
            .iter()
            .map(|part| Search { path: path(part), expected: Expected::Named(part.clone()) })
            .collect()
    }

    /// User `MARK` + n, to be numbered anew for each request.
    fn newcomer(&self, n: u64) -> Value {
        let mut user = self.population.user(MARK + n);
        user["project"] = json!({ "reference": format!("Project/{}", self.project) });
        user
    }

    /// The same texts for each connection; each is that of newcomer n, numbered with its pair.
    fn making(&self, texts: &[(u64, Vec<u8>)], step: u64, status: u16, connections: usize) -> Scripts {
        let template = |(n, text): &(u64, Vec<u8>)| Template::new(text.clone(), MARK + n, step);
        let script = |turn: usize| Making {
            templates: texts.iter().map(template).collect(),
            number: Rc::clone(&self.number),
            step,
            status,
            turn,
        };
        (0..connections).map(|turn| Box::new(script(turn)) as Box<dyn Script>).collect()
    }

    async fn creates(&self, connection: &mut Connection, connections: usize) -> Result<Prepared> {
        let text = |n| (n, request("POST", "/fhir/R4/User", &self.token, "", &self.newcomer(n).to_string()));
        let texts: Vec<_> = (0..50).map(text).collect();
        let mut scripts = self.making(&texts, 1, 201, connections);
        let (status, head, body) = connection.call(scripts[0].next()).await?;
        let created = client::json(&body)?;
        ensure!(status == 201, "create: {status} {created}");
        let id = created["id"].as_str().or_else(|| header(&head, "location")?.rsplit('/').nth(2));
        let path = format!("/fhir/R4/User/{}", id.context("neither a body nor a Location")?);
        let (status, _, body) = connection.call(&request("GET", &path, &self.token, "", "")).await?;
        let read = client::json(&body)?;
        ensure!(
            status == 200 && read["lastName"].is_string(),
            "what was created is not there: {status} {read}"
        );
        Ok(Prepared::Ready(scripts))
    }

    async fn transactions(&self, connection: &mut Connection, connections: usize) -> Result<Prepared> {
        let entry =
            |n| json!({ "resource": self.newcomer(n), "request": { "method": "POST", "url": "User" } });
        let entries: Vec<Value> = (0..100).map(entry).collect();
        let bundle = json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries });
        let text = request("POST", "/fhir/R4", &self.token, "", &bundle.to_string());
        let mut scripts = self.making(&[(0, text)], 100, 200, connections);
        let (status, _, body) = connection.call(scripts[0].next()).await?;
        if matches!(status, 404 | 405 | 501) {
            return Ok(Prepared::Absent(format!("the server answers {status}")));
        }
        let answer = client::json(&body)?;
        let statuses = answer["entry"].as_array().context("no entries")?.iter();
        let created = statuses
            .filter(|entry| entry["response"]["status"].as_str().is_some_and(|s| s.starts_with("201")));
        ensure!(status == 200 && created.count() == 100, "transaction: {status} {answer}");
        Ok(Prepared::Ready(scripts))
    }

    /// Each connection has users of its own, so that no If-Match fails.
    async fn updates(&self, connection: &mut Connection, connections: usize) -> Result<Prepared> {
        let mut owned: Vec<Vec<Owned>> = (0..connections).map(|_| Vec::new()).collect();
        for (i, user) in self.sample.iter().take(2_000.max(connections)).enumerate() {
            let path = format!("/fhir/R4/User/{}", user.id);
            let (status, head, body) = connection.call(&request("GET", &path, &self.token, "", "")).await?;
            let mut resource = client::json(&body)?;
            ensure!(status == 200, "{path}: {status} {resource}");
            resource["title"] = format!("Shift leader {MARK}").into();
            let text = request("PUT", &path, &self.token, "If-Match: \r\n", &resource.to_string());
            let at = text.windows(12).position(|part| part == b"If-Match: \r\n").context("no If-Match")? + 10;
            let (head_bytes, rest) = text.split_at(at);
            let etag = header(&head, "etag").context("no ETag")?.to_owned();
            let rest = Template::new(rest.to_vec(), MARK, 1);
            owned[i % connections].push(Owned { head: head_bytes.to_vec(), rest, etag });
        }
        ensure!(owned.iter().all(|part| !part.is_empty()), "more connections than users");
        let script = |owned| Updating { owned, number: Rc::clone(&self.number), turn: 0, buffer: Vec::new() };
        let mut scripts: Scripts =
            owned.into_iter().map(|part| Box::new(script(part)) as Box<dyn Script>).collect();
        let bytes = scripts[0].next().to_vec();
        let answer = connection.ask(&bytes).await?;
        let status = answer.status;
        ensure!(scripts[0].right(&answer), "update: {status}, or the ETag of before");
        Ok(Prepared::Ready(scripts))
    }
}

/// Links may be absolute; we stay on our connection.
fn path_of(address: &str) -> &str {
    match address.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |slash| &rest[slash..]),
        None => address,
    }
}
