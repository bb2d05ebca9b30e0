//! A blocking HTTP client that sends what it is told and nothing else, and answers that can be asserted on.

use std::sync::LazyLock;

use serde_json::Value;
use ureq::Agent;
use ureq::http::{HeaderMap, Request};

use crate::described;

/// Where the servers of the tests say they are: their links must lead here, wherever they listen.
pub const PUBLIC_URL: &str = "https://roster.test";

static AGENT: LazyLock<Agent> = LazyLock::new(|| {
    let config = Agent::config_builder().http_status_as_error(false).max_redirects(0).max_idle_connections(0);
    // Only what a test names goes out.
    let config = config.user_agent("").accept("").accept_encoding("").allow_non_standard_methods(true);
    config.timeout_global(Some(std::time::Duration::from_secs(120))).build().new_agent()
});

/// Somebody who calls a server.
#[derive(Debug, Clone)]
pub struct Client {
    /// `http://127.0.0.1:PORT`
    address: String,
    token: Option<String>,
}

impl Client {
    pub fn anonymous(address: &str) -> Self {
        Self { address: address.to_owned(), token: None }
    }

    pub fn with_token(address: &str, token: &str) -> Self {
        Self { address: address.to_owned(), token: Some(token.to_owned()) }
    }

    pub fn token(&self) -> &str {
        self.token.as_deref().expect("a client with a token")
    }

    /// A request to a place: below the FHIR base, or absolute on the server (`/healthz`), or a link of the
    /// server's own.
    pub fn call(&self, method: &str, place: &str) -> Call {
        let place = place.strip_prefix(PUBLIC_URL).unwrap_or(place);
        let path = if place.starts_with('/') { place.to_owned() } else { format!("/fhir/R4/{place}") };
        // What is no ASCII is encoded, as any client has to.
        let path: String =
            path.chars().map(|char| if char.is_ascii() { char.to_string() } else { encoded(char) }).collect();
        let mut call = Call {
            method: method.to_owned(),
            url: format!("{}{path}", self.address),
            headers: Vec::new(),
            body: None,
        };
        if let Some(token) = &self.token {
            call = call.header("Authorization", &format!("Bearer {token}"));
        }
        call
    }

    pub fn get(&self, place: &str) -> Answer {
        self.call("GET", place).send()
    }

    pub fn delete(&self, place: &str) -> Answer {
        self.call("DELETE", place).send()
    }

    pub fn post(&self, place: &str, body: &Value) -> Answer {
        self.call("POST", place).json(body).send()
    }

    pub fn put(&self, place: &str, body: &Value) -> Answer {
        self.call("PUT", place).json(body).send()
    }

    /// Creates a resource that must be taken, and gives it as it was stored.
    pub fn create(&self, resource: &Value) -> Value {
        self.post(resource["resourceType"].as_str().expect("a resource"), resource).expect(201).json()
    }

    /// Writes a resource back that must be taken, and gives it as it was stored.
    pub fn update(&self, resource: &Value) -> Value {
        self.put(&place(resource), resource).expect(200).json()
    }

    /// The resources a search finds on its first page.
    pub fn search(&self, query: &str) -> Vec<Value> {
        self.get(query).expect(200).resources()
    }

    /// The ids a search finds on its first page.
    pub fn found(&self, query: &str) -> Vec<String> {
        self.search(query).iter().map(id).collect()
    }
}

fn encoded(char: char) -> String {
    url::form_urlencoded::byte_serialize(char.encode_utf8(&mut [0; 4]).as_bytes()).collect()
}

/// `Type/id` of a stored resource.
pub fn place(resource: &Value) -> String {
    let kind = resource["resourceType"].as_str().expect("a resource");
    format!("{kind}/{}", resource["id"].as_str().expect("a stored resource"))
}

/// The id of a stored resource.
pub fn id(resource: &Value) -> String {
    resource["id"].as_str().expect("a stored resource").to_owned()
}

/// A request in the making.
pub struct Call {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Call {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.header("Content-Type", media_type)
    }

    /// A body whose media type a header names, or none.
    pub fn bare(self, body: impl Into<Vec<u8>>) -> Self {
        Self { body: Some(body.into()), ..self }
    }

    pub fn json(self, body: &Value) -> Self {
        self.body("application/fhir+json", body.to_string())
    }

    pub fn form(self, pairs: &str) -> Self {
        self.body("application/x-www-form-urlencoded", pairs)
    }

    #[track_caller]
    pub fn send(self) -> Answer {
        let what = format!("{} {}", self.method, self.url);
        self.run().unwrap_or_else(|error| panic!("{what}: {error}"))
    }

    /// The answer, if there is one: the server may be gone.
    pub fn try_send(self) -> Option<Answer> {
        self.run().ok()
    }

    fn run(self) -> Result<Answer, ureq::Error> {
        let mut request = Request::builder().method(self.method.as_str()).uri(&self.url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let what = format!("{} {}", self.method, self.url);
        let sent = match self.body {
            Some(body) => AGENT.run(request.body(body).expect("a request")),
            None => AGENT.run(request.body(()).expect("a request")),
        };
        let mut response = sent?;
        let body = response.body_mut().with_config().limit(1 << 30).read_to_vec()?;
        let status = response.status().as_u16();
        let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
        let media = header("Content-Type").filter(|_| header("Content-Encoding").is_none());
        let answer = media.map(|media| (media, body.as_slice()));
        if let Some(fault) = described::fault(&self.method, &self.url, status, answer) {
            panic!("{fault}: {}", String::from_utf8_lossy(&body));
        }
        Ok(Answer { what, status, headers: response.headers().clone(), body })
    }
}

/// What a server answered.
#[derive(Debug)]
pub struct Answer {
    /// The request, for messages.
    what: String,
    pub status: u16,
    headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// Fails the test unless the status is this.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.what, self.text());
        self
    }

    /// Fails the test unless it is an OperationOutcome of this status with an issue of this code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Self {
        let answer = self.expect(status);
        assert!(answer.issues().iter().any(|issue| issue["code"] == code), "{code}: {}", answer.text());
        answer
    }

    /// Fails the test unless one of the issues names this place.
    #[track_caller]
    pub fn at(self, expression: &str) -> Self {
        let named = |issue: &Value| {
            issue["expression"].as_array().is_some_and(|all| all.iter().any(|e| e == expression))
        };
        assert!(self.issues().iter().any(named), "{expression}: {}", self.text());
        self
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{}: {error}: {}", self.what, self.text()))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a header of visible characters"))
    }

    /// The lines of a header that comes more than once.
    pub fn lines(&self, name: &str) -> Vec<&str> {
        self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect()
    }

    /// All headers as text, for what must be in none of them.
    pub fn headers(&self) -> String {
        format!("{:?}", self.headers)
    }

    /// The issues of an OperationOutcome, each with a severity and a code.
    #[track_caller]
    pub fn issues(&self) -> Vec<Value> {
        let outcome = self.json();
        assert_eq!(outcome["resourceType"], "OperationOutcome", "{}: {outcome}", self.what);
        let issues = outcome["issue"].as_array().cloned().unwrap_or_default();
        assert!(!issues.is_empty(), "{}: {outcome}", self.what);
        assert!(
            issues.iter().all(|issue| issue["severity"].is_string() && issue["code"].is_string()),
            "{outcome}"
        );
        issues
    }

    /// The matches of a searchset, or the resources of a history.
    #[track_caller]
    pub fn resources(&self) -> Vec<Value> {
        let bundle = self.json();
        assert_eq!(bundle["resourceType"], "Bundle", "{}: {bundle}", self.what);
        let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
        let is_match = |entry: &&Value| entry["search"]["mode"].as_str().is_none_or(|mode| mode == "match");
        entries.iter().filter(is_match).map(|entry| entry["resource"].clone()).collect()
    }

    /// The link of a Bundle with this relation.
    pub fn link(&self, relation: &str) -> Option<String> {
        let bundle = self.json();
        let link = bundle["link"].as_array()?.iter().find(|link| link["relation"] == relation)?;
        link["url"].as_str().map(str::to_owned)
    }
}
