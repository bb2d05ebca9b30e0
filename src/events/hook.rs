//! One notification of a rest-hook (<https://hl7.org/fhir/R4/subscription.html#rest-hook>): an empty POST to the
//! endpoint or, with a payload, the resource as an update below it. The id, the time and the signature are in the
//! headers of <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ureq::http::{Request, Response};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body, Error};

use super::Settings;
use super::wording::{Letter, Wording, hmac};
use crate::identity::{Guarded, NotPublic};
use crate::repo::subscription::Hook;
use crate::store::{Attempt, Row};

/// A receiver may ask for no longer a pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);
/// So much of an answer is read, so that the connection can be used again.
const MOST_READ: u64 = 64 * 1024;

/// Something to be sent.
pub(super) struct Message {
    method: &'static str,
    url: String,
    headers: Vec<(String, String)>,
    media: Option<String>,
    body: Arc<str>,
    /// The same with each attempt.
    id: String,
    key: Option<Vec<u8>>,
    /// Whose way of signing holds.
    wording: Option<&'static dyn Wording>,
}

/// Why it did not arrive.
#[derive(Debug)]
pub(super) struct Failure {
    pub why: String,
    /// What the receiver asked for.
    pub pause: Option<Duration>,
    /// The receiver wants to hear no more.
    pub gone: bool,
}

impl Message {
    pub fn new(hook: &Hook, key: Option<Vec<u8>>, id: String, kind: &str, row: &Row) -> Self {
        let mut endpoint = hook.endpoint.clone();
        let headers = hook.headers.clone();
        match &hook.payload {
            None => {
                let (method, url) = ("POST", String::from(endpoint));
                Self { method, url, headers, media: None, body: "".into(), id, key, wording: None }
            }
            Some(media) => {
                let path = format!("{}/{kind}/{}", endpoint.path().trim_end_matches('/'), row.id);
                endpoint.set_path(&path);
                let (method, url, media) = ("PUT", String::from(endpoint), Some(media.clone()));
                Self { method, url, headers, media, body: Arc::clone(&row.body), id, key, wording: None }
            }
        }
    }

    /// The same in the words of a dialect.
    pub fn worded(
        hook: &Hook,
        key: Option<Vec<u8>>,
        id: String,
        wording: &'static dyn Wording,
        letter: Letter,
    ) -> Self {
        let mut headers = hook.headers.clone();
        headers.extend(letter.headers.into_iter().map(|(name, value)| (name.to_owned(), value)));
        Self {
            method: "POST",
            url: String::from(hook.endpoint.clone()),
            headers,
            media: Some(letter.media.to_owned()),
            body: letter.body.into(),
            id,
            key,
            wording: Some(wording),
        }
    }

    /// The header that says who sends it.
    fn signature(&self, now: Duration) -> Option<(&'static str, String)> {
        let key = self.key.as_ref()?;
        let body = self.body.as_bytes();
        Some(match self.wording {
            Some(wording) => wording.sign(key, i64::try_from(now.as_millis()).ok()?, body),
            None => {
                let head = format!("{}.{}.", self.id, now.as_secs());
                let mac = hmac(key, &[head.as_bytes(), body]);
                ("webhook-signature", format!("v1,{}", STANDARD.encode(mac)))
            }
        })
    }

    /// Sends it and waits for the answer.
    pub fn send(&self, agent: &Agent) -> (Attempt, Result<(), Failure>) {
        let (now, began) = (SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default(), Instant::now());
        let (status, came) = self.try_once(agent, now);
        let millis = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        let error = came.as_ref().err().map(|failure| failure.why.clone());
        let at = i64::try_from(now.as_millis()).unwrap_or(i64::MAX);
        (Attempt { at, millis, status, error }, came)
    }

    fn try_once(&self, agent: &Agent, now: Duration) -> (Option<u16>, Result<(), Failure>) {
        let mut answer = match self.run(agent, now) {
            Ok(answer) => answer,
            Err(failure) => return (None, Err(failure)),
        };
        let status = answer.status();
        let pause = answer.headers().get("retry-after").and_then(|value| pause(value.to_str().ok()?));
        // The answer counts whether or not its body can be read.
        let _ = answer.body_mut().with_config().limit(MOST_READ).read_to_vec();
        let code = status.as_u16();
        if status.is_success() {
            return (Some(code), Ok(()));
        }
        let why = match code {
            300..=399 => format!("HTTP {code}; redirects are not followed"),
            code => format!("HTTP {code}"),
        };
        (Some(code), Err(Failure { why, pause, gone: code == 410 }))
    }

    fn run(&self, agent: &Agent, now: Duration) -> Result<Response<Body>, Failure> {
        let mut request = Request::builder().method(self.method).uri(&self.url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request =
            request.header("webhook-id", &self.id).header("webhook-timestamp", now.as_secs().to_string());
        if let Some((name, signature)) = self.signature(now) {
            request = request.header(name, signature);
        }
        if let Some(media) = &self.media {
            request = request.header("content-type", media);
        }
        let request =
            request.body(self.body.as_bytes()).map_err(|_| failed("the endpoint cannot be called"))?;
        agent.run(request).map_err(|error| failed(&reason(&error)))
    }
}

fn failed(why: &str) -> Failure {
    Failure { why: why.to_owned(), pause: None, gone: false }
}

/// In words that tell nothing of what is behind the endpoint.
fn reason(error: &Error) -> String {
    let text = match error {
        Error::Timeout(_) => "no answer in time",
        Error::HostNotFound => "the host is not found",
        Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => "the connection is refused",
        Error::Other(error) if error.is::<NotPublic>() => "this server sends to public addresses only",
        Error::Tls(_) | Error::Rustls(_) => "no secure connection is made",
        _ => "the connection fails",
    };
    text.to_owned()
}

/// <https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3>
fn pause(text: &str) -> Option<Duration> {
    let pause = match text.trim().parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => httpdate::parse_http_date(text).ok()?.duration_since(SystemTime::now()).unwrap_or_default(),
    };
    Some(pause.min(LONGEST_PAUSE))
}

/// Who sends: no redirects, no proxy of the environment, no address that is not public.
pub(super) fn agent(settings: &Settings) -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .user_agent(concat!("Roster/", env!("CARGO_PKG_VERSION")))
        .accept("")
        .accept_encoding("")
        .timeout_global(Some(settings.timeout))
        .build();
    Agent::with_parts(config, DefaultConnector::default(), Guarded::new(settings.private))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::time::Duration;

    use super::{Message, agent};
    use crate::events::Settings;

    fn send(url: &str, private: bool) -> Result<(), String> {
        let (attempts, backoff, timeout) = (1, Duration::from_millis(1), Duration::from_secs(10));
        let settings = Settings { attempts, backoff, timeout, private, log: Duration::MAX };
        let message = Message {
            method: "POST",
            url: url.to_owned(),
            headers: Vec::new(),
            media: None,
            body: "".into(),
            id: "1".to_owned(),
            key: None,
            wording: None,
        };
        message.send(&agent(&settings)).1.map_err(|failure| failure.why)
    }

    #[test]
    fn a_name_that_leads_home_is_not_called() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        listener.set_nonblocking(true).expect("a socket");
        for host in ["localhost", "127.0.0.1", "127.1"] {
            let failure = send(&format!("http://{host}:{port}/"), false).expect_err("a refusal");
            assert_eq!(failure, "this server sends to public addresses only", "{host}");
        }
        assert!(listener.accept().is_err(), "nobody may have come");
    }
}
