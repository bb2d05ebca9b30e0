//! `/events`: what happened in the key's project and its organizations, each with the record as it was then. An event is a
//! line of the outbox; its id is the line's time and number, and so the same for ever.

mod endpoint;
mod sign_in;
mod told;
mod wording;

use std::collections::BTreeSet;

use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};
use uuid::Uuid;

use super::asked::Parameters;
use super::caller::Caller;
use super::refusal::Refusal;
use super::{id, moment, organization};
use crate::http::{reply, webhook};
use crate::repo::subscription::WORKOS;
use crate::store::{Place, Span, Stretch, Told};
pub(in crate::http) use endpoint::{
    create as create_endpoint, delete as delete_endpoint, list as endpoints, update as update_endpoint,
};
pub(in crate::http) use wording::Webhooks;

const EVENT: &str = "event";
/// Organizations whose events are merged.
const MOST: usize = 100_000;

/// The id of an event.
fn name(place: Place) -> String {
    id::show(EVENT, &webhook::event_id(place).to_string())
}

fn place(given: &str) -> Option<Place> {
    let number = Uuid::parse_str(&id::read(EVENT, given)?).ok()?.as_u128();
    Some(Place {
        at: i64::try_from(number >> 80).ok()?,
        number: i64::try_from(number & u128::from(u64::MAX)).ok()?,
    })
}

fn instant(asked: &mut Parameters, name: &str) -> Option<i64> {
    let text = asked.text(name)?;
    let read = chrono::DateTime::parse_from_rfc3339(&text).map(|moment| moment.timestamp_millis());
    let day = || chrono::NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok();
    let read = read.ok().or_else(|| Some(day()?.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis()));
    if read.is_none() {
        asked.fault(name, "invalid_value", &format!("{name} is a moment as RFC 3339 has it."));
    }
    read
}

pub(in crate::http) async fn list(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::of(&request).await?;
    let mut asked = Parameters::read(&request)?;
    let limit = match asked.text("limit").map(|text| text.parse::<usize>()) {
        None => 10,
        Some(Ok(limit)) if (1..=100).contains(&limit) => limit,
        Some(_) => {
            asked.fault("limit", "out_of_range", "limit is a number from 1 to 100.");
            10
        }
    };
    // A log is read on from where one was: oldest first, unless asked otherwise.
    let descending = match asked.text("order").as_deref() {
        None | Some("asc") => false,
        Some("desc") => true,
        Some(_) => {
            asked.fault("order", "invalid_value", "order is asc or desc.");
            false
        }
    };
    let names: BTreeSet<String> = asked.texts("events").into_iter().collect();
    for name in &names {
        if !WORKOS.events.contains(&name.as_str()) {
            asked.fault("events", "not_supported", &format!("{name} is no event of this server."));
        }
    }
    let mut bounds = [None, None];
    for (place_of, name) in ["after", "before"].into_iter().enumerate() {
        if let Some(given) = asked.text(name) {
            bounds[place_of] = place(&given);
            if bounds[place_of].is_none() {
                asked.fault(name, "invalid_value", &format!("{name} is the id of an event."));
            }
        }
    }
    let (start, end) = (instant(&mut asked, "range_start"), instant(&mut asked, "range_end"));
    let home = asked.text("organization_id");
    asked.finish()?;
    let [after, before] = if descending { [bounds[1], bounds[0]] } else { bounds };
    let start = start.map(|at| Place { at, number: -1 });
    let end = end.map(|at| Place { at, number: i64::MAX });
    let mut span = Span { after: after.max(start), before: min(before, end), descending, limit: limit + 1 };
    let stretches = stretches(&caller, home.as_deref(), &names).await?;
    let mut data: Vec<Value> = Vec::new();
    let mut more = true;
    while data.len() <= limit && more {
        let (own, wanted) = (stretches.clone(), span);
        let store = &caller.repo.engine().store;
        let lines = store.offload(move |store| store.told(&own, wanted)).await?;
        more = lines.len() == span.limit;
        for line in &lines {
            match span.descending {
                true => span.before = Some(line.place),
                false => span.after = Some(line.place),
            }
            if data.len() > limit {
                break;
            }
            let told = told::of(&caller.repo, caller.identity(), line).await?;
            let told = told.filter(|(event, _)| names.is_empty() || names.contains(*event));
            data.extend(told.map(|(event, value)| render(line, event, value)));
        }
        // Most of what is written is told of by no event: look further ahead.
        span.limit = 200;
    }
    let ahead = data.len() > limit;
    data.truncate(limit);
    let last = data.last().filter(|_| ahead).and_then(|one| one.get("id")).cloned();
    Ok(reply::ok().json(json!({
        "object": "list",
        "data": data,
        "list_metadata": { "before": Value::Null, "after": last },
    })))
}

/// An event, whether it is fetched or delivered.
fn render(line: &Told, event: &str, value: Value) -> Value {
    json!({
        "object": "event",
        "id": name(line.place),
        "event": event,
        "data": value,
        "created_at": moment::text(line.place.at),
        "context": {},
    })
}

fn min(one: Option<Place>, other: Option<Place>) -> Option<Place> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Projects and types whose writes may be told of.
async fn stretches(
    caller: &Caller<'_>,
    home: Option<&str>,
    events: &BTreeSet<String>,
) -> Result<Vec<(i32, i32)>, Refusal> {
    let engine = caller.repo.engine();
    let kinds =
        |names: &[&str]| -> Vec<i32> { names.iter().filter_map(|name| engine.store.kind(name)).collect() };
    let events: Vec<String> = events.iter().cloned().collect();
    let (own, below) = (kinds(&WORKOS.own_for(&events)), kinds(WORKOS.below));
    if let Some(given) = home {
        let (row, _) = organization::named(caller, given).await?;
        return Ok(below.into_iter().map(|kind| (row.project, kind)).collect());
    }
    let project = caller.repo.actor().project;
    let all = Stretch { beyond: None, descending: false, limit: MOST };
    let children = engine.store.offload(move |store| store.children(project, all)).await?;
    let mut stretches: Vec<(i32, i32)> = own.into_iter().map(|kind| (project, kind)).collect();
    for (number, _) in children {
        stretches.extend(below.iter().map(|kind| (number, *kind)));
    }
    Ok(stretches)
}
