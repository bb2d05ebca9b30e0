//! Roles. Of organizations: `administrator` and `consumer`, which are always there (everything, and the least there is),
//! and each AccessPolicy by its slug or id. Of teams: words for what somebody is there for, which give no rights.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::answer::one;
use super::asked::Asked;
use super::caller::Caller;
use super::place::Org;
use super::record::{body, is, list, target, text};
use crate::error::{Kind, Result, malformed, not_found};
use crate::http::reply::Failure;
use crate::identity::Identity;
use crate::repo::Repo;
use crate::search::escape;

pub(super) const ADMINISTRATOR: &str = "administrator";
pub(super) const CONSUMER: &str = "consumer";
const TEAM: [(&str, &str); 9] = [
    ("administrator", "Administrator"),
    ("api_access", "API Access"),
    ("catalog_manager", "Catalog Manager"),
    ("consumer", "Consumer"),
    ("developer", "Developer"),
    ("insights", "Insights"),
    ("marketplace_admin", "Marketplace Admin"),
    ("subscription_admin", "Subscription Admin"),
    ("subscription_approver", "Subscription Approver"),
];

/// What policies are called, by their ids.
pub(super) struct Roles(HashMap<String, String>);

impl Roles {
    /// The policies of these memberships of a project.
    pub async fn of(identity: &Identity, project: i32, memberships: &[&Value]) -> Result<Self> {
        let mut called = HashMap::new();
        for id in memberships.iter().flat_map(|membership| policies(membership)) {
            if !called.contains_key(id)
                && let Some(policy) = identity.inherited_policy(project, id).await?
            {
                called.insert(id.to_owned(), text(&policy, "slug").unwrap_or(id).to_owned());
            }
        }
        Ok(Self(called))
    }

    /// The roles of a membership, the weightiest first.
    pub fn named(&self, membership: &Value) -> Vec<String> {
        let mut roles = Vec::new();
        if is(membership, "admin") {
            roles.push(ADMINISTRATOR.to_owned());
        }
        roles.extend(policies(membership).filter_map(|id| self.0.get(id).cloned()));
        if roles.is_empty() {
            roles.push(CONSUMER.to_owned());
        }
        roles
    }
}

/// The ids of the policies of a membership.
fn policies(membership: &Value) -> impl Iterator<Item = &str> {
    let access = list(membership, "access").iter().filter_map(|one| target(one, "policy", "AccessPolicy"));
    target(membership, "accessPolicy", "AccessPolicy").into_iter().chain(access)
}

/// What roles give.
#[derive(Debug, Default)]
pub(super) struct Access {
    pub admin: bool,
    /// References to policies.
    pub policies: Vec<String>,
}

impl Access {
    pub async fn of(caller: &Caller<'_>, org: &Org, roles: &[String]) -> Result<Self> {
        let mut access = Self::default();
        for role in roles {
            match role.as_str() {
                ADMINISTRATOR => access.admin = true,
                CONSUMER => {}
                named => {
                    let mut found = policy(&org.repo, named).await?;
                    if found.is_none() && org.below {
                        found = policy(&caller.repo, named).await?;
                    }
                    let unknown = || {
                        let text = format!("there is no role '{named}' in this organization");
                        malformed(text).coded("value").at("roles")
                    };
                    access.policies.push(format!("AccessPolicy/{}", found.ok_or_else(unknown)?));
                }
            }
        }
        access.policies.dedup();
        Ok(access)
    }

    /// Puts it into a membership. What is said of a policy that stays (its parameters) stays, too.
    pub fn give(&self, membership: &mut Value) {
        let kept = list(membership, "access").to_vec();
        let access: Vec<Value> = self
            .policies
            .iter()
            .map(|policy| {
                let known = kept.iter().find(|one| one["policy"]["reference"] == policy.as_str());
                known.cloned().unwrap_or_else(|| json!({ "policy": { "reference": policy } }))
            })
            .collect();
        membership["admin"] = self.admin.into();
        super::record::put(membership, "access", Some(access).filter(|access| !access.is_empty()));
        super::record::put(membership, "accessPolicy", None::<Value>);
    }
}

/// The id of a policy, by its slug or id.
async fn policy(repo: &Repo, named: &str) -> Result<Option<String>> {
    let asked = [("slug".to_owned(), escape(named))];
    if let Some(row) = repo.search("AccessPolicy", &asked, false).await?.rows.first() {
        return Ok(Some(row.id.clone()));
    }
    match repo.read("AccessPolicy", &named.to_ascii_lowercase()).await {
        Ok(row) => Ok(Some(row.id.clone())),
        Err(error) if matches!(error.kind, Kind::NotFound | Kind::Deleted) => Ok(None),
        Err(error) => Err(error),
    }
}

fn shown(id: &str, name: &str, order: usize, team: bool) -> Value {
    json!({
        "id": id, "name": name, "order": order, "default": true, "disabled": false,
        // A client looks for the roles of teams among those of organizations.
        "org": true, "team": team, "client": !team, "consumer": id == CONSUMER,
    })
}

async fn every(caller: &Caller<'_>, team: bool) -> Result<Vec<Value>> {
    if team {
        return Ok(TEAM.iter().zip(1..).map(|((id, name), order)| shown(id, name, order, true)).collect());
    }
    let mut roles =
        vec![shown(ADMINISTRATOR, "Administrator", 1, false), shown(CONSUMER, "Consumer", 2, false)];
    let found = match caller.home().all("AccessPolicy", &[("_sort", "name".to_owned())]).await {
        // A member is not told what others may do.
        Err(error) if error.kind == Kind::Forbidden => Vec::new(),
        found => found?,
    };
    for row in found {
        let policy = body(&row)?;
        let id = text(&policy, "slug").unwrap_or(&row.id);
        let name = text(&policy, "name").unwrap_or(id);
        roles.push(shown(id, name, roles.len() + 1, false));
    }
    Ok(roles)
}

/// Fails for what is no role of a team.
pub(super) fn of_team(roles: &[String]) -> Result<()> {
    match roles.iter().find(|role| !TEAM.iter().any(|(id, _)| id == role)) {
        Some(role) => {
            let known: Vec<&str> = TEAM.iter().map(|(id, _)| *id).collect();
            let text = format!("'{role}' is no role of a team; there are {}", known.join(", "));
            Err(malformed(text).coded("value").at("roles"))
        }
        None => Ok(()),
    }
}

/// `GET /role`: those of organizations, or with `team` those of teams.
pub(in crate::http) async fn roles(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::of(&request).await?;
    let asked = Asked::read(&request, &["default", "name", "org", "team"])?;
    let team = asked.flag("team")? == Some(true);
    let (org, default) = (asked.flag("org")?, asked.flag("default")?);
    let mut found = every(&caller, team).await?;
    if org == Some(false) || default == Some(false) {
        found.clear();
    }
    if let Some(name) = asked.text("name")? {
        found.retain(|role| role["name"].as_str().is_some_and(|own| own.eq_ignore_ascii_case(name)));
    }
    Ok(one(&asked, found.into()))
}

/// `GET /role/{role_id}`
pub(in crate::http) async fn role(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::of(&request).await?;
    let asked = Asked::read(&request, &["context"])?;
    let team = match asked.text("context")? {
        None | Some("org") => false,
        Some("team") => true,
        Some(_) => return Err(super::asked::wrong("context", "this is org or team").into()),
    };
    let id = caller.part("role_id");
    let found = every(&caller, team).await?.into_iter().find(|role| role["id"] == id);
    let missing = || not_found(format!("there is no role '{id}' here")).at("role_id");
    Ok(one(&asked, found.ok_or_else(missing)?))
}
