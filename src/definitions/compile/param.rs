//! Search parameters, bound to every type they are defined on.
//!
//! Implements <https://hl7.org/fhir/R4/searchparameter.html>.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::super::model::NO_EXPRESSION;
use super::super::read::{ParamFile, Read};
use super::super::source::Origin;
use super::super::{Component, Element, Param, ParamKind, ResourceType, Structure};
use super::{flagged, mistake, path, unversioned};
use crate::error::Result;
use crate::fhirpath::{Expression, Types};

const UNIQUE: &str = "unique";

type Found<'f, 'a> = &'f Read<'a, ParamFile<'a>>;

/// Binds all parameters and returns them by slot: sorted by type and code, so that equal definitions
/// number them equally.
pub(super) fn bind(
    files: &[Read<'_, ParamFile<'_>>],
    table: &[Arc<Structure>],
    types: &Types,
    resources: &mut BTreeMap<String, ResourceType>,
    warnings: &mut Vec<String>,
) -> Result<Vec<Arc<Param>>> {
    let heirs = heirs(table, resources);
    // Type and code to the parameter: a later origin replaces an earlier one, its own type's goes first.
    let mut bound: BTreeMap<(&str, &str), (Found<'_, '_>, bool)> = BTreeMap::new();
    for read in files {
        let (file, code) = (read.file, &*read.body.code);
        if let Some(what) = unusable(read, &heirs) {
            if !read.origin.is_package() {
                return Err(mistake(file, code, what));
            }
            // What is no matter of elements (`_text`), or of no type, is not missed.
            if !code.starts_with('_') && !read.body.base.is_empty() {
                warnings.push(format!("{file}: {code}: not used, as {what}"));
            }
            continue;
        }
        let mut rival = None;
        for base in &read.body.base {
            for name in heirs.get(&**base).into_iter().flatten() {
                let own = *name == &**base;
                let before = bound.get(&(*name, code));
                let again = before.filter(|(other, theirs)| {
                    other.origin == read.origin && *theirs == own && other.body.url != read.body.url
                });
                match (again, before) {
                    (Some((other, _)), _) => rival = Some((*name, other.file)),
                    (None, Some((_, true))) if !own => {}
                    _ => _ = bound.insert((*name, code), (read, own)),
                }
            }
        }
        if let Some((name, other)) = rival {
            if read.origin == Origin::Embedded {
                return Err(mistake(file, code, format_args!("{other} defines it for {name} too")));
            }
            warnings.push(format!("{file}: {code}: not used, as {other} defines it too"));
        }
    }
    // Parameters of many types are compiled once and then cut down to each.
    let mut compiled: HashMap<*const ParamFile<'_>, Whole> = HashMap::new();
    let mut params = Vec::with_capacity(bound.len());
    for ((name, code), (read, _)) in bound {
        let made = match compiled.entry(&raw const read.body) {
            Entry::Occupied(entry) => Ok(&*entry.into_mut()),
            Entry::Vacant(entry) => compile(code, read, files).map(|whole| &*entry.insert(whole)),
        };
        let made = made.and_then(|whole| param(params.len(), name, code, read, whole.narrowed(types, name)));
        match made {
            Ok(mut param) => {
                imply(&mut param, table);
                params.push(Arc::new(param));
            }
            Err(error) if read.origin.is_package() => warnings.push(error.to_string()),
            Err(error) => return Err(error),
        }
    }
    for param in &params {
        if let Some(resource) = resources.get_mut(&param.resource) {
            resource.params.insert(param.code.clone(), param.clone());
        }
    }
    Ok(params)
}

/// Why nothing can be made of a parameter. That is a mistake, but in packages: the standard's own has some
/// without an expression.
fn unusable(read: Found<'_, '_>, heirs: &HashMap<&str, Vec<&str>>) -> Option<String> {
    let body = &read.body;
    if read.origin.is_package() && body.expression.is_none() {
        return Some("it has no expression".to_owned());
    }
    // The standard's own package has some that are for no type; nothing comes of them.
    let known = body.base.is_empty() || body.base.iter().any(|base| heirs.contains_key(&**base));
    (!known).then(|| format!("none of the types it is for ({}) is defined", body.base.join(", ")))
}

/// Types of resource by the types they are or derive from.
fn heirs<'t>(
    table: &'t [Arc<Structure>],
    resources: &BTreeMap<String, ResourceType>,
) -> HashMap<&'t str, Vec<&'t str>> {
    let by_name: HashMap<&str, &Structure> = table.iter().map(|one| (one.name.as_str(), &**one)).collect();
    let mut heirs: HashMap<&str, Vec<&str>> =
        table.iter().map(|structure| (structure.name.as_str(), Vec::new())).collect();
    for structure in table.iter().filter(|structure| resources.contains_key(&structure.name)) {
        let base = |one: &&'t Structure| by_name.get(one.base.as_deref()?).copied();
        for ancestor in std::iter::successors(Some(&**structure), base) {
            heirs.entry(&ancestor.name).or_default().push(&structure.name);
        }
    }
    heirs
}

/// What is the same for all types that a parameter is for.
struct Whole {
    expression: Expression,
    components: Vec<Component>,
}

impl Whole {
    fn narrowed(&self, types: &Types, name: &str) -> Self {
        let expression = self.expression.narrowed(types, name).unwrap_or_else(|| self.expression.clone());
        Self { expression, components: self.components.clone() }
    }
}

fn compile(code: &str, read: Found<'_, '_>, files: &[Read<'_, ParamFile<'_>>]) -> Result<Whole> {
    let text = text(&read.body);
    let expression =
        Expression::compile(text).map_err(|e| mistake(read.file, code, format_args!("{e}: {text}")))?;
    Ok(Whole { expression, components: components(read, files)? })
}

fn text<'f>(body: &'f ParamFile<'_>) -> &'f str {
    body.expression.as_deref().unwrap_or(NO_EXPRESSION)
}

fn param(slot: usize, resource: &str, code: &str, read: Found<'_, '_>, whole: Whole) -> Result<Param> {
    let body = &read.body;
    let kind = ParamKind::of(&body.kind).ok_or_else(|| {
        mistake(read.file, code, format_args!("there is no search parameter type '{}'", body.kind))
    })?;
    Ok(Param {
        slot,
        resource: resource.to_owned(),
        code: code.to_owned(),
        url: body.url.to_string(),
        kind,
        expression: whole.expression,
        text: text(body).to_owned(),
        targets: targets(&body.target),
        components: whole.components,
        implied: Vec::new(),
        truth: false,
        unique: flagged(&body.extension, UNIQUE),
        custom: false,
        description: body.description.to_string(),
    })
}

/// Types that a reference may point to; any, if anything that there is may be.
fn targets(names: &[Cow<'_, str>]) -> Vec<String> {
    if names.iter().any(|name| name == "Resource") {
        return Vec::new();
    }
    names.iter().map(|name| name.to_string()).collect()
}

/// Notes what the elements of a token say of its values.
pub(in crate::definitions) fn imply(param: &mut Param, table: &[Arc<Structure>]) {
    if let (ParamKind::Token, Some(elements)) =
        (param.kind, path::elements(table, &param.resource, &param.text))
    {
        let is = |element: &Element, code: &str| element.types.iter().all(|one| one.code == code);
        let codes = elements.iter().filter(|element| is(element, "code"));
        param.implied = codes.filter_map(|element| element.binding.clone()).collect();
        param.truth = !elements.is_empty() && elements.iter().all(|element| is(element, "boolean"));
    }
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
        components.push(Component { kind, expression, text: file.expression.to_string() });
    }
    Ok(components)
}
