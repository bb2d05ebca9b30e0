//! One entry of an AccessPolicy, as it holds for one member: its variables are filled in.

use std::sync::Arc;

use serde_json::{Value, json};

use super::variable::{self, Variables};
use super::{Interaction, Interactions};

/// What is allowed, to which resources.
#[derive(Debug, Clone)]
pub struct Rule {
    /// A type, or `*`.
    pub kind: String,
    /// Only what belongs to this: a type and an id.
    pub compartment: Option<(String, String)>,
    /// Only what this search finds: the part after the question mark.
    pub criteria: Option<String>,
    pub interactions: Interactions,
    /// Elements that are not shown, as paths below the resource.
    pub hidden: Vec<String>,
    /// Elements that are not changed.
    pub fixed: Vec<String>,
    /// FHIRPath that must be true of a write, `%before` and `%after` it.
    pub constraints: Vec<String>,
    /// New resources go here, where their type has a place in it.
    pub home: Option<(String, String)>,
    /// What the constraints may name besides.
    pub variables: Arc<Variables>,
}

impl Rule {
    /// Everything that can be done to all of a type.
    pub fn of(kind: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            compartment: None,
            criteria: None,
            interactions: Interactions::ALL,
            hidden: Vec::new(),
            fixed: Vec::new(),
            constraints: Vec::new(),
            home: None,
            variables: Arc::default(),
        }
    }

    /// The entry of an AccessPolicy that says the same without a variable.
    pub fn shown(&self) -> Value {
        let mut entry = json!({ "resourceType": self.kind });
        if let Some((kind, id)) = &self.compartment {
            entry["compartment"] = json!({ "reference": format!("{kind}/{id}") });
        }
        if let Some(criteria) = &self.criteria {
            entry["criteria"] = Value::from(format!("{}?{criteria}", self.kind));
        }
        if self.interactions != Interactions::ALL {
            let codes = Interaction::ALL.into_iter().filter(|one| self.interactions.has(*one));
            entry["interaction"] = codes.map(Interaction::code).collect();
        }
        for (name, paths) in [("hiddenFields", &self.hidden), ("readonlyFields", &self.fixed)] {
            if !paths.is_empty() {
                entry[name] = paths.iter().map(String::as_str).collect();
            }
        }
        if !self.constraints.is_empty() {
            let constraint = |text: &String| json!({ "language": "text/fhirpath", "expression": text });
            entry["writeConstraint"] = self.constraints.iter().map(constraint).collect();
        }
        entry
    }

    /// The entries of an AccessPolicy. One that needs what nobody filled in allows nothing, and is left out.
    pub fn read(policy: &Value, variables: &Arc<Variables>) -> Vec<Self> {
        let Ok(home) = reference(policy.get("compartment"), variables) else { return Vec::new() };
        let entries = policy.get("resource").and_then(Value::as_array);
        let entries = entries.into_iter().flatten();
        entries.filter_map(|entry| Self::entry(entry, home.as_ref(), variables).ok()).collect()
    }

    /// What an entry of an AccessPolicy allows.
    pub fn interactions(entry: &Value) -> Interactions {
        let named = match entry.get("interaction").and_then(Value::as_array) {
            None => Interactions::ALL,
            Some(codes) => codes
                .iter()
                .filter_map(|code| Interaction::of(code.as_str()?))
                .fold(Interactions::NONE, Interactions::with),
        };
        match entry.get("readonly") {
            Some(Value::Bool(true)) => named.and(Interactions::READING),
            _ => named,
        }
    }

    fn entry(
        entry: &Value,
        home: Option<&(String, String)>,
        variables: &Arc<Variables>,
    ) -> Result<Self, variable::Missing> {
        let kind = entry.get("resourceType").and_then(Value::as_str).ok_or(variable::Missing)?;
        let criteria = match entry.get("criteria").and_then(Value::as_str) {
            None => None,
            Some(criteria) => {
                // Whatever it asks of another type would be asked of this one.
                let query = criteria.strip_prefix(kind).and_then(|rest| rest.strip_prefix('?'));
                Some(variable::fill(query.ok_or(variable::Missing)?, variables)?)
            }
        };
        Ok(Self {
            compartment: reference(entry.get("compartment"), variables)?,
            criteria,
            interactions: Self::interactions(entry),
            hidden: texts(entry, "hiddenFields"),
            fixed: texts(entry, "readonlyFields"),
            constraints: constraints(entry)?,
            home: home.cloned(),
            variables: Arc::clone(variables),
            ..Self::of(kind)
        })
    }
}

fn texts(entry: &Value, name: &str) -> Vec<String> {
    let all = entry.get(name).and_then(Value::as_array).into_iter().flatten();
    all.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn constraints(entry: &Value) -> Result<Vec<String>, variable::Missing> {
    let all = entry.get("writeConstraint").and_then(Value::as_array).into_iter().flatten();
    // A constraint that cannot be read is one that nothing meets.
    all.map(|one| one.get("expression").and_then(Value::as_str).map(str::to_owned).ok_or(variable::Missing))
        .collect()
}

/// A reference that may be a variable.
fn reference(
    element: Option<&Value>,
    variables: &Variables,
) -> Result<Option<(String, String)>, variable::Missing> {
    let Some(element) = element else { return Ok(None) };
    let text = element.get("reference").and_then(Value::as_str).ok_or(variable::Missing)?;
    let text = match text.strip_prefix('%') {
        Some(name) => variables.find(name).ok_or(variable::Missing)?,
        None => text,
    };
    let (kind, id) = text.split_once('/').ok_or(variable::Missing)?;
    if kind.is_empty() || id.is_empty() || id.contains('/') {
        return Err(variable::Missing);
    }
    Ok(Some((kind.to_owned(), id.to_owned())))
}
