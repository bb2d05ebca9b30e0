//! Links that were mailed: `POST /auth/activate` by an invitation, `/auth/activate/forgot` by a reset,
//! `/auth/activate/resend`, `GET /auth/activation/{activation_id}`. The id of an activation is what the link ends with,
//! `ID/SECRET`; in an address of its own, `ID.SECRET`.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::super::answer::{done, one};
use super::super::asked::{Asked, Sent, wrong};
use super::super::caller::Caller;
use super::super::place::Org;
use super::super::record::{body, text};
use crate::error::{Kind, Result, malformed, not_found};
use crate::http::reply::Failure;
use crate::http::{extract, origin};
use crate::identity::invite::Invite;
use crate::identity::request::{Held, Purpose};
use crate::identity::{Bucket, Identity};

/// Characters of a name at most.
const LONGEST: usize = 50;

/// What is asked by whoever comes, as often as one address may.
fn open(request: &HttpRequest) -> Result<(Asked, &Arc<Identity>), Failure> {
    let asked = Asked::read(request, &[])?;
    let identity = &extract::state(request).identity;
    identity.allow(Bucket::Auth, &origin::network(request))?;
    Ok((asked, identity))
}

async fn held(identity: &Identity, id: &str) -> Result<Held> {
    let unknown = || malformed("this activation is not known").coded("value").at("id");
    let (id, secret) = id.split_once(['/', '.']).ok_or_else(unknown)?;
    identity.hold(id, secret).await
}

pub(in crate::http) async fn activate(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let (_, identity) = open(&request)?;
    let known = ["firstname", "from", "id", "lastname", "password"];
    let sent = Sent::read(&request, payload, &known).await?;
    let held = held(identity, sent.needed("id")?).await?;
    if held.purpose != Purpose::Invite {
        return Err(wrong("id", "this is no invitation").into());
    }
    let called = [("firstName", sent.needed("firstname")?), ("lastName", sent.needed("lastname")?)];
    if called.iter().any(|(_, name)| name.chars().count() > LONGEST) {
        return Err(wrong("firstname", "a name has 50 characters at most").into());
    }
    sent.needed("password")?;
    let password = sent.secret("password")?.unwrap_or_default();
    identity.accept_as(&held, password, &called).await?;
    Ok(done())
}

/// Another password by a link that was mailed to whoever forgot his.
pub(in crate::http) async fn reset(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let (_, identity) = open(&request)?;
    let sent = Sent::read(&request, payload, &["id", "password"]).await?;
    let held = held(identity, sent.needed("id")?).await?;
    if held.purpose != Purpose::Reset {
        return Err(wrong("id", "this is no link to another password").into());
    }
    sent.needed("password")?;
    identity.accept(&held, sent.secret("password")?.unwrap_or_default()).await?;
    Ok(done())
}

/// Sends a link to another password, if there is somebody to send it to.
pub(in crate::http) async fn forgot(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let (_, identity) = open(&request)?;
    let sent = Sent::read(&request, payload, &["provider_guid", "username"]).await?;
    let project = super::project(&request, sent.text("provider_guid")?, None).await?;
    identity.ask_reset(sent.needed("username")?, project.as_deref(), None)?;
    Ok(done())
}

/// What is known of an activation, for the page that it is entered on.
pub(in crate::http) async fn activation(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let (asked, identity) = open(&request)?;
    let id = request.match_info().get("activation_id").unwrap_or_default();
    let held = held(identity, id).await.map_err(|error| match error.kind {
        Kind::Malformed => not_found("this activation is not known, or no longer good").at("activation_id"),
        _ => error,
    })?;
    let kind = match held.purpose {
        Purpose::Invite => "invite",
        Purpose::Reset => "forgot",
        Purpose::VerifyEmail => "verify",
    };
    Ok(one(&asked, json!({ "type": kind, "email": held.email, "guid": held.user, "org_guid": held.project })))
}

/// Sends an invitation once more. For an administrator, to whom it is no news who is invited.
pub(in crate::http) async fn resend_activation(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let caller = Caller::admin(&request).await?;
    Asked::read(&request, &[])?;
    let known = ["org_id", "provider_guid", "suppressEmail", "username"];
    let sent = Sent::read(&request, payload, &known).await?;
    let org: Org = match sent.id("org_id")? {
        Some(given) => caller.org(&given).await?,
        None => caller.home(),
    };
    let email = sent.needed("username")?.to_lowercase();
    let asked = [("email:exact".to_owned(), crate::search::escape(&email))];
    let found = caller.repo.search("User", &asked, false).await?;
    let missing = || not_found("nobody of this e-mail waits for an invitation").at("username");
    let row = found.rows.first().ok_or_else(missing)?;
    let waits = caller.identity().activations(&[&caller.repo, &org.repo], &found.rows).await?;
    let member = ("user", format!("User/{}", row.id));
    let memberships = org.all("ProjectMembership", &[member]).await?;
    if waits.get(&row.id).is_none_or(|one| one.activated) || memberships.is_empty() {
        return Err(missing().into());
    }
    let send = sent.flag("suppressEmail")? != Some(true);
    let invite = Invite { upsert: true, ..Invite::by_email(&email, serde_json::Map::new(), send) };
    let act = caller.act("invite");
    let invited = caller.identity().invite(&org.repo, &org.id, &invite, act).await?;
    match invited.unsent {
        Some(error) => {
            let name = body(row)?;
            let name = text(&name, "email").unwrap_or_default();
            Err(Failure::unsent(&format!("the invitation of {name}"), error))
        }
        None => Ok(done()),
    }
}
