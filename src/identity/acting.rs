//! The server acting for somebody: with its own right, in his name, so that author and record say who it was.

use std::sync::Arc;

use serde_json::Value;

use crate::error::{Error, Kind, Result, busy};
use crate::repo::audit::Audit;
use crate::repo::bundle::{Action, Condition, Entry, Failed, Target};
use crate::repo::{Actor, Criteria, Engine, Rank, Repo};
use crate::resource;
use crate::search::escape;
use crate::store::Row;

/// A change is begun anew, this often, where others are faster.
pub(super) const ATTEMPTS: usize = 12;

/// The server's own repo, in the name of whoever holds this one.
pub(super) fn in_name_of(repo: &Repo) -> Repo {
    let Actor { project, project_id, reference, membership, .. } = repo.actor().clone();
    let actor = Actor { project, project_id, reference, membership, rank: Rank::System, ..Actor::system() };
    repo.rebind(Arc::new(actor))
}

/// What a search finds in one project, or in the pool of the server (0). Values are meant as they are.
pub(super) async fn within(
    engine: &Arc<Engine>,
    project: i32,
    kind: &str,
    asked: &[(&str, &str)],
) -> Result<Vec<Arc<Row>>> {
    let actor = Actor { project, rank: Rank::ProjectAdmin, ..Actor::system() };
    let asked: Vec<(String, String)> =
        asked.iter().map(|(name, value)| ((*name).to_owned(), escape(value))).collect();
    let found = engine.bind(Arc::new(actor), "identity").search(kind, &asked, false).await?;
    Ok(found.rows.into_iter().filter(|row| row.project == project).collect())
}

/// A resource under an id that is new.
pub(super) fn new(kind: &str, id: &str, mut body: Value) -> Entry {
    body["id"] = Value::from(id);
    let target = Target::Id(id.to_owned());
    let action = Action::Update { kind: kind.to_owned(), target, body, condition: Condition::Absent };
    Entry { full_url: None, action }
}

/// The next version of a resource.
pub(super) fn next(kind: &str, old: &Row, body: Value) -> Entry {
    let target = Target::Id(old.id.clone());
    let condition = Condition::Version(old.version);
    Entry { full_url: None, action: Action::Update { kind: kind.to_owned(), target, body, condition } }
}

/// Changes what is read, in somebody's name. `read` and `change` are asked again where others were faster.
pub(super) async fn change<E: From<Error>>(
    repo: &Repo,
    kind: &str,
    read: impl AsyncFn() -> Result<Arc<Row>>,
    audit: impl Fn(&Row) -> Audit,
    change: impl Fn(&mut Value) -> Result<(), E>,
) -> Result<Arc<Row>, E> {
    for _ in 0..ATTEMPTS {
        let row = read().await?;
        let mut changed = body(&row)?;
        change(&mut changed)?;
        let own = in_name_of(repo).audited(audit(&row));
        match own.transaction(vec![next(kind, &row, changed)]).await.map_err(reason) {
            Ok(done) => return Ok(super::user::written(done)?),
            Err(error) if error.kind == Kind::Precondition => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(busy(format!("this {kind} is changed by many at once; try again")).into())
}

/// The end of a resource.
pub(super) fn gone(kind: &str, old: &Row) -> Entry {
    let action = Action::Delete {
        kind: kind.to_owned(),
        target: Target::Id(old.id.clone()),
        if_match: Some(old.version),
    };
    Entry { full_url: None, action }
}

/// These must be what a search finds, and still be when all is written.
pub(super) fn expect(kind: &str, asked: &[(&str, &str)], ids: &[&str], otherwise: &str) -> Result<Entry> {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in asked {
        query.append_pair(name, &escape(value));
    }
    let criteria = Criteria::parse(&query.finish(), "request")?;
    let ids = ids.iter().map(|id| (*id).to_owned()).collect();
    let action = Action::Expect { kind: kind.to_owned(), criteria, ids, otherwise: otherwise.to_owned() };
    Ok(Entry { full_url: None, action })
}

/// Why a transaction of ours failed, in the terms of the resource rather than of a bundle.
pub(super) fn reason(failed: Failed) -> Error {
    failed.error
}

pub(super) fn body(row: &Row) -> Result<Value> {
    resource::parse(row.body.as_bytes())
}

/// The id that a reference of this type names.
pub(super) fn target<'v>(body: &'v Value, element: &str, kind: &str) -> Option<&'v str> {
    let reference = body.get(element)?.get("reference")?.as_str()?;
    reference.strip_prefix(kind)?.strip_prefix('/')
}

pub(super) fn is(body: &Value, element: &str) -> bool {
    body.get(element) == Some(&Value::Bool(true))
}

pub(super) fn text<'v>(body: &'v Value, element: &str) -> Option<&'v str> {
    body.get(element).and_then(Value::as_str).filter(|text| !text.is_empty())
}
