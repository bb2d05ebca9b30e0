//! Keeps the index true to the search parameters: a type whose parameters are not those of its last indexing
//! is indexed anew at start, before anybody can ask.

use std::sync::Arc;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Engine;
use super::parameter::Catalogue;
use crate::definitions::ResourceType;
use crate::error::{Result, fault};
use crate::resource;
use crate::search::{gram::Hashes, index};
use crate::store::{Change, Event, IndexChange, Row};

/// To be raised when the same parameters lead to other index rows.
const INDEX_VERSION: u32 = 3;
const CHUNK: i64 = 500;

/// Brings every type up to date. Gives the types that were indexed anew, with the number of resources.
pub fn reindex(engine: &Engine) -> Result<Vec<(String, u64)>> {
    let (mut done, mut new) = (Vec::new(), Vec::new());
    let definitions = Arc::clone(&engine.catalogue.load().plain);
    let had = engine.store.fingerprints()?;
    for kind in definitions.resources.values() {
        let number = engine.kind(&kind.name)?;
        let due = fingerprint(kind);
        match had.get(&number).map(String::as_str) {
            Some(had) if had == due => {}
            None | Some("") => new.push((number, due)),
            Some(_) => {
                tracing::info!(kind = kind.name, "search parameters have changed; indexing anew");
                let count = rebuild(engine, kind, number)?;
                done.push((kind.name.clone(), count));
                engine.store.set_fingerprints(&[(number, due)])?;
            }
        }
    }
    if !new.is_empty() {
        engine.store.set_fingerprints(&new)?;
    }
    Ok(done)
}

fn rebuild(engine: &Engine, kind: &ResourceType, number: i32) -> Result<u64> {
    let plain: Vec<usize> =
        kind.params.values().filter(|param| !param.unique).map(|param| param.slot).collect();
    engine.store.release_unique(&plain)?;
    let (mut after, mut count) = (0, 0);
    loop {
        let rows = engine.store.scan(after, CHUNK)?;
        let Some(last) = rows.last() else { return Ok(count) };
        after = last.rid;
        let living = rows.iter().filter(|row| row.kind == number && !row.deleted);
        count += renew(engine, &living.collect::<Vec<_>>())?;
    }
}

/// Makes the index of living resources anew. Gives their number.
pub(super) fn renew(engine: &Engine, rows: &[&Row]) -> Result<u64> {
    loop {
        let catalogue = engine.catalogue.load_full();
        let changes: Vec<Change> =
            rows.iter().map(|row| anew(engine, &catalogue, row)).collect::<Result<_>>()?;
        if engine.store.reindex(&changes, catalogue.epoch)? {
            return Ok(changes.len() as u64);
        }
        engine.refresh()?;
    }
}

fn anew(engine: &Engine, catalogue: &Catalogue, row: &Row) -> Result<Change> {
    let body: Value = resource::parse(row.body.as_bytes())?;
    let index = complete(engine, catalogue, (row.project, row.kind), &body)?;
    Ok(indexed_anew(row, index))
}

/// The change that leaves a resource as it is, but for what it is found by.
pub(super) fn indexed_anew(row: &Row, index: IndexChange) -> Change {
    Change {
        project: row.project,
        kind: row.kind,
        id: row.id.clone(),
        replaces: Some((row.rid, row.version)),
        amends: None,
        version: row.version,
        updated: row.updated,
        deleted: false,
        body: Arc::clone(&row.body),
        index,
        secrets: Vec::new(),
        event: Event { action: "reindex", author: String::new(), request: String::new() },
    }
}

/// All that a resource is found by, in the place of all that it was found by.
pub(super) fn complete(
    engine: &Engine,
    catalogue: &Catalogue,
    place: (i32, i32),
    body: &Value,
) -> Result<IndexChange> {
    let definitions = catalogue.of_project(place.0);
    let name = engine.store.kind_name(place.1).ok_or_else(|| fault("a type has no name"))?;
    let kind = definitions.resources.get(name).ok_or_else(|| fault("a type is not defined"))?;
    let entries = index::entries(definitions, kind, body, &engine.base_url)?;
    Ok(IndexChange {
        clear: true,
        claim: index::unique_keys(kind, &entries),
        hashes: Hashes::all(place.0.into(), place.1.into(), &entries),
        add: entries,
        ..IndexChange::default()
    })
}

fn fingerprint(kind: &ResourceType) -> String {
    let mut digest = Sha256::new();
    digest.update(INDEX_VERSION.to_le_bytes());
    for param in kind.params.values() {
        digest.update(format!("{}\0{:?}\0{}\0{}\n", param.code, param.kind, param.text, param.unique));
    }
    digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
