//! Teams of users, found together with their members by `_include`
//! (<https://hl7.org/fhir/R4/search.html#revinclude>).

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::client::{self, Connection, request};
use crate::query::{Expected, Search};
use crate::seed::Sampled;

const TEAMS: usize = 20;
pub const MEMBERS: usize = 50;

/// Founds teams of users who are there, and gives the searches for them; none where users are too few.
pub async fn found(connection: &mut Connection, token: &str, users: &[Sampled]) -> Result<Vec<Search>> {
    let mut searches = Vec::new();
    for members in users.chunks_exact(MEMBERS).take(TEAMS) {
        let member = |user: &Sampled| json!({"entity": {"reference": format!("User/{}", user.id)}});
        let members: Vec<Value> = members.iter().map(member).collect();
        let team = json!({"resourceType": "Group", "type": "person", "actual": true, "member": members});
        let create = request("POST", "/fhir/R4/Group", token, "", &team.to_string());
        let (status, _, body) = connection.call(&create).await?;
        let team = client::json(&body)?;
        ensure!(status == 201, "create: {status} {team}");
        let id = team["id"].as_str().context("no id")?;
        let path = format!("/fhir/R4/Group?_id={id}&_include=Group:member");
        searches.push(Search { path, expected: Expected::Team(id.to_owned()) });
    }
    Ok(searches)
}
