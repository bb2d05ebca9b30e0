//! Many changes in one request (<https://www.rfc-editor.org/rfc/rfc7644#section-3.7>). Each stands for itself. What is
//! made has its id before anything is done, so that operations may name each other by `bulkId` in any order; what is
//! needed is made first, and where groups are members of each other the last link is added afterwards.

use std::collections::{HashMap, HashSet};

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::reply::outcome_line;
use super::accept::says_what_it_is;
use super::answer;
use super::one::{self, Shown};
use super::refusal::{Refusal, Result, bad};
use super::schema::{Resource, resources};
use super::shape::Wanted;
use super::{Caller, MAX_OPERATIONS, MAX_PAYLOAD, bytes, caller};
use crate::error::{not_found, too_large};
use crate::repo::Outcome;
use crate::resource;

const REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
const RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const MARK: &str = "bulkId:";

/// An operation as it was sent.
struct Operation {
    method: String,
    bulk_id: Option<String>,
    version: Option<String>,
    path: String,
    data: Value,
    /// The bulkIds that it names.
    needs: HashSet<String>,
}

/// Of a bulkId: the id of what it makes, and how that went.
struct Made {
    id: String,
    done: Option<bool>,
}

/// A member to be added once he is there.
struct Late {
    group: String,
    member: String,
}

pub(in crate::http) async fn bulk(request: HttpRequest, payload: web::Payload) -> Result<HttpResponse> {
    let caller = caller(&request).await?;
    let sent = bytes(&request, payload).await?;
    if sent.len() > MAX_PAYLOAD {
        return Err(too_large(format!("a bulk request has no more than {MAX_PAYLOAD} bytes")).into());
    }
    let message = resource::parse(&sent)?;
    let Some(object) = message.as_object() else {
        return Err(bad("invalidSyntax", "a bulk request is a JSON object"));
    };
    says_what_it_is(object, REQUEST)?;
    let Some(list) = object.get("Operations").and_then(Value::as_array) else {
        return Err(bad("invalidSyntax", "a bulk request has a list of `Operations`"));
    };
    if list.len() > MAX_OPERATIONS {
        return Err(too_large(format!("a bulk request has no more than {MAX_OPERATIONS} operations")).into());
    }
    let most = match object.get("failOnErrors") {
        None | Some(Value::Null) => None,
        Some(most) => match most.as_u64().filter(|most| *most > 0) {
            Some(most) => Some(most),
            None => return Err(bad("invalidValue", "failOnErrors is a number from 1 on")),
        },
    };
    let operations: Vec<Operation> = list.iter().map(read).collect::<Result<_>>()?;
    let mut made = HashMap::new();
    for operation in operations.iter().filter(|operation| operation.method == "POST") {
        let Some(bulk_id) = &operation.bulk_id else {
            return Err(bad("invalidValue", "a POST in a bulk request has a bulkId"));
        };
        let fresh = Made { id: Uuid::now_v7().to_string(), done: None };
        if made.insert(bulk_id.clone(), fresh).is_some() {
            return Err(bad("invalidValue", format!("two operations have the bulkId '{bulk_id}'")));
        }
    }
    let done = run(&caller, operations, made, most).await?;
    answer::show(&request, &json!({ "schemas": [RESPONSE], "Operations": done }))
}

fn read(operation: &Value) -> Result<Operation> {
    let text = |name: &str| operation.get(name).and_then(Value::as_str).map(str::to_owned);
    let method = text("method").unwrap_or_default().to_ascii_uppercase();
    if !matches!(method.as_str(), "POST" | "PUT" | "PATCH" | "DELETE") {
        return Err(bad("invalidSyntax", "the method of an operation is POST, PUT, PATCH or DELETE"));
    }
    let Some(path) = text("path") else { return Err(bad("invalidSyntax", "an operation has a path")) };
    let data = operation.get("data").cloned().unwrap_or_default();
    let mut needs = HashSet::new();
    named(&data, &mut needs);
    needs.extend(path.split('/').filter_map(|part| part.strip_prefix(MARK)).map(str::to_owned));
    Ok(Operation { method, bulk_id: text("bulkId"), version: text("version"), path, data, needs })
}

/// The bulkIds in a value.
fn named(value: &Value, needs: &mut HashSet<String>) {
    match value {
        Value::String(text) => needs.extend(text.strip_prefix(MARK).map(str::to_owned)),
        Value::Array(list) => list.iter().for_each(|value| named(value, needs)),
        Value::Object(object) => object.values().for_each(|value| named(value, needs)),
        _ => {}
    }
}

/// Does what can be done next until all is done, or too much has failed. The answers come in the order of the request.
async fn run(
    caller: &Caller,
    operations: Vec<Operation>,
    mut made: HashMap<String, Made>,
    most: Option<u64>,
) -> Result<Vec<Value>> {
    let mut answers: Vec<Option<Value>> = operations.iter().map(|_| None).collect();
    let mut waiting: Vec<usize> = (0..operations.len()).collect();
    let (mut late, mut errors): (Vec<(usize, Late)>, u64) = (Vec::new(), 0);
    while !waiting.is_empty() && most.is_none_or(|most| errors < most) {
        let open = |name: &String| made.get(name).is_some_and(|made| made.done.is_none());
        let own = |place: usize| operations[place].bulk_id.as_ref();
        let ready = waiting.iter().position(|place| {
            !operations[*place].needs.iter().any(|name| open(name) && Some(name) != own(*place))
        });
        let place = waiting.remove(ready.unwrap_or(0));
        let operation = &operations[place];
        let (mut data, mut postponed) = (operation.data.clone(), Vec::new());
        if ready.is_none() {
            postpone(&mut data, &made, &mut postponed);
        }
        let came = match resolve(operation, &mut data, &made) {
            Ok(path) => one(caller, operation, &path, &data, &made).await,
            Err(refusal) => Err(refusal),
        };
        if let Some(bulk_id) = operation.bulk_id.as_ref().filter(|_| operation.method == "POST")
            && let Some(made) = made.get_mut(bulk_id)
        {
            made.done = Some(came.is_ok());
            if came.is_ok() {
                let group = made.id.clone();
                late.extend(
                    postponed.into_iter().map(|member| (place, Late { group: group.clone(), member })),
                );
            }
        }
        errors += u64::from(came.is_err());
        answers[place] = Some(told(caller, operation, came));
    }
    for (place, Late { group, member }) in late {
        let Some(Made { id, done: Some(true) }) = made.get(&member) else { continue };
        let kind = super::schema::group();
        let add = json!({ "schemas": [PATCH], "Operations": [
            { "op": "add", "path": "members", "value": [{ "value": id }] }
        ] });
        let wanted = Wanted::bare();
        let shown = one::change(caller, kind, (&group, None), &add, &wanted).await?;
        if let Some(answer) = &mut answers[place] {
            answer["version"] = Value::from(shown.tag);
        }
    }
    Ok(answers.into_iter().flatten().collect())
}

/// Takes the members that are not there yet out of a group that is to be made.
fn postpone(data: &mut Value, made: &HashMap<String, Made>, postponed: &mut Vec<String>) {
    let Some(Value::Array(members)) = data.get_mut("members") else { return };
    members.retain(|member| {
        let name = member.get("value").and_then(Value::as_str).and_then(|value| value.strip_prefix(MARK));
        match name.filter(|name| made.get(*name).is_some_and(|made| made.done.is_none())) {
            Some(name) => {
                postponed.push(name.to_owned());
                false
            }
            None => true,
        }
    });
}

/// Puts ids in the place of bulkIds; gives the path.
fn resolve(operation: &Operation, data: &mut Value, made: &HashMap<String, Made>) -> Result<String> {
    let id = |name: &str| match made.get(name) {
        Some(Made { done: Some(false), .. }) => {
            Err(bad("invalidValue", format!("the operation with the bulkId '{name}' failed")))
        }
        Some(made) => Ok(made.id.clone()),
        None => Err(bad("invalidValue", format!("no operation has the bulkId '{name}'"))),
    };
    put(data, &id)?;
    let parts = operation.path.split('/').map(|part| match part.strip_prefix(MARK) {
        Some(name) => id(name),
        None => Ok(part.to_owned()),
    });
    Ok(parts.collect::<Result<Vec<_>>>()?.join("/"))
}

fn put(value: &mut Value, id: &impl Fn(&str) -> Result<String>) -> Result<()> {
    match value {
        Value::String(text) => {
            if let Some(name) = text.strip_prefix(MARK) {
                *text = id(name)?;
            }
            Ok(())
        }
        Value::Array(list) => list.iter_mut().try_for_each(|value| put(value, id)),
        Value::Object(object) => object.values_mut().try_for_each(|value| put(value, id)),
        _ => Ok(()),
    }
}

/// One operation; nothing comes of a DELETE.
async fn one(
    caller: &Caller,
    operation: &Operation,
    path: &str,
    data: &Value,
    made: &HashMap<String, Made>,
) -> Result<Option<Shown>> {
    let (kind, id) = target(path)?;
    let wanted = Wanted::bare();
    let tags = operation.version.as_deref();
    let named = || id.ok_or_else(|| bad("invalidPath", format!("'{path}' names no resource")));
    match operation.method.as_str() {
        "POST" => {
            if id.is_some() {
                return Err(bad("invalidPath", format!("nothing is made at '{path}'")));
            }
            let fresh = operation.bulk_id.as_ref().and_then(|name| made.get(name));
            let fresh = fresh.ok_or_else(|| bad("invalidValue", "a POST has a bulkId"))?;
            one::make(caller, kind, &fresh.id, data, &wanted).await.map(Some)
        }
        "PUT" => one::replace(caller, kind, (named()?, tags), data, &wanted).await.map(Some),
        "PATCH" => one::change(caller, kind, (named()?, tags), data, &wanted).await.map(Some),
        _ => one::remove(caller, kind, (named()?, tags)).await.map(|()| None),
    }
}

/// `/Users`, `/Users/ID`.
fn target(path: &str) -> Result<(&'static Resource, Option<&str>)> {
    let path = path.trim_start_matches('/');
    let (name, id) = match path.split_once('/') {
        Some((name, id)) => (name, Some(id).filter(|id| !id.is_empty())),
        None => (path, None),
    };
    let kind = resources().iter().find(|kind| kind.endpoint.trim_start_matches('/') == name);
    let kind = kind.ok_or_else(|| Refusal::from(not_found(format!("there is nothing at '/{path}'"))))?;
    Ok((kind, id))
}

/// What came of an operation.
fn told(caller: &Caller, operation: &Operation, came: Result<Option<Shown>>) -> Value {
    let mut told = json!({ "method": operation.method });
    if let Some(bulk_id) = &operation.bulk_id {
        told["bulkId"] = Value::from(bulk_id.as_str());
    }
    let status = |outcome| outcome_line(outcome).split(' ').next().unwrap_or_default().to_owned();
    if operation.method != "POST" {
        told["location"] = Value::from(format!("{}/{}", caller.base, operation.path.trim_start_matches('/')));
    }
    match came {
        Ok(Some(shown)) => {
            told["location"] = Value::from(shown.place);
            told["version"] = Value::from(shown.tag);
            let outcome = if operation.method == "POST" { Outcome::Created } else { Outcome::Updated };
            told["status"] = Value::from(status(outcome));
        }
        Ok(None) => told["status"] = Value::from(status(Outcome::Deleted)),
        Err(refusal) => {
            told["status"] = Value::from(refusal.status());
            told["response"] = refusal.body();
        }
    }
    told
}
