//! The few laws that JSON cannot say: whose pool a user is in, which project a thing belongs to, what only
//! the server or a super admin may set.

use serde_json::{Map, Value, json};

use super::prepare::Checked;
use super::subscription::SUBSCRIPTION;
use super::{Rank, Repo, SERVER_PROJECT, provider};
use crate::definitions::ResourceType;
use crate::error::{Error, Result, forbidden, invalid, malformed};
use crate::resource;
use crate::store::Row;

/// Elements of Project that make it more than an ordinary one.
const PRIVILEGES: [&str; 7] =
    ["superAdmin", "owner", "parent", "features", "link", "systemSetting", "systemSecret"];
/// Elements of Meta that the server knows better.
const SERVER_META: [&str; 6] = ["project", "author", "onBehalfOf", "account", "accounts", "compartment"];

impl Repo {
    /// The project in which a new resource is kept. Completes the references to it in the body.
    pub(super) async fn place(&self, kind: &ResourceType, id: &str, body: &mut Value) -> Result<i32> {
        let store = &self.engine.store;
        if kind.name == "User" && !self.actor.is_boundless() {
            // Whatever pool he names: only that of the root could be meant, and it is not his to write.
            self.own_pool(self.actor.project).await?;
        }
        let chosen = self.chosen(kind, body)?;
        match kind.name.as_str() {
            "Project" => store.number_project(id),
            "User" => match chosen {
                Some(project) => self.own_pool(self.project(&project, "User.project")?).await,
                None if self.actor.is_boundless() => Ok(0),
                None => {
                    self.point_home(body);
                    Ok(self.actor.project)
                }
            },
            "ProjectMembership" => {
                let project = match chosen {
                    Some(project) => self.project(&project, "ProjectMembership.project")?,
                    None => {
                        self.point_home(body);
                        self.actor.project
                    }
                };
                self.may_join(body).await?;
                Ok(project)
            }
            _ => match chosen {
                Some(project) => self.project(&project, &format!("{}.meta.project", kind.name)),
                // What is defined outside a project is there for all of them.
                None if kind.name == "SearchParameter" && self.actor.is_boundless() => Ok(0),
                // Whom the server itself sends elsewhere.
                None if kind.name == "DomainConfiguration" && self.actor.is_boundless() => {
                    self.project(SERVER_PROJECT, "DomainConfiguration.meta.project")
                }
                None => Ok(self.actor.project),
            },
        }
    }

    /// The project, if it has a pool: the users of a child project are those of its root.
    async fn own_pool(&self, project: i32) -> Result<i32> {
        let pool = self.pool_of(project).await?;
        if pool == project {
            return Ok(project);
        }
        let (child, root) = (self.engine.store.project_id(project)?, self.engine.store.project_id(pool)?);
        let error = match self.actor.is_boundless() {
            true => invalid(format!(
                "Project/{child} is a child project and has no users of its own; name Project/{root}"
            ))
            .coded("business-rule"),
            false => forbidden(format!(
                "the users of a child project are those of its root, Project/{root}, whose admin makes them; \
                 here they are invited (POST /admin/projects/{child}/invite)"
            )),
        };
        Err(error.at("User.project"))
    }

    /// The id of the project that a body asks for, taken out of its meta.
    fn chosen(&self, kind: &ResourceType, body: &mut Value) -> Result<Option<String>> {
        let meta_project = body.pointer("/meta/project").cloned();
        let element = body.pointer("/project/reference").and_then(Value::as_str);
        let (named, place) = match (kind.name.as_str(), element) {
            ("User" | "ProjectMembership", Some(reference)) => {
                let place = format!("{}.project", kind.name);
                let id = reference.strip_prefix("Project/").filter(|id| !id.is_empty());
                let id =
                    id.ok_or_else(|| invalid("this is no reference to a Project").coded("value").at(&place))?;
                (Some(id.to_owned()), place)
            }
            ("User" | "ProjectMembership" | "Project", _) => (None, String::new()),
            _ => {
                let named = meta_project.as_ref().and_then(Value::as_str).map(str::to_owned);
                (
                    named.map(|id| id.trim_start_matches("Project/").to_owned()),
                    format!("{}.meta.project", kind.name),
                )
            }
        };
        match named {
            Some(id) if !self.actor.is_boundless() && id != self.actor.project_id => {
                // The same words for a project that exists and one that does not.
                Err(invalid(format!("there is no Project/{id} here")).coded("not-found").at(place))
            }
            named => Ok(named),
        }
    }

    fn project(&self, id: &str, place: &str) -> Result<i32> {
        let missing = || invalid(format!("there is no Project/{id} here")).coded("not-found").at(place);
        self.engine.store.project_number(id)?.ok_or_else(missing)
    }

    fn point_home(&self, body: &mut Value) {
        if let Some(object) = body.as_object_mut()
            && !object.contains_key("project")
            && !self.actor.project_id.is_empty()
        {
            object.insert(
                "project".to_owned(),
                json!({ "reference": format!("Project/{}", self.actor.project_id) }),
            );
        }
    }

    /// A project admin makes members of those he has in his project; others are invited.
    async fn may_join(&self, body: &Value) -> Result<()> {
        if self.actor.is_boundless() {
            return Ok(());
        }
        let reference = body.pointer("/user/reference").and_then(Value::as_str).unwrap_or_default();
        let found = match reference.split_once('/') {
            Some((kind @ ("User" | "ClientApplication"), id)) if !self.promises(kind, id) => {
                self.locate(kind, id).await?
            }
            _ => return Ok(()),
        };
        match found.filter(|row| !row.deleted) {
            Some(_) => Ok(()),
            None => Err(invalid(format!("there is no {reference} in this project"))
                .coded("not-found")
                .at("ProjectMembership.user")),
        }
    }

    /// Whether the transaction under way writes it.
    fn promises(&self, kind: &str, id: &str) -> bool {
        let promised = self.promised.as_ref();
        promised.is_some_and(|promised| promised.contains(&(kind.to_owned(), id.to_owned())))
    }

    /// An update leaves a resource in its project. `before` is what `old` says, unless it is deleted.
    pub(super) fn stay(
        &self,
        kind: &ResourceType,
        old: &Row,
        before: Option<&Value>,
        body: &mut Value,
    ) -> Result<()> {
        let last = match before {
            Some(_) => Value::Null,
            None => resource::parse(old.body.as_bytes()).unwrap_or_default(),
        };
        let before = before.unwrap_or(&last);
        // Where somebody is not the project's own, his record names another one, or none.
        if kind.name == "User"
            && old.project != self.actor.project
            && !self.actor.is_boundless()
            && body.get("project") == before.get("project")
        {
            return Ok(());
        }
        let chosen = self.chosen(kind, body)?;
        let moved = |place: &str| -> Error {
            invalid("a resource does not move to another project by an update")
                .coded("business-rule")
                .at(place)
        };
        match kind.name.as_str() {
            "User" | "ProjectMembership" => {
                let place = format!("{}.project", kind.name);
                match chosen {
                    Some(project) if self.project(&project, &place)? != old.project => Err(moved(&place)),
                    None if old.project != 0 => {
                        let project = self.engine.store.project_id(old.project)?;
                        if let Some(object) = body.as_object_mut() {
                            object.insert(
                                "project".to_owned(),
                                json!({ "reference": format!("Project/{project}") }),
                            );
                        }
                        Ok(())
                    }
                    _ => Ok(()),
                }?;
                if kind.name == "ProjectMembership"
                    && !self.actor.is_boundless()
                    && body.pointer("/user/reference") != before.pointer("/user/reference")
                {
                    return Err(invalid("a membership stays with its user")
                        .coded("business-rule")
                        .at("ProjectMembership.user"));
                }
                Ok(())
            }
            "Project" => Ok(()),
            _ => match chosen {
                Some(project) if self.engine.store.project_number(&project)? != Some(old.project) => {
                    Err(moved(&format!("{}.meta.project", kind.name)))
                }
                _ => Ok(()),
            },
        }
    }

    /// Applies the laws to a body, then checks it as a whole.
    pub(super) fn lawful(
        &self,
        kind: &ResourceType,
        mut body: Value,
        old: Option<&Value>,
        project: i32,
    ) -> Result<Checked> {
        let Some(object) = body.as_object_mut() else {
            return Err(malformed("a resource is a JSON object"));
        };
        strip_meta(object);
        resource::fold(&self.definitions, &kind.structure, &mut body);
        self.keep_read_only(kind, &body, old)?;
        if kind.name == "Project" {
            self.keep_privileges(&body, old)?;
        }
        if kind.name == "ProjectMembership" {
            self.keep_offices(&body, old)?;
        }
        if kind.name == "User" {
            self.unverify(&mut body, old);
        }
        let mut checked = self.checked(kind, body, project)?;
        if kind.name == "AccessPolicy" {
            self.hold_policy(&checked.body)?;
        }
        if kind.name == SUBSCRIPTION {
            self.subscribe(&mut checked, old)?;
        }
        if provider::HOLDERS.contains(&kind.name.as_str()) {
            self.keep_provider(&kind.name, &mut checked, old)?;
        }
        if kind.name == "User" && checked.secrets.iter().any(|secret| secret.name == "mfaSecret") {
            checked.body["mfaEnrolled"] = Value::Bool(true);
        }
        Ok(checked)
    }

    fn keep_read_only(&self, kind: &ResourceType, body: &Value, old: Option<&Value>) -> Result<()> {
        if self.actor.is_boundless() {
            return Ok(());
        }
        for name in resource::read_only(&kind.structure) {
            let (new, old) = (body.get(name), old.and_then(|old| old.get(name)));
            if new.is_some() && new != old && !(old.is_none() && new == Some(&Value::Bool(false))) {
                return Err(invalid("only the server sets this element")
                    .coded("business-rule")
                    .at(format!("{}.{name}", kind.name)));
            }
        }
        Ok(())
    }

    fn keep_privileges(&self, body: &Value, old: Option<&Value>) -> Result<()> {
        if self.actor.is_boundless() {
            return Ok(());
        }
        match PRIVILEGES.iter().find(|name| body.get(**name) != old.and_then(|old| old.get(**name))) {
            Some(name) => {
                Err(forbidden("only a super admin may change this element").at(format!("Project.{name}")))
            }
            None => Ok(()),
        }
    }

    /// A new e-mail is nobody's until it is verified again.
    fn unverify(&self, body: &mut Value, old: Option<&Value>) {
        let Some(old) = old else { return };
        if self.actor.rank != Rank::System
            && body.get("email") != old.get("email")
            && body.get("emailVerified") == Some(&Value::Bool(true))
        {
            body["emailVerified"] = Value::Bool(false);
        }
    }
}

fn strip_meta(object: &mut Map<String, Value>) {
    let mut emptied = false;
    if let Some(Value::Object(meta)) = object.get_mut("meta") {
        for name in SERVER_META {
            emptied |= meta.shift_remove(name).is_some() && meta.is_empty();
        }
    }
    if emptied {
        object.shift_remove("meta");
    }
}
