//! A transaction: its writes as one, its reads when they are done.
//!
//! What reads is tried before anything is written, since a transaction with an entry that fails leaves nothing
//! behind.

use actix_web::HttpRequest;
use actix_web::http::Method;
use serde_json::Value;

use super::dispatch::Sender;
use super::entry::{Asked, binary};
use super::reply::{Answer, Responses};
use crate::error::{Error, Result, malformed, unsupported};
use crate::http::extract::{self, Prefer, Returns};
use crate::http::reply::{Failure, etag, instant, outcome, outcome_line};
use crate::repo::bundle::{Action, Condition, Done, Entry, Failed, Target};
use crate::repo::{Criteria, Outcome, Repo, Written};
use crate::resource::Patch;

pub(super) async fn run(
    request: &HttpRequest,
    repo: &Repo,
    asked: Vec<Result<Asked>>,
    sender: Sender,
) -> Result<Responses, Failure> {
    let (mut entries, mut reads) = (Vec::with_capacity(asked.len()), Vec::with_capacity(asked.len()));
    for (place, asked) in asked.into_iter().enumerate() {
        let mut asked = asked?;
        let action = action(&mut asked).map_err(|error| Failed { entry: place, error }.located())?;
        let is_open = matches!(action, Action::Other);
        entries.push(Entry { full_url: asked.full_url.take(), action });
        reads.push((is_open, asked));
    }
    for (place, (_, asked)) in reads.iter().enumerate().filter(|(_, (is_open, _))| *is_open) {
        let answer = sender.send(asked).await;
        if answer.is_refusal() {
            return Err(Failure::of_entry(&format!("Bundle.entry[{place}]"), &answer.status, answer.outcome));
        }
    }
    let done = repo.transaction(entries).await.map_err(Failed::located)?;
    let prefer = extract::prefer(request);
    let mut answers = Vec::with_capacity(done.len());
    for (done, (_, asked)) in done.into_iter().zip(&reads) {
        answers.push(match done {
            Done::Written(written) => answer(repo, &written, prefer),
            Done::Deleted(version) => {
                let status = outcome_line(Outcome::Deleted);
                Answer { status, etag: Some(etag(version)), ..Answer::default() }
            }
            Done::Nothing => Answer { status: outcome_line(Outcome::Deleted), ..Answer::default() },
            Done::Open => sender.send(asked).await,
        });
    }
    Ok(Responses(answers))
}

fn answer(repo: &Repo, written: &Written, prefer: Prefer) -> Answer {
    let row = &written.row;
    let kind = repo.engine().store.kind_name(row.kind).unwrap_or_default().to_owned();
    let base = &repo.engine().base_url;
    let mut answer = Answer {
        status: outcome_line(written.outcome),
        location: Some(format!("{base}/{kind}/{}/_history/{}", row.id, row.version)),
        etag: Some(etag(row.version)),
        last_modified: Some(instant(row.updated)),
        ..Answer::default()
    };
    match prefer.returns {
        Returns::Representation => answer.resource = Some(row.body.as_bytes().to_vec().into()),
        Returns::Minimal => {}
        Returns::Outcome => {
            let said = super::super::written::remark(written.outcome);
            answer.outcome = Some(outcome(&[said]).to_string().into());
        }
    }
    answer
}

/// What the entry means.
fn action(asked: &mut Asked) -> Result<Action> {
    let resource = asked.resource.take();
    let (segments, query) = asked.parts();
    let conditions = Conditions::of(asked)?;
    let body = |kind: &str| -> Result<Value> {
        let body =
            resource.clone().ok_or_else(|| malformed("this entry has no resource").coded("required"))?;
        match body.get("resourceType").and_then(Value::as_str) {
            Some(found) if found == kind => Ok(body),
            _ => Err(malformed(format!("the resource of this entry is no {kind}")).coded("invalid")),
        }
    };
    let target = |id: Option<&str>| -> Result<Target> {
        match id {
            Some(id) if query.is_empty() => Ok(Target::Id(id.to_owned())),
            Some(_) => Err(malformed("a resource that is named takes no condition").coded("value")),
            None => Ok(Target::Where(Criteria::parse(query, "Bundle.entry.request.url")?)),
        }
    };
    match (&asked.method, segments.as_slice()) {
        (&Method::GET | &Method::HEAD, [kind, id])
            if query.is_empty() && !id.starts_with(['_', '$', '*']) =>
        {
            Ok(Action::Read { kind: (*kind).to_owned(), id: (*id).to_owned() })
        }
        (&Method::GET | &Method::HEAD, _) | (&Method::POST, [.., "_search"]) => Ok(Action::Other),
        (_, [.., operation]) if operation.starts_with('$') => {
            Err(unsupported(format!("{operation} is not possible in a transaction; use a batch")))
        }
        (&Method::POST, [kind]) if query.is_empty() => {
            let unless = asked.if_none_exist.as_deref();
            let unless = unless.map(|query| Criteria::parse(query, "If-None-Exist")).transpose()?;
            Ok(Action::Create { kind: (*kind).to_owned(), body: body(kind)?, unless })
        }
        (&Method::PUT, [kind, id @ ..]) if id.len() < 2 => {
            let target = target(id.first().copied())?;
            let body = body(kind)?;
            if let (Target::Id(id), Some(named)) = (&target, body.get("id").and_then(Value::as_str))
                && id != named
            {
                let text = format!("the id in the resource is '{named}', in the address '{id}'");
                return Err(malformed(text).coded("value").at(format!("{kind}.id")));
            }
            Ok(Action::Update { kind: (*kind).to_owned(), target, body, condition: conditions.update()? })
        }
        (&Method::PATCH, [kind, id @ ..]) if id.len() < 2 => {
            let target = target(id.first().copied())?;
            let sent =
                resource.as_ref().ok_or_else(|| malformed("this entry has no resource").coded("required"))?;
            let patch = match sent.get("resourceType").and_then(Value::as_str) {
                Some("Binary") => {
                    let (media, data) = binary(sent)?;
                    if media != "application/json-patch+json" {
                        return Err(malformed("a Binary holds a JSON Patch here").coded("value"));
                    }
                    Patch::json(&data)?
                }
                _ => Patch::path(sent)?,
            };
            Ok(Action::Patch { kind: (*kind).to_owned(), target, patch, if_match: conditions.if_match })
        }
        (&Method::DELETE, [kind, id @ ..]) if id.len() < 2 => {
            let target = target(id.first().copied())?;
            Ok(Action::Delete { kind: (*kind).to_owned(), target, if_match: conditions.if_match })
        }
        (method, _) => Err(malformed(format!("{method} is not possible on '{}'", asked.url)).coded("value")),
    }
}

/// The conditions of a request, read.
struct Conditions {
    if_match: Option<i64>,
    absent: bool,
}

impl Conditions {
    fn of(asked: &Asked) -> Result<Self> {
        let wrong = |text: &str| -> Error { malformed(text).coded("value") };
        let if_match = asked
            .if_match
            .as_deref()
            .map(|tag| extract::version(tag).ok_or_else(|| wrong("ifMatch is no ETag of a version")));
        let absent = match (asked.if_none_match.as_deref(), &asked.method) {
            (None, _) | (_, &Method::GET | &Method::HEAD) => false,
            (Some("*"), &Method::PUT) => true,
            _ => return Err(wrong("ifNoneMatch is `*` on a PUT, or a version on a GET")),
        };
        Ok(Self { if_match: if_match.transpose()?, absent })
    }

    fn update(&self) -> Result<Condition> {
        match (self.if_match, self.absent) {
            (Some(_), true) => Err(malformed("ifMatch and ifNoneMatch contradict each other")),
            (Some(version), false) => Ok(Condition::Version(version)),
            (None, true) => Ok(Condition::Absent),
            (None, false) => Ok(Condition::None),
        }
    }
}
