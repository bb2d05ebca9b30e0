//! `GET /org/{org_id}/user`: the members of an organization. In the order in which they came, or where they are looked
//! for by who they are, among at most so many.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use super::super::answer::page;
use super::super::asked::{Asked, wrong};
use super::super::caller::Caller;
use super::super::place::Org;
use super::super::role::{ADMINISTRATOR, Access, CONSUMER};
use super::people::shown;
use crate::error::{Kind, Result, too_large};
use crate::http::reply::Failure;
use crate::search::escape;

const KNOWN: [&str; 7] = ["clients", "email", "primary", "roles", "sort", "term", "user_guid"];
const SORTS: [&str; 9] =
    ["activated", "email", "firstname", "idp", "last_login", "lastname", "name", "primary", "role"];
/// Members of an organization that is put in another order, or gone through by name.
const MOST: u64 = 10_000;

pub(in crate::http) async fn members(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::admin(&request).await?;
    let asked = Asked::read(&request, &KNOWN)?;
    let org = caller.org(caller.part("org_id")).await?;
    let term = asked.text("term")?.map(str::to_lowercase);
    let (primary, sort) = (asked.flag("primary")?, asked.text("sort")?);
    let (field, descending) =
        match sort.map(|sort| sort.strip_prefix('-').map_or((sort, false), |one| (one, true))) {
            Some((field, _)) if !SORTS.contains(&field) => {
                return Err(wrong("sort", &format!("this is one of {}", SORTS.join(", "))).into());
            }
            Some((field, descending)) => (Some(field), descending),
            None => (None, false),
        };
    let clauses = clauses(&caller, &org, &asked).await?;
    if term.is_none() && primary.is_none() && field.is_none() {
        let found = org.repo.search_at("ProjectMembership", &clauses, asked.skip(), asked.limit).await?;
        let matched = usize::try_from(found.total.unwrap_or_default()).unwrap_or_default();
        return Ok(page(&asked, shown(&caller, &org, &found.rows).await?, matched));
    }
    let count = org.repo.search_at("ProjectMembership", &clauses, 0, 0).await?.total.unwrap_or_default();
    if count > MOST {
        let text =
            format!("of more than {MOST} members the order and the names are not gone through; narrow it");
        return Err(too_large(text).coded("too-costly").into());
    }
    let wanted: Vec<(&str, String)> =
        clauses.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    let rows = org.all("ProjectMembership", &wanted).await?;
    let mut all = shown(&caller, &org, &rows).await?;
    if let Some(term) = &term {
        all.retain(|member| about(member).contains(term.as_str()));
    }
    if let Some(primary) = primary {
        all.retain(|member| (member["primary"] == true) == primary);
    }
    if let Some(field) = field {
        all.sort_by_cached_key(|member| key(member, field));
        if descending {
            all.reverse();
        }
    }
    let matched = all.len();
    let some = all.into_iter().skip(asked.skip()).take(asked.limit).collect();
    Ok(page(&asked, some, matched))
}

/// The search for memberships that is asked for.
async fn clauses(caller: &Caller<'_>, org: &Org, asked: &Asked) -> Result<Vec<(String, String)>> {
    let mut clauses = vec![("project".to_owned(), format!("Project/{}", org.id))];
    if asked.flag("clients")? != Some(true) {
        clauses.push(("profile-type:not".to_owned(), "ClientApplication".to_owned()));
    }
    let mut users: Option<Vec<String>> = None;
    let emails: Vec<String> = asked.texts("email").iter().map(|one| escape(&one.to_lowercase())).collect();
    if !emails.is_empty() {
        let mut found = Vec::new();
        let repos = [Some(&caller.repo), Some(&org.repo).filter(|_| org.below)];
        for repo in repos.into_iter().flatten() {
            let asked = [("email:exact".to_owned(), emails.join(","))];
            found.extend(repo.search("User", &asked, false).await?.rows.iter().map(|row| row.id.clone()));
        }
        users = Some(found);
    }
    let guids = asked.texts("user_guid");
    if !guids.is_empty() {
        let mut named = Vec::new();
        for guid in &guids {
            match caller.user(guid).await {
                Ok(row) => named.push(row.id.clone()),
                Err(error) if error.kind == Kind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        users = Some(match users {
            Some(users) => users.into_iter().filter(|id| named.contains(id)).collect(),
            None => named,
        });
    }
    if let Some(users) = users {
        let users: Vec<String> = users.iter().map(|id| format!("User/{id}")).collect();
        // Where none of them is there, nobody is found.
        let users = if users.is_empty() { "User/none".to_owned() } else { users.join(",") };
        clauses.push(("user".to_owned(), users));
    }
    let roles = asked.texts("roles");
    if !roles.is_empty() {
        clauses.push(("_filter".to_owned(), held(caller, org, &roles).await?));
    }
    Ok(clauses)
}

/// Memberships that hold one of these roles.
async fn held(caller: &Caller<'_>, org: &Org, roles: &[String]) -> Result<String> {
    let mut any = Vec::new();
    for role in roles {
        let one = match role.as_str() {
            ADMINISTRATOR => "admin eq true".to_owned(),
            CONSUMER => "(access-policy pr false and not (admin eq true))".to_owned(),
            named => {
                let access = Access::of(caller, org, &[named.to_owned()]).await?;
                format!("access-policy eq \"{}\"", access.policies.join(""))
            }
        };
        any.push(one);
    }
    Ok(any.join(" or "))
}

/// What a term is looked for in.
fn about(member: &Value) -> String {
    let text = |name: &str| member[name].as_str().unwrap_or_default();
    format!("{}\n{}", text("name"), text("email")).to_lowercase()
}

fn key(member: &Value, field: &str) -> (bool, String) {
    match &member[field] {
        // True comes first.
        Value::Bool(value) => (!value, String::new()),
        Value::String(text) => (false, text.to_lowercase()),
        _ => (true, String::new()),
    }
}
