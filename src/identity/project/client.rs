//! A client of a project, with a secret that is shown once and a membership to act by.

use serde_json::{Value, json};
use uuid::Uuid;

use super::super::acting::{self, in_name_of, reason, within};
use crate::error::{Error, Issue, Kind, Result, busy, fault, forbidden, malformed};
use crate::identity::Identity;
use crate::repo::audit::{Act, Audit};
use crate::repo::bundle::Done;
use crate::repo::{Repo, absent};

/// Begun anew, this often, where others change the same client.
const ATTEMPTS: usize = 12;

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct NewClient {
    pub name: String,
    pub description: Option<String>,
    pub redirect_uris: Vec<String>,
    /// Reference to a policy of the project.
    pub policy: Option<String>,
    /// References to more of them, of the project or of one above it.
    pub roles: Vec<String>,
    pub admin: bool,
    /// The secret, where it is not to be made up.
    pub secret: Option<String>,
    /// A set of keys, in the place of a secret.
    pub jwks: Option<String>,
    pub tags: Option<Value>,
}

impl NewClient {
    pub fn parse(body: &Value) -> Result<Self> {
        let Some(object) = body.as_object() else {
            return Err(malformed("a client is asked for by a JSON object").coded("structure"));
        };
        let mut issues = Vec::new();
        let mut client = Self::default();
        for (name, value) in object {
            let text = value.as_str().map(str::to_owned).filter(|text| !text.is_empty());
            match name.as_str() {
                "name" => client.name = text.unwrap_or_default(),
                "description" => client.description = text,
                "redirectUri" => client.redirect_uris.extend(text),
                "redirectUris" => match value.as_array() {
                    Some(list) => {
                        client.redirect_uris.extend(list.iter().filter_map(Value::as_str).map(str::to_owned));
                    }
                    None => issues.push(Issue::error("value", "it is a list").at(name)),
                },
                "accessPolicy" => {
                    client.policy = value.get("reference").and_then(Value::as_str).map(str::to_owned)
                }
                "admin" => client.admin = value == &Value::Bool(true),
                "resourceType" => {}
                _ => issues.push(Issue::error("not-supported", "this is not known here").at(name)),
            }
        }
        if client.name.is_empty() {
            issues.push(Issue::error("required", "Client name is required").at("name"));
        }
        match issues.is_empty() {
            true => Ok(client),
            false => Err(Error::new(Kind::Malformed, issues)),
        }
    }
}

impl Identity {
    /// Makes the client and its membership. Gives it as it was stored, and the secret, which nobody can read again.
    pub async fn new_client(
        &self,
        repo: &Repo,
        project: &str,
        asked: &NewClient,
        audit: Audit,
    ) -> Result<(Value, String)> {
        let number = self.engine.store.project_number(project)?.ok_or_else(|| absent("Project", project))?;
        if let Some(policy) = &asked.policy {
            let id = policy.strip_prefix("AccessPolicy/").unwrap_or_default();
            if id.is_empty() || within(&self.engine, number, "AccessPolicy", &[("_id", id)]).await?.is_empty()
            {
                let text = format!("there is no {policy} in this project");
                return Err(malformed(text).coded("not-found").at("accessPolicy"));
            }
        }
        let (id, secret) =
            (Uuid::new_v4().to_string(), asked.secret.clone().unwrap_or_else(super::create::random));
        let entries = entries(project, &id, &secret, asked);
        let own = in_name_of(repo).audited(audit.project(number));
        let done = own.transaction(entries).await.map_err(reason)?;
        match done.into_iter().next() {
            Some(Done::Written(written)) => Ok((acting::body(&written.row)?, secret)),
            _ => Err(fault("a client was not written")),
        }
    }
}

impl Identity {
    /// Changes a client that whoever holds the repo sees as its admin, its secret included. `change` may be asked again,
    /// where others were faster.
    pub async fn change_client(
        &self,
        repo: &Repo,
        id: &str,
        audit: Audit,
        change: impl Fn(&mut Value) -> Result<()>,
    ) -> Result<()> {
        if !repo.actor().administers() {
            return Err(forbidden("this is for the admin of the project"));
        }
        for _ in 0..ATTEMPTS {
            let row = repo.read("ClientApplication", id).await?;
            let mut next = acting::body(&row)?;
            change(&mut next)?;
            let own =
                in_name_of(repo).audited(Audit { act: Act::Update, ..audit.clone() }.project(row.project));
            match own.transaction(vec![acting::next("ClientApplication", &row, next)]).await.map_err(reason) {
                Ok(_) => return Ok(()),
                Err(error) if error.kind == Kind::Precondition => {}
                Err(error) => return Err(error),
            }
        }
        Err(busy("this client is changed by many at once; try again"))
    }
}

/// The client and its membership.
pub(super) fn entries(
    project: &str,
    id: &str,
    secret: &str,
    asked: &NewClient,
) -> Vec<crate::repo::bundle::Entry> {
    let mut client = json!({
        "resourceType": "ClientApplication",
        "meta": { "project": project },
        "status": "active",
        "name": asked.name,
    });
    match &asked.jwks {
        Some(jwks) => client["jwks"] = Value::from(jwks.as_str()),
        None => client["secret"] = Value::from(secret),
    }
    if let Some(tags) = &asked.tags {
        client["meta"]["tag"] = tags.clone();
    }
    if let Some(description) = &asked.description {
        client["description"] = Value::from(description.as_str());
    }
    if !asked.redirect_uris.is_empty() {
        client["redirectUris"] = json!(asked.redirect_uris);
    }
    let reference = json!({ "reference": format!("ClientApplication/{id}") });
    let mut membership = json!({
        "resourceType": "ProjectMembership",
        "project": { "reference": format!("Project/{project}") },
        "user": reference,
        "profile": reference,
        "active": true,
        "admin": asked.admin,
    });
    let policies: Vec<&String> = asked.policy.iter().chain(&asked.roles).collect();
    if !policies.is_empty() {
        let access = policies.into_iter().map(|policy| json!({ "policy": { "reference": policy } }));
        membership["access"] = access.collect();
    }
    vec![
        acting::new("ClientApplication", id, client),
        acting::new("ProjectMembership", &Uuid::now_v7().to_string(), membership),
    ]
}
