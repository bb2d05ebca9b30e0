//! Groups written: each change is made up from what is stored, and begun anew where others were faster.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::super::accept::Object;
use super::super::answer::must_match;
use super::super::patch::Operation;
use super::super::refusal::{Refusal, Result};
use super::super::shape::Wanted;
use super::super::user::all;
use super::super::{ATTEMPTS, Caller};
use super::draft::{Draft, Next};
use super::read::{Team, lists_persons, named, of_any, tag, teams};
use crate::error::{Kind, busy, not_found};
use crate::repo::Repo;
use crate::resource;
use crate::search::shape::is_id;
use crate::store::Row;

/// Ids in one question.
const MOST: usize = 100;

/// A group of listed persons.
pub(in super::super) async fn find(repo: &Repo, id: &str) -> Result<Team> {
    let row = kept(repo, id).await?;
    let team = teams(repo, vec![row]).await?.pop();
    team.filter(|team| lists_persons(&team.body)).ok_or_else(|| absent(id))
}

async fn kept(repo: &Repo, id: &str) -> Result<Arc<Row>> {
    repo.read("Group", id).await.map_err(|error| match error.kind {
        Kind::NotFound | Kind::Deleted | Kind::Malformed => absent(id),
        _ => error.into(),
    })
}

fn absent(id: &str) -> Refusal {
    not_found(format!("there is no group '{id}'")).into()
}

pub(in super::super) async fn create(caller: &Caller, id: &str, scim: &Object) -> Result<Team> {
    let mut draft =
        Draft::new(json!({ "resourceType": "Group", "id": id, "type": "person", "actual": true }));
    draft.replace(scim)?;
    let body = match finished(&caller.repo, draft).await? {
        Next::Turnover(both) => both.1.whole(&both.0),
        Next::Whole(body) => body,
    };
    caller.repo.create_as("Group", id, body).await?;
    find(&caller.repo, id).await
}

pub(in super::super) async fn replace(
    caller: &Caller,
    id: &str,
    tags: Option<&str>,
    scim: &Object,
) -> Result<Team> {
    change(caller, id, tags, false, |draft| draft.replace(scim)).await
}

pub(in super::super) async fn patch(
    caller: &Caller,
    id: &str,
    tags: Option<&str>,
    operations: &[Operation],
    wanted: &Wanted,
) -> Result<Team> {
    change(caller, id, tags, wanted.is_bare(), |draft| draft.apply(operations, &caller.base)).await
}

async fn change(
    caller: &Caller,
    id: &str,
    tags: Option<&str>,
    bare: bool,
    make: impl Fn(&mut Draft<'_>) -> Result<()>,
) -> Result<Team> {
    let repo = &caller.repo;
    for _ in 0..ATTEMPTS {
        let row = kept(repo, id).await?;
        let mut draft = Draft::of(&row)?.ok_or_else(|| absent(id))?;
        must_match(tags, &tag(&row))?;
        make(&mut draft)?;
        let done = match finished(repo, draft).await? {
            Next::Turnover(both) => repo.turn_over("Group", &row, &both.0, &both.1).await,
            Next::Whole(body) => repo.update("Group", id, body, Some(row.version)).await,
        };
        match done {
            // A large group that nobody wants to see is not read again.
            Ok(written) if bare => return Ok(Team::unread(written.row)),
            Ok(written) => {
                let teams = teams(repo, vec![written.row]).await?;
                return teams.into_iter().next().ok_or_else(|| not_found("the group is gone").into());
            }
            Err(error) if error.kind == Kind::Precondition => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(busy("this group is written by many at once; try again").into())
}

pub(in super::super) async fn delete(caller: &Caller, id: &str, tags: Option<&str>) -> Result<()> {
    for _ in 0..ATTEMPTS {
        let team = find(&caller.repo, id).await?;
        must_match(tags, &team.tag())?;
        match caller.repo.delete("Group", id, Some(team.row.version)).await {
            Ok(_) => return Ok(()),
            Err(error) if error.kind == Kind::Precondition => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(busy("this group is written by many at once; try again").into())
}

/// What becomes of a draft, once it is known what its new members are.
async fn finished<'r>(repo: &Repo, draft: Draft<'r>) -> Result<Next<'r>> {
    let mut kinds: HashMap<String, &'static str> = HashMap::new();
    let mut open: Vec<String> = draft.fresh().into_iter().filter(|id| is_id(id)).map(str::to_owned).collect();
    for kind in super::MEMBERS {
        // Guests of the project are not its directory's.
        let own = repo.narrowed(kind, Vec::new(), "");
        for some in open.chunks(MOST) {
            for row in all(&own, kind, &[("_id", some.join(","))]).await? {
                kinds.insert(row.id.clone(), kind);
            }
        }
        open.retain(|id| !kinds.contains_key(id));
    }
    draft.finish(&kinds)
}

/// The groups that a user is in, each as it is without him.
pub(in super::super) async fn without_user(repo: &Repo, id: &str) -> Result<Vec<(Arc<Row>, Value)>> {
    let mut groups = Vec::new();
    for row in of_any(repo, &[id]).await? {
        let mut body: Value = resource::parse(row.body.as_bytes())?;
        if let Some(Value::Array(members)) = body.get_mut("member") {
            members.retain(|member| named(member) != Some(("User", id)));
            if members.is_empty()
                && let Some(body) = body.as_object_mut()
            {
                body.shift_remove("member");
            }
        }
        groups.push((row, body));
    }
    Ok(groups)
}
