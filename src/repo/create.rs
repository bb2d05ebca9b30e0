//! create (<https://hl7.org/fhir/R4/http.html#create>), on condition too
//! (<https://hl7.org/fhir/R4/http.html#ccreate>).

use serde_json::Value;
use uuid::Uuid;

use super::conditional::Criteria;
use super::plan::{Plan, outrun};
use super::policy::Interaction;
use super::update::{ATTEMPTS, crowded, may_be_named};
use super::{Outcome, Repo, Written};
use crate::definitions::ResourceType;
use crate::error::{Result, precondition};
use crate::store::Change;

impl Repo {
    /// Stores a new resource under an id of ours.
    pub async fn create(&self, kind: &str, body: Value) -> Result<Written> {
        let resource = self.may(Interaction::Create, kind)?;
        let id = Uuid::now_v7().to_string();
        let change = self.first(resource, &id, body).await?;
        let plan = Plan::write(resource, change, Outcome::Created);
        self.carry_out(plan, None).await?.ok_or_else(outrun)
    }

    /// Stores a new resource, unless one answers the criteria: then that one is the result.
    pub async fn create_unless(&self, kind: &str, body: Value, criteria: &Criteria) -> Result<Written> {
        let resource = self.may(Interaction::Create, kind)?;
        for _ in 0..ATTEMPTS {
            let (found, guard) = self.sought(kind, criteria, 2).await?;
            if let Some(row) = criteria.only(found)? {
                self.note_reading("read", kind, &row.id, row.project).await?;
                return Ok(Written { row: self.seen(row)?, outcome: Outcome::Found });
            }
            let change = self.first(resource, &Uuid::now_v7().to_string(), body.clone()).await?;
            let plan = Plan::write(resource, change, Outcome::Created);
            if let Some(written) = self.carry_out(plan, Some(guard)).await? {
                return Ok(written);
            }
        }
        Err(crowded(kind))
    }

    /// Stores a new resource under an id of the caller's, unless that is taken.
    pub async fn create_as(&self, kind: &str, id: &str, body: Value) -> Result<Written> {
        let resource = self.may(Interaction::Update, kind)?;
        let exists = || precondition(format!("there is a {kind}/{id} already")).at("If-None-Match");
        for _ in 0..ATTEMPTS {
            let old = self.reach(Interaction::Update, kind, id).await?;
            if old.as_ref().is_some_and(|old| !old.deleted) {
                return Err(exists());
            }
            self.may_choose(kind, old.as_ref())?;
            let plan = self.replacement(resource, id, body.clone(), old.as_deref()).await?;
            if let Some(written) = self.carry_out(plan, None).await? {
                return Ok(written);
            }
        }
        Err(crowded(kind))
    }

    /// The plan that creates `body` under `id`.
    pub(super) async fn creation<'k>(
        &self,
        resource: &'k ResourceType,
        id: &str,
        body: Value,
    ) -> Result<Plan<'k>> {
        self.may(Interaction::Create, &resource.name)?;
        may_be_named(&resource.name, id)?;
        Ok(Plan::write(resource, self.first(resource, id, body).await?, Outcome::Created))
    }

    /// The change that creates `body` under `id`.
    async fn first(&self, resource: &ResourceType, id: &str, mut body: Value) -> Result<Change> {
        let project = self.place(resource, id, &mut body).await?;
        self.may_begin(resource, (project, id), &mut body).await?;
        let checked = self.lawful(resource, body, None, project)?;
        let change = self.change(resource, (project, id), checked, None, None)?;
        self.may_become(resource, Interaction::Create, None, &change).await?;
        Ok(change)
    }
}
