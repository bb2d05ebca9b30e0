//! The record of reading (<https://hl7.org/fhir/R4/auditevent.html>), where it is wanted (`--audit reads`): who read, or
//! sought, records of other people. One's own record is nobody else's concern.

use serde_json::Value;
use url::form_urlencoded::Serializer;

use super::audit::{Act, Audit, PERSONS, Scope};
use super::{Change, Found, Rank, Repo};
use crate::error::Result;

/// What was asked for: a type, or all, and the compartment it was asked within.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sought<'s> {
    pub kind: Option<&'s str>,
    pub within: Option<(&'s str, &'s str)>,
    /// An operation, or `_history`.
    pub by: Option<&'s str>,
}

impl Sought<'_> {
    /// As an address below the base.
    fn query(&self, parameters: &[(String, String)]) -> String {
        let within = self.within.into_iter().flat_map(|(kind, id)| [kind, id]);
        let parts: Vec<&str> =
            within.chain(self.kind).chain(self.by).filter(|part| !part.is_empty()).collect();
        let mut query = parts.join("/");
        if !parameters.is_empty() {
            query.push('?');
            query.push_str(&Serializer::new(String::new()).extend_pairs(parameters).finish());
        }
        query
    }
}

impl Repo {
    /// Records that another person's record was read.
    pub(super) async fn note_reading(
        &self,
        what: &'static str,
        kind: &str,
        id: &str,
        project: i32,
    ) -> Result<()> {
        if !self.notes_reading() || !self.is_another(kind, id) {
            return Ok(());
        }
        let project = if project == 0 { self.actor.project } else { project };
        let audit = Audit::new(what, Act::Read).entity(format!("{kind}/{id}")).project(project);
        self.record(audit).await
    }

    /// Records that other people's records were sought: what was asked, however many it found.
    pub(super) async fn note_search(
        &self,
        sought: Sought<'_>,
        parameters: &[(String, String)],
        found: &Found,
    ) -> Result<()> {
        if !self.notes_reading() {
            return Ok(());
        }
        let rows = found.rows.iter().chain(&found.included);
        let name = |kind: i32| self.engine.store.kind_name(kind).unwrap_or_default();
        let told = rows.map(|row| (name(row.kind), row.id.as_str()));
        match self.query_told("search", sought, parameters, told) {
            Some(audit) => self.record(audit).await,
            None => Ok(()),
        }
    }

    /// The same of the history of a type, or of all.
    pub(super) async fn note_history(&self, kind: Option<&str>, changes: &[Change]) -> Result<()> {
        if !self.notes_reading() {
            return Ok(());
        }
        let sought = Sought { kind, by: Some("_history"), ..Sought::default() };
        let told = changes.iter().map(|change| (change.kind.as_str(), change.id.as_str()));
        match self.query_told("history", sought, &[], told) {
            Some(audit) => self.record(audit).await,
            None => Ok(()),
        }
    }

    /// What there is to record of a question; nothing where it told of nobody else.
    fn query_told<'t>(
        &self,
        what: &'static str,
        sought: Sought<'_>,
        parameters: &[(String, String)],
        told: impl Iterator<Item = (&'t str, &'t str)>,
    ) -> Option<Audit> {
        let mut people = told.filter(|(kind, _)| PERSONS.contains(kind)).peekable();
        // That there is nobody of this name is told as well.
        let nobody = people.peek().is_none() && sought.kind.is_some_and(|kind| PERSONS.contains(&kind));
        if !nobody && !people.any(|(kind, id)| self.is_another(kind, id)) {
            return None;
        }
        let act = if what == "search" { Act::Execute } else { Act::Read };
        Some(Audit { query: Some(sought.query(parameters)), ..Audit::new(what, act) })
    }

    /// The server reads as it needs to, and for itself.
    fn notes_reading(&self) -> bool {
        self.engine.limits.audit >= Scope::Reads
            && self.actor.rank != Rank::System
            && self.actor.reference.contains('/')
    }

    fn is_another(&self, kind: &str, id: &str) -> bool {
        let is_him = |reference: &str| reference.split_once('/') == Some((kind, id));
        let own = is_him(&self.actor.reference) || self.actor.profile.as_deref().is_some_and(is_him);
        PERSONS.contains(&kind) && !own
    }
}

/// The entity of a query (<https://hl7.org/fhir/R4/auditevent-definitions.html#AuditEvent.entity.query>).
pub(super) fn entity(query: &str) -> Value {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(query);
    let (kinds, roles) = (
        "http://terminology.hl7.org/CodeSystem/audit-entity-type",
        "http://terminology.hl7.org/CodeSystem/object-role",
    );
    serde_json::json!({
        "type": super::audit::coding(kinds, "2", "System Object"),
        "role": super::audit::coding(roles, "24", "Query"),
        "query": encoded,
    })
}
