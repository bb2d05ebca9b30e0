//! How much of a resource an actor sees: by what he is to it, and by what his policy hides.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::field::Field;
use super::judge::Sample;
use super::rights::{Grant, Rights};
use crate::error::{Result, fault};
use crate::repo::Repo;
use crate::resource;
use crate::store::{Row, Version};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    Whole,
    /// A user of the server pool, as an admin of a project he is a member of sees him.
    Guest,
    /// A project, as its members see it.
    Name,
}

/// What is shown besides type, id and meta.
const GUEST: [&str; 7] = ["active", "firstName", "lastName", "displayName", "title", "email", "photo"];
const NAME: [&str; 1] = ["name"];

/// Parameters of User whose elements a guest shows: no other may be asked of guests, lest answers tell what
/// is hidden.
pub(in crate::repo) const GUEST_PARAMS: [&str; 9] =
    ["_id", "_lastUpdated", "_profile", "active", "created", "email", "family", "given", "name"];

impl Sight {
    /// The row as this sight has it.
    pub fn of(self, row: Arc<Row>) -> Result<Arc<Row>> {
        if self == Self::Whole {
            return Ok(row);
        }
        let mut body: Value = resource::parse(row.body.as_bytes())?;
        self.narrow(&mut body)?;
        rewritten(&row, &body)
    }

    fn narrow(self, body: &mut Value) -> Result<()> {
        let shown: &[&str] = match self {
            Self::Whole => return Ok(()),
            Self::Guest => &GUEST,
            Self::Name => &NAME,
        };
        let Value::Object(whole) = std::mem::take(body) else {
            return Err(fault("a stored resource is no object"));
        };
        let kept: Map<String, Value> = whole
            .into_iter()
            .filter(|(name, _)| {
                matches!(name.as_str(), "resourceType" | "id" | "meta") || shown.contains(&name.as_str())
            })
            .collect();
        *body = Value::Object(kept);
        Ok(())
    }
}

fn rewritten(row: &Row, body: &Value) -> Result<Arc<Row>> {
    let body = serde_json::to_string(body).map_err(fault)?;
    Ok(Arc::new(Row { body: body.into(), ..row.clone() }))
}

/// What is not shown of one resource.
#[derive(Debug, Default)]
pub(super) struct Veil {
    hidden: Vec<Field>,
    sights: Vec<Sight>,
}

impl Veil {
    fn is_nothing(&self) -> bool {
        self.hidden.is_empty() && self.sights.is_empty()
    }

    pub fn over(&self, body: &mut Value) -> Result<()> {
        self.sights.iter().try_for_each(|sight| sight.narrow(body))?;
        self.hidden.iter().for_each(|field| field.cut(body));
        Ok(())
    }

    pub fn hidden(&self) -> &[Field] {
        &self.hidden
    }
}

impl Repo {
    /// A row as the actor sees it.
    pub(in crate::repo) fn seen(&self, row: Arc<Row>) -> Result<Arc<Row>> {
        if row.deleted || self.is_free() {
            return Ok(row);
        }
        let Some(rights) = self.veiling(row.kind)? else { return Ok(row) };
        match self.unveiled(&rights, &row)? {
            Some(body) => rewritten(&row, &body),
            None => Ok(row),
        }
    }

    /// An older version of a row as the actor sees it.
    pub(in crate::repo) fn seen_version(&self, row: &Row, version: Version) -> Result<Version> {
        if version.deleted || self.is_free() {
            return Ok(version);
        }
        let past = Arc::new(Row { deleted: false, body: Arc::clone(&version.body), ..row.clone() });
        Ok(Version { body: Arc::clone(&self.seen(past)?.body), ..version })
    }

    /// The body of a row as the actor sees it.
    pub(in crate::repo) fn seen_body(&self, row: &Row) -> Result<Value> {
        let rights = self.veiling(row.kind)?;
        match rights.map(|rights| self.unveiled(&rights, row)).transpose()?.flatten() {
            Some(body) => Ok(body),
            None => resource::parse(row.body.as_bytes()),
        }
    }

    /// What bounds the actor in a type that he does not see all of.
    fn veiling(&self, kind: i32) -> Result<Option<Arc<Rights>>> {
        let name = self.engine.store.kind_name(kind).ok_or_else(|| fault("a type without a name"))?;
        Ok(self.rights(name)?.filter(|rights| rights.veil()))
    }

    /// Nothing where nothing is hidden.
    fn unveiled(&self, rights: &Rights, row: &Row) -> Result<Option<Value>> {
        let name = self.engine.store.kind_name(row.kind).ok_or_else(|| fault("a type without a name"))?;
        let mut body: Value = resource::parse(row.body.as_bytes())?;
        let veil = self.veil(rights, &Sample::new(self.resource_type(name)?, row.project, &row.id, &body))?;
        if veil.is_nothing() {
            return Ok(None);
        }
        veil.over(&mut body)?;
        Ok(Some(body))
    }

    /// What is hidden of a resource: in any layer, by all grants that let the actor see it.
    pub(super) fn veil(&self, rights: &Rights, one: &Sample) -> Result<Veil> {
        let mut veil = Veil::default();
        for layer in &rights.layers {
            let reading: Vec<&Grant> = layer.iter().filter(|grant| grant.reads()).collect();
            let Some((first, rest)) = reading.split_first() else { continue };
            let alike = rest.iter().all(|one| one.hidden == first.hidden && one.sight == first.sight);
            let mut met = Vec::new();
            for grant in reading.iter().filter(|_| !alike) {
                if self.satisfies(&grant.clauses, one)? {
                    met.push(*grant);
                }
            }
            if met.is_empty() && !alike {
                // He wrote what he cannot read: whatever is hidden from him anywhere is hidden here.
                veil.hidden.extend(reading.iter().flat_map(|grant| grant.hidden.iter().cloned()));
                continue;
            }
            let showing = if alike { vec![*first] } else { met };
            let Some((first, rest)) = showing.split_first() else { continue };
            let everywhere = |field: &&Field| rest.iter().all(|grant| grant.hidden.contains(field));
            veil.hidden.extend(first.hidden.iter().filter(everywhere).cloned());
            if !showing.iter().any(|grant| grant.sight == Sight::Whole) {
                veil.sights.push(first.sight);
            }
        }
        Ok(veil)
    }
}

impl Rights {
    /// Whether they hide anything at all.
    fn veil(&self) -> bool {
        let mut grants = self.layers.iter().flatten().filter(|grant| grant.reads());
        grants.any(|grant| !grant.hidden.is_empty() || grant.sight != Sight::Whole)
    }
}
