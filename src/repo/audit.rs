//! The record of who did what (<https://hl7.org/fhir/R4/auditevent.html>): appended in the transaction that does it,
//! so that there is no act without a record, nor a record without the act.
//!
//! Kept in the project that it is about, where its admin finds it. `Repo::audited` gives a repo whose next write is
//! recorded as told; what an admin writes without being told is recorded by the type of what he writes.

use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use super::plan::{Missed, Plan};
use super::{Outcome, Rank, Repo, SERVER_PROJECT, reading};
use crate::error::Result;

const TYPE: &str = "AuditEvent";
/// Ours, in `AuditEvent.subtype`.
const SYSTEM: &str = "https://roster.dev/fhir/CodeSystem/audit";
const DICOM: &str = "http://dicom.nema.org/resources/ontology/DCM";
/// Entities of one record at most: a large transaction is not told in full.
const MOST: usize = 50;

/// How much is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    Nothing,
    /// Sign-ins, acts of admins, writes of what decides who may do what.
    Acts,
    /// Each write.
    Writes,
    /// Each read of another person's record as well.
    Reads,
}

/// Types that say nothing as entities: the record itself, and what only the server keeps.
const PASSED_OVER: [&str; 3] = [TYPE, "Login", "UserSecurityRequest"];
/// Types that decide who may do what.
const DECIDE: [&str; 6] = [
    "AccessPolicy",
    "ClientApplication",
    "DomainConfiguration",
    "Project",
    "ProjectMembership",
    "UserConfiguration",
];
/// Records of persons.
pub(super) const PERSONS: [&str; 5] = ["Patient", "Person", "Practitioner", "RelatedPerson", "User"];

/// As `AuditEvent.action` has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Create,
    Read,
    Update,
    Delete,
    Execute,
}

/// As `AuditEvent.outcome` has it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Success {
    #[default]
    Yes,
    /// Refused, or a secret was wrong.
    No,
}

/// What is to be recorded besides who, when and in which request.
#[derive(Debug, Clone)]
pub struct Audit {
    /// What it was, in one word: `login`, `invite`, `set-password`.
    pub what: &'static str,
    pub act: Act,
    pub success: Success,
    /// More words, for people.
    pub told: Option<String>,
    /// Who did it, where that is not the actor: `User/ID`.
    pub agent: Option<String>,
    /// The address that the request came from.
    pub address: Option<String>,
    /// What was asked for, as an address below the base.
    pub query: Option<String>,
    /// References to what it was done to, besides what is written along with it.
    pub entities: Vec<String>,
    /// Number of the project that it is about, where that is not the one that is written to.
    pub project: Option<i32>,
}

impl Audit {
    pub fn new(what: &'static str, act: Act) -> Self {
        Self {
            what,
            act,
            success: Success::Yes,
            told: None,
            agent: None,
            address: None,
            query: None,
            entities: Vec::new(),
            project: None,
        }
    }

    pub fn failed(self) -> Self {
        Self { success: Success::No, ..self }
    }

    pub fn told(self, text: impl Into<String>) -> Self {
        Self { told: Some(text.into()), ..self }
    }

    pub fn agent(self, reference: impl Into<String>) -> Self {
        Self { agent: Some(reference.into()), ..self }
    }

    pub fn address(self, address: Option<impl Into<String>>) -> Self {
        Self { address: address.map(Into::into), ..self }
    }

    pub fn entity(mut self, reference: impl Into<String>) -> Self {
        self.entities.push(reference.into());
        self
    }

    pub fn project(self, project: i32) -> Self {
        Self { project: Some(project), ..self }
    }

    fn body(&self, agent: &str, request: &str) -> Value {
        let action = match self.act {
            Act::Create => "C",
            Act::Read => "R",
            Act::Update => "U",
            Act::Delete => "D",
            Act::Execute => "E",
        };
        let kind = match self.what {
            "login" | "logout" | "refresh" => coding(DICOM, "110114", "User Authentication"),
            "create" | "read" | "update" | "delete" | "search" | "history" | "replay" => {
                coding("http://terminology.hl7.org/CodeSystem/audit-event-type", "rest", "Restful Operation")
            }
            _ => coding(DICOM, "110137", "User Security Attributes Changed"),
        };
        let mut who = json!({ "requestor": true });
        match agent.contains('/') {
            true => who["who"] = json!({ "reference": agent }),
            false => who["name"] = Value::from(agent),
        }
        if let Some(address) = self.address.as_deref().filter(|address| !address.is_empty()) {
            who["network"] = json!({ "address": address, "type": "2" });
        }
        let mut body = json!({
            "resourceType": TYPE,
            "type": kind,
            "subtype": [coding(SYSTEM, self.what, self.what)],
            "action": action,
            "recorded": chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
            "outcome": if self.success == Success::Yes { "0" } else { "4" },
            "agent": [who],
            "source": { "observer": { "display": "Roster" } },
        });
        if let Some(told) = self.told.as_deref().filter(|told| !told.trim().is_empty()) {
            body["outcomeDesc"] = Value::from(told);
        }
        let mut entities: Vec<Value> =
            self.entities.iter().take(MOST).map(|one| json!({ "what": { "reference": one } })).collect();
        entities.extend(self.query.as_deref().map(reading::entity));
        if !request.is_empty() {
            let detail = json!([{ "type": "X-Request-Id", "valueString": request }]);
            match entities.first_mut() {
                Some(first) => first["detail"] = detail,
                None => entities.push(json!({ "name": "request", "detail": detail })),
            }
        }
        if !entities.is_empty() {
            body["entity"] = Value::Array(entities);
        }
        body
    }
}

pub(super) fn coding(system: &str, code: &str, display: &str) -> Value {
    json!({ "system": system, "code": code, "display": display })
}

impl Repo {
    /// A repo whose writes are recorded as this, each in its own transaction.
    pub fn audited(&self, audit: Audit) -> Self {
        Self { audit: Some(Arc::new(audit)), ..self.clone() }
    }

    /// Records what is no write: a refused sign-in, a reset that was asked for.
    pub async fn record(&self, audit: Audit) -> Result<()> {
        self.audited(audit).commit(Vec::new(), Vec::new()).await.map(drop).map_err(Missed::error)
    }

    /// What goes along with these plans as their record, if anything does.
    pub(super) fn record_of(&self, plans: &[Plan<'_>]) -> Result<Option<Plan<'_>>> {
        let scope = self.engine.limits.audit;
        let mut audit = match (&self.audit, scope) {
            (_, Scope::Nothing) => return Ok(None),
            (Some(audit), _) => Audit::clone(audit),
            (None, _) => match self.untold(plans, scope) {
                Some(audit) => audit,
                None => return Ok(None),
            },
        };
        let mut project = audit.project;
        for change in plans.iter().filter_map(Plan::change) {
            let name = self.engine.store.kind_name(change.kind).unwrap_or_default();
            if PASSED_OVER.contains(&name) {
                continue;
            }
            let reference = format!("{name}/{}", change.id);
            if !audit.entities.contains(&reference) {
                audit.entities.push(reference);
            }
            if change.project != 0 && project.is_none() {
                project = Some(change.project);
            }
        }
        let project = match project.unwrap_or(self.actor.project) {
            0 => self.engine.store.project_number(SERVER_PROJECT)?.unwrap_or(0),
            project => project,
        };
        let agent = audit.agent.as_deref().unwrap_or(&self.actor.reference);
        let resource = self.resource_type(TYPE)?;
        let checked = self.checked(resource, audit.body(agent, &self.request), project)?;
        let id = Uuid::now_v7().to_string();
        let change = self.change(resource, (project, &id), checked, None, None)?;
        Ok(Some(Plan::write(resource, change, Outcome::Created)))
    }

    /// What is recorded though nobody said so: by the types that are written.
    fn untold(&self, plans: &[Plan<'_>], scope: Scope) -> Option<Audit> {
        if self.actor.rank == Rank::System {
            return None;
        }
        let wanted = |plan: &&Plan<'_>| {
            let kind = plan.kind();
            !PASSED_OVER.contains(&kind) && (scope >= Scope::Writes || DECIDE.contains(&kind))
        };
        let mut wanted = plans.iter().filter(|plan| plan.change().is_some()).filter(wanted);
        let first = wanted.next()?;
        let (what, act) = match first.outcome() {
            Outcome::Created => ("create", Act::Create),
            Outcome::Deleted => ("delete", Act::Delete),
            _ => ("update", Act::Update),
        };
        Some(match wanted.all(|plan| plan.outcome() == first.outcome()) {
            true => Audit::new(what, act),
            false => Audit::new("update", Act::Execute),
        })
    }
}
