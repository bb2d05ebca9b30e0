//! A project comes to be: the project itself, a client of its own and, for somebody, a profile and a membership as its
//! admin; all of it at once.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::acting::{self, in_name_of, reason, target, text};
use super::client::{self, NewClient};
use crate::error::{Result, malformed};
use crate::identity::Identity;
use crate::repo::Repo;
use crate::repo::audit::Audit;

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct NewProject {
    pub name: String,
    /// Id of the project whose pool it draws from.
    pub parent: Option<String>,
    /// Id of the user who will own it: of the pool of the server.
    pub owner: Option<String>,
    /// Whether it gets a second client, for an identity provider that keeps its users (RFC 7644).
    pub provisioned: bool,
}

/// How to get into it.
pub struct Made {
    pub project: String,
    pub client_id: String,
    /// Shown once.
    pub client_secret: String,
    /// Id and secret of the client of the identity provider.
    pub provisioner: Option<(String, String)>,
    /// Id of the owner's membership, and reference to his profile.
    pub membership: Option<String>,
    pub profile: Option<String>,
}

impl Identity {
    /// Makes a project in the name of whoever holds the repo.
    pub async fn new_project(&self, repo: &Repo, asked: &NewProject, audit: Audit) -> Result<Made> {
        if asked.name.trim().is_empty() {
            return Err(malformed("a project has a name").coded("required").at("name"));
        }
        let own = in_name_of(repo);
        let mut project = json!({ "resourceType": "Project", "name": asked.name, "active": true });
        if let Some(parent) = &asked.parent {
            own.read("Project", parent).await?;
            project["parent"] = json!({ "reference": format!("Project/{parent}") });
        }
        let id = Uuid::now_v7().to_string();
        let number = self.engine.store.number_project(&id)?;
        let mut entries = Vec::new();
        let (mut membership, mut profile) = (None, None);
        if let Some(owner) = &asked.owner {
            let user = acting::body(&*own.read("User", owner).await?)?;
            if target(&user, "project", "Project").is_some() {
                let text = "a user of a project's own pool owns no other project";
                return Err(malformed(text).coded("business-rule").at("owner"));
            }
            project["owner"] = json!({ "reference": format!("User/{owner}") });
            let (member, person) = (Uuid::now_v7().to_string(), Uuid::now_v7().to_string());
            entries.push(acting::new("Practitioner", &person, practitioner(&user, &id)));
            entries.push(acting::new(
                "ProjectMembership",
                &member,
                json!({
                    "resourceType": "ProjectMembership",
                    "project": { "reference": format!("Project/{id}") },
                    "user": { "reference": format!("User/{owner}") },
                    "profile": { "reference": format!("Practitioner/{person}") },
                    "active": true,
                    "admin": true,
                }),
            ));
            (membership, profile) = (Some(member), Some(format!("Practitioner/{person}")));
        }
        entries.insert(0, acting::new("Project", &id, project));
        let (client_id, client_secret) = (Uuid::new_v4().to_string(), random());
        let client =
            NewClient { name: format!("{} client", asked.name), admin: true, ..NewClient::default() };
        entries.extend(client::entries(&id, &client_id, &client_secret, &client));
        let provisioner = asked.provisioned.then(|| (Uuid::new_v4().to_string(), random()));
        if let Some((client, secret)) = &provisioner {
            let asked = NewClient { name: "SCIM".to_owned(), admin: true, ..NewClient::default() };
            entries.extend(client::entries(&id, client, secret, &asked));
        }
        own.audited(audit.project(number)).transaction(entries).await.map_err(reason)?;
        Ok(Made { project: id, client_id, client_secret, provisioner, membership, profile })
    }
}

fn practitioner(user: &Value, project: &str) -> Value {
    let part = |name: &str| text(user, name).unwrap_or_default().to_owned();
    let mut name = json!({});
    if let Some(first) = Some(part("firstName")).filter(|first| !first.is_empty()) {
        name["given"] = json!([first]);
    }
    if let Some(last) = Some(part("lastName")).filter(|last| !last.is_empty()) {
        name["family"] = Value::from(last);
    }
    let mut practitioner = json!({ "resourceType": "Practitioner", "meta": { "project": project } });
    if name.as_object().is_some_and(|name| !name.is_empty()) {
        practitioner["name"] = json!([name]);
    }
    if let Some(email) = text(user, "email") {
        practitioner["telecom"] = json!([{ "system": "email", "use": "work", "value": email }]);
    }
    practitioner
}

/// 192 bits.
pub(in crate::identity) fn random() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 24]>())
}
