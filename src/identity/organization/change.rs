//! An organization is made, changed, and closed: a project is put to sleep, not deleted.

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::acting::{self, in_name_of, reason};
use super::super::user::written;
use crate::error::{Error, Result, forbidden};
use crate::identity::Identity;
use crate::repo::Repo;
use crate::repo::audit::{Act, Audit};
use crate::store::Row;

/// What a new organization says of itself: elements of Project.
#[derive(Debug, Clone)]
pub struct Organization {
    pub id: String,
    pub body: Value,
}

impl Identity {
    /// Makes a child of the project of the admin who holds the repo.
    pub async fn new_organization(&self, repo: &Repo, asked: Organization, audit: Audit) -> Result<Arc<Row>> {
        if !repo.actor().administers() || repo.actor().is_boundless() {
            return Err(forbidden("this is for the admin of the project"));
        }
        let mut body = asked.body;
        body["resourceType"] = Value::from("Project");
        body["active"] = Value::Bool(true);
        body["parent"] = json!({ "reference": format!("Project/{}", repo.actor().project_id) });
        self.engine.store.number_project(&asked.id)?;
        let entries = vec![acting::new("Project", &asked.id, body)];
        let own = in_name_of(repo).audited(Audit { act: Act::Create, ..audit }.project(repo.actor().project));
        written(own.transaction(entries).await.map_err(reason)?)
    }

    /// Changes an organization. `change` may be asked again, where others were faster.
    pub async fn change_organization<E: From<Error>>(
        &self,
        repo: &Repo,
        id: &str,
        audit: Audit,
        change: impl Fn(&mut Value) -> Result<(), E>,
    ) -> Result<Arc<Row>, E> {
        let read = async || Ok(self.organization_record(repo, id).await?.0);
        let audit = |_: &Row| Audit { act: Act::Update, ..audit.clone() }.project(repo.actor().project);
        acting::change(repo, "Project", read, audit, change).await
    }
}
