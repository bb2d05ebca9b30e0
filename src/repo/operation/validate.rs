//! `$validate` (<https://hl7.org/fhir/R4/resource-operation-validate.html>): what would be said of a write,
//! without writing.

use serde_json::Value;
use uuid::Uuid;

use crate::definitions::ResourceType;
use crate::error::{Error, Issue, Kind, Result, Severity, malformed};
use crate::repo::Repo;
use crate::repo::locate::absent;
use crate::repo::plan::taken;
use crate::repo::policy::Interaction;
use crate::repo::update::{may_be_named, must_match};
use crate::resource;
use crate::search::index;
use crate::store::Row;

/// What is asked of a resource.
pub struct Validation {
    pub mode: Mode,
    /// Canonical url of the profile that it is to conform to.
    pub profile: Option<String>,
    /// Where it is not the stored one.
    pub resource: Option<Value>,
    pub if_match: Option<i64>,
}

/// A code of <http://hl7.org/fhir/resource-validation-mode>, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The content alone.
    Content,
    Create,
    Update,
    Delete,
    /// The content, against the profile that is named.
    Profile,
}

impl Mode {
    pub fn of(code: &str) -> Option<Self> {
        Some(match code {
            "create" => Self::Create,
            "update" => Self::Update,
            "delete" => Self::Delete,
            "profile" => Self::Profile,
            _ => return None,
        })
    }
}

impl Repo {
    /// All that is to be said of a resource, be it stored under `id` or to be stored.
    pub async fn validate(&self, kind: &str, id: Option<&str>, asked: Validation) -> Result<Vec<Issue>> {
        self.knows(kind)?;
        let missing = |what: &str, name: &str| malformed(what).coded("required").at(name);
        if asked.mode == Mode::Profile && asked.profile.is_none() {
            return Err(missing("the mode is profile, but none is named", "profile"));
        }
        match (asked.mode, id) {
            (Mode::Create, Some(_)) => {
                Err(malformed("what has an id is not created").coded("value").at("mode"))
            }
            (Mode::Update | Mode::Delete, None) => {
                Err(malformed("this mode is for a resource with an id in the address")
                    .coded("value")
                    .at("mode"))
            }
            (Mode::Delete, Some(id)) => self.removable(kind, id, asked.if_match).await,
            (Mode::Create, None) => {
                let body =
                    asked.resource.ok_or_else(|| missing("there is no resource to create", "resource"));
                self.creatable(kind, body?, asked.profile.as_deref()).await
            }
            (Mode::Update, Some(id)) => {
                let body =
                    asked.resource.ok_or_else(|| missing("there is no resource to update to", "resource"));
                self.updatable(kind, id, body?, asked.profile.as_deref(), asked.if_match).await
            }
            (Mode::Content | Mode::Profile, id) => {
                let body = match (asked.resource, id) {
                    (Some(body), _) => body,
                    (None, Some(id)) => self.stored(kind, id).await?,
                    (None, None) => return Err(missing("there is no resource to validate", "resource")),
                };
                Ok(self.content(kind, id, &body, asked.profile.as_deref()).await?.0)
            }
        }
    }

    /// The resource as the actor sees it.
    async fn stored(&self, kind: &str, id: &str) -> Result<Value> {
        resource::parse(self.read(kind, id).await?.body.as_bytes())
    }

    /// What the definitions say, and the body as it would be stored.
    async fn content(
        &self,
        kind: &str,
        id: Option<&str>,
        body: &Value,
        profile: Option<&str>,
    ) -> Result<(Vec<Issue>, Value)> {
        let resource = self.resource_type(kind)?;
        match body.get("resourceType").and_then(Value::as_str) {
            Some(found) if found == kind => {}
            Some(found) => {
                let text = format!("the resource is a '{found}', the address is of {kind}");
                return Err(malformed(text).coded("invalid").at("resourceType"));
            }
            None => {
                let text = "the resource has no resourceType";
                return Err(malformed(text).coded("required").at("resourceType"));
            }
        }
        let mut body = body.clone();
        resource::fold(&self.definitions, &resource.structure, &mut body);
        let mut issues = resource::validate(&self.definitions, &body);
        // Whose profiles they are that it claims.
        let stored = match id {
            Some(id) if self.actor.is_boundless() => self.locate(kind, id).await?,
            _ => None,
        };
        let project = stored.map_or(self.actor.project, |row| row.project);
        let asked: Vec<String> = profile.map(str::to_owned).into_iter().collect();
        self.conform(project, &body, &asked, &mut issues);
        Ok((issues, body))
    }

    async fn creatable(&self, kind: &str, body: Value, profile: Option<&str>) -> Result<Vec<Issue>> {
        let resource = self.may(Interaction::Create, kind)?;
        let (mut issues, mut body) = self.content(kind, None, &body, profile).await?;
        if is_sound(&issues) {
            let id = Uuid::now_v7().to_string();
            let acceptable = async {
                // The place of a new project is made by its creation.
                let project = match kind {
                    "Project" => None,
                    _ => Some(self.place(resource, &id, &mut body).await?),
                };
                self.free(resource, body, None, project, None).await
            };
            told(acceptable.await, &mut issues)?;
        }
        Ok(issues)
    }

    async fn updatable(
        &self,
        kind: &str,
        id: &str,
        body: Value,
        profile: Option<&str>,
        if_match: Option<i64>,
    ) -> Result<Vec<Issue>> {
        let resource = self.may(Interaction::Update, kind)?;
        let (mut issues, mut body) = self.content(kind, Some(id), &body, profile).await?;
        if body.get("id").and_then(Value::as_str) != Some(id) {
            let text = format!("an update has the id of the address in its body, '{id}'");
            issues.push(Issue::error("value", text).at(format!("{kind}.id")));
        }
        if is_sound(&issues) {
            let acceptable = async {
                let old = self.reach(Interaction::Update, kind, id).await?;
                must_match(kind, id, if_match, old.as_ref())?;
                let Some(old) = old else {
                    self.may(Interaction::Create, kind)?;
                    may_be_named(kind, id)?;
                    let project = match kind {
                        "Project" => None,
                        _ => Some(self.place(resource, id, &mut body).await?),
                    };
                    return self.free(resource, body, None, project, None).await;
                };
                let before: Option<Value> = match old.deleted {
                    true => None,
                    false => Some(resource::parse(old.body.as_bytes())?),
                };
                self.may_change(resource, &old, before.as_ref(), &mut body).await?;
                self.stay(resource, &old, before.as_ref(), &mut body)?;
                self.free(resource, body, before.as_ref(), Some(old.project), Some(&old)).await
            };
            told(acceptable.await, &mut issues)?;
        }
        Ok(issues)
    }

    async fn removable(&self, kind: &str, id: &str, if_match: Option<i64>) -> Result<Vec<Issue>> {
        let mut issues = Vec::new();
        self.may(Interaction::Delete, kind)?;
        let found = self.in_sight(kind, id).await?.filter(|row| !row.deleted);
        if found.is_none() {
            return Err(absent(kind, id));
        }
        let acceptable = async {
            let resource = self.may_delete(kind)?;
            must_match(kind, id, if_match, found.as_ref())?;
            let Some(row) = &found else { return Ok(()) };
            self.may_remove(resource, row).await?;
            self.removal(resource, row).map(drop)
        };
        told(acceptable.await, &mut issues)?;
        Ok(issues)
    }

    /// Whether the laws allow a body, and its unique keys are nobody else's.
    async fn free(
        &self,
        resource: &ResourceType,
        body: Value,
        before: Option<&Value>,
        project: Option<i32>,
        old: Option<&Row>,
    ) -> Result<()> {
        let home = project.unwrap_or(self.actor.project);
        let checked = self.lawful(resource, body, before, home)?;
        self.redefinition(&resource.name, &checked.body)?;
        let interaction = if before.is_some() { Interaction::Update } else { Interaction::Create };
        let id = old.map(|old| old.id.as_str()).unwrap_or_default();
        self.may_be(resource, interaction, (home, id), before, checked.body.clone()).await?;
        let keys = index::unique_keys(resource, &self.entries(resource, &checked.body)?);
        let (Some(project), false) = (project, keys.is_empty()) else { return Ok(()) };
        let own = old.map(|row| row.rid);
        let find = move |store: &crate::store::Store| {
            for (slot, value) in keys {
                if store.unique_owner(project, slot, &value)?.is_some_and(|owner| Some(owner) != own) {
                    return Ok(Some(slot));
                }
            }
            Ok(None)
        };
        match self.engine.store.offload(find).await? {
            Some(slot) => Err(taken(resource, slot)),
            None => Ok(()),
        }
    }
}

fn is_sound(issues: &[Issue]) -> bool {
    issues.iter().all(|issue| issue.severity != Severity::Error)
}

/// What a write would be refused for is a finding; what keeps from finding out is an error.
fn told(result: Result<()>, issues: &mut Vec<Issue>) -> Result<()> {
    let Err(error) = result else { return Ok(()) };
    match error {
        Error { kind: Kind::Busy | Kind::Fault | Kind::Unauthenticated, .. } => Err(error),
        error => {
            issues.extend(error.issues);
            Ok(())
        }
    }
}
