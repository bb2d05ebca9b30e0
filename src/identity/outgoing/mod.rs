//! What the server fetches for sign-in: keys of clients, and all that is said to and by outside parties who sign users in.
//!
//! Only from hosts that the operator allows, no redirects, no proxy of the environment; and where any public host is
//! allowed, the address is looked at when it is called, since a name may lead elsewhere tomorrow.

mod dns;
mod guarded;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;
use ureq::Agent;
use ureq::http::Request;
use ureq::unversioned::transport::DefaultConnector;
use url::Url;

use crate::error::{Error, Result, fault, invalid};
pub use guarded::{Guarded, NotPublic};

const TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes of an answer at most.
const MOST_READ: u64 = 256 * 1024;
/// How long an answer that seldom changes is kept, and how soon it may be asked for again: by whoever misses something in
/// it, or after there was none.
const KEPT: Duration = Duration::from_secs(300);
const PAUSE: Duration = Duration::from_secs(5);
/// Answers kept at most.
const MOST_KEPT: usize = 256;
/// Stands for all hosts of the public internet.
const ANY: &str = "*";

/// Who fetches.
pub(super) struct Outgoing {
    /// Hosts, with a port where it is not the usual one.
    hosts: Vec<String>,
    agent: Agent,
    /// For hosts that are named: they may be at home.
    inner: Agent,
    kept: Mutex<HashMap<String, Place>>,
}

/// What is known of an address. Whoever asks it holds the lock, so that the others wait for one answer.
type Place = Arc<tokio::sync::Mutex<Option<Heard>>>;

/// The last answer of an address, or why there was none.
struct Heard {
    at: Instant,
    /// When somebody missed something in the one before.
    missed: Option<Instant>,
    answer: std::result::Result<Value, String>,
}

impl Outgoing {
    pub fn new(hosts: &[String]) -> Self {
        let (agent, inner) = (agent(false), agent(true));
        Self { hosts: hosts.to_vec(), agent, inner, kept: Mutex::default() }
    }

    fn agent_for(&self, url: &str) -> Result<Agent> {
        let refused = || invalid("the server fetches nothing from this address").coded("not-supported");
        let url = Url::parse(url).map_err(|_| refused())?;
        let host = url.host_str().ok_or_else(refused)?;
        let named = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        if self.hosts.contains(&named) && matches!(url.scheme(), "https" | "http") {
            return Ok(self.inner.clone());
        }
        if self.hosts.iter().any(|one| one == ANY) && url.scheme() == "https" {
            return Ok(self.agent.clone());
        }
        Err(refused())
    }

    /// A document that seldom changes; `anew` for whoever misses something in the one that is known. However many ask, the
    /// address is asked within reason.
    pub async fn document(&self, url: &str, anew: bool) -> Result<Value> {
        self.agent_for(url)?;
        let place = self.place(url);
        let mut known = place.lock().await;
        let missed = known.as_ref().and_then(|heard| heard.missed);
        if let Some(heard) = &*known {
            let over = match (&heard.answer, anew) {
                (Err(_), _) => heard.at.elapsed() >= PAUSE,
                (Ok(_), true) => missed.is_none_or(|missed| missed.elapsed() >= PAUSE),
                (Ok(_), false) => heard.at.elapsed() >= KEPT,
            };
            if !over {
                return heard.answer.clone().map_err(unheard);
            }
        }
        let answer = self.send(Request::get(url), None).await;
        let kept = match &answer {
            Ok(document) => Ok(document.clone()),
            Err(error) => Err(error.to_string()),
        };
        let missed = if anew { Some(Instant::now()) } else { missed };
        *known = Some(Heard { at: Instant::now(), missed, answer: kept });
        answer
    }

    fn place(&self, url: &str) -> Place {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT {
            // One that is asked at this moment stays.
            let is_old =
                |heard: &Option<Heard>| heard.as_ref().is_none_or(|heard| heard.at.elapsed() >= KEPT);
            kept.retain(|_, place| place.try_lock().map_or(true, |heard| !is_old(&heard)));
        }
        match kept.get(url) {
            Some(place) => Arc::clone(place),
            None if kept.len() >= MOST_KEPT => Place::default(),
            None => Arc::clone(kept.entry(url.to_owned()).or_default()),
        }
    }

    /// Sends a request, with a form where there is one, and reads JSON.
    pub async fn send(&self, request: ureq::http::request::Builder, form: Option<String>) -> Result<Value> {
        let url = request.uri_ref().map(ToString::to_string).unwrap_or_default();
        let agent = self.agent_for(&url)?;
        let answer = tokio::task::spawn_blocking(move || call(&agent, request, form)).await.map_err(fault)?;
        answer.map_err(|why| unheard(format!("{} cannot be asked: {why}", host(&url))))
    }
}

fn unheard(why: String) -> Error {
    invalid(why).coded("transient")
}

fn host(url: &str) -> String {
    Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

fn call(
    agent: &Agent,
    request: ureq::http::request::Builder,
    form: Option<String>,
) -> std::result::Result<Value, String> {
    let request = request.header("accept", "application/json");
    let request = match &form {
        Some(_) => request.header("content-type", "application/x-www-form-urlencoded"),
        None => request,
    };
    let request =
        request.body(form.unwrap_or_default()).map_err(|_| "the address is no address".to_owned())?;
    let mut answer = agent.run(request).map_err(|_| "there is no connection".to_owned())?;
    let status = answer.status();
    if !status.is_success() {
        return Err(format!("it answers HTTP {}", status.as_u16()));
    }
    let bytes = answer.body_mut().with_config().limit(MOST_READ).read_to_vec();
    let bytes = bytes.map_err(|_| "its answer cannot be read to the end".to_owned())?;
    serde_json::from_slice(&bytes).map_err(|_| "its answer is no JSON".to_owned())
}

fn agent(private: bool) -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .user_agent(concat!("Roster/", env!("CARGO_PKG_VERSION")))
        .timeout_global(Some(TIMEOUT))
        .build();
    Agent::with_parts(config, DefaultConnector::default(), Guarded::new(private))
}
