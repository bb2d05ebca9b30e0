//! Users written: each change is made up from what is stored, and begun anew where others were faster.

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::accept::Object;
use super::super::answer::must_match;
use super::super::filter::{Compiler, Filter, Op};
use super::super::group;
use super::super::patch::{self, Operation};
use super::super::path::Path;
use super::super::refusal::{Refusal, Result};
use super::super::schema::{ENTERPRISE, user};
use super::super::{ATTEMPTS, Caller};
use super::read::{Person, people};
use super::write;
use crate::error::{Kind, busy, conflict, not_found};
use crate::identity::Provision;
use crate::repo::Repo;
use crate::repo::audit::{Act, Audit};

/// A user of the project's own database; any other is not there.
pub(in super::super) async fn find(repo: &Repo, id: &str) -> Result<Person> {
    let absent = || not_found(format!("there is no user '{id}'"));
    let row = repo.read("User", id).await.map_err(|error| match error.kind {
        Kind::NotFound | Kind::Deleted | Kind::Malformed => absent(),
        _ => error,
    })?;
    if row.project != repo.actor().project {
        return Err(absent().into());
    }
    people(repo, vec![row]).await?.pop().ok_or_else(|| absent().into())
}

/// Makes a user under a new id.
pub(in super::super) async fn create(caller: &Caller, id: &str, mut scim: Object) -> Result<Person> {
    unique(&caller.repo, &scim, None).await?;
    let empty = json!({
        "resourceType": "User",
        "project": { "reference": format!("Project/{}", caller.repo.actor().project_id) },
    });
    let active = scim.entry("active").or_insert(Value::Bool(true));
    let mut membership = json!({ "active": active });
    call(&mut membership, &scim);
    let provision = Provision {
        id: id.to_owned(),
        user: write::body(&empty, &scim),
        old: None,
        memberships: Vec::new(),
        join: Some(membership),
        password: password(&scim),
        ends: false,
    };
    let audit = Audit::new("provision", Act::Create).address(caller.address.clone());
    caller.identity.provision(&caller.repo, provision, audit).await?;
    find(&caller.repo, id).await
}

/// Puts another user in the place of the one that is there.
pub(in super::super) async fn replace(
    caller: &Caller,
    id: &str,
    tags: Option<&str>,
    scim: &Object,
) -> Result<Person> {
    change(caller, id, tags, |person, _| {
        let mut scim = scim.clone();
        // Nobody is woken, or put to sleep, by what is not said.
        scim.entry("active").or_insert(Value::Bool(person.is_active()));
        Ok(scim)
    })
    .await
}

pub(in super::super) async fn patch(
    caller: &Caller,
    id: &str,
    tags: Option<&str>,
    operations: &[Operation],
) -> Result<Person> {
    change(caller, id, tags, |_, before| patch::apply(user(), before, operations)).await
}

async fn change(
    caller: &Caller,
    id: &str,
    tags: Option<&str>,
    make: impl Fn(&Person, Object) -> Result<Object>,
) -> Result<Person> {
    for _ in 0..ATTEMPTS {
        let person = find(&caller.repo, id).await?;
        must_match(tags, &person.tag())?;
        let before = person.scim(&caller.base);
        let mut after = make(&person, before.clone())?;
        refer(&before, &mut after);
        match put(caller, &person, &after).await {
            Ok(()) => return find(&caller.repo, id).await,
            Err(refusal) if refusal.kind() == Kind::Precondition => {}
            Err(refusal) => return Err(refusal),
        }
    }
    Err(busy("this user is written by many at once; try again").into())
}

async fn put(caller: &Caller, person: &Person, after: &Object) -> Result<()> {
    unique(&caller.repo, after, Some(person)).await?;
    let body = write::body(&person.body, after);
    let active = body.get("active") != Some(&Value::Bool(false));
    let turned = active != person.is_active();
    let mut memberships = Vec::new();
    for (place, (row, membership)) in person.memberships.iter().enumerate() {
        let mut changed = membership.clone();
        if turned || !active {
            changed["active"] = Value::Bool(active);
        }
        if place == 0 {
            call(&mut changed, after);
        }
        if changed != *membership {
            memberships.push((Arc::clone(row), changed));
        }
    }
    let join = person.memberships.is_empty().then(|| {
        let mut membership = json!({ "active": active });
        call(&mut membership, after);
        membership
    });
    let provision = Provision {
        id: person.row.id.clone(),
        user: body,
        old: Some(Arc::clone(&person.row)),
        memberships,
        join,
        password: password(after),
        ends: turned && !active,
    };
    let audit = Audit::new("provision", Act::Update).address(caller.address.clone());
    Ok(caller.identity.provision(&caller.repo, provision, audit).await?)
}

pub(in super::super) async fn delete(caller: &Caller, id: &str, tags: Option<&str>) -> Result<()> {
    for _ in 0..ATTEMPTS {
        let person = find(&caller.repo, id).await?;
        must_match(tags, &person.tag())?;
        let groups = group::without_user(&caller.repo, id).await?;
        let audit = Audit::new("deprovision", Act::Delete).address(caller.address.clone());
        match caller.identity.deprovision(&caller.repo, &person.row, groups, audit).await {
            Ok(()) => return Ok(()),
            Err(error) if error.kind == Kind::Precondition => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(busy("this user is written by many at once; try again").into())
}

fn password(scim: &Object) -> Option<String> {
    scim.get("password").and_then(Value::as_str).map(str::to_owned)
}

/// What a membership calls the user by.
fn call(membership: &mut Value, scim: &Object) {
    for name in ["userName", "externalId"] {
        match (scim.get(name), membership.as_object_mut()) {
            (Some(value), Some(membership)) => drop(membership.insert(name.to_owned(), value.clone())),
            (None, Some(membership)) => drop(membership.shift_remove(name)),
            _ => {}
        }
    }
}

/// Fails where another user goes by this name: also one who was not made over SCIM and goes by his e-mail.
async fn unique(repo: &Repo, scim: &Object, own: Option<&Person>) -> Result<()> {
    let Some(name) = scim.get("userName").and_then(Value::as_str) else { return Ok(()) };
    if own.is_some_and(|person| person.user_name().to_lowercase() == name.to_lowercase()) {
        return Ok(());
    }
    let path = Path { urn: None, name: "userName".to_owned(), sub: None };
    let clause = Compiler::new(user(), repo).clause(&Filter::Compare(path, Op::Equal, Value::from(name)));
    let narrowed =
        repo.narrowed("User", vec![clause.map_err(|refusal| refusal.worded("invalidValue"))?], name);
    let found = narrowed.search("User", &[("_count".to_owned(), "2".to_owned())], false).await?;
    match found.rows.iter().any(|row| own.is_none_or(|person| person.row.id != row.id)) {
        true => Err(Refusal::from(conflict("another user has this name").coded("duplicate").at("userName"))),
        false => Ok(()),
    }
}

/// A manager is named by his id or by his place: whichever was said last.
fn refer(before: &Object, after: &mut Object) {
    let old = before.get(ENTERPRISE).and_then(|enterprise| enterprise.get("manager")).cloned();
    let Some(manager) = after.get_mut(ENTERPRISE).and_then(|enterprise| enterprise.get_mut("manager")) else {
        return;
    };
    let text = |manager: &Value, name: &str| manager.get(name).and_then(Value::as_str).map(str::to_owned);
    let (value, place) = (text(manager, "value"), text(manager, "$ref"));
    let was = |name: &str| old.as_ref().and_then(|old| text(old, name));
    let last = place.as_deref().and_then(|place| place.rsplit('/').next()).map(str::to_owned);
    let Some(manager) = manager.as_object_mut() else { return };
    if place.is_none() {
        return;
    }
    if last.is_some() && last != value && value == was("value") {
        manager.insert("value".to_owned(), Value::from(last));
        manager.shift_remove("$ref");
    } else if last == value || place == was("$ref") {
        // Where he is follows from his id.
        manager.shift_remove("$ref");
    }
}
