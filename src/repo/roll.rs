//! update (<https://hl7.org/fhir/R4/http.html#update>) of a resource with a long list, from which some go and to which
//! others come. Those who stay are neither read nor judged nor indexed anew, so that it costs the same however many
//! they are, but for the writing of the text.

use std::sync::Arc;

use super::policy::Interaction;
use super::{Repo, Written};
use crate::definitions::{Param, ResourceType};
use crate::error::Result;
use crate::resource::{Roll, Turnover, claims_any, with_members};
use crate::store::Row;

impl Repo {
    /// Makes the next version of `row`, which the actor has read and whose roll is `roll`, if it is still the current one.
    pub async fn turn_over(
        &self,
        kind: &str,
        row: &Arc<Row>,
        roll: &Roll<'_>,
        turnover: &Turnover,
    ) -> Result<Written> {
        match self.turn_over_by_excerpt(kind, row, roll, turnover).await? {
            Some(written) => Ok(written),
            None => self.update(kind, &row.id, turnover.whole(roll), Some(row.version)).await,
        }
    }

    /// Nothing where the whole has to be looked at, or where others were faster.
    async fn turn_over_by_excerpt(
        &self,
        kind: &str,
        row: &Arc<Row>,
        roll: &Roll<'_>,
        turnover: &Turnover,
    ) -> Result<Option<Written>> {
        let resource = self.may(Interaction::Update, kind)?;
        if !self.may_excerpt(resource, row.project, roll, turnover)?
            || !self.sees(Interaction::Update, row).await?
        {
            return Ok(None);
        }
        let come = turnover.come.iter().map(String::as_str);
        let gone = turnover.gone.iter().filter_map(|place| roll.references.get(*place).copied());
        let bounds = roll.bounds(&turnover.gone);
        let before = with_members(roll.frame.clone(), bounds.iter().copied().chain(gone));
        let after = with_members(turnover.frame.clone(), bounds.iter().copied().chain(come));
        let plan = self.successor(resource, after, row, Some(before)).await?;
        if plan.change().is_some_and(|change| change.index.clear) {
            return Ok(None);
        }
        match plan.retold(|stamped| roll.text(turnover, stamped)) {
            Some(plan) => self.carry_out(plan, None).await,
            None => Ok(None),
        }
    }

    /// Whether nobody asks for more of the list than who comes, who goes, and whether there is anybody.
    fn may_excerpt(
        &self,
        resource: &ResourceType,
        project: i32,
        roll: &Roll,
        turnover: &Turnover,
    ) -> Result<bool> {
        let own = self.catalogue.of_project(project).resources.get(&resource.name);
        let mut params = resource.indexed().chain(own.into_iter().flat_map(|own| own.indexed()));
        Ok(self.has_all_of(&resource.name).is_ok()
            && [&roll.frame, &turnover.frame].iter().all(|frame| !claims_any(frame))
            && turnover.frame.get("contained").is_none()
            && params.all(|param| is_plain(param))
            && resource.structure.root().invariants.iter().all(|rule| is_content(&rule.text)))
    }
}

/// Whether a parameter finds the members one by one, or nothing of them.
fn is_plain(param: &Param) -> bool {
    let simple = !param.custom && param.text == format!("{}.{}.entity", param.resource, Roll::ELEMENT);
    let texts = || param.components.iter().map(|part| part.text.as_str()).chain([param.text.as_str()]);
    simple || texts().all(|text| !looks_around(text) && !text.contains(Roll::ELEMENT))
}

/// Whether a rule about the whole asks no more of the list than whether there is anybody.
fn is_content(rule: &str) -> bool {
    // Where nothing is contained, rules about that say nothing.
    let of_contained = rule.starts_with("contained.");
    let mentions = rule.split(Roll::ELEMENT).skip(1);
    of_contained
        || !looks_around(rule)
            && mentions.into_iter().all(|rest| rest.starts_with(".empty()") || rest.starts_with(".exists()"))
}

/// Whether an expression can find an element without its name.
fn looks_around(text: &str) -> bool {
    ["children()", "descendants()", "repeat("].iter().any(|word| text.contains(word))
}
