//! Members of a team: listed, added, given other roles, removed.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::super::answer::{one, page};
use super::super::asked::{Asked, Sent, wrong};
use super::super::caller::Caller;
use super::super::record::{body, list, target, text};
use super::super::role::Roles;
use super::place::{entity, put, take};
use super::view::{named, roles, shown};
use crate::error::{Kind, Result, not_found};
use crate::http::reply::Failure;

pub(in crate::http) async fn team_members(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::of(&request).await?;
    let asked = Asked::read(&request, &["roles", "sort", "term", "type"])?;
    let (org, _, group) = named(&caller, caller.part("team_id")).await?;
    let wanted = asked.texts("roles");
    let term = asked.text("term")?.map(str::to_lowercase);
    let kind = asked.text("type")?;
    if !matches!(kind, None | Some("user" | "client")) {
        return Err(wrong("type", "this is user or client").into());
    }
    let sort = asked.text("sort")?.unwrap_or("name");
    if !matches!(sort.trim_start_matches('-'), "name" | "email") {
        return Err(wrong("sort", "this is name or email").into());
    }
    let members = list(&group, "member");
    let people = members.iter().filter_map(|one| target(one, "entity", "User")).map(str::to_owned);
    let rows = caller.users(&org, &people.collect::<Vec<_>>()).await?;
    let users: HashMap<&str, Value> =
        rows.iter().map(|row| Ok((row.id.as_str(), body(row)?))).collect::<Result<_>>()?;
    let held = held(&caller, &org, members).await?;
    let mut all = Vec::new();
    for member in members {
        let reference = member["entity"]["reference"].as_str().unwrap_or_default();
        let mut shown = json!({ "email": "", "firstname": "", "lastname": "", "roles": roles(member) });
        if let Some((id, user)) = target(member, "entity", "User").and_then(|id| Some((id, users.get(id)?))) {
            for (from, to) in [("email", "email"), ("firstName", "firstname"), ("lastName", "lastname")] {
                shown[to] = text(user, from).unwrap_or_default().into();
            }
            let names = [text(user, "firstName"), text(user, "lastName")];
            shown["name"] = names.into_iter().flatten().collect::<Vec<_>>().join(" ").into();
            (shown["guid"], shown["type"]) = (id.into(), "user".into());
        } else if let Some(id) = target(member, "entity", "ClientApplication") {
            let row = match org.repo.read("ClientApplication", id).await {
                Err(error) if matches!(error.kind, Kind::NotFound | Kind::Deleted | Kind::Forbidden) => {
                    continue;
                }
                row => row?,
            };
            shown["name"] = text(&body(&row)?, "name").unwrap_or_default().into();
            (shown["guid"], shown["type"]) = (id.into(), "client".into());
        } else {
            continue;
        }
        if let Some(held) = held.get(reference) {
            shown["org_roles"] = held.clone().into();
        }
        all.push(shown);
    }
    all.retain(|member| {
        let own = member["roles"].as_array().map_or(&[][..], Vec::as_slice);
        let about = format!("{}\n{}", member["name"], member["email"]).to_lowercase();
        kind.is_none_or(|kind| member["type"] == kind)
            && (wanted.is_empty() || own.iter().any(|role| wanted.iter().any(|one| role == one.as_str())))
            && term.as_ref().is_none_or(|term| about.contains(term.as_str()))
    });
    let field = sort.trim_start_matches('-');
    all.sort_by_cached_key(|member| member[field].as_str().unwrap_or_default().to_lowercase());
    if sort.starts_with('-') {
        all.reverse();
    }
    let matched = all.len();
    let some = all.into_iter().skip(asked.skip()).take(asked.limit).collect();
    Ok(page(&asked, some, matched))
}

/// What members of a team are in the organization, as far as the caller sees that.
async fn held(
    caller: &Caller<'_>,
    org: &super::super::place::Org,
    members: &[Value],
) -> Result<HashMap<String, Vec<String>>> {
    let mut held = HashMap::new();
    let who: Vec<&str> = members.iter().filter_map(|one| one["entity"]["reference"].as_str()).collect();
    for some in who.chunks(100) {
        let found = match org.all("ProjectMembership", &[("user", some.join(","))]).await {
            Err(error) if error.kind == Kind::Forbidden => break,
            found => found?,
        };
        let bodies = found.iter().map(|row| body(row)).collect::<Result<Vec<Value>>>()?;
        let roles = Roles::of(caller.identity(), org.number, &bodies.iter().collect::<Vec<_>>()).await?;
        for one in &bodies {
            let reference = one["user"]["reference"].as_str().unwrap_or_default();
            held.insert(reference.to_owned(), roles.named(one));
        }
    }
    Ok(held)
}

/// What is done to a place.
enum Done {
    Added,
    Changed,
    Left,
}

async fn change(request: HttpRequest, payload: web::Payload, what: Done) -> Result<HttpResponse, Failure> {
    let caller = Caller::of(&request).await?;
    let asked = Asked::read(&request, &[])?;
    let known: &[&str] = match what {
        Done::Added => &["roles", "type"],
        Done::Changed => &["roles"],
        Done::Left => &[],
    };
    let sent = Sent::read(&request, payload, known).await?;
    let (org, row, mut group) = named(&caller, caller.part("team_id")).await?;
    let given = caller.part("user_id");
    let missing = || not_found(format!("'{given}' is not in this team")).at("user_id");
    let reference = match what {
        Done::Added => entity(&caller, &org, given, sent.text("type")?).await?,
        _ => {
            let id = match caller.user(given).await {
                Ok(user) => user.id.clone(),
                Err(error) if error.kind == Kind::NotFound => given.to_ascii_lowercase(),
                Err(error) => return Err(error.into()),
            };
            let own = list(&group, "member").iter().filter_map(|one| one["entity"]["reference"].as_str());
            let mut own = own.filter(|one| one.split_once('/').is_some_and(|(_, own)| own == id));
            own.next().ok_or_else(missing)?.to_owned()
        }
    };
    match what {
        Done::Left => drop(take(&mut group, &reference)),
        _ => put(&mut group, &reference, &sent.texts("roles")?.unwrap_or_default())?,
    }
    let row = org.repo.update("Group", &row.id, group, Some(row.version)).await?.row;
    let created = org.repo.created(std::slice::from_ref(&row)).await?[0];
    Ok(one(&asked, shown(&org, &row, &body(&row)?, created)))
}

pub(in crate::http) async fn add_to_team(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    change(request, payload, Done::Added).await
}

pub(in crate::http) async fn change_in_team(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    change(request, payload, Done::Changed).await
}

pub(in crate::http) async fn leave_team(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    change(request, payload, Done::Left).await
}
