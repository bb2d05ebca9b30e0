//! What an entry asks for (<https://hl7.org/fhir/R4/bundle.html#bundle-transaction>).

use actix_web::http::Method;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::error::{Error, Kind, Result, Severity, malformed, unsupported};
use crate::repo::Repo;
use crate::resource;

/// The address of a request that is missing.
const NOWHERE: &str = "about:blank";

/// A request within a bundle.
#[derive(Debug)]
pub(super) struct Asked {
    pub full_url: Option<String>,
    pub method: Method,
    /// Below the base, without a slash before it.
    pub url: String,
    pub resource: Option<Value>,
    pub if_match: Option<String>,
    pub if_none_match: Option<String>,
    pub if_modified_since: Option<String>,
    pub if_none_exist: Option<String>,
}

impl Asked {
    /// Its turn: the verbs take effect one after the other
    /// (<https://hl7.org/fhir/R4/http.html#trules>).
    pub fn rank(&self) -> usize {
        match self.method {
            Method::DELETE => 0,
            Method::POST => 1,
            Method::PUT | Method::PATCH => 2,
            _ => 3,
        }
    }

    /// The segments of the path, and the query.
    pub fn parts(&self) -> (Vec<&str>, &str) {
        let (path, query) = self.url.split_once('?').unwrap_or((&self.url, ""));
        (path.split('/').filter(|segment| !segment.is_empty()).collect(), query)
    }
}

/// The type of a bundle and its entries. What is wrong with a single entry is told in its place.
pub(super) fn read(repo: &Repo, mut bundle: Value) -> Result<(String, Vec<Result<Asked>>)> {
    if let Some(other) = bundle.get("type").and_then(Value::as_str)
        && !matches!(other, "batch" | "transaction")
    {
        let text = format!("a Bundle of type '{other}' is not processed; post it to Bundle to store it");
        return Err(malformed(text).coded("value").at("Bundle.type"));
    }
    // The resources are judged when their turn comes.
    let mut resources = Vec::new();
    for entry in bundle.get_mut("entry").and_then(Value::as_array_mut).into_iter().flatten() {
        let Some(entry) = entry.as_object_mut() else {
            resources.push(None);
            continue;
        };
        resources.push(entry.shift_remove("resource"));
        // Left without a request, it is refused in its place, not the bundle for it.
        entry.entry("request").or_insert_with(|| json!({"method": "GET", "url": NOWHERE}));
    }
    let mut issues = resource::validate(repo.definitions(), &bundle);
    issues.retain(|issue| issue.severity == Severity::Error);
    if !issues.is_empty() {
        return Err(Error::new(Kind::Invalid, issues));
    }
    let kind = bundle.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let entries = bundle.get("entry").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let base = &repo.engine().base_url;
    let asked = entries
        .iter()
        .zip(resources)
        .enumerate()
        .map(|(place, (entry, resource))| {
            one(entry, resource, base).map_err(|error| error.at(format!("Bundle.entry[{place}].request")))
        })
        .collect();
    Ok((kind, asked))
}

/// The media type and the content of a Binary (<https://hl7.org/fhir/R4/binary.html>).
pub(super) fn binary(resource: &Value) -> Result<(String, Vec<u8>)> {
    let text = |name: &str| resource.get(name).and_then(Value::as_str).unwrap_or_default();
    let packed: String = text("data").split_whitespace().collect();
    let data = BASE64_STANDARD
        .decode(packed)
        .map_err(|_| malformed("this is no base64").coded("value").at("Binary.data"))?;
    Ok((text("contentType").to_owned(), data))
}

fn one(entry: &Value, resource: Option<Value>, base: &str) -> Result<Asked> {
    let request = &entry["request"];
    let text = |name: &str| request.get(name).and_then(Value::as_str).map(str::to_owned);
    let (Some(method), Some(url)) = (text("method"), text("url").filter(|url| url != NOWHERE)) else {
        return Err(malformed("this entry has no request").coded("required"));
    };
    let method = match method.as_str() {
        "GET" => Method::GET,
        "HEAD" => Method::HEAD,
        "POST" => Method::POST,
        "PUT" => Method::PUT,
        "PATCH" => Method::PATCH,
        "DELETE" => Method::DELETE,
        other => return Err(malformed(format!("'{other}' is no verb")).coded("value")),
    };
    let url = url.strip_prefix(base).unwrap_or(&url).trim_start_matches('/').to_owned();
    if url.split('?').next().is_some_and(|path| path.contains("://")) {
        return Err(malformed(format!("'{url}' is not on this server")).coded("value"));
    }
    if url.is_empty() || url.starts_with('?') && method != Method::GET {
        return Err(unsupported("a bundle within a bundle is not processed"));
    }
    match (&resource, &method) {
        (None, &Method::PUT | &Method::PATCH) => {
            return Err(malformed("this entry has no resource").coded("required"));
        }
        (Some(_), &Method::GET | &Method::HEAD | &Method::DELETE) => {
            return Err(malformed(format!("{method} takes no resource")).coded("structure"));
        }
        _ => {}
    }
    Ok(Asked {
        full_url: entry.get("fullUrl").and_then(Value::as_str).map(str::to_owned),
        method,
        url,
        resource,
        if_match: text("ifMatch"),
        if_none_match: text("ifNoneMatch"),
        if_modified_since: text("ifModifiedSince"),
        if_none_exist: text("ifNoneExist"),
    })
}
