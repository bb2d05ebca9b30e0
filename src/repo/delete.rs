//! delete (<https://hl7.org/fhir/R4/http.html#delete>): a new version that is a marker; history stays.

use std::sync::Arc;

use serde_json::Value;

use super::conditional::Criteria;
use super::plan::{Missed, Plan};
use super::policy::Interaction;
use super::prepare::{now, withdrawn};
use super::update::{ATTEMPTS, crowded, must_match};
use super::{Outcome, Repo};
use crate::definitions::ResourceType;
use crate::error::{Result, unsupported};
use crate::resource;
use crate::store::{Change, IndexChange, Redefinition, Row, Secret};

impl Repo {
    /// The version of the marker; nothing where nothing was. With `if_match`, only from that version.
    pub async fn delete(&self, kind: &str, id: &str, if_match: Option<i64>) -> Result<Option<i64>> {
        let resource = self.may_delete(kind)?;
        for _ in 0..ATTEMPTS {
            let old = self.in_sight(kind, id).await?;
            must_match(kind, id, if_match, old.as_ref())?;
            let Some(old) = old else { return Ok(None) };
            if old.deleted {
                return Ok(Some(old.version));
            }
            self.may_remove(resource, &old).await?;
            if let Some(written) = self.carry_out(self.removal(resource, &old)?, None).await? {
                return Ok(Some(written.row.version));
            }
        }
        Err(crowded(kind))
    }

    /// Deletes what answers the criteria (<https://hl7.org/fhir/R4/http.html#cdelete>): all of it or nothing.
    /// Gives how many that were.
    pub async fn delete_where(&self, kind: &str, criteria: &Criteria) -> Result<usize> {
        let resource = self.may_delete(kind)?;
        for _ in 0..ATTEMPTS {
            let (rows, guard) = self.to_remove(resource, criteria).await?;
            for row in &rows {
                self.may_remove(resource, row).await?;
            }
            let plans = rows.iter().map(|row| self.removal(resource, row)).collect::<Result<_>>()?;
            match self.commit(plans, vec![guard]).await {
                Ok(_) => return Ok(rows.len()),
                Err(Missed::Outrun) => continue,
                Err(missed) => return Err(missed.error()),
            }
        }
        Err(crowded(kind))
    }

    /// The row of a resource that the actor can see. To delete any other has no more effect than to delete nothing.
    pub(super) async fn in_sight(&self, kind: &str, id: &str) -> Result<Option<Arc<Row>>> {
        match self.locate(kind, id).await? {
            Some(row) if self.sees(Interaction::Delete, &row).await? => Ok(Some(row)),
            _ => Ok(None),
        }
    }

    pub(super) fn may_delete(&self, kind: &str) -> Result<&ResourceType> {
        let resource = self.may(Interaction::Delete, kind)?;
        if kind == "Project" {
            return Err(unsupported("a project is not deleted; set its active to false"));
        }
        Ok(resource)
    }

    /// The plan that deletes a living resource.
    pub(super) fn removal<'k>(&self, resource: &'k ResourceType, old: &Row) -> Result<Plan<'k>> {
        let body: Value = resource::parse(old.body.as_bytes())?;
        let secrets = self.engine.store.secret_names(old.project, old.rid)?;
        let change = Change {
            project: old.project,
            kind: old.kind,
            id: old.id.clone(),
            replaces: Some((old.rid, old.version)),
            amends: None,
            version: old.version + 1,
            updated: now().max(old.updated),
            deleted: true,
            body: "".into(),
            index: IndexChange {
                redefines: (resource.name == "SearchParameter").then_some(Redefinition::Retire),
                ..withdrawn(resource, &self.plain_entries(resource, &body)?)
            },
            secrets: secrets.iter().map(|name| Secret::forget(name)).collect(),
            event: self.event("delete"),
        };
        Ok(Plan::write(resource, change, Outcome::Deleted))
    }
}
