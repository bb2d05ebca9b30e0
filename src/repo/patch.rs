//! patch (<https://hl7.org/fhir/R4/http.html#patch>): what the current version becomes goes the way of an update.

use serde_json::Value;

use super::plan::Plan;
use super::policy::Interaction;
use super::update::{ATTEMPTS, crowded, must_match};
use super::{Criteria, Repo, Written};
use crate::definitions::ResourceType;
use crate::error::{Result, not_found};
use crate::resource::Patch;
use crate::store::Row;

impl Repo {
    /// Changes the current version, if that is `if_match` (where given).
    pub async fn patch(&self, kind: &str, id: &str, patch: &Patch, if_match: Option<i64>) -> Result<Written> {
        let resource = self.may(Interaction::Update, kind)?;
        for _ in 0..ATTEMPTS {
            let row = self.living(kind, id, if_match).await?;
            let plan = self.patched(resource, &row, patch).await?;
            if let Some(written) = self.carry_out(plan, None).await? {
                return Ok(written);
            }
        }
        Err(crowded(kind))
    }

    /// Changes the one resource that answers the criteria.
    pub async fn patch_where(
        &self,
        kind: &str,
        patch: &Patch,
        criteria: &Criteria,
        if_match: Option<i64>,
    ) -> Result<Written> {
        let resource = self.may(Interaction::Update, kind)?;
        for _ in 0..ATTEMPTS {
            let (found, guard) = self.sought(kind, criteria, 2).await?;
            let old = criteria.only(found)?;
            let Some(row) = &old else { return Err(not_found("nothing meets the condition")) };
            must_match(kind, &row.id, if_match, old.as_ref())?;
            let plan = self.patched(resource, row, patch).await?;
            if let Some(written) = self.carry_out(plan, Some(guard)).await? {
                return Ok(written);
            }
        }
        Err(crowded(kind))
    }

    /// The plan that patches a living resource.
    pub(super) async fn patched<'k>(
        &self,
        resource: &'k ResourceType,
        old: &Row,
        patch: &Patch,
    ) -> Result<Plan<'k>> {
        // Of what is hidden, a patch can neither tell nor take a copy.
        let before: Value = self.seen_body(old)?;
        let body = patch.apply(&self.definitions, &before)?;
        self.replacement(resource, &old.id, body, Some(old)).await
    }
}
