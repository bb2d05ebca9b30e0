//! One member of an organization: found, invited, given other roles, removed, made the one to turn to.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use super::super::answer::{done, one};
use super::super::asked::{Asked, Sent, wrong};
use super::super::caller::Caller;
use super::super::place::Org;
use super::super::record::{body, extend, target};
use super::super::role::Access;
use super::super::team;
use super::change::write;
use super::people::shown;
use super::read::whole;
use crate::error::{Kind, Result, malformed, not_found};
use crate::http::reply::Failure;
use crate::identity::invite::Invite;
use crate::store::Row;

/// Characters of an e-mail at most.
const LONGEST: usize = 217;

/// The membership of a user or service account, by his number or guid.
async fn membership(caller: &Caller<'_>, org: &Org, given: &str) -> Result<Arc<Row>> {
    let missing = || not_found(format!("'{given}' is no member of this organization")).at("user_guid");
    let mut who = match caller.user(given).await {
        Ok(row) => vec![format!("User/{}", row.id)],
        Err(error) if error.kind == Kind::NotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    if who.is_empty() {
        let id = crate::search::escape(&given.to_ascii_lowercase());
        // A guest of the organization alone, or a service account.
        who = vec![format!("User/{id}"), format!("ClientApplication/{id}")];
    }
    let project = ("project", format!("Project/{}", org.id));
    let found = org.all("ProjectMembership", &[("user", who.join(",")), project]).await?;
    found.into_iter().next().ok_or_else(missing)
}

async fn show(caller: &Caller<'_>, org: &Org, row: &Arc<Row>) -> Result<Value> {
    let missing = || not_found("this member is gone");
    shown(caller, org, std::slice::from_ref(row)).await?.pop().ok_or_else(missing)
}

pub(in crate::http) async fn member(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::admin(&request).await?;
    let asked = Asked::read(&request, &["teams"])?;
    let org = caller.org(caller.part("org_id")).await?;
    let row = membership(&caller, &org, caller.part("user_guid")).await?;
    let mut member = show(&caller, &org, &row).await?;
    if asked.flag("teams")? == Some(true) {
        let reference = body(&row)?["user"]["reference"].as_str().unwrap_or_default().to_owned();
        member["teams"] = team::of_member(&caller, &org, &reference).await?.into();
    }
    Ok(one(&asked, member))
}

/// Whoever has no account gets one, and a mail by which he comes in.
pub(in crate::http) async fn add_member(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let caller = Caller::admin(&request).await?;
    let asked = Asked::read(&request, &[])?;
    let known = ["email", "role", "roles", "suppressEmail", "teams"];
    let sent = Sent::read(&request, payload, &known).await?;
    let org = caller.org(caller.part("org_id")).await?;
    let email = sent.needed("email")?;
    let legal = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    if !legal || email.chars().count() > LONGEST || email.contains(char::is_whitespace) {
        return Err(wrong("email", "this is no e-mail").into());
    }
    let mut roles = sent.texts("roles")?.unwrap_or_default();
    roles.extend(sent.text("role")?.map(str::to_owned));
    let access = Access::of(&caller, &org, &roles).await?;
    let places = team::places(&org, &sent).await?;
    let mut membership = Map::new();
    if access.admin {
        membership.insert("admin".to_owned(), true.into());
    }
    if !access.policies.is_empty() {
        let policies = access.policies.iter().map(|policy| json!({ "policy": { "reference": policy } }));
        membership.insert("access".to_owned(), policies.collect());
    }
    let invite = Invite::by_email(email, membership, sent.flag("suppressEmail")? != Some(true));
    let act = caller.act("invite");
    let invited = caller.identity().invite(&org.repo, &org.id, &invite, act).await?;
    let made = body(&invited.membership)?;
    let guid = target(&made, "user", "User").unwrap_or_default().to_owned();
    team::join(&org, &places, &format!("User/{guid}")).await?;
    if let Some(error) = invited.unsent {
        return Err(Failure::unsent(&format!("the member {guid}"), error));
    }
    Ok(one(&asked, json!({ "guid": guid })))
}

pub(in crate::http) async fn update_member(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let caller = Caller::admin(&request).await?;
    let asked = Asked::read(&request, &[])?;
    let sent = Sent::read(&request, payload, &["roles"]).await?;
    let org = caller.org(caller.part("org_id")).await?;
    let row = membership(&caller, &org, caller.part("user_guid")).await?;
    let roles = sent.texts("roles")?.unwrap_or_default();
    if roles.is_empty() {
        return Err(malformed("a member has a role").coded("required").at("roles").into());
    }
    let access = Access::of(&caller, &org, &roles).await?;
    let mut next = body(&row)?;
    access.give(&mut next);
    let repo = org.repo.audited(caller.act("update-member"));
    repo.update("ProjectMembership", &row.id, next, Some(row.version)).await?;
    Ok(one(&asked, whole(&caller, &org).await?))
}

pub(in crate::http) async fn remove_member(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::admin(&request).await?;
    Asked::read(&request, &[])?;
    let org = caller.org(caller.part("org_id")).await?;
    let row = membership(&caller, &org, caller.part("user_guid")).await?;
    let reference = body(&row)?["user"]["reference"].as_str().unwrap_or_default().to_owned();
    let act = caller.act("remove-member");
    caller.identity().remove_member(&org.repo, &org.id, &row.id, act).await?;
    team::leave(&org, &reference).await?;
    Ok(done())
}

pub(in crate::http) async fn make_primary(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::admin(&request).await?;
    let asked = Asked::read(&request, &[])?;
    let org = caller.org(caller.part("org_id")).await?;
    let row = membership(&caller, &org, caller.part("user_guid")).await?;
    let made = body(&row)?;
    let no_person = || malformed("a service account is nobody to turn to").coded("business-rule");
    let reference = format!("User/{}", target(&made, "user", "User").ok_or_else(no_person)?);
    write(&caller, &org, |project: &mut Value| {
        let contact = json!({ "valueReference": { "reference": reference } });
        extend(project, "primary-contact", vec![contact]);
        Ok(())
    })
    .await?;
    Ok(one(&asked, whole(&caller, &org).await?))
}
