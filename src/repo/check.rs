//! Proof that what is stored agrees with itself: every index row, unique key, kept version and piece of every
//! resource, compared with what its body says.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::Value;

use super::Engine;
use super::parameter::Catalogue;
use crate::definitions::Definitions;
use crate::error::Result;
use crate::resource;
use crate::search::index;
use crate::store::Row;

/// What a check found.
#[derive(Debug, Default)]
pub struct Report {
    pub resources: u64,
    pub deleted: u64,
    /// One line a fault.
    pub faults: Vec<String>,
}

/// Rows read at once.
const CHUNK: i64 = 1000;

/// Checks everything.
pub fn database(engine: &Engine) -> Result<Report> {
    let mut report = Report::default();
    let stray = engine.store.stray_pieces()?;
    let whose = |(rid, piece): &(i64, String)| format!("piece {piece} of resource number {rid}");
    report.faults.extend(stray.unnamed.iter().map(|one| format!("{} is in no version", whose(one))));
    report.faults.extend(stray.missing.iter().map(|one| format!("{} is missing", whose(one))));
    if !stray.missing.is_empty() {
        // What is not whole cannot be read.
        return Ok(report);
    }
    let (mut after, mut unique) = (0, 0);
    let mut settled = Settled::of(engine)?;
    loop {
        let rows = engine.store.scan(after, CHUNK)?;
        let Some(last) = rows.last() else { break };
        after = last.rid;
        for row in &rows {
            report.resources += 1;
            report.deleted += u64::from(row.deleted);
            let name = engine.store.kind_name(row.kind).unwrap_or("?").to_owned();
            if let Some(fault) = unsound(engine, &mut settled, row, &name, &mut unique)? {
                report.faults.push(format!("{name}/{}: {fault}", row.id));
            }
        }
    }
    let kept = engine.store.count_unique()?;
    if kept != unique {
        report.faults.push(format!("{kept} unique keys are kept, {unique} are due"));
    }
    Ok(report)
}

/// The definitions that the index of each project agrees with.
struct Settled {
    catalogue: Arc<Catalogue>,
    projects: HashMap<i32, Definitions>,
    /// Numbers of parameters whose rows are just being made or removed.
    unsettled: HashSet<i32>,
}

impl Settled {
    fn of(engine: &Engine) -> Result<Self> {
        let catalogue = engine.catalogue.load_full();
        let mut unsettled = HashSet::new();
        for name in catalogue.unsettled() {
            unsettled.extend(engine.store.numbers(&name)?);
        }
        Ok(Self { catalogue, projects: HashMap::new(), unsettled })
    }
}

fn unsound(
    engine: &Engine,
    settled: &mut Settled,
    row: &Row,
    name: &str,
    unique: &mut u64,
) -> Result<Option<String>> {
    let versions = engine.store.kept_versions(row)?;
    // The oldest may have been expunged.
    let first = versions.first().copied().unwrap_or(row.version);
    if versions != (first..row.version).collect::<Vec<_>>() {
        return Ok(Some(format!("version {} follows {versions:?}", row.version)));
    }
    let make = || settled.catalogue.settled(row.project);
    let definitions = &*settled.projects.entry(row.project).or_insert_with(make);
    let Some(kind) = definitions.resources.get(name) else {
        return Ok(Some("its type is not defined here".to_owned()));
    };
    let entries = if row.deleted {
        Vec::new()
    } else {
        let body: Value = resource::parse(row.body.as_bytes())?;
        let stamped = body.pointer("/meta/versionId").and_then(Value::as_str)
            == Some(&row.version.to_string())
            && body.get("id").and_then(Value::as_str) == Some(&row.id);
        if !stamped {
            return Ok(Some("its body is of another id or version".to_owned()));
        }
        index::entries(definitions, kind, &body, &engine.base_url)?
    };
    let keys = index::unique_keys(kind, &entries);
    *unique += keys.len() as u64;
    for (slot, value) in keys {
        if engine.store.unique_owner(row.project, slot, &value)? != Some(row.rid) {
            return Ok(Some(format!("its unique key '{value}' is not its own")));
        }
    }
    let (due, kept) = (engine.store.due(&entries), engine.store.indexed(row)?.without(&settled.unsettled));
    Ok((due != kept).then(|| format!("its index rows differ: due {due:?}, kept {kept:?}")))
}
