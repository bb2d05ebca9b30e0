//! Places in teams: who has one, and for what.

use serde_json::{Value, json};

use super::super::asked::{Sent, wrong};
use super::super::caller::Caller;
use super::super::place::Org;
use super::super::record::{body, extend, list};
use super::super::role;
use super::view::{roles, shown};
use crate::error::{Kind, Result, busy, malformed, not_found};

/// Begun anew, this often, where others change the same team.
const ATTEMPTS: usize = 12;

/// A place that is asked for: a team, and roles in it.
pub(in crate::http::axway) type Place = (String, Vec<String>);

/// The reference of a member of the organization, by his number or guid.
pub(super) async fn entity(
    caller: &Caller<'_>,
    org: &Org,
    given: &str,
    kind: Option<&str>,
) -> Result<String> {
    let missing = || not_found(format!("'{given}' is no member of this organization")).at("user");
    let reference = match kind {
        Some("client") => format!("ClientApplication/{}", given.to_ascii_lowercase()),
        None | Some("user") => match caller.user(given).await {
            Err(error) if error.kind == Kind::NotFound => return Err(missing()),
            row => format!("User/{}", row?.id),
        },
        Some(_) => return Err(wrong("type", "this is user or client")),
    };
    let project = ("project", format!("Project/{}", org.id));
    let asked = [("user", crate::search::escape(&reference)), project];
    match org.all("ProjectMembership", &asked).await?.is_empty() {
        true => Err(missing()),
        false => Ok(reference),
    }
}

/// Gives somebody a place in a group, or other roles in the one that he has.
pub(super) fn put(group: &mut Value, reference: &str, given: &[String]) -> Result<()> {
    role::of_team(given)?;
    if given.is_empty() {
        return Err(malformed("a member of a team has a role").coded("required").at("roles"));
    }
    let mut members = list(group, "member").to_vec();
    let place = members.iter().position(|one| one["entity"]["reference"] == reference);
    let mut member = match place {
        Some(place) => members[place].clone(),
        None => json!({ "entity": { "reference": reference } }),
    };
    extend(&mut member, "team-role", given.iter().map(|role| json!({ "valueCode": role })).collect());
    match place {
        Some(place) => members[place] = member,
        None => members.push(member),
    }
    group["member"] = members.into();
    Ok(())
}

/// Takes somebody's place away. Whether he had one.
pub(super) fn take(group: &mut Value, reference: &str) -> bool {
    let mut members = list(group, "member").to_vec();
    let before = members.len();
    members.retain(|one| one["entity"]["reference"] != reference);
    let gone = members.len() < before;
    super::super::record::put(group, "member", Some(members).filter(|all| !all.is_empty()));
    gone
}

/// The places that a body asks for in `teams`; each team has to be there.
pub(in crate::http::axway) async fn places(org: &Org, sent: &Sent) -> Result<Vec<Place>> {
    let mut places = Vec::new();
    for one in sent.list("teams")?.unwrap_or_default() {
        let wrong = || wrong("teams", "a place in a team is { guid, roles }");
        let guid = one.get("guid").and_then(Value::as_str).ok_or_else(wrong)?.to_ascii_lowercase();
        let given = one.get("roles").and_then(Value::as_array).ok_or_else(wrong)?;
        let given: Option<Vec<String>> = given.iter().map(|role| role.as_str().map(str::to_owned)).collect();
        let given = given.ok_or_else(wrong)?;
        put(&mut json!({}), "User/any", &given)?;
        let row = org.repo.read("Group", &guid).await;
        let missing = || not_found(format!("there is no team '{guid}' in this organization")).at("teams");
        row.map_err(|error| if error.kind == Kind::Forbidden { error } else { missing() })?;
        places.push((guid, given));
    }
    Ok(places)
}

/// Changes a team. `change` may be asked again, where others were faster.
async fn write(org: &Org, id: &str, change: impl Fn(&mut Value) -> Result<bool>) -> Result<()> {
    for _ in 0..ATTEMPTS {
        let row = org.repo.read("Group", id).await?;
        let mut group = body(&row)?;
        if !change(&mut group)? {
            return Ok(());
        }
        match org.repo.update("Group", id, group, Some(row.version)).await {
            Ok(_) => return Ok(()),
            Err(error) if error.kind == Kind::Precondition => {}
            Err(error) => return Err(error),
        }
    }
    Err(busy("this team is changed by many at once; try again"))
}

/// Gives somebody these places.
pub(in crate::http::axway) async fn join(org: &Org, places: &[Place], reference: &str) -> Result<()> {
    for (team, given) in places {
        write(org, team, |group| put(group, reference, given).map(|()| true)).await?;
    }
    Ok(())
}

/// Takes all of somebody's places in the teams of an organization away.
pub(in crate::http::axway) async fn leave(org: &Org, reference: &str) -> Result<()> {
    for row in org.all("Group", &[("member", reference.to_owned())]).await? {
        write(org, &row.id, |group| Ok(take(group, reference))).await?;
    }
    Ok(())
}

/// The teams of a member, with what he is in each for.
pub(in crate::http::axway) async fn of_member(
    caller: &Caller<'_>,
    org: &Org,
    reference: &str,
) -> Result<Vec<Value>> {
    let found = org.all("Group", &[("member", reference.to_owned())]).await?;
    let created = caller.repo.created(&found).await?;
    let mut teams = Vec::new();
    for (row, made) in found.iter().zip(created) {
        let group = body(row)?;
        let mut team = shown(org, row, &group, made);
        let own = list(&group, "member").iter().find(|one| one["entity"]["reference"] == reference);
        team["roles"] = own.map(roles).unwrap_or_default().into();
        team.as_object_mut().map(|team| team.shift_remove("users"));
        teams.push(team);
    }
    Ok(teams)
}
