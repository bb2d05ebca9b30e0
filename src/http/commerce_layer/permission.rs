//! Permissions are the entries of a role's AccessPolicy: what its holders may do to the resources of one type. What else an
//! entry says (criteria, hidden elements) is shown as its restrictions, and stays.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::asked::Asked;
use super::document::Document;
use super::kind::{PERMISSIONS, ROLES};
use super::sent::Sent;
use super::{ATTEMPTS, asked, caller, id, part, read, role, told};
use crate::error::{Error, Issue, Kind, Result, busy};
use crate::http::extract;
use crate::http::record::{list, parsed};
use crate::http::reply::{Failure, created, ok};
use crate::repo::Repo;
use crate::repo::policy::{Interaction, Interactions, Rule};
use crate::store::Row;

/// What each word allows. What shows a resource shows its past as well.
const WORDS: [(&str, &[Interaction]); 4] = [
    ("can_create", &[Interaction::Create]),
    ("can_read", &[Interaction::Read, Interaction::Vread, Interaction::History, Interaction::Search]),
    ("can_update", &[Interaction::Update]),
    ("can_destroy", &[Interaction::Delete]),
];
/// Elements of an entry that narrow it down.
const RESTRICTIONS: [&str; 5] =
    ["compartment", "criteria", "hiddenFields", "readonlyFields", "writeConstraint"];

/// An entry in the words of the dialect.
pub(super) fn attributes(entry: &Value) -> Value {
    let does = Rule::interactions(entry);
    let restrictions = RESTRICTIONS.iter().filter_map(|name| Some((*name, entry.get(*name)?.clone())));
    let restrictions: serde_json::Map<String, Value> =
        restrictions.map(|(name, value)| (name.to_owned(), value)).collect();
    let mut attributes = json!({ "subject": entry["resourceType"] });
    for (word, needed) in WORDS {
        attributes[word] = Value::Bool(does.has(needed[0]));
    }
    attributes["restrictions"] = Value::Object(restrictions);
    attributes
}

pub(in crate::http) async fn create_permission(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    let asked = Asked::of_one(&PERMISSIONS, asked(&request)?)?;
    let flags = WORDS.map(|(word, _)| word);
    let attributes = [&["subject"][..], &flags[..]].concat();
    let sent = Sent::read(&request, payload, &PERMISSIONS, None, (&attributes, &["role"])).await?;
    let subject = sent.needed("subject")?;
    if subject != "*" && !repo.definitions().resources.contains_key(subject) {
        return Err(fault("there is no such type; a subject is a resource type, or `*` for all", "subject"));
    }
    for word in flags {
        if sent.flag(word).is_none() {
            return Err(fault("is not true or false", word));
        }
    }
    let within = sent.needed_relation("role")?.to_owned();
    role::access(&repo, &within).await?;
    let mut entry = json!({ "resourceType": subject });
    decide(&mut entry, &sent)?;
    sent.write_record(&mut entry, &[]);
    for _ in 0..ATTEMPTS {
        let row = read::read(&repo, &ROLES, &within).await?;
        let mut policy = parsed(&row)?;
        let narrow = |one: &Value| RESTRICTIONS.iter().any(|name| one.get(*name).is_some());
        if list(&policy, "resource").iter().any(|one| one["resourceType"] == subject && !narrow(one)) {
            return Err(fault("has already been taken", "subject"));
        }
        match policy.get_mut("resource").and_then(Value::as_array_mut) {
            Some(entries) => entries.push(entry.clone()),
            None => policy["resource"] = json!([entry]),
        }
        match repo.update("AccessPolicy", &row.id, policy, Some(row.version)).await {
            Ok(written) => {
                let parts = part::of(&PERMISSIONS, &written.row)?;
                let document = Document::new(&repo, &asked, &extract::state(&request).public_url);
                let made = parts.last();
                let place = format!("{}/permissions/{}", document.base, made.map_or("", |made| &made.id));
                return Ok(told(&request, created(&place), &document.one(&PERMISSIONS, made).await?));
            }
            Err(error) if error.kind == Kind::Precondition => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(busy("this role is changed by many at once; try again").into())
}

pub(in crate::http) async fn update_permission(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    let asked = Asked::of_one(&PERMISSIONS, asked(&request)?)?;
    let flags = WORDS.map(|(word, _)| word);
    let sent = Sent::read(&request, payload, &PERMISSIONS, Some(id(&request)), (&flags, &[])).await?;
    for _ in 0..ATTEMPTS {
        let (row, found) = part::find(&repo, &PERMISSIONS, id(&request)).await?;
        let place = part::place(&found)?;
        let mut policy = parsed(&row)?;
        if let Some(entry) = policy.pointer_mut(&format!("/resource/{place}")) {
            decide(entry, &sent)?;
            sent.write_record(entry, &[]);
        }
        match repo.update("AccessPolicy", &row.id, policy, Some(row.version)).await {
            Ok(written) => return shown(&request, &repo, &asked, &written.row, place).await,
            Err(error) if error.kind == Kind::Precondition => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(busy("this role is changed by many at once; try again").into())
}

async fn shown(
    request: &HttpRequest,
    repo: &Repo,
    asked: &Asked,
    row: &Row,
    place: usize,
) -> Result<HttpResponse, Failure> {
    let parts = part::of(&PERMISSIONS, row)?;
    let document = Document::new(repo, asked, &extract::state(request).public_url);
    Ok(told(request, ok(), &document.one(&PERMISSIONS, parts.get(place)).await?))
}

/// Writes what is said of the four words into an entry. What is not spoken of stays as fine as it is.
fn decide(entry: &mut Value, sent: &Sent) -> Result<(), Failure> {
    let is_new = entry.as_object().is_some_and(|entry| entry.len() == 1);
    let mut does = if is_new { Interactions::NONE } else { Rule::interactions(entry) };
    for (word, meant) in WORDS {
        match sent.flag(word) {
            Some(true) if !does.has(meant[0]) => does = meant.iter().fold(does, |does, one| does.with(*one)),
            Some(false) => does = meant.iter().fold(does, |does, one| does.without(*one)),
            _ => {}
        }
    }
    if does.is_empty() {
        return Err(fault("a permission allows something; a role without it allows nothing", WORDS[1].0));
    }
    let Some(entry) = entry.as_object_mut() else { return Ok(()) };
    entry.shift_remove("readonly");
    entry.shift_remove("interaction");
    if does != Interactions::ALL {
        let codes = Interaction::ALL.into_iter().filter(|one| does.has(*one));
        entry.insert("interaction".to_owned(), codes.map(Interaction::code).collect());
    }
    Ok(())
}

fn fault(text: &str, attribute: &str) -> Failure {
    Error::new(Kind::Invalid, vec![Issue::error("value", text)])
        .at(format!("/data/attributes/{attribute}"))
        .into()
}
