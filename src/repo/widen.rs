//! Conditions on guests: users of another pool, of whom an admin sees a part. A chain from their memberships leads to them,
//! and a search for users finds them, as far as it asks for what he sees.

use super::policy::GUEST_PARAMS;
use super::{Rank, Repo};
use crate::error::Result;
use crate::search::{Clause, Key, Other, Query, SortKey};

impl Repo {
    /// A search for users as guests are asked it; nothing where it asks for what is hidden of them, lest answers tell.
    pub(super) fn of_guests(&self, query: &Query) -> Option<Query> {
        let shown = |key: &SortKey| match key {
            SortKey::Id => true,
            SortKey::Param(param) => GUEST_PARAMS.contains(&param.code.as_str()),
        };
        if !query.sort.iter().all(|sort| shown(&sort.by)) {
            return None;
        }
        let memberships = self.guests()?.key;
        let clauses = query.clauses.iter().map(|clause| self.of_guest(clause, memberships));
        Some(Query { clauses: clauses.collect::<Option<Vec<Clause>>>()?, ..query.clone() })
    }

    fn of_guest(&self, clause: &Clause, memberships: Key) -> Option<Clause> {
        match clause {
            clause if shows_of_guests(clause) => Some(clause.clone()),
            // What a membership here says of him is no secret.
            Clause::Referred { by, key, qualifier }
                if *key == memberships && by.clauses.iter().all(speaks_for_itself) =>
            {
                let by = Other { pool: Some(self.actor.project), ..by.clone() };
                Some(Clause::Referred { by, key: *key, qualifier: *qualifier })
            }
            Clause::All(parts) => {
                let parts = parts.iter().map(|part| self.of_guest(part, memberships));
                Some(Clause::All(parts.collect::<Option<Vec<Clause>>>()?))
            }
            // By what is hidden he is not found; by another of these he is.
            Clause::Any(parts) => {
                let parts = parts.iter().filter_map(|part| self.of_guest(part, memberships));
                let parts: Vec<Clause> = parts.collect();
                (!parts.is_empty()).then_some(Clause::Any(parts))
            }
            Clause::Not(part) if !has_choice(part) => {
                Some(Clause::Not(Box::new(self.of_guest(part, memberships)?)))
            }
            _ => None,
        }
    }

    pub(super) fn widen(&self, query: &mut Query) -> Result<()> {
        let admin = self.actor.rank == Rank::ProjectAdmin && !self.actor.is_boundless();
        let Some(key) = self.guests().map(|only| only.key) else { return Ok(()) };
        if !admin || query.resource != "ProjectMembership" || !query.clauses.iter().any(|one| leads(one, key))
        {
            return Ok(());
        }
        let lenders = self.lenders()?;
        query.clauses.iter_mut().for_each(|clause| lead_on(clause, key, &lenders));
        Ok(())
    }
}

fn leads(clause: &Clause, by: Key) -> bool {
    match clause {
        Clause::Leads { key, .. } => *key == by,
        Clause::All(_) | Clause::Any(_) | Clause::Not(_) => clause.parts().any(|part| leads(part, by)),
        _ => false,
    }
}

fn lead_on(clause: &mut Clause, by: Key, lenders: &[i32]) {
    match clause {
        Clause::Leads { key, to } if *key == by => {
            let shown = |other: &&Other| other.kind == "User" && other.clauses.iter().all(shows_of_guests);
            let in_each = |other: &Other| {
                lenders.iter().map(|pool| Other { pool: Some(*pool), ..other.clone() }).collect()
            };
            let guests: Vec<Other> = to.iter().filter(shown).flat_map::<Vec<Other>, _>(in_each).collect();
            to.extend(guests);
        }
        Clause::All(parts) | Clause::Any(parts) => {
            parts.iter_mut().for_each(|part| lead_on(part, by, lenders));
        }
        Clause::Not(part) => lead_on(part, by, lenders),
        _ => {}
    }
}

fn shows_of_guests(clause: &Clause) -> bool {
    match clause {
        Clause::Id { .. } => true,
        Clause::Index { param, .. } | Clause::Missing { param, .. } => {
            GUEST_PARAMS.contains(&param.code.as_str())
        }
        Clause::All(parts) | Clause::Any(parts) => parts.iter().all(shows_of_guests),
        Clause::Not(part) => shows_of_guests(part),
        // Other resources would tell what is hidden.
        _ => false,
    }
}

/// Whether a condition looks at nothing but the resource itself.
fn speaks_for_itself(clause: &Clause) -> bool {
    clause.others().is_empty()
}

/// Whether some alternative could be left out of it.
fn has_choice(clause: &Clause) -> bool {
    matches!(clause, Clause::Any(_)) || clause.parts().any(has_choice)
}
