//! Keeps the index true to the search parameters: a type whose parameters are not those of its last indexing
//! is indexed anew at start, before anybody can ask.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Engine;
use crate::definitions::ResourceType;
use crate::error::Result;
use crate::resource;
use crate::search::{gram, index};
use crate::store::{Change, Event, IndexChange, Row};

/// To be raised when the same parameters lead to other index rows.
const INDEX_VERSION: u32 = 2;
const CHUNK: i64 = 500;

/// Brings every type up to date. Gives the types that were indexed anew, with the number of resources.
pub fn reindex(engine: &Engine) -> Result<Vec<(String, u64)>> {
    let mut done = Vec::new();
    let definitions = engine.definitions();
    for kind in definitions.resources.values() {
        let number = engine.kind(&kind.name)?;
        let (due, had) = (fingerprint(kind), engine.store.fingerprint(number)?);
        if due == had {
            continue;
        }
        if !had.is_empty() {
            tracing::info!(kind = kind.name, "search parameters have changed; indexing anew");
            let count = rebuild(engine, kind, number)?;
            done.push((kind.name.clone(), count));
        }
        engine.store.set_fingerprint(number, &due)?;
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
        let changes: Vec<Change> = living.map(|row| anew(engine, kind, row)).collect::<Result<_>>()?;
        engine.store.reindex(&changes)?;
        count += changes.len() as u64;
    }
}

pub(super) fn anew(engine: &Engine, kind: &ResourceType, row: &Row) -> Result<Change> {
    let body: Value = resource::parse(row.body.as_bytes())?;
    let entries = index::entries(&engine.definitions(), kind, &body, &engine.base_url)?;
    let index = IndexChange {
        clear: true,
        claim: index::unique_keys(kind, &entries),
        grams: Some(gram::grams(row.project.into(), row.kind.into(), &entries)),
        add: entries,
        ..IndexChange::default()
    };
    Ok(Change {
        project: row.project,
        kind: row.kind,
        id: row.id.clone(),
        replaces: Some((row.rid, row.version)),
        amends: None,
        version: row.version,
        updated: row.updated,
        deleted: false,
        body: row.body.clone(),
        index,
        secrets: Vec::new(),
        event: Event { action: "reindex", author: String::new(), request: String::new() },
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
