//! Invitations are sent, sent again, taken back and accepted.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::super::authorization::{MEMBER, assignable};
use super::super::caller::Caller;
use super::super::refusal::{Refusal, bad};
use super::super::verification::mail;
use super::super::{membership, organization, user};
use super::list::addressed;
use super::{Offer, person, render, state};
use crate::error::Kind;
use crate::http::reply;
use crate::identity::application::{CodeKind, Coded, Of};
use crate::search::escape;

const DAY: i64 = 86_400;
/// Days that one is good for, where nothing is said.
const DAYS: i64 = 7;

pub(in crate::http) async fn create(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    let email = asked.needed("email").trim().to_lowercase();
    let (home, role) = (asked.text("organization_id"), asked.text("role_slug"));
    let inviter = asked.text("inviter_user_id");
    let days = match asked.take("expires_in_days") {
        Some(Some(Value::Number(days))) => days.as_i64().unwrap_or(0),
        Some(Some(_)) => {
            asked.fault("expires_in_days", "invalid_type", "expires_in_days is a number.");
            DAYS
        }
        _ => DAYS,
    };
    if asked.text("locale").is_some_and(|locale| locale != "en") {
        asked.fault("locale", "not_supported", "Mail is written in English, or as the project has it.");
    }
    asked.finish()?;
    let shaped = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    if !shaped || email.chars().any(char::is_whitespace) {
        return Err(bad("invalid_email", "This is no e-mail address."));
    }
    match days {
        ..1 => return Err(bad("expires_in_days_too_short", "An invitation is good for a day at least.")),
        31.. => return Err(bad("expires_in_days_too_long", "An invitation is good for 30 days at most.")),
        _ => {}
    }
    let mut more = json!({});
    let known = person(&caller.repo, &email).await?;
    let mut open = vec![("email:exact".to_owned(), escape(&email))];
    open.extend(
        [("type", CodeKind::Invite.code()), ("used:not", "true")].map(|(n, v)| (n.to_owned(), v.to_owned())),
    );
    match &home {
        Some(given) => {
            let (row, _) = organization::named(&caller, given).await?;
            let seat = caller.identity().organization(&caller.repo, &row.id).await?;
            assignable(&caller.repo, &seat, role.as_deref().unwrap_or(MEMBER), Kind::Malformed).await?;
            if let Some(known) = &known {
                for one in caller.identity().memberships_below(&caller.repo, &known.id).await? {
                    let body = crate::resource::parse(one.body.as_bytes())?;
                    if one.project == row.project && membership::status(&body) == "active" {
                        let text = "The user is a member of the organization already.";
                        return Err(bad("user_already_organization_member", text));
                    }
                }
            }
            let reference = format!("Project/{}", row.id);
            open.push(("project".to_owned(), reference.clone()));
            more["project"] = json!({ "reference": reference });
        }
        None if role.is_some() => {
            return Err(bad("invalid_role", "A role is one in an organization: name it by organization_id."));
        }
        None => {
            if known.is_some() {
                return Err(bad("user_already_exists", "There is a user with this e-mail."));
            }
            let reference = format!("Project/{}", caller.repo.actor().project_id);
            open.push(("project".to_owned(), reference));
        }
    }
    for row in caller.repo.search("UserSecurityRequest", &open, false).await?.rows {
        if let Ok(coded) = caller.identity().code(&caller.repo, CodeKind::Invite, &row.id).await
            && state(&coded) == "pending"
        {
            let code = if home.is_some() {
                "email_already_invited_to_organization"
            } else {
                "email_already_invited"
            };
            return Err(bad(code, "There is an invitation for this e-mail."));
        }
    }
    if let Some(role) = &role {
        more["role"] = Value::from(role.as_str());
    }
    if let Some(inviter) = inviter {
        let row = user::named(&caller.repo, &inviter).await?;
        more["requester"] = json!({ "reference": format!("User/{}", row.id) });
    }
    let of = Of { email: Some(&email), lifetime: days * DAY, more, ..Of::default() };
    let coded = caller.identity().new_code(&caller.repo, CodeKind::Invite, of).await?;
    mail(caller.identity(), &caller.repo, CodeKind::Invite, &coded).await;
    Ok(reply::made().json(render(caller.identity(), &caller.repo, &coded).await?))
}

async fn changed(
    caller: &Caller<'_>,
    coded: &Coded,
    marks: Value,
    what: &'static str,
) -> Result<HttpResponse, Refusal> {
    let coded = caller.identity().mark_code(&caller.repo, coded, marks, caller.act(what)).await;
    let coded = coded.map_err(|error| match error.kind {
        Kind::Precondition | Kind::Conflict => bad("invite_not_pending", "The invitation is not pending."),
        _ => error.into(),
    })?;
    Ok(reply::ok().json(render(caller.identity(), &caller.repo, &coded).await?))
}

pub(in crate::http) async fn revoke(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::of(&request).await?;
    let coded = addressed(&request, &caller).await?;
    match state(&coded) {
        "pending" | "expired" => {
            changed(&caller, &coded, json!({ "revoked": true }), "revoke-invitation").await
        }
        _ => Err(bad("invite_not_pending", "The invitation is not pending.")),
    }
}

pub(in crate::http) async fn resend(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    if asked.text("locale").is_some_and(|locale| locale != "en") {
        asked.fault("locale", "not_supported", "Mail is written in English, or as the project has it.");
    }
    asked.finish()?;
    let coded = addressed(&request, &caller).await?;
    match state(&coded) {
        "pending" => {}
        "expired" => return Err(bad("invite_expired", "The invitation is no longer good.")),
        "revoked" => return Err(bad("invite_revoked", "The invitation was taken back.")),
        _ => return Err(bad("invite_accepted", "The invitation was accepted.")),
    }
    let email = coded.text("email").unwrap_or_default();
    caller.identity().allow_mail("invitation", &format!("{} {email}", caller.repo.actor().project_id))?;
    mail(caller.identity(), &caller.repo, CodeKind::Invite, &coded).await;
    Ok(reply::ok().json(render(caller.identity(), &caller.repo, &coded).await?))
}

/// At the application's word. Whoever has no account is given one.
pub(in crate::http) async fn accept(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::of(&request).await?;
    let coded = addressed(&request, &caller).await?;
    if state(&coded) != "pending" {
        return Err(bad("invite_not_pending", "The invitation is not pending."));
    }
    let email = coded.text("email").unwrap_or_default().to_owned();
    let row = match person(&caller.repo, &email).await? {
        Some(row) => row,
        None => {
            let body = json!({ "email": email });
            caller.identity().create_user(&caller.repo, body, true, caller.act("create")).await?
        }
    };
    Offer(coded.clone()).accept(caller.identity(), &caller.repo, &row.id).await?;
    let coded = caller.identity().code(&caller.repo, CodeKind::Invite, &coded.id).await?;
    Ok(reply::ok().json(render(caller.identity(), &caller.repo, &coded).await?))
}
