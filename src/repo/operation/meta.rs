//! `$meta`, `$meta-add` and `$meta-delete` (<https://hl7.org/fhir/R4/resource-operations.html>): the labels of
//! resources, read for one or for many, and changed without a new version.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::definitions::ResourceType;
use crate::error::{Result, fault, invalid, malformed, too_large};
use crate::repo::Outcome;
use crate::repo::Repo;
use crate::repo::locate::absent;
use crate::repo::plan::Plan;
use crate::repo::policy::Interaction;
use crate::repo::update::{ATTEMPTS, crowded};
use crate::resource::{self, LABELS, add_labels, remove_labels};
use crate::search::{self, Key};
use crate::store::{Row, Store};

/// Labels of many resources are told up to this number.
const MAX_LABELS: usize = 2000;

/// Resources that the actor sees a part of are looked at one by one, up to this number.
const MOST_LOOKED_AT: usize = 10_000;

type Meta = Map<String, Value>;

/// What becomes of the labels of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relabel {
    Add,
    Remove,
}

impl Repo {
    /// The Meta of a resource, or of a version of it.
    pub async fn meta(&self, kind: &str, id: &str, version: Option<&str>) -> Result<Meta> {
        let body = match version {
            None => self.read(kind, id).await?.body.clone(),
            Some(version) => self.vread(kind, id, version).await?.body,
        };
        Ok(meta_of(&resource::parse(body.as_bytes())?))
    }

    /// Every label that is in use, in a type or in all.
    pub async fn labels(&self, kind: Option<&str>) -> Result<Meta> {
        let types: Vec<&ResourceType> = match kind {
            Some(kind) => vec![self.may(Interaction::Search, kind)?],
            None => {
                let open = self.open_to(Interaction::Search, |_| true)?;
                open.iter().map(|kind| self.resource_type(kind)).collect::<Result<_>>()?
            }
        };
        let mut parts = Vec::new();
        let mut whole = Vec::with_capacity(types.len());
        for kind in types {
            match self.sees_all_of(&kind.name) {
                Ok(()) => whole.push(kind),
                Err(_) => parts.push(kind.name.clone()),
            }
        }
        let mut all = self.labels_of(&whole).await?;
        for kind in parts {
            add_labels(&mut all, &self.labels_seen(&kind).await?);
        }
        all.retain(|name, _| LABELS.contains(&name.as_str()));
        within_bounds(&all)?;
        Ok(all)
    }

    /// Labels of types that the actor sees all of.
    async fn labels_of(&self, types: &[&ResourceType]) -> Result<Meta> {
        let params = types.iter().flat_map(|kind| kind.params.values());
        let keys: Vec<Key> = params
            .filter(|param| matches!(param.code.as_str(), "_profile" | "_security" | "_tag"))
            .map(|param| Key::of(param))
            .collect();
        let (boundless, own) = (self.actor.is_boundless(), self.actor.project);
        let gather = move |store: &Store| {
            let projects = if boundless { store.projects()? } else { vec![own] };
            let mut all = Meta::new();
            for project in projects {
                for row in store.labelled(project, &keys, MAX_LABELS + 1)? {
                    add_labels(&mut all, &meta_of(&resource::parse(row.body.as_bytes())?));
                }
                within_bounds(&all)?;
            }
            Ok(all)
        };
        self.engine.store.offload(gather).await
    }

    /// Labels of what the actor sees of a type.
    async fn labels_seen(&self, kind: &str) -> Result<Meta> {
        let labelled = "_tag pr true or _security pr true or _profile pr true".to_owned();
        let most = self.engine.limits.max_count.to_string();
        let mut asked = vec![("_filter".to_owned(), labelled), ("_count".to_owned(), most)];
        let (mut all, mut looked_at) = (Meta::new(), 0);
        loop {
            let found = self.seek(None, kind, &asked, false).await?;
            for row in &found.rows {
                add_labels(&mut all, &meta_of(&resource::parse(row.body.as_bytes())?));
            }
            within_bounds(&all)?;
            looked_at += found.rows.len();
            let Some(next) = found.next else { return Ok(all) };
            if looked_at >= MOST_LOOKED_AT {
                let text = format!("too many {kind} have labels to tell which of them you see");
                return Err(too_large(text).coded("too-costly"));
            }
            asked = search::parameters::parse(&next)?;
        }
    }

    /// Adds labels to a resource or takes them away, and gives its Meta. There is no new version, and
    /// `meta.lastUpdated` stays.
    pub async fn relabel(
        &self,
        kind: &str,
        id: &str,
        change: Relabel,
        labels: &Meta,
        if_match: Option<i64>,
    ) -> Result<Meta> {
        let resource = self.may(Interaction::Update, kind)?;
        for _ in 0..ATTEMPTS {
            let row = self.living(kind, id, if_match).await?;
            let before: Value = resource::parse(row.body.as_bytes())?;
            let mut body = relabelled(&before, change, labels)?;
            self.may_change(resource, &row, Some(&before), &mut body).await?;
            if body == before {
                return Ok(meta_of(&self.seen_body(&row)?));
            }
            self.may_be(resource, Interaction::Update, (row.project, id), Some(&before), body.clone())
                .await?;
            self.lawful(resource, body.clone(), Some(&before), row.project)?;
            let plan =
                Plan::write(resource, self.amendment(resource, &row, &before, &body)?, Outcome::Updated);
            if let Some(written) = self.carry_out(plan, None).await? {
                return Ok(meta_of(&resource::parse(written.row.body.as_bytes())?));
            }
        }
        Err(crowded(kind))
    }

    /// The same for a version of a resource. Where that is the current one, it is the resource.
    pub async fn relabel_version(
        &self,
        kind: &str,
        id: &str,
        version: &str,
        change: Relabel,
        labels: &Meta,
    ) -> Result<Meta> {
        let resource = self.may(Interaction::Update, kind)?;
        for _ in 0..ATTEMPTS {
            let number = self.vread(kind, id, version).await?.version;
            let row = self.reach(Interaction::Update, kind, id).await?.ok_or_else(|| absent(kind, id))?;
            if row.version == number {
                return self.relabel(kind, id, change, labels, Some(number)).await;
            }
            let current = Arc::clone(&row);
            let look = move |store: &Store| store.version(&current, number);
            let Some(found) = self.engine.store.offload(look).await? else { continue };
            let past = Row { deleted: false, body: Arc::clone(&found.body), ..Row::clone(&row) };
            let before: Value = resource::parse(found.body.as_bytes())?;
            let mut body = relabelled(&before, change, labels)?;
            self.may_change(resource, &past, Some(&before), &mut body).await?;
            self.may_be(resource, Interaction::Update, (row.project, id), Some(&before), body.clone())
                .await?;
            self.lawful(resource, body.clone(), Some(&before), row.project)?;
            let text = serde_json::to_string(&body).map_err(fault)?;
            let amend = move |store: &Store| store.amend_version(&row, &found, &text);
            if self.engine.store.offload(amend).await? {
                let amended = serde_json::to_string(&body).map_err(fault)?.into();
                return Ok(meta_of(&self.seen_body(&Row { body: amended, ..past })?));
            }
        }
        Err(crowded(kind))
    }
}

fn within_bounds(all: &Meta) -> Result<()> {
    let count = LABELS.iter().filter_map(|name| all.get(*name)?.as_array()).map(Vec::len);
    if count.sum::<usize>() > MAX_LABELS {
        let text = format!("there are more than {MAX_LABELS} labels; ask a type, or a resource");
        return Err(too_large(text).coded("too-costly"));
    }
    Ok(())
}

fn meta_of(body: &Value) -> Meta {
    body.get("meta").and_then(Value::as_object).cloned().unwrap_or_default()
}

fn relabelled(before: &Value, change: Relabel, labels: &Meta) -> Result<Value> {
    // What a Meta says besides labels is the server's to say; versionId and lastUpdated are passed over, as
    // they are in any resource that is sent.
    let other = labels.keys().find(|name| {
        !LABELS.contains(&name.as_str()) && !matches!(name.as_str(), "versionId" | "lastUpdated" | "id")
    });
    if let Some(name) = other {
        let text = format!("`{name}` is no label; there are {}", LABELS.join(", "));
        return Err(invalid(text).coded("not-supported").at(format!("meta.{name}")));
    }
    for name in LABELS {
        if labels.get(name).is_some_and(|list| !list.is_array()) {
            return Err(malformed("it must be a list").coded("structure").at(format!("meta.{name}")));
        }
    }
    let mut body = before.clone();
    let Some(Value::Object(meta)) = body.get_mut("meta") else {
        return Err(fault("a stored resource has no meta"));
    };
    match change {
        Relabel::Add => add_labels(meta, labels),
        Relabel::Remove => remove_labels(meta, labels),
    }
    Ok(body)
}

/// A Meta as the result of an operation. An object without properties is no JSON of FHIR.
pub fn answer(meta: Meta) -> Value {
    if meta.is_empty() {
        return json!({ "resourceType": "Parameters" });
    }
    json!({ "resourceType": "Parameters", "parameter": [{ "name": "return", "valueMeta": meta }] })
}
