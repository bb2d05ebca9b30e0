//! Who the invited person is already: a user in the pool, a member of the project, a profile in it.

use std::sync::Arc;

use serde_json::{Value, json};

use super::Invite;
use crate::error::{Result, malformed};
use crate::identity::acting::{body, target, within};
use crate::repo::Engine;
use crate::store::Row;

/// The user in a pool (0 for that of the server).
pub(super) async fn user(
    engine: &Arc<Engine>,
    project: i32,
    pool: i32,
    invite: &Invite,
) -> Result<Option<Arc<Row>>> {
    if let Some(email) = &invite.email {
        return Ok(within(engine, pool, "User", &[("email:exact", email)]).await?.pop());
    }
    let Some(external_id) = &invite.external_id else { return Ok(None) };
    let members = within(engine, project, "ProjectMembership", &[("external-id:exact", external_id)]).await?;
    if let Some(member) = members.first()
        && let Some(id) = target(&body(member)?, "user", "User")
        && let Some(user) = within(engine, pool, "User", &[("_id", id)]).await?.pop()
    {
        return Ok(Some(user));
    }
    Ok(within(engine, pool, "User", &[("external-id:exact", external_id)]).await?.pop())
}

/// His memberships of the project, the fitting kind first.
pub(super) async fn memberships(
    engine: &Arc<Engine>,
    project: i32,
    user: &str,
    kind: &str,
) -> Result<Vec<Arc<Row>>> {
    let reference = format!("User/{user}");
    let mut found = within(engine, project, "ProjectMembership", &[("user", &reference)]).await?;
    found.sort_by_key(|row| body(row).ok().is_none_or(|body| target(&body, "profile", kind).is_none()));
    Ok(found)
}

/// The profile that the invitation names, or one of the same e-mail that nobody else is; nothing for a new one.
pub(super) async fn profile(
    engine: &Arc<Engine>,
    project: i32,
    invite: &Invite,
    user: Option<&str>,
) -> Result<Option<String>> {
    if let Some(reference) = &invite.profile {
        let (kind, id) = reference.split_once('/').unwrap_or((reference, ""));
        if kind != invite.kind {
            return Err(malformed("Profile resourceType does not match request")
                .coded("value")
                .at("profile"));
        }
        if within(engine, project, kind, &[("_id", id)]).await?.is_empty() {
            return Err(malformed("Profile does not belong to project").coded("not-found").at("profile"));
        }
        return Ok(Some(reference.clone()));
    }
    let Some(email) = &invite.email else { return Ok(None) };
    let found = within(engine, project, invite.kind, &[("email", email)]).await?;
    for row in found {
        let reference = format!("{}/{}", invite.kind, row.id);
        let members = within(engine, project, "ProjectMembership", &[("profile", &reference)]).await?;
        let mut others = false;
        for member in &members {
            let member = body(member)?;
            others |= user.is_none_or(|user| target(&member, "user", "User") != Some(user));
        }
        // Two people may share an e-mail in their records; they do not share a record.
        if !others {
            return Ok(Some(reference));
        }
    }
    Ok(None)
}

/// A user as the invitation describes him.
pub(super) fn new_user(invite: &Invite, pool: Option<&str>, hash: Option<&str>) -> Value {
    let mut user = json!({ "resourceType": "User", "active": true });
    for (name, value) in [("firstName", &invite.first), ("lastName", &invite.last)] {
        if !value.is_empty() {
            user[name] = Value::from(value.as_str());
        }
    }
    if let Some(email) = &invite.email {
        user["email"] = Value::from(email.as_str());
        user["emailVerified"] = Value::Bool(false);
    }
    if let Some(pool) = pool {
        user["project"] = json!({ "reference": format!("Project/{pool}") });
        if let Some(external_id) = &invite.external_id {
            user["externalId"] = Value::from(external_id.as_str());
        }
    }
    // A user of the server's pool is a member elsewhere, too: of him only the membership requires it.
    if let Some(required) = invite.mfa_required.filter(|_| pool.is_some()) {
        user["mfaRequired"] = Value::Bool(required);
    }
    if let Some(hash) = hash {
        user["passwordHash"] = Value::from(hash);
    }
    user
}

/// A profile as the invitation describes it.
pub(super) fn new_profile(invite: &Invite, project: &str) -> Value {
    let mut profile = json!({ "resourceType": invite.kind, "meta": { "project": project } });
    let mut name = json!({});
    if !invite.first.is_empty() {
        name["given"] = json!([invite.first]);
    }
    if !invite.last.is_empty() {
        name["family"] = Value::from(invite.last.as_str());
    }
    if name.as_object().is_some_and(|name| !name.is_empty()) {
        profile["name"] = json!([name]);
    }
    if let Some(email) = &invite.email {
        profile["telecom"] = json!([{ "system": "email", "use": "work", "value": email }]);
    }
    if let Some(patient) = invite.patient.as_ref().filter(|_| invite.kind == "RelatedPerson") {
        profile["patient"] = json!({ "reference": patient });
    }
    profile
}
