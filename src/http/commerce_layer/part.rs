//! Records of the dialect that are parts of ours: a permission is an entry of a role's AccessPolicy, an application
//! membership one of a ProjectMembership's applications. They are read with what holds them, and filtered and paged here.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::asked::Asked;
use super::document::Document;
use super::kind::Kind;
use super::{read, sieve, told, view};
use crate::error::{Error, Result, fault, malformed};
use crate::http::extract;
use crate::http::record::{all, list, parsed, target};
use crate::http::reply::{Failure, ok};
use crate::repo::{Repo, absent};
use crate::store::Row;

/// Holders that are looked through for one list.
const MOST: usize = 5_000;
/// As an id has the type that stands for all of them.
pub(super) const ANY: &str = "any";

/// What holds records of a type, and where.
pub(super) struct Holder {
    pub kind: &'static Kind,
    /// The element whose entries they are.
    pub element: &'static str,
    /// The search that finds all holders.
    search: (&'static str, &'static str),
}

impl Kind {
    pub fn holder(&self) -> Option<&'static Holder> {
        static ROLES: Holder =
            Holder { kind: &super::kind::ROLES, element: "resource", search: ("_sort", "_id") };
        static MEMBERSHIPS: Holder = Holder {
            kind: &super::kind::MEMBERSHIPS,
            element: "application",
            search: ("application:missing", "false"),
        };
        match self.name {
            "permissions" => Some(&ROLES),
            "application_memberships" => Some(&MEMBERSHIPS),
            _ => None,
        }
    }
}

/// What names an entry within what holds it: the type of a permission, the client of an application membership.
pub(super) fn label<'e>(kind: &Kind, entry: &'e Value) -> &'e str {
    match kind.name {
        "permissions" => match entry.get("resourceType").and_then(Value::as_str) {
            Some("*") => ANY,
            other => other.unwrap_or_default(),
        },
        _ => entry.get("client").and_then(|client| target(client, "ClientApplication")).unwrap_or_default(),
    }
}

/// The parts of a record, each as a row of its own: `HOLDER.LABEL`, and `HOLDER.LABEL.2` for another of the same label.
pub(super) fn of(kind: &Kind, row: &Row) -> Result<Vec<Arc<Row>>> {
    let holder = kind.holder().ok_or_else(|| fault("a record that is whole"))?;
    let body = parsed(row)?;
    let entries = list(&body, holder.element);
    let mut parts = Vec::with_capacity(entries.len());
    for (place, entry) in entries.iter().enumerate() {
        let name = label(kind, entry);
        let before = entries[..place].iter().filter(|other| label(kind, other) == name).count();
        let id = match before {
            0 => format!("{}.{name}", row.id),
            before => format!("{}.{name}.{}", row.id, before + 1),
        };
        let body = json!({ "holder": row.id, "place": place, "entry": entry }).to_string().into();
        parts.push(Arc::new(Row { id, body, ..row.clone() }));
    }
    Ok(parts)
}

/// The place of a part among the entries of what holds it.
pub(super) fn place(part: &Row) -> Result<usize> {
    let place = parsed(part)?["place"].as_u64().and_then(|place| usize::try_from(place).ok());
    place.ok_or_else(|| fault("a part without its place"))
}

/// The holder of a part, and the part.
pub(super) async fn find(repo: &Repo, kind: &Kind, id: &str) -> Result<(Arc<Row>, Arc<Row>), Failure> {
    let missing = || Failure::from(absent(kind.name, id));
    let holder = kind.holder().ok_or_else(missing)?;
    let (within, _) = id.split_once('.').ok_or_else(missing)?;
    let row = read::read(repo, holder.kind, within).await.map_err(|failure| match failure.error().kind {
        crate::error::Kind::NotFound => missing(),
        _ => failure,
    })?;
    let part = of(kind, &row)?.into_iter().find(|part| part.id == id).ok_or_else(missing)?;
    Ok((row, part))
}

/// All of them, in the order of what holds them.
pub(super) async fn everywhere(repo: &Repo, kind: &Kind) -> Result<Vec<Arc<Row>>> {
    let holder = kind.holder().ok_or_else(|| fault("a record that is whole"))?;
    let mut asked = vec![(holder.search.0, holder.search.1.to_owned())];
    asked.extend(holder.kind.only.map(|(name, value)| (name, value.to_owned())));
    let rows = all(repo, holder.kind.resource, &asked).await?;
    if rows.len() > MOST {
        let text = format!("too many {} hold {}; ask for those of one of them", holder.kind.name, kind.name);
        return Err(malformed(text).coded("too-costly").at("filter[q]"));
    }
    let mut parts = Vec::new();
    for row in &rows {
        parts.extend(of(kind, row)?);
    }
    Ok(parts)
}

/// A page of parts.
pub(super) async fn page(
    request: &HttpRequest,
    repo: &Repo,
    kind: &Kind,
    parts: Vec<Arc<Row>>,
    asked: &Asked,
    path: &str,
) -> Result<HttpResponse, Failure> {
    let attributes = match asked.filters.is_empty() && asked.order.is_empty() {
        true => Vec::new(),
        false => view::attributes(repo, kind, &parts).await?,
    };
    let parts = sieve::sift(kind, parts, attributes, asked).map_err(refused)?;
    let total = parts.len() as u64;
    let page: Vec<Arc<Row>> = parts.into_iter().skip(asked.skip()).take(asked.size).collect();
    let document = Document::new(repo, asked, &extract::state(request).public_url);
    Ok(told(request, ok(), &document.many(kind, &page, total, path).await?))
}

fn refused((name, text): (String, String)) -> Error {
    malformed(text).coded("not-supported").at(name)
}
