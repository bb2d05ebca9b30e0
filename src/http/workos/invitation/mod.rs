//! Invitations: to an organization, in a role, or to the project alone. Accepting one makes the member.

mod list;
mod write;

use std::sync::Arc;

use serde_json::{Value, json};

pub(in crate::http) use list::{by_token, list, read};
pub(in crate::http) use write::{accept, create, resend, revoke};

use super::authorization::{MEMBER, assignable};
use super::refusal::{Refusal, bad};
use super::{id, moment};
use crate::error::{Error, Kind};
use crate::identity::Identity;
use crate::identity::application::{CodeKind, Coded};
use crate::identity::organization::Wanted;
use crate::repo::Repo;
use crate::repo::audit::{Act, Audit};
use crate::search::escape;
use crate::store::Row;

/// A version of an invitation. With its token it is shown to the application alone.
pub(super) async fn render(identity: &Identity, repo: &Repo, coded: &Coded) -> Result<Value, Refusal> {
    let created = repo.created(std::slice::from_ref(&coded.row)).await?.pop().unwrap_or(coded.row.updated);
    let mut shown = told(&coded.row, &coded.body, &repo.actor().project_id, created);
    shown["token"] = Value::from(Identity::token_of(coded));
    shown["accept_invitation_url"] = Value::from(identity.link_of(CodeKind::Invite, coded));
    Ok(shown)
}

/// A version of an invitation, as it is told of: without its token.
pub(super) fn told(row: &Row, body: &Value, project: &str, created: i64) -> Value {
    let changed = moment::text(row.updated);
    let target = |name: &str| body.get(name)?.get("reference")?.as_str()?.split_once('/').map(|(_, id)| id);
    let is = |name: &str| body.get(name) == Some(&Value::Bool(true));
    let organization = target("project").filter(|id| *id != project);
    let inviter = body.pointer("/requester/reference").and_then(Value::as_str);
    let inviter = inviter.and_then(|reference| reference.strip_prefix("User/"));
    let state = match (is("used"), is("revoked"), is_over(body)) {
        (true, ..) => "accepted",
        (_, true, _) => "revoked",
        (_, _, true) => "expired",
        _ => "pending",
    };
    json!({
        "object": "invitation",
        "id": id::show(id::INVITATION, &row.id),
        "email": body.get("email").and_then(Value::as_str).unwrap_or_default(),
        "state": state,
        "accepted_at": is("used").then_some(changed.as_str()),
        "revoked_at": is("revoked").then_some(changed.as_str()),
        "expires_at": moment::instant(body, "expiresAt"),
        "organization_id": organization.map(|id| id::show(id::ORGANIZATION, id)),
        "inviter_user_id": inviter.map(|user| id::show(id::USER, user)),
        "accepted_user_id": target("user").filter(|_| is("used")).map(|user| id::show(id::USER, user)),
        "role_slug": body.get("role"),
        "created_at": moment::text(created),
        "updated_at": changed,
    })
}

fn is_over(body: &Value) -> bool {
    let ends = body.get("expiresAt").and_then(Value::as_str);
    let ends = ends.and_then(|ends| chrono::DateTime::parse_from_rfc3339(ends).ok());
    ends.is_some_and(|ends| ends <= chrono::Utc::now())
}

pub(super) fn state(coded: &Coded) -> &'static str {
    match (coded.is("used"), coded.is("revoked"), coded.is_expired()) {
        (true, ..) => "accepted",
        (_, true, _) => "revoked",
        (_, _, true) => "expired",
        _ => "pending",
    }
}

/// The user of the key's project who has this e-mail.
pub(super) async fn person(repo: &Repo, email: &str) -> Result<Option<Arc<Row>>, Refusal> {
    let asked = [("email:exact".to_owned(), escape(email))];
    let found = repo.search("User", &asked, false).await?;
    Ok(found.rows.into_iter().find(|row| row.project == repo.actor().project))
}

/// The e-mail of a user is his: he has shown a code that was mailed to it.
pub(super) async fn prove_email(
    identity: &Identity,
    repo: &Repo,
    user: &str,
    email: &str,
) -> Result<(), Refusal> {
    let change = |body: &mut Value| -> Result<(), Error> {
        if body.get("email").and_then(Value::as_str) == Some(email) {
            body["emailVerified"] = Value::Bool(true);
        }
        Ok(())
    };
    let row = repo.read("User", user).await?;
    let body = crate::resource::parse(row.body.as_bytes())?;
    if body.get("emailVerified") != Some(&Value::Bool(true)) {
        identity.change_user(repo, user, Audit::new("verify-email", Act::Execute), change).await?;
    }
    Ok(())
}

/// An invitation that somebody brings along.
#[derive(Debug)]
pub(super) struct Offer(Coded);

/// The invitation of a token, which must be good and for this e-mail.
pub(super) async fn offered(
    identity: &Identity,
    repo: &Repo,
    token: Option<&str>,
    email: &str,
) -> Result<Option<Offer>, Refusal> {
    let Some(token) = token else { return Ok(None) };
    let invalid = || bad("invitation_invalid", "The invitation is not for this e-mail, or it is over.");
    let coded = identity.by_token(repo, CodeKind::Invite, token).await.map_err(|_| invalid())?;
    let fits =
        coded.text("email") == Some(email.trim().to_lowercase().as_str()) && state(&coded) == "pending";
    if fits { Ok(Some(Offer(coded))) } else { Err(invalid()) }
}

impl Offer {
    /// Makes the user a member. Gives the organization, if it is to one.
    pub async fn accept(
        &self,
        identity: &Identity,
        repo: &Repo,
        user: &str,
    ) -> Result<Option<String>, Refusal> {
        let coded = &self.0;
        let organization =
            coded.target("project").filter(|id| *id != repo.actor().project_id).map(str::to_owned);
        if let Some(organization) = &organization {
            let seat = identity.organization(repo, organization).await?;
            let slug = coded.text("role").unwrap_or(MEMBER);
            let role = assignable(repo, &seat, slug, Kind::Malformed).await?;
            let inviter = coded.body.pointer("/requester/reference").and_then(Value::as_str);
            let wanted = Wanted { user, roles: vec![role], invited_by: inviter };
            let act = Audit::new("accept-invitation", Act::Execute);
            match identity.join_organization(repo, organization, &wanted, act).await {
                Ok(_) => {}
                // Who is one already has nothing to accept but the invitation itself.
                Err(error) if error.kind == Kind::Conflict => {}
                Err(error) => return Err(error.into()),
            }
        }
        let marks = json!({ "used": true, "user": { "reference": format!("User/{user}") } });
        identity.mark_code(repo, coded, marks, Audit::new("accept-invitation", Act::Execute)).await?;
        Ok(organization)
    }
}
