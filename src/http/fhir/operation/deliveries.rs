//! `$deliveries` and `$replay` of a Subscription (`fhir/operation/Subscription-deliveries.json`, `Subscription-replay.json`):
//! what it was told, and the same once more.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::DateTime;
use serde_json::{Value, json};

use super::input::Input;
use super::recorded;
use crate::error::{Result, malformed};
use crate::events::{Wording, wording_of};
use crate::http::fhir::bundle::Bundle;
use crate::http::reply::{Failure, fhir, instant, ok};
use crate::http::{WORDINGS, extract, negotiate};
use crate::repo::subscription::{Topic, name, number};
use crate::resource;
use crate::search::link;
use crate::store::{Arrival, Logged, Sought};

pub(in crate::http) async fn deliveries(
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    let mut input = Input::read(&request, payload, "resource").await?;
    let asked = Asked::read(&mut input)?;
    let count = input.count("_count")?;
    let cursor = input.text(link::CURSOR)?;
    input.finish()?;
    let limits = &repo.engine().limits;
    let limit = count.map_or(limits.default_count, |count| {
        usize::try_from(count).unwrap_or(usize::MAX).min(limits.max_count)
    });
    let before = cursor.as_deref().map(place).transpose()?;
    let sought = Sought { before, ..asked.sought()? };
    let (row, mut lines) = repo.deliveries(&id, sought, limit + 1).await?;
    let more = lines.len() > limit;
    lines.truncate(limit);
    let base = format!("{}/Subscription/{}/$deliveries", repo.engine().base_url, row.id);
    let count = count.map(|count| count.to_string()).unwrap_or_default();
    let page = |cursor: &str| asked.link(&base, &count, cursor);
    let mut bundle = Bundle::new("searchset", None);
    bundle.link("self", &page(cursor.as_deref().unwrap_or_default()));
    bundle.link("first", &page(""));
    if let Some(last) = lines.last().filter(|_| more) {
        bundle.link("next", &page(&last.place.to_string()));
    }
    let body: Value = resource::parse(row.body.as_bytes())?;
    let topic = body.get("criteria").and_then(Value::as_str).and_then(Topic::of);
    let wording = topic.and_then(|topic| wording_of(WORDINGS, topic));
    for line in &lines {
        let kind = line.resource.as_ref().and_then(|(kind, _)| repo.engine().store.kind_name(*kind));
        bundle.part(&told(&row.id, kind, line, wording));
    }
    Ok(fhir(&request, form, ok(), bundle.finish()))
}

pub(in crate::http) async fn replay(
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    let mut input = Input::read(&request, payload, "resource").await?;
    let names = input.texts("delivery")?;
    let asked = Asked::read(&mut input)?;
    input.finish()?;
    if names.is_empty() && asked.is_empty() {
        let text = "say what is to be sent once more: `delivery`, `since`, `until` or `outcome`";
        return Err(malformed(text).coded("required").at("delivery").into());
    }
    if names.len() > MOST_NAMED {
        let text =
            format!("one request names {MOST_NAMED} deliveries at most; `since` and `until` mean more");
        return Err(malformed(text).coded("too-long").at("delivery").into());
    }
    if asked.outcome.as_deref() == Some(Arrival::Pending.code()) {
        let text = "what is pending is sent anyway: an outcome to replay is `delivered` or `failed`";
        return Err(malformed(text).coded("value").at("outcome").into());
    }
    // What is no name of a delivery is the number of none: whoever may not replay anything is told that first.
    let numbers = names.iter().map(|one| number(&id, one).unwrap_or_default()).collect();
    let sought = Sought { numbers, ..asked.sought()? };
    let done = repo.audited(recorded(&request, "replay")).replay(&id, sought).await?;
    let mut parameters = vec![json!({ "name": "count", "valueInteger": done.count })];
    if let Some(next) = done.next {
        parameters.push(json!({ "name": "next", "valueInstant": instant(next) }));
    }
    let body = json!({ "resourceType": "Parameters", "parameter": parameters });
    Ok(fhir(&request, form, ok(), body.to_string().into_bytes()))
}

/// Deliveries that one request may name.
const MOST_NAMED: usize = 100;

/// What both operations take.
struct Asked {
    outcome: Option<String>,
    since: Option<String>,
    until: Option<String>,
}

impl Asked {
    fn read(input: &mut Input) -> Result<Self> {
        let (outcome, since, until) = (input.text("outcome")?, input.text("since")?, input.text("until")?);
        Ok(Self { outcome, since, until })
    }

    fn is_empty(&self) -> bool {
        self.outcome.is_none() && self.since.is_none() && self.until.is_none()
    }

    fn sought(&self) -> Result<Sought> {
        let outcome = match self.outcome.as_deref() {
            None => None,
            Some(code) => Some(Arrival::of_code(code).ok_or_else(|| {
                let text = "an outcome is `pending`, `delivered` or `failed`";
                malformed(text).coded("value").at("outcome")
            })?),
        };
        let moment = |text: &Option<String>, name: &str| match text {
            None => Ok(None),
            Some(text) => match DateTime::parse_from_rfc3339(text) {
                Ok(moment) => Ok(Some(moment.timestamp_millis())),
                Err(_) => {
                    let text = format!("`{name}` is an instant, such as 2026-11-21T22:30:00Z");
                    Err(malformed(text).coded("value").at(name))
                }
            },
        };
        let (since, until) = (moment(&self.since, "since")?, moment(&self.until, "until")?);
        Ok(Sought { outcome, since, until, ..Sought::default() })
    }

    fn link(&self, base: &str, count: &str, cursor: &str) -> String {
        let given = |text: &'_ Option<String>| text.clone().unwrap_or_default();
        let all = [
            ("outcome", given(&self.outcome)),
            ("since", given(&self.since)),
            ("until", given(&self.until)),
            ("_count", count.to_owned()),
            (link::CURSOR, cursor.to_owned()),
        ];
        let all = all.iter().map(|(name, value)| (*name, value.as_str()));
        let query = link::query(all.filter(|(_, value)| !value.is_empty()));
        if query.is_empty() { base.to_owned() } else { format!("{base}?{query}") }
    }
}

fn place(cursor: &str) -> Result<i64> {
    cursor.parse().ok().filter(|place| *place > 0).ok_or_else(|| {
        malformed("this cursor cannot be read; follow the links of a result as they are")
            .coded("value")
            .at(link::CURSOR)
    })
}

/// A line of the log, as Parameters.
fn told(subscription: &str, kind: Option<&str>, line: &Logged, wording: Option<&dyn Wording>) -> Value {
    let mut parameters = vec![json!({ "name": "id", "valueString": name(subscription, line.number) })];
    let mut say = |name: &str, kind: &str, value: Option<Value>| {
        if let Some(value) = value {
            parameters.push(json!({ "name": name, format!("value{kind}"): value }));
        }
    };
    let event = wording.zip(line.event).and_then(|(wording, place)| wording.event(place));
    say("event", "String", event.map(Value::from));
    say("outcome", "Code", Some(Value::from(line.outcome.code())));
    let resource = kind.zip(line.resource.as_ref());
    let version = line.version;
    say(
        "resource",
        "Reference",
        resource.map(|(kind, (_, id))| json!({ "reference": format!("{kind}/{id}/_history/{version}") })),
    );
    let moment = |at: Option<i64>| at.map(|at| Value::from(instant(at)));
    say("noted", "Instant", moment(Some(line.noted())));
    say("attempts", "Integer", Some(Value::from(line.tries)));
    say("first", "Instant", moment(line.first));
    say("last", "Instant", moment(line.last));
    let due = Some(line.due).filter(|due| line.outcome == Arrival::Pending && *due > 0);
    say("next", "Instant", moment(due));
    say("status", "Integer", line.status.map(Value::from));
    say("error", "String", line.error.as_deref().map(Value::from));
    say("duration", "Integer", line.millis.map(|millis| Value::from(millis.min(i64::from(i32::MAX)))));
    json!({ "resourceType": "Parameters", "parameter": parameters })
}
