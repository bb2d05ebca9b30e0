//! `$graphql` of the system and of a resource (<https://hl7.org/fhir/R4/graphql.html#invoking>,
//! <https://hl7.org/fhir/R4/resource-operation-graphql.html>).
//!
//! A query comes in the address, alone as a body, in JSON as GraphQL has it over HTTP
//! (<https://graphql.github.io/graphql-over-http/draft/>), or in Parameters. Errors come in the form of GraphQL,
//! each with an OperationOutcome.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use crate::error::{Error, Result, malformed};
use crate::graphql::{Fault, Request, Start, Step, execute};
use crate::http::negotiate::{self, Form};
use crate::http::reply::{self, Failure};
use crate::http::{extract, parameters};
use crate::resource;

pub(in crate::http) async fn graphql(request: HttpRequest) -> Result<HttpResponse, Failure> {
    by_address(&request, Start::System).await
}

pub(in crate::http) async fn graphql_by_post(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    by_body(&request, payload, Start::System).await
}

pub(in crate::http) async fn graphql_of(
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Failure> {
    let (kind, id) = path.into_inner();
    by_address(&request, Start::Resource { kind, id }).await
}

pub(in crate::http) async fn graphql_of_by_post(
    request: HttpRequest,
    path: web::Path<(String, String)>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let (kind, id) = path.into_inner();
    by_body(&request, payload, Start::Resource { kind, id }).await
}

async fn by_address(request: &HttpRequest, start: Start) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(request)?;
    let asked = in_address(request);
    answer(request, form, asked, start).await
}

async fn by_body(
    request: &HttpRequest,
    payload: web::Payload,
    start: Start,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(request)?;
    // Who may not ask at all is told so before anything of his is read.
    extract::caller(request).await?;
    let media = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_text = essence == "application/graphql";
    if !is_text && !negotiate::is_json(media) {
        return Err(Failure::unsupported_media(format!(
            "a query is sent as application/json or application/graphql, not as '{media}'"
        )));
    }
    let body = extract::bytes(request, payload).await?;
    let asked = in_address(request).and_then(|asked| {
        let sent = if is_text { plain(&body) } else { resource::parse(&body).and_then(of_json) }?;
        joined(asked, sent)
    });
    answer(request, form, asked, start).await
}

async fn answer(
    request: &HttpRequest,
    form: Form,
    asked: Result<Asked>,
    start: Start,
) -> Result<HttpResponse, Failure> {
    let repo = extract::caller(request).await?;
    let asked = asked.and_then(Asked::whole);
    let (refused, faults, data) = match asked {
        Ok(asked) => match execute(&repo, asked, start).await? {
            Ok(response) => (None, response.faults, Some(response.data)),
            Err(refusal) => (Some(refusal.kind), refusal.faults, None),
        },
        Err(error) => (Some(error.kind), faults(&error), None),
    };
    let errors = (!faults.is_empty()).then(|| faults.iter().map(told).collect::<Value>());
    let errors = errors.map(|errors| format!("\"errors\":{errors}"));
    // What was not carried out has no data, not even null.
    let data = data.map(|data| format!("\"data\":{data}"));
    let members: Vec<String> = errors.into_iter().chain(data).collect();
    Ok(reply::graphql(request, form, refused, format!("{{{}}}", members.join(","))))
}

fn faults(error: &Error) -> Vec<Fault> {
    let faults = error.issues.iter().cloned();
    faults.map(|issue| Fault { issue, locations: Vec::new(), path: Vec::new() }).collect()
}

fn told(fault: &Fault) -> Value {
    let mut error = json!({ "message": fault.issue.text });
    if !fault.locations.is_empty() {
        let place = |(line, column): &(usize, usize)| json!({ "line": line, "column": column });
        error["locations"] = fault.locations.iter().map(place).collect();
    }
    if !fault.path.is_empty() {
        let step = |step: &Step| match step {
            Step::Key(key) => Value::from(key.as_str()),
            Step::Index(index) => Value::from(*index),
        };
        error["path"] = fault.path.iter().map(step).collect();
    }
    let outcome = reply::outcome(std::slice::from_ref(&fault.issue));
    error["extensions"] = json!({ "code": fault.issue.code, "resource": outcome });
    error
}

/// What was found in one place of a request.
#[derive(Default)]
struct Asked {
    query: Option<String>,
    variables: Option<Map<String, Value>>,
    operation: Option<String>,
}

impl Asked {
    fn whole(self) -> Result<Request> {
        let missing = || malformed("there is no query").coded("required").at("query");
        Ok(Request {
            query: self.query.ok_or_else(missing)?,
            variables: self.variables.unwrap_or_default(),
            operation: self.operation.filter(|name| !name.is_empty()),
        })
    }

    fn take(&mut self, name: &str, value: Value) -> Result<()> {
        let wrong = |what: &str| malformed(format!("`{name}` is {what}")).coded("value").at(name);
        match (name, value) {
            (_, Value::Null) => {}
            ("query", Value::String(text)) => self.query = Some(text),
            ("query", _) => return Err(wrong("a text of GraphQL")),
            ("variables", Value::Object(variables)) => self.variables = Some(variables),
            ("variables", _) => return Err(wrong("an object of JSON")),
            ("operationName", Value::String(name)) => self.operation = Some(name),
            ("operationName", _) => return Err(wrong("the name of an operation")),
            // By the protocol these are between the two ends, and this end has agreed to none.
            ("extensions", Value::Object(extensions)) if extensions.is_empty() => {}
            (strange, _) => {
                let name: String = strange.chars().take(64).collect();
                return Err(malformed(format!("a query has no `{name}`")).coded("not-supported").at(name));
            }
        }
        Ok(())
    }
}

fn in_address(request: &HttpRequest) -> Result<Asked> {
    let mut asked = Asked::default();
    let mut seen: Vec<String> = Vec::new();
    for (name, value) in parameters::parse(request.query_string())? {
        if matches!(name.as_str(), "_format" | "_pretty") {
            continue;
        }
        if seen.contains(&name) {
            return Err(malformed(format!("`{name}` is given twice")).coded("value").at(name));
        }
        let value = match name.as_str() {
            "variables" if value.is_empty() => Value::Null,
            "variables" => resource::parse(value.as_bytes()).map_err(|error| error.at("variables"))?,
            _ => Value::String(value),
        };
        asked.take(&name, value)?;
        seen.push(name);
    }
    Ok(asked)
}

fn plain(body: &[u8]) -> Result<Asked> {
    let text = std::str::from_utf8(body).map_err(|_| malformed("the query does not hold UTF-8"))?;
    Ok(Asked { query: Some(text.to_owned()), ..Asked::default() })
}

fn of_json(body: Value) -> Result<Asked> {
    let mut asked = Asked::default();
    let Value::Object(mut body) = body else { return Ok(asked) };
    if body.get("resourceType").and_then(Value::as_str) != Some("Parameters") {
        body.into_iter().try_for_each(|(name, value)| asked.take(&name, value))?;
        return Ok(asked);
    }
    let Some(Value::Array(all)) = body.remove("parameter") else { return Ok(asked) };
    for mut parameter in all {
        let name = parameter["name"].as_str().unwrap_or_default().to_owned();
        if name != "query" {
            let name: String = name.chars().take(64).collect();
            let text = format!("$graphql has no parameter '{name}'");
            return Err(malformed(text).coded("not-supported").at("Parameters.parameter"));
        }
        asked.take("query", parameter["valueString"].take())?;
    }
    Ok(asked)
}

/// What is in the address and what is in the body are one request.
fn joined(address: Asked, body: Asked) -> Result<Asked> {
    let twice =
        |name: &str| malformed(format!("`{name}` is in the address and in the body")).coded("value").at(name);
    let both = [
        ("query", address.query.is_some() && body.query.is_some()),
        ("variables", address.variables.is_some() && body.variables.is_some()),
        ("operationName", address.operation.is_some() && body.operation.is_some()),
    ];
    match both.iter().find(|(_, both)| *both) {
        Some((name, _)) => Err(twice(name)),
        None => Ok(Asked {
            query: body.query.or(address.query),
            variables: body.variables.or(address.variables),
            operation: body.operation.or(address.operation),
        }),
    }
}
