//! From what the files say to what everybody asks: checks that the definitions fit together.
//!
//! The order: latest file of each url, value sets when something is bound to them, structures with their
//! bases first, then search parameters (<https://hl7.org/fhir/R4/structuredefinition.html#interpretation>).

mod element;
mod param;
mod path;
mod structure;
mod types;
mod value_set;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

pub(super) use param::imply;

use super::read::{CompartmentFile, Extension, Files, Read, StructureFile};
use super::source::Origin;
use super::{Compartment, Definitions, Profile, ResourceType, StructureKind};
use crate::error::{Error, Result, invalid};

/// Extensions that say what the standard has no word for.
const OURS: &str = "https://roster.dev/fhir/StructureDefinition/";
/// Kept inside the server, never served: `JsonWebKey`.
const NOT_SERVED: &str = "not-served";
/// Exists on the wire only: `Parameters`.
const NOT_STORED: &str = "not-stored";

pub(super) fn compile(files: Files<'_>) -> Result<Definitions> {
    let structures = latest(files.structures, |file| &file.url)?;
    let value_sets = latest(files.value_sets, |file| &file.url)?;

    let profiles = structures.iter().filter(|read| read.body.is_profile()).map(|read| {
        let (url, name) = (read.body.url.to_string(), read.body.name.to_string());
        (url.clone(), Profile { url, name, of: read.body.of.to_string(), text: read.text.to_string() })
    });
    let profiles = profiles.collect();
    let mut warnings = Vec::new();
    let types = structures.into_iter().filter(|read| read.body.is_type()).collect();
    let types = yielding(types, &mut warnings);

    let mut sets = value_set::Sets::new(value_sets, &files.code_systems);
    let table = structure::compile(&types, &mut sets, &mut warnings)?;
    let value_sets = sets.all()?;

    let flags =
        |name: &str| types.iter().find(|read| read.body.of == name).map(|read| &read.body.extension[..]);
    let has = |name: &str, flag| flags(name).is_some_and(|list| flagged(list, flag));
    let mut resources: BTreeMap<String, ResourceType> = BTreeMap::new();
    for structure in table.iter().filter(|one| one.is_concrete_resource() && !has(&one.name, NOT_STORED)) {
        let (name, url) = (structure.name.clone(), structure.url.clone());
        let served = !has(&name, NOT_SERVED);
        let (params, hidden, unready) = (BTreeMap::new(), Vec::new(), BTreeMap::new());
        let structure = structure.clone();
        let resource = ResourceType { name: name.clone(), url, structure, params, hidden, unready, served };
        resources.insert(name, resource);
    }
    let types = types::types(&types);
    let params = param::bind(&files.params, &table, &types, &mut resources, &mut warnings)?;
    let code_systems = value_set::hierarchies(&files.code_systems);
    let compartments = compartments(&files.compartments, &resources);
    Ok(Definitions {
        resources: resources.into_iter().map(|(name, one)| (name, Arc::new(one))).collect(),
        compartments: Arc::new(compartments),
        code_systems: Arc::new(code_systems),
        value_sets: Arc::new(value_sets),
        profiles: Arc::new(profiles),
        params: Arc::new(params),
        types: Arc::new(types),
        custom: false,
        warnings: Arc::new(warnings),
        structures: Arc::new(table.iter().map(|one| (one.name.clone(), one.clone())).collect()),
        table: Arc::new(table),
    })
}

/// The last file of each compartment, with the types and parameters that there are.
fn compartments(
    files: &[Read<'_, CompartmentFile<'_>>],
    resources: &BTreeMap<String, ResourceType>,
) -> BTreeMap<String, Compartment> {
    let mut compartments: BTreeMap<String, (Origin, Compartment)> = BTreeMap::new();
    for read in files.iter().filter(|read| resources.contains_key(&*read.body.code)) {
        let members = read.body.resource.iter().filter_map(|member| {
            let params = &resources.get(&*member.code)?.params;
            let known = member.param.iter().filter(|code| params.contains_key(&***code));
            let known: Vec<String> = known.map(|code| code.to_string()).collect();
            (!known.is_empty()).then(|| (member.code.to_string(), known))
        });
        let place = compartments.entry(read.body.code.to_string());
        let (origin, members) = (read.origin, members.collect::<Compartment>());
        let kept = place.or_insert_with(|| (origin, Compartment::new()));
        // The example of a package is about a type that has a definition of its own.
        if origin > kept.0 || members.len() > kept.1.len() {
            *kept = (origin, members);
        }
    }
    compartments.into_iter().map(|(name, (_, members))| (name, members)).collect()
}

/// The last file of each url. Two of one origin would make the outcome a matter of their order, but for
/// those in Bundles, which give way.
fn latest<'a, T>(files: Vec<Read<'a, T>>, url: impl Fn(&T) -> &str) -> Result<Vec<Read<'a, T>>> {
    let mut places: HashMap<String, usize> = HashMap::with_capacity(files.len());
    let mut kept: Vec<Read<'a, T>> = Vec::with_capacity(files.len());
    for file in files {
        let Some(&place) = places.get(url(&file.body)) else {
            places.insert(url(&file.body).to_owned(), kept.len());
            kept.push(file);
            continue;
        };
        let before = &kept[place];
        match (before.origin == file.origin, before.bundled, file.bundled) {
            (true, false, false) => {
                let text = format!("{} and {} both define {}", before.file, file.file, url(&file.body));
                return Err(invalid(text));
            }
            (true, _, true) => {}
            _ => kept[place] = file,
        }
    }
    Ok(kept)
}

/// The types, without those of packages that another origin defines under another url.
fn yielding<'a>(
    types: Vec<Read<'a, StructureFile<'a>>>,
    warnings: &mut Vec<String>,
) -> Vec<Read<'a, StructureFile<'a>>> {
    let mut latest: HashMap<String, Origin> = HashMap::with_capacity(types.len());
    for read in &types {
        let origin = latest.entry(read.body.of.to_string()).or_insert(read.origin);
        *origin = read.origin.max(*origin);
    }
    let mut kept = Vec::with_capacity(types.len());
    for read in types {
        let yields =
            read.origin.is_package() && latest.get(&*read.body.of).is_some_and(|one| *one > read.origin);
        if yields {
            warnings
                .push(format!("{}: {}: not used, as it is defined elsewhere too", read.file, read.body.of));
        } else {
            kept.push(read);
        }
    }
    kept
}

fn flagged(extensions: &[Extension<'_>], name: &str) -> bool {
    ours(extensions, name).is_some_and(|extension| extension.value_boolean == Some(true))
}

fn ours<'e, 'a>(extensions: &'e [Extension<'a>], name: &str) -> Option<&'e Extension<'a>> {
    extensions.iter().find(|extension| extension.url.strip_prefix(OURS) == Some(name))
}

/// A mistake in a definition, with the file and the element where it is.
fn mistake(file: &str, place: &str, what: impl std::fmt::Display) -> Error {
    invalid(format!("{file}: {place}: {what}"))
}

/// A canonical url without its version.
fn unversioned(url: &str) -> &str {
    url.split('|').next().unwrap_or(url)
}

fn kind_of(code: &str) -> Option<StructureKind> {
    match code {
        "primitive-type" => Some(StructureKind::Primitive),
        "complex-type" => Some(StructureKind::Complex),
        "resource" => Some(StructureKind::Resource),
        _ => None,
    }
}
