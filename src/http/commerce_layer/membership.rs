//! Memberships: a person is invited by an e-mail, has a role, and is removed.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use super::asked::Asked;
use super::document::Document;
use super::kind::MEMBERSHIPS;
use super::sent::Sent;
use super::{ATTEMPTS, administers, asked, audit, caller, id, read, role, told};
use crate::error::{Error, Issue, Kind, busy, conflict};
use crate::http::extract;
use crate::http::record::{found, parsed, target, text};
use crate::http::reply::{Failure, accepted, created, no_content, ok};
use crate::identity::invite::Invite;
use crate::repo::Repo;
use crate::repo::audit::Act;

const RELATIONS: [&str; 2] = ["organization", "role"];

pub(in crate::http) async fn create_membership(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    let asked = Asked::of_one(&MEMBERSHIPS, asked(&request)?)?;
    let sent = Sent::read(&request, payload, &MEMBERSHIPS, None, (&["user_email"], &RELATIONS)).await?;
    administers(&repo)?;
    let project = repo.actor().project_id.clone();
    let email = sent.needed("user_email")?;
    sent.stays_in(&project)?;
    let Some(Some(role)) = sent.relation("role") else {
        return Err(Error::new(Kind::Invalid, vec![Issue::error("required", "must exist")])
            .at("/data/relationships/role")
            .into());
    };
    let mut membership = json!({ "resourceType": "ProjectMembership" });
    sent.write_record(&mut membership, &[]);
    membership["access"] = role::access(&repo, role).await?;
    let membership: Map<String, Value> = membership.as_object().cloned().unwrap_or_default();
    let membership = membership.into_iter().filter(|(name, _)| name != "resourceType").collect();
    let asked_for = Invite::by_email(email, membership, true);
    let identity = &extract::state(&request).identity;
    let invited = identity.invite(&repo, &project, &asked_for, audit(&request, "invite", Act::Execute)).await;
    let invited = invited.map_err(|error| match error.kind {
        Kind::Conflict => {
            conflict("has already been taken").coded("duplicate").at("/data/attributes/user_email")
        }
        _ => error,
    })?;
    if let Some(error) = invited.unsent {
        return Err(Failure::unsent(&format!("memberships/{}", invited.membership.id), error));
    }
    let document = Document::new(&repo, &asked, &extract::state(&request).public_url);
    let place = format!("{}/memberships/{}", document.base, invited.membership.id);
    Ok(told(&request, created(&place), &document.one(&MEMBERSHIPS, Some(&invited.membership)).await?))
}

pub(in crate::http) async fn update_membership(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    let asked = Asked::of_one(&MEMBERSHIPS, asked(&request)?)?;
    let sent = Sent::read(&request, payload, &MEMBERSHIPS, Some(id(&request)), (&[], &["role"])).await?;
    let access = match sent.relation("role") {
        None => None,
        Some(Some(role)) => Some(role::access(&repo, role).await?),
        Some(None) => Some(Value::Null),
    };
    for _ in 0..ATTEMPTS {
        let row = read::read(&repo, &MEMBERSHIPS, id(&request)).await?;
        let mut membership = parsed(&row)?;
        sent.write_record(&mut membership, &[]);
        if let (Some(access), Some(membership)) = (&access, membership.as_object_mut()) {
            membership.shift_remove("accessPolicy");
            membership.shift_remove("access");
            if !access.is_null() {
                membership.insert("access".to_owned(), access.clone());
            }
        }
        match repo.update("ProjectMembership", &row.id, membership, Some(row.version)).await {
            Ok(written) => {
                let document = Document::new(&repo, &asked, &extract::state(&request).public_url);
                return Ok(told(&request, ok(), &document.one(&MEMBERSHIPS, Some(&written.row)).await?));
            }
            Err(error) if error.kind == Kind::Precondition => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(busy("this membership is changed by many at once; try again").into())
}

pub(in crate::http) async fn delete_membership(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    extract::no_parameters(&request)?;
    let row = read::read(&repo, &MEMBERSHIPS, id(&request)).await?;
    administers(&repo)?;
    let identity = &extract::state(&request).identity;
    let audit = audit(&request, "remove-member", Act::Delete);
    identity.remove_member(&repo, &repo.actor().project_id, &row.id, audit).await?;
    Ok(no_content().finish())
}

/// Mails the invitation once more to whoever has not answered it.
pub(in crate::http) async fn resend_membership(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    extract::no_parameters(&request)?;
    let row = read::read(&repo, &MEMBERSHIPS, id(&request)).await?;
    administers(&repo)?;
    let email = email(&repo, &parsed(&row)?).await?;
    let asked = Invite { upsert: true, ..Invite::by_email(&email, Map::new(), true) };
    let identity = &extract::state(&request).identity;
    let audit = audit(&request, "invite", Act::Execute);
    let invited = identity.invite(&repo, &repo.actor().project_id, &asked, audit).await?;
    match invited.unsent {
        Some(error) => Err(Failure::unsent(&format!("memberships/{}", row.id), error)),
        None => Ok(accepted(None).finish()),
    }
}

async fn email(repo: &Repo, membership: &Value) -> Result<String, Failure> {
    let missing = || Failure::from(conflict("this member has no e-mail of the project's own").at("/data"));
    let user = membership.get("user").and_then(|user| target(user, "User")).ok_or_else(missing)?;
    let user = found(repo, "User", user).await?;
    if user.project != repo.actor().project {
        return Err(missing());
    }
    text(&parsed(&user)?, "email").map(str::to_owned).ok_or_else(missing)
}
