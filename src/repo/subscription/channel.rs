//! The channel of a subscription (<https://hl7.org/fhir/R4/subscription.html#channels>).

use std::net::IpAddr;

use serde_json::Value;
use url::{Host, Url};

use super::address::is_public;
use crate::error::{Error, Result, invalid};

const MOST_HEADERS: usize = 20;
const LONGEST_HEADER: usize = 4096;
const PAYLOADS: [&str; 2] = ["application/fhir+json", "application/json"];

/// Headers that the message itself decides (<https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1>).
const RESERVED: [&str; 13] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "expect",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];
/// And those that we say of a message ourselves.
const OURS: [&str; 5] = ["webhook-", "proxy-", "workos-signature", "x-truto-", "x-commercelayer-"];

/// How a subscriber is told.
#[derive(Debug, Clone)]
pub enum Channel {
    Hook(Hook),
    /// He binds to it over a websocket.
    Socket,
}

/// A place to send to.
#[derive(Clone)]
pub struct Hook {
    pub endpoint: Url,
    /// The media type in which the resource is sent along, if it is.
    pub payload: Option<String>,
    pub headers: Vec<(String, String)>,
}

impl std::fmt::Debug for Hook {
    /// Headers may hold credentials.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Hook({})", self.endpoint.host_str().unwrap_or_default())
    }
}

impl Channel {
    pub(super) fn read(channel: &Value) -> Result<Self> {
        let text = |name: &str| channel.get(name).and_then(Value::as_str);
        match text("type").unwrap_or_default() {
            "rest-hook" => Ok(Self::Hook(Hook {
                endpoint: endpoint(text("endpoint"))?,
                payload: payload(text("payload"))?,
                headers: headers(channel.get("header"))?,
            })),
            "websocket" => {
                for (name, why) in [
                    (
                        "endpoint",
                        "clients connect to the websocket of this server; its CapabilityStatement names it",
                    ),
                    ("payload", "over a websocket only pings are sent"),
                    ("header", "a message of a websocket has no headers"),
                ] {
                    if channel.get(name).is_some() {
                        return Err(unoffered(why, name));
                    }
                }
                Ok(Self::Socket)
            }
            other => Err(unoffered(
                &format!("the channel '{other}' is not offered here; there are rest-hook and websocket"),
                "type",
            )),
        }
    }

    /// Fails where it leads to an address that only the server can reach. Names are looked at when they are called.
    pub(super) fn must_be_public(&self) -> Result<()> {
        let Self::Hook(hook) = self else { return Ok(()) };
        let public = match hook.endpoint.host() {
            Some(Host::Ipv4(address)) => is_public(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => is_public(IpAddr::V6(address)),
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.');
                name != "localhost" && !name.ends_with(".localhost")
            }
            None => false,
        };
        if public { Ok(()) } else { Err(wrong("this server sends to public addresses only", "endpoint")) }
    }
}

fn endpoint(text: Option<&str>) -> Result<Url> {
    let Some(text) = text else {
        return Err(invalid("a rest-hook has an endpoint")
            .coded("required")
            .at("Subscription.channel.endpoint"));
    };
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let url = url.ok_or_else(|| wrong("the endpoint of a rest-hook is an http or https URL", "endpoint"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("credentials go into a header, not into the endpoint", "endpoint"));
    }
    if url.fragment().is_some() {
        return Err(wrong("an endpoint has no fragment", "endpoint"));
    }
    Ok(url)
}

fn payload(text: Option<&str>) -> Result<Option<String>> {
    match text {
        None => Ok(None),
        Some(media) if PAYLOADS.contains(&media) => Ok(Some(media.to_owned())),
        Some(media) => Err(unoffered(
            &format!(
                "resources are sent as application/fhir+json, not as '{media}'; without a payload none is"
            ),
            "payload",
        )),
    }
}

fn headers(lines: Option<&Value>) -> Result<Vec<(String, String)>> {
    let lines: Vec<&str> =
        lines.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    if lines.len() > MOST_HEADERS {
        let text = format!("a channel has no more than {MOST_HEADERS} headers");
        return Err(wrong(&text, "header").coded("too-long"));
    }
    let header =
        |(place, line): (usize, &&str)| header(line).map_err(|text| wrong(text, &format!("header[{place}]")));
    lines.iter().enumerate().map(header).collect()
}

/// A line `Name: value`. What is wrong is said without repeating it: it may hold a credential.
fn header(line: &str) -> Result<(String, String), &'static str> {
    if line.len() > LONGEST_HEADER {
        return Err("this header is too long");
    }
    let (name, value) = line.split_once(':').ok_or("a header is written as `Name: value`")?;
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err("the name of this header is none");
    }
    let value = value.trim();
    if value.is_empty() || !value.bytes().all(|byte| byte == b'\t' || (b' '..=b'~').contains(&byte)) {
        return Err("the value of a header is of visible ASCII characters");
    }
    let lower = name.to_ascii_lowercase();
    if RESERVED.contains(&lower.as_str()) || OURS.iter().any(|ours| lower.starts_with(ours)) {
        return Err("the server sets this header itself");
    }
    Ok((name.to_owned(), value.to_owned()))
}

fn wrong(text: &str, element: &str) -> Error {
    invalid(text).coded("value").at(format!("Subscription.channel.{element}"))
}

fn unoffered(text: &str, element: &str) -> Error {
    invalid(text).coded("not-supported").at(format!("Subscription.channel.{element}"))
}
