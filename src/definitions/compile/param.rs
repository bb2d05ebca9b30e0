//! Search parameters, bound to every type they are defined on.
//!
//! Implements <https://hl7.org/fhir/R4/searchparameter.html>.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::read::{ParamFile, Read};
use super::super::{Component, Param, ParamKind, ResourceType, Structure};
use super::{flagged, mistake, unversioned};
use crate::error::Result;
use crate::fhirpath::{Expression, Types};

const UNIQUE: &str = "unique";

/// Binds all parameters and returns them by slot: sorted by type and code, so that equal definitions
/// number them equally.
pub(super) fn bind(
    files: &[Read<'_, ParamFile<'_>>],
    table: &[Arc<Structure>],
    types: &Types,
    resources: &mut BTreeMap<String, ResourceType>,
    warnings: &mut Vec<String>,
) -> Result<Vec<Arc<Param>>> {
    // Type and code to the parameter: a later origin replaces an earlier one, its own type's goes first.
    let mut bound: BTreeMap<(&str, &str), (&Read<'_, ParamFile<'_>>, bool)> = BTreeMap::new();
    for read in files {
        let mut known = read.body.base.is_empty();
        for base in &read.body.base {
            known |= table.iter().any(|structure| structure.name == **base);
            for name in resources.keys().filter(|name| derives(table, name, base)) {
                let own = name.as_str() == &**base;
                let place = (name.as_str(), &*read.body.code);
                if let Some((other, theirs)) = bound.get(&place) {
                    let again =
                        other.origin == read.origin && *theirs && own && other.body.url != read.body.url;
                    if again && read.origin == 0 {
                        let what = format_args!("{} defines it for {name} too", other.file);
                        return Err(mistake(read.file, &read.body.code, what));
                    }
                    if again {
                        let (code, kept) = (&read.body.code, other.file);
                        warnings.push(format!(
                            "{}: {code}: not used for {name}, as {kept} defines it too",
                            read.file
                        ));
                    }
                    if again || *theirs && !own {
                        continue;
                    }
                }
                bound.insert(place, (read, own));
            }
        }
        if !known {
            let what = format_args!("none of the types it is for ({}) is defined", read.body.base.join(", "));
            return Err(mistake(read.file, &read.body.code, what));
        }
    }
    let mut params = Vec::with_capacity(bound.len());
    for ((name, code), (read, _)) in bound {
        let mut bound = param(params.len(), name, code, read, types)?;
        bound.components = components(read, files)?;
        params.push(Arc::new(bound));
    }
    for param in &params {
        if let Some(resource) = resources.get_mut(&param.resource) {
            resource.params.insert(param.code.clone(), param.clone());
        }
    }
    Ok(params)
}

fn param(
    slot: usize,
    resource: &str,
    code: &str,
    read: &Read<'_, ParamFile<'_>>,
    types: &Types,
) -> Result<Param> {
    let body = &read.body;
    let kind = ParamKind::of(&body.kind).ok_or_else(|| {
        mistake(read.file, code, format_args!("there is no search parameter type '{}'", body.kind))
    })?;
    // Parameters that are no matter of elements (`_text`, `_filter`) have no expression.
    let text = body.expression.as_deref().unwrap_or("{}").to_owned();
    let expression =
        Expression::compile(&text).map_err(|e| mistake(read.file, code, format_args!("{e}: {text}")))?;
    let expression = expression.narrowed(types, resource).unwrap_or(expression);
    Ok(Param {
        slot,
        resource: resource.to_owned(),
        code: code.to_owned(),
        url: body.url.to_string(),
        kind,
        expression,
        text,
        targets: body.target.iter().map(|name| name.to_string()).collect(),
        components: Vec::new(),
        unique: flagged(&body.extension, UNIQUE),
        description: body.description.to_string(),
    })
}

/// The parts of a composite parameter, each of the type that the parameter it names has.
fn components(read: &Read<'_, ParamFile<'_>>, files: &[Read<'_, ParamFile<'_>>]) -> Result<Vec<Component>> {
    let mut components = Vec::with_capacity(read.body.component.len());
    for file in &read.body.component {
        let wrong = |what: &dyn std::fmt::Display| mistake(read.file, &read.body.code, what);
        let definition = files.iter().find(|other| other.body.url == unversioned(&file.definition));
        let kind = definition.and_then(|definition| ParamKind::of(&definition.body.kind));
        let kind = kind.ok_or_else(|| wrong(&format_args!("its part {} is not defined", file.definition)))?;
        let expression = Expression::compile(&file.expression).map_err(|e| wrong(&e))?;
        components.push(Component { kind, expression });
    }
    Ok(components)
}

fn derives(table: &[Arc<Structure>], name: &str, ancestor: &str) -> bool {
    let find = |name: &str| table.iter().find(|structure| structure.name == name);
    std::iter::successors(find(name), |structure| structure.base.as_deref().and_then(find))
        .any(|one| one.name == ancestor)
}
