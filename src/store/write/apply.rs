//! Changes, turned into statements inside a transaction that is already open.
//!
//! The steps go table by table and in one order of keys, so that two writers meet each other's locks in the
//! same order.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};

use super::super::children::adopt;
use super::super::connect::AnyConnection;
use super::super::dictionary::Dictionary;
use super::super::schema::{credential, resource, unique_key};
use super::super::statement::Statement;
use super::super::text::{self, Laid};
use super::expunge::stands;
use super::rows::{insert, remove};
use super::{Change, Refusal};
use crate::search::{Facet, Key};

pub(super) enum Failure {
    /// A unit was refused.
    Refused(Refusal),
    Database(diesel::result::Error),
}

impl Failure {
    pub fn database(self) -> diesel::result::Error {
        match self {
            Self::Database(error) => error,
            Self::Refused(..) => diesel::result::Error::RollbackTransaction,
        }
    }
}

impl From<diesel::result::Error> for Failure {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error)
    }
}

type Done<T> = Result<T, Failure>;

/// A change on its way, with its place and its number.
pub(super) struct Step<'c> {
    unit: usize,
    place: usize,
    pub rid: i64,
    pub change: &'c Change,
    text: Laid<'c>,
}

impl Step<'_> {
    fn refused(&self, refusal: fn(usize) -> Refusal) -> Failure {
        Failure::Refused(refusal(self.place))
    }
}

/// Applies every unit, and gives the numbers of its resources.
pub(super) fn apply(
    connection: &mut AnyConnection,
    dictionary: &Dictionary,
    units: &[&[Change]],
) -> Done<Vec<Vec<i64>>> {
    let steps = number(connection, units)?;
    let mut numbers: Vec<Vec<i64>> = units.iter().map(|unit| Vec::with_capacity(unit.len())).collect();
    for step in &steps {
        numbers[step.unit].push(step.rid);
    }
    let mut sorted: Vec<&Step> = steps.iter().collect();
    sorted.sort_by_key(|step| (step.change.project, step.change.kind, &step.change.id));
    create(connection, &sorted)?;
    replace(connection, &sorted)?;
    claim(connection, dictionary, &sorted)?;
    adopt(connection, dictionary, sorted.iter().map(|step| step.change))?;
    remove::index(connection, dictionary, &sorted)?;
    insert::index(connection, dictionary, &sorted)?;
    insert::hashes(connection, &sorted)?;
    expect(connection, &sorted)?;
    insert::secrets(connection, &sorted)?;
    sorted.retain(|step| step.change.amends.is_none());
    insert::events(connection, &sorted)?;
    Ok(numbers)
}

/// Gives each create a number.
fn number<'c>(connection: &mut AnyConnection, units: &[&'c [Change]]) -> Done<Vec<Step<'c>>> {
    let creates =
        units.iter().flat_map(|unit| unit.iter()).filter(|change| change.replaces.is_none()).count();
    let mut fresh: Vec<i64> = match (creates, &mut *connection) {
        (0, _) => Vec::new(),
        (_, AnyConnection::Sqlite(_)) => {
            // No other process can be inside this transaction.
            let last = Statement::<BigInt>::new(
                "SELECT MAX(rid) FROM (SELECT MAX(rid) AS rid FROM resource UNION ALL SELECT rid FROM retired)",
            );
            let first = last.load::<i64>(connection)?.pop().unwrap_or(0) + 1;
            (first..first + creates as i64).collect()
        }
        (_, AnyConnection::Postgres(_)) => {
            let mut next =
                Statement::<BigInt>::new("SELECT nextval('resource_rid') FROM generate_series(1, ");
            next.bind(creates as i32).sql(")");
            next.load(connection)?
        }
    };
    fresh.reverse();
    let mut steps = Vec::new();
    for (unit, changes) in units.iter().enumerate() {
        for (place, change) in changes.iter().enumerate() {
            let rid = match change.replaces {
                Some((rid, _)) => rid,
                None => fresh.pop().ok_or(diesel::result::Error::NotFound)?,
            };
            steps.push(Step { unit, place, rid, change, text: Laid::out(&change.body) });
        }
    }
    Ok(steps)
}

/// Whether the secrets are still those that were read. The row of the resource is held by this transaction.
fn expect(connection: &mut AnyConnection, steps: &[&Step]) -> Done<()> {
    for step in steps {
        for secret in &step.change.secrets {
            let Some(expected) = &secret.instead_of else { continue };
            let kept = credential::table
                .find((step.change.project, step.rid, &secret.name))
                .select(credential::value)
                .first::<String>(connection)
                .optional()?;
            if kept != *expected {
                return Err(step.refused(Refusal::Moved));
            }
        }
    }
    Ok(())
}

fn create(connection: &mut AnyConnection, steps: &[&Step]) -> Done<()> {
    let creates: Vec<&&Step> = steps.iter().filter(|step| step.change.replaces.is_none()).collect();
    let written = insert::chunked(
        connection,
        "INSERT INTO resource (rid, project, kind, id, version, updated, deleted, body) VALUES ",
        &creates,
        |insert, step| {
            let change = step.change;
            insert
                .sql("(")
                .bind(step.rid)
                .sql(", ")
                .bind(change.project)
                .sql(", ")
                .bind(change.kind)
                .sql(", ");
            insert.bind(change.id.as_str()).sql(", ").bind(change.version).sql(", ").bind(change.updated);
            insert.sql(if change.deleted { ", TRUE, " } else { ", FALSE, " }).bind(&*step.text.body).sql(")");
        },
    )?;
    if written == creates.len() {
        for step in creates {
            text::keep(connection, step.change.project, step.rid, &step.text, None)?;
        }
        return Ok(());
    }
    for step in &creates {
        let change = step.change;
        let other = resource::table
            .filter(
                resource::project
                    .eq(change.project)
                    .and(resource::kind.eq(change.kind))
                    .and(resource::id.eq(&change.id)),
            )
            .select(resource::rid)
            .first::<i64>(connection)
            .optional()?;
        if other != Some(step.rid) {
            return Err(step.refused(Refusal::Exists));
        }
    }
    // Cannot be: every number is fresh.
    Err(diesel::result::Error::NotFound.into())
}

fn replace(connection: &mut AnyConnection, steps: &[&Step]) -> Done<()> {
    for step in steps {
        let Some((rid, version)) = step.change.replaces else { continue };
        let change = step.change;
        if let Some(text) = &change.amends {
            amend(connection, step, text)?;
            continue;
        }
        let mut keep = Statement::<Integer>::new(
            "INSERT INTO history (project, rid, version, updated, deleted, body) \
             SELECT project, rid, version, updated, deleted, body FROM resource WHERE project = ",
        );
        keep.bind(change.project).sql(" AND rid = ").bind(rid).sql(" AND version = ").bind(version);
        // Two writers that replace the same version meet here; the second finds the update undone.
        keep.sql(" ON CONFLICT DO NOTHING");
        keep.execute(connection)?;
        let moved = diesel::update(
            resource::table.filter(
                resource::project
                    .eq(change.project)
                    .and(resource::rid.eq(rid))
                    .and(resource::version.eq(version)),
            ),
        )
        .set((
            resource::version.eq(change.version),
            resource::updated.eq(change.updated),
            resource::deleted.eq(change.deleted),
            resource::body.eq(&*step.text.body),
        ))
        .execute(connection)?
            == 0;
        if moved {
            return Err(step.refused(Refusal::Moved));
        }
        text::keep(connection, change.project, rid, &step.text, Some(version))?;
    }
    Ok(())
}

/// Puts another text in the place of the current version, if that is still the one that was read.
fn amend(connection: &mut AnyConnection, step: &Step, text: &str) -> Done<()> {
    let change = step.change;
    let old = Laid::out(text);
    let same = resource::project
        .eq(change.project)
        .and(resource::rid.eq(step.rid))
        .and(resource::version.eq(change.version))
        .and(resource::body.eq(&*old.body).or(resource::body.eq(text)));
    let written = diesel::update(resource::table.filter(same))
        .set(resource::body.eq(&*step.text.body))
        .execute(connection)?;
    if written == 0 {
        return Err(step.refused(Refusal::Moved));
    }
    Ok(text::exchange(connection, change.project, step.rid, (&old, &step.text))?)
}

/// Gives up old unique keys, then claims new ones.
fn claim(connection: &mut AnyConnection, dictionary: &Dictionary, steps: &[&Step]) -> Done<()> {
    let number = |slot: usize| dictionary.param(Key { slot, facet: Facet::Value });
    for step in steps {
        for (slot, value) in &step.change.index.release {
            diesel::delete(
                unique_key::table.filter(
                    unique_key::project
                        .eq(step.change.project)
                        .and(unique_key::param.eq(number(*slot)))
                        .and(unique_key::value.eq(value))
                        .and(unique_key::rid.eq(step.rid)),
                ),
            )
            .execute(connection)?;
        }
    }
    let mut claims: Vec<(i32, i32, &str, usize, &Step)> = Vec::new();
    for step in steps {
        for (slot, value) in &step.change.index.claim {
            claims.push((step.change.project, number(*slot), value, *slot, step));
        }
    }
    claims.sort_by_key(|(project, param, value, ..)| (*project, *param, *value));
    let written = insert::chunked(
        connection,
        "INSERT INTO unique_key (project, param, value, rid) VALUES ",
        &claims,
        |insert, (project, param, value, _, step)| {
            insert.sql("(").bind(*project).sql(", ").bind(*param).sql(", ").bind(*value).sql(", ");
            insert.bind(step.rid).sql(")");
        },
    )?;
    if written == claims.len() {
        return Ok(());
    }
    for (project, param, value, slot, step) in claims {
        let owner = unique_key::table
            .filter(
                unique_key::project
                    .eq(project)
                    .and(unique_key::param.eq(param))
                    .and(unique_key::value.eq(value)),
            )
            .select(unique_key::rid)
            .first::<i64>(connection)
            .optional()?;
        if owner != Some(step.rid) {
            return Err(Failure::Refused(Refusal::Taken(step.place, slot)));
        }
    }
    // What it claims was its own already.
    Ok(())
}

/// Adds what is new in the index of resources that have all the rest.
pub(super) fn fill(connection: &mut AnyConnection, dictionary: &Dictionary, changes: &[Change]) -> Done<()> {
    let steps = number(connection, &[changes])?;
    let steps: Vec<&Step> = steps.iter().collect();
    insert::index(connection, dictionary, &steps)?;
    insert::hashes(connection, &steps)?;
    Ok(())
}

/// Makes the index of resources anew and leaves the resources as they are.
pub(super) fn reindex(
    connection: &mut AnyConnection,
    dictionary: &Dictionary,
    changes: &[Change],
) -> Done<()> {
    let steps = number(connection, &[changes])?;
    let mut fresh: Vec<&Step> = Vec::with_capacity(steps.len());
    let mut sorted: Vec<&Step> = steps.iter().collect();
    sorted.sort_by_key(|step| (step.change.project, step.change.kind, &step.change.id));
    for step in sorted {
        let change = step.change;
        // What was written meanwhile has its index already.
        if stands(connection, change.project, step.rid, change.version, &change.body)? {
            fresh.push(step);
        }
    }
    let steps = fresh;
    claim(connection, dictionary, &steps)?;
    remove::index(connection, dictionary, &steps)?;
    insert::index(connection, dictionary, &steps)?;
    insert::hashes(connection, &steps)?;
    Ok(())
}
