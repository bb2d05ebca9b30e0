//! Inviting a person. Where only the mail failed, the invitation stands, and the answer says both.

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};

use super::{act, admin, body, shown};
use crate::http::extract;
use crate::http::reply::Failure;
use crate::identity::invite::Invite;

/// What the mail would have said, for whoever sends it himself.
const LINK: HeaderName = HeaderName::from_static("roster-invitation");

pub(in crate::http) async fn invite(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let (repo, id) = admin(&request).await?;
    let asked = Invite::parse(&body(&request, payload).await?)?;
    let identity = &extract::state(&request).identity;
    let invited = identity.invite(&repo, &id, &asked, act(&request, "invite")).await?;
    if let Some(error) = invited.unsent {
        return Err(Failure::unsent(&format!("ProjectMembership/{}", invited.membership.id), error));
    }
    let mut reply = shown(&request, invited.membership.body.as_bytes())?;
    if let Some(link) = invited.link.and_then(|link| HeaderValue::from_str(&link).ok()) {
        reply.headers_mut().insert(LINK, link);
    }
    Ok(reply)
}
