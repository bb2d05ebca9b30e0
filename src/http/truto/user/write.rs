//! Users are created with a membership of the project, changed, and deleted: the User and the membership in one
//! transaction, by whatever right the caller has to either.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};
use uuid::Uuid;

use super::taken::{Role, Status, Taken, WRITTEN};
use super::{ATTEMPTS, crowded, shown};
use crate::error::{Kind, Result, malformed};
use crate::http::reply::{Failure, created};
use crate::http::truto::{all, answer, body, caller, done, found, id, list, parsed, target, text};
use crate::http::{extract, origin};
use crate::identity::invite::Invite;
use crate::repo::Repo;
use crate::repo::audit::{Act, Audit};
use crate::repo::bundle::{Action, Condition, Done, Entry, Target};
use crate::search::escape;
use crate::store::Row;

pub(in crate::http) async fn create_user(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let (repo, asked) = caller(&request).await?;
    asked.of_one()?;
    let taken = Taken::read(&body(&request, payload, &WRITTEN).await?)?;
    let mut user = json!({ "resourceType": "User", "active": true });
    taken.write_user(&mut user);
    if text(&user, "email").is_none() {
        return Err(malformed("a user has an e-mail to sign in with").coded("required").at("emails").into());
    }
    let mut membership = membership(&repo, "urn:uuid:user");
    change(&repo, &taken, &mut membership).await?;
    let name = format!("urn:uuid:{}", Uuid::now_v7());
    membership["user"] = json!({ "reference": name });
    let entries = vec![
        Entry { full_url: Some(name), action: creation("User", user) },
        Entry { full_url: None, action: creation("ProjectMembership", membership) },
    ];
    let done = repo.transaction(entries).await.map_err(|failed| failed.error)?;
    let Some(Done::Written(written)) = done.into_iter().next() else {
        return Err(crate::error::fault("a user was not written").into());
    };
    let row = found(&repo, "User", &written.row.id).await?;
    if taken.status == Some(Status::Invited) {
        invite(&request, &repo, &row).await?;
    }
    let view = shown(&request, &repo, &row).await?;
    let place = format!("/unified/user-directory/users/{}", row.id);
    answer::one_as(&request, &repo, &asked, &row, view, created(&place))
}

pub(in crate::http) async fn update_user(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let (repo, asked) = caller(&request).await?;
    asked.of_one()?;
    let taken = Taken::read(&body(&request, payload, &WRITTEN).await?)?;
    if taken.user.get("email") == Some(&Value::Null) {
        return Err(malformed("a user has an e-mail to sign in with").coded("required").at("emails").into());
    }
    for _ in 0..ATTEMPTS {
        let row = found(&repo, "User", id(&request)).await?;
        match repo.transaction(changes(&repo, &row, &taken).await?).await {
            Ok(_) => {
                let row = found(&repo, "User", &row.id).await?;
                if taken.status == Some(Status::Invited) {
                    invite(&request, &repo, &row).await?;
                }
                let view = shown(&request, &repo, &row).await?;
                return answer::one(&request, &repo, &asked, &row, view);
            }
            Err(failed) if failed.error.kind == Kind::Precondition => {}
            Err(failed) => return Err(failed.error.into()),
        }
    }
    Err(crowded("user").into())
}

/// A user of the project's own pool goes with his membership; of a guest only the membership goes.
pub(in crate::http) async fn delete_user(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let (repo, asked) = caller(&request).await?;
    asked.of_one()?;
    let row = found(&repo, "User", id(&request)).await?;
    let identity = &extract::state(&request).identity;
    let members = memberships(&repo, &row.id).await?;
    if repo.actor().administers() {
        for member in &members {
            let audit = Audit::new("remove-member", Act::Delete).address(address(&request));
            identity.remove_member(&repo, &repo.actor().project_id, &member.id, audit).await?;
        }
    }
    if row.project == repo.actor().project {
        // He had no membership, or one in another project as well, or whoever asks goes by his policy.
        repo.delete("User", &row.id, None).await?;
    }
    Ok(done())
}

/// The memberships of a user in the project.
async fn memberships(repo: &Repo, user: &str) -> Result<Vec<Arc<Row>>> {
    let own = ("project", format!("Project/{}", repo.actor().project_id));
    all(repo, "ProjectMembership", &[("user", format!("User/{user}")), own, ("_sort", "_id".to_owned())])
        .await
}

async fn changes(repo: &Repo, row: &Arc<Row>, taken: &Taken) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    let own = row.project == repo.actor().project;
    // Whoever was switched off altogether is let in again as a whole.
    let wakes = own && matches!(taken.status, Some(Status::Active | Status::Invited));
    let before = parsed(row)?;
    if taken.is_of_user() || (wakes && before.get("active") == Some(&Value::Bool(false))) {
        let mut user = before;
        taken.write_user(&mut user);
        if wakes {
            user["active"] = Value::Bool(true);
        }
        entries.push(replacement("User", row, user));
    }
    if taken.is_of_member() {
        let members = memberships(repo, &row.id).await?;
        for member in &members {
            let mut membership = parsed(member)?;
            change(repo, taken, &mut membership).await?;
            entries.push(replacement("ProjectMembership", member, membership));
        }
        if members.is_empty() {
            let mut membership = membership(repo, &format!("User/{}", row.id));
            change(repo, taken, &mut membership).await?;
            entries.push(Entry { full_url: None, action: creation("ProjectMembership", membership) });
        }
    }
    Ok(entries)
}

fn membership(repo: &Repo, user: &str) -> Value {
    json!({
        "resourceType": "ProjectMembership",
        "project": { "reference": format!("Project/{}", repo.actor().project_id) },
        "user": { "reference": user },
        "active": true,
    })
}

/// Puts what is said of a member into his membership.
async fn change(repo: &Repo, taken: &Taken, membership: &mut Value) -> Result<()> {
    match &taken.username {
        Some(Some(name)) => membership["userName"] = Value::from(name.as_str()),
        Some(None) => {
            membership.as_object_mut().map(|membership| membership.shift_remove("userName"));
        }
        None => {}
    }
    if let Some(admin) = taken.admin {
        membership["admin"] = Value::Bool(admin);
    }
    if let Some(status) = taken.status {
        membership["active"] = Value::Bool(status != Status::Inactive);
    }
    if let Some(roles) = &taken.roles {
        let mut access = Vec::new();
        for role in roles {
            let id = policy(repo, role).await?;
            let reference = json!({ "reference": format!("AccessPolicy/{id}") });
            // What it is bounded by stays with it.
            let old = list(membership, "access").iter().find(|old| {
                old.get("policy").and_then(|policy| target(policy, "AccessPolicy")) == Some(id.as_str())
            });
            access.push(old.cloned().unwrap_or_else(|| json!({ "policy": reference })));
        }
        if let Some(membership) = membership.as_object_mut() {
            membership.shift_remove("accessPolicy");
            membership.shift_remove("access");
            if !access.is_empty() {
                membership.insert("access".to_owned(), Value::Array(access));
            }
        }
    }
    Ok(())
}

/// The id of a role, which must be one of the project's.
async fn policy(repo: &Repo, role: &Role) -> Result<String> {
    let (asked, named) = match role {
        Role::Id(id) => (("_id", escape(id)), id),
        Role::Name(name) => (("name:exact", escape(name)), name),
    };
    match all(repo, "AccessPolicy", &[asked]).await?.as_slice() {
        [row] => Ok(row.id.clone()),
        [] => Err(malformed(format!("there is no role '{named}' here")).coded("not-found").at("roles")),
        _ => Err(malformed(format!("several roles are called '{named}'; say which by its id"))
            .coded("multiple-matches")
            .at("roles")),
    }
}

/// Has an invitation mailed to a member who has not signed in yet.
async fn invite(request: &HttpRequest, repo: &Repo, row: &Row) -> Result<(), Failure> {
    let body = parsed(row)?;
    let part = |name: &str| text(&body, name).unwrap_or("-");
    let asked = Invite::parse(&json!({
        "resourceType": "Practitioner",
        "firstName": part("firstName"),
        "lastName": part("lastName"),
        "email": part("email"),
        "scope": "project",
        "upsert": true,
    }))?;
    let identity = &extract::state(request).identity;
    let audit = Audit::new("invite", Act::Execute).address(address(request));
    let invited = identity.invite(repo, &repo.actor().project_id, &asked, audit).await?;
    match invited.unsent {
        Some(error) => Err(Failure::unsent(&format!("User/{}", row.id), error)),
        None => Ok(()),
    }
}

fn address(request: &HttpRequest) -> Option<String> {
    origin::address(request).map(|address| address.to_string())
}

fn creation(kind: &str, body: Value) -> Action {
    Action::Create { kind: kind.to_owned(), body, unless: None }
}

fn replacement(kind: &str, old: &Row, body: Value) -> Entry {
    let action = Action::Update {
        kind: kind.to_owned(),
        target: Target::Id(old.id.clone()),
        body,
        condition: Condition::Version(old.version),
    };
    Entry { full_url: None, action }
}
