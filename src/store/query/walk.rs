//! Reading an index in the order of the result, from the cursor on, until the page is full.

use diesel::sql_types::BigInt;

use super::super::statement::Statement;
use super::clause::Set;
use super::key::OrderKey;
use super::test::starts_with;
use super::{Ask, COLUMNS, Hit, Selected};
use crate::error::Result;
use crate::search::{Cursor, SortValue};

const NO_KEYS: &str = "CAST(NULL AS TEXT), CAST(NULL AS TEXT), CAST(NULL AS TEXT), CAST(NULL AS TEXT)";

/// Ordered by id.
pub(super) fn by_id(ask: &Ask, descending: bool) -> Result<Vec<Hit>> {
    let mut select = resources(ask);
    let descending = descending != ask.backwards();
    from_id(&mut select, ask.query.cursor.as_ref(), descending);
    ask.probes(&mut select, None, "r.rid");
    order_by_id(&mut select, descending, ask.limit, ask.query.skip);
    ask.load(select)
}

/// Ordered by number, as the rows of one term or of the trigrams of one text are.
pub(super) fn by_row(ask: &Ask, place: usize) -> Result<Vec<Hit>> {
    let mut select = Statement::<Selected>::new("SELECT ");
    select.sql(COLUMNS).sql(", ").sql(NO_KEYS).sql(" FROM (");
    let except =
        (ask.set(&mut select, ask.kind, &ask.query.clauses[place]) == Some(Set::Exact)).then_some(place);
    // The order of the set reaches through the joins only on SQLite, and only if asked for inside.
    let descending = ask.backwards();
    let direction = if descending { " DESC" } else { "" };
    let rid = if ask.store.sqlite && except.is_none() { "rowid" } else { "rid" };
    if let Some(cursor) = &ask.query.cursor {
        select.sql(" AND ").sql(rid).sql(if descending { " < " } else { " > " }).bind(cursor.row);
    }
    if except.is_some() {
        // One resource may have the same value under several qualifiers.
        select.sql(" GROUP BY rid");
    }
    select.sql(" ORDER BY ").sql(rid).sql(direction).sql(") c CROSS JOIN resource r WHERE r.project = ");
    select.bind(ask.segment.project).sql(" AND r.rid = c.rid AND r.kind = ").bind(ask.kind);
    select.sql(" AND r.deleted = FALSE");
    ask.probes(&mut select, except, "r.rid");
    select.sql(" ORDER BY c.rid").sql(direction);
    cut(&mut select, ask.limit, ask.query.skip);
    ask.load(select)
}

/// Ordered by the least value that starts with what was asked for.
pub(super) fn by_match(ask: &Ask, key: &OrderKey) -> Result<Vec<Hit>> {
    let Some(prefix) = &key.prefix else { return Ok(Vec::new()) };
    let (project, param) = (ask.segment.project, ask.param(key));
    let mut select = Statement::<Selected>::new("SELECT ");
    select.sql(COLUMNS).sql(", s.value, CAST(NULL AS TEXT), CAST(NULL AS TEXT), CAST(NULL AS TEXT) FROM ");
    select.sql(key.table.name()).sql(" s CROSS JOIN resource r WHERE s.project = ").bind(project);
    select.sql(" AND s.param = ").bind(param).sql(" AND ");
    starts_with(&mut select, "s", prefix);
    let descending = ask.backwards();
    if let Some(cursor) = &ask.query.cursor
        && let Some(Some(value)) = cursor.keys.first()
    {
        select.sql(" AND (s.value, s.rid) ").sql(if descending { "< (" } else { "> (" });
        key.bind(&mut select, value).sql(", ").bind(cursor.row).sql(")");
    }
    select.sql(" AND ");
    ask.exists(&mut select, true, key.table, param, "s.rid");
    select.sql(" AND x.value >= ").bind(prefix.as_str());
    select.sql(" AND (x.value, x.exact) < (s.value, s.exact)");
    ask.shut(&mut select);
    select.sql(" AND r.project = s.project AND r.rid = s.rid");
    let direction = if descending { " DESC" } else { "" };
    select.sql(" ORDER BY s.value").sql(direction).sql(", s.rid").sql(direction);
    cut(&mut select, ask.limit, ask.query.skip);
    ask.load(select)
}

/// Ordered by one parameter: first what has a value, then what has none.
pub(super) fn by_key(ask: &Ask, key: &OrderKey) -> Result<Vec<Hit>> {
    let cursor = ask.query.cursor.as_ref();
    let inside = cursor.map(|cursor| cursor.keys.first().and_then(Option::as_ref));
    let mut hits = Vec::new();
    if ask.backwards() {
        if let Some(None) = inside {
            hits = without_value(ask, key, cursor, (ask.limit, 0))?;
        }
        if hits.len() < ask.limit {
            let from = inside.flatten();
            hits.extend(with_value(ask, key, cursor, from, (ask.limit - hits.len(), 0))?);
        }
        return Ok(hits);
    }
    let mut skip = ask.query.skip;
    if !matches!(inside, Some(None)) {
        hits = with_value(ask, key, cursor, inside.flatten(), (ask.limit, skip))?;
        if !hits.is_empty() {
            skip = 0;
        } else if skip > 0 {
            skip = skip.saturating_sub(number_with_value(ask, key, cursor, inside.flatten())?);
        }
    }
    if hits.len() < ask.limit {
        let cursor = cursor.filter(|_| matches!(inside, Some(None)));
        hits.extend(without_value(ask, key, cursor, (ask.limit - hits.len(), skip))?);
    }
    Ok(hits)
}

/// Rows of a page at most, and how many are passed over before it.
type Cut = (usize, usize);

fn with_value(
    ask: &Ask,
    key: &OrderKey,
    cursor: Option<&Cursor>,
    from: Option<&SortValue>,
    (limit, skip): Cut,
) -> Result<Vec<Hit>> {
    let column = key.table.column();
    let mut select = Statement::<Selected>::new("SELECT ");
    select
        .sql(COLUMNS)
        .sql(", CAST(s.")
        .sql(column)
        .sql(" AS TEXT), CAST(NULL AS TEXT), CAST(NULL AS TEXT), ");
    select.sql("CAST(NULL AS TEXT)");
    entries(ask, &mut select, key, cursor, from);
    let direction = if key.descending != ask.backwards() { " DESC" } else { "" };
    select.sql(" ORDER BY s.").sql(column).sql(direction).sql(", s.rid").sql(direction);
    cut(&mut select, limit, skip);
    ask.load(select)
}

/// How many have a value, from the cursor on.
fn number_with_value(
    ask: &Ask,
    key: &OrderKey,
    cursor: Option<&Cursor>,
    from: Option<&SortValue>,
) -> Result<usize> {
    let mut select = Statement::<BigInt>::new("SELECT count(*)");
    entries(ask, &mut select, key, cursor, from);
    Ok(usize::try_from(ask.one_number(select)?).unwrap_or_default())
}

/// The one entry of each resource that counts, from the cursor on.
fn entries<ST>(
    ask: &Ask,
    select: &mut Statement<ST>,
    key: &OrderKey,
    cursor: Option<&Cursor>,
    from: Option<&SortValue>,
) {
    let (table, column) = (key.table.name(), key.table.column());
    // CROSS JOIN keeps the order of the tables on SQLite; PostgreSQL takes it for a plain join.
    select.sql(" FROM ").sql(table).sql(" s CROSS JOIN resource r WHERE s.project = ");
    select.bind(ask.segment.project).sql(" AND s.param = ").bind(ask.param(key));
    select.sql(" AND (s.edge & ").sql(key.edge()).sql(") <> 0");
    let descending = key.descending != ask.backwards();
    if let (Some(cursor), Some(value)) = (cursor, from) {
        select.sql(" AND (s.").sql(column).sql(", s.rid) ").sql(if descending { "< (" } else { "> (" });
        key.bind(select, value).sql(", ").bind(cursor.row).sql(")");
    }
    select.sql(" AND r.project = s.project AND r.rid = s.rid");
    ask.probes(select, None, "s.rid");
}

fn without_value(ask: &Ask, key: &OrderKey, cursor: Option<&Cursor>, (limit, skip): Cut) -> Result<Vec<Hit>> {
    let mut select = resources(ask);
    from_id(&mut select, cursor, ask.backwards());
    select.sql(" AND ");
    ask.exists(&mut select, true, key.table, ask.param(key), "r.rid");
    ask.shut(&mut select);
    ask.probes(&mut select, None, "r.rid");
    order_by_id(&mut select, ask.backwards(), limit, skip);
    ask.load(select)
}

fn resources(ask: &Ask) -> Statement<Selected> {
    let mut select = Statement::new("SELECT ");
    select.sql(COLUMNS).sql(", ").sql(NO_KEYS).sql(" FROM resource r WHERE r.project = ");
    select.bind(ask.segment.project).sql(" AND r.kind = ").bind(ask.kind).sql(" AND r.deleted = FALSE");
    select
}

fn from_id(select: &mut Statement<Selected>, cursor: Option<&Cursor>, descending: bool) {
    if let Some(cursor) = cursor {
        select.sql(" AND (r.id, r.rid) ").sql(if descending { "< (" } else { "> (" });
        select.bind(cursor.id.as_str()).sql(", ").bind(cursor.row).sql(")");
    }
}

fn order_by_id(select: &mut Statement<Selected>, descending: bool, limit: usize, skip: usize) {
    let direction = if descending { " DESC" } else { "" };
    select.sql(" ORDER BY r.id").sql(direction).sql(", r.rid").sql(direction);
    cut(select, limit, skip);
}

/// The end of a statement: so many rows, after those that are passed over.
pub(super) fn cut<ST>(select: &mut Statement<ST>, limit: usize, skip: usize) {
    select.sql(" LIMIT ").bind(limit as i64);
    if skip > 0 {
        select.sql(" OFFSET ").bind(i64::try_from(skip).unwrap_or(i64::MAX));
    }
}
