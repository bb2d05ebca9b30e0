//! Reading an index in the order of the result, from the cursor on, until the page is full.

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
    order_by_id(&mut select, descending, ask.limit);
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
    select.sql(" ORDER BY c.rid").sql(direction).sql(" LIMIT ").bind(ask.limit as i64);
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
    select.sql(" AND (x.value, x.exact) < (s.value, s.exact)) AND r.project = s.project AND r.rid = s.rid");
    let direction = if descending { " DESC" } else { "" };
    select.sql(" ORDER BY s.value").sql(direction).sql(", s.rid").sql(direction);
    select.sql(" LIMIT ").bind(ask.limit as i64);
    ask.load(select)
}

/// Ordered by one parameter: first what has a value, then what has none.
pub(super) fn by_key(ask: &Ask, key: &OrderKey) -> Result<Vec<Hit>> {
    let cursor = ask.query.cursor.as_ref();
    let inside = cursor.map(|cursor| cursor.keys.first().and_then(Option::as_ref));
    let mut hits = Vec::new();
    if ask.backwards() {
        if let Some(None) = inside {
            hits = without_value(ask, key, cursor, ask.limit)?;
        }
        if hits.len() < ask.limit {
            let from = inside.flatten();
            hits.extend(with_value(ask, key, cursor, from, ask.limit - hits.len())?);
        }
    } else {
        if !matches!(inside, Some(None)) {
            hits = with_value(ask, key, cursor, inside.flatten(), ask.limit)?;
        }
        if hits.len() < ask.limit {
            let cursor = cursor.filter(|_| matches!(inside, Some(None)));
            hits.extend(without_value(ask, key, cursor, ask.limit - hits.len())?);
        }
    }
    Ok(hits)
}

fn with_value(
    ask: &Ask,
    key: &OrderKey,
    cursor: Option<&Cursor>,
    from: Option<&SortValue>,
    limit: usize,
) -> Result<Vec<Hit>> {
    let (table, column) = (key.table.name(), key.table.column());
    let mut select = Statement::<Selected>::new("SELECT ");
    select
        .sql(COLUMNS)
        .sql(", CAST(s.")
        .sql(column)
        .sql(" AS TEXT), CAST(NULL AS TEXT), CAST(NULL AS TEXT), ");
    // CROSS JOIN keeps the order of the tables on SQLite; PostgreSQL takes it for a plain join.
    select.sql("CAST(NULL AS TEXT) FROM ").sql(table).sql(" s CROSS JOIN resource r WHERE s.project = ");
    select.bind(ask.segment.project).sql(" AND s.param = ").bind(ask.param(key));
    select.sql(" AND (s.edge & ").sql(key.edge()).sql(") <> 0");
    let descending = key.descending != ask.backwards();
    if let (Some(cursor), Some(value)) = (cursor, from) {
        select.sql(" AND (s.").sql(column).sql(", s.rid) ").sql(if descending { "< (" } else { "> (" });
        key.bind(&mut select, value).sql(", ").bind(cursor.row).sql(")");
    }
    select.sql(" AND r.project = s.project AND r.rid = s.rid");
    ask.probes(&mut select, None, "s.rid");
    let direction = if descending { " DESC" } else { "" };
    select.sql(" ORDER BY s.").sql(column).sql(direction).sql(", s.rid").sql(direction);
    select.sql(" LIMIT ").bind(limit as i64);
    ask.load(select)
}

fn without_value(ask: &Ask, key: &OrderKey, cursor: Option<&Cursor>, limit: usize) -> Result<Vec<Hit>> {
    let mut select = resources(ask);
    from_id(&mut select, cursor, ask.backwards());
    select.sql(" AND ");
    ask.exists(&mut select, true, key.table, ask.param(key), "r.rid");
    select.sql(")");
    ask.probes(&mut select, None, "r.rid");
    order_by_id(&mut select, ask.backwards(), limit);
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

fn order_by_id(select: &mut Statement<Selected>, descending: bool, limit: usize) {
    let direction = if descending { " DESC" } else { "" };
    select
        .sql(" ORDER BY r.id")
        .sql(direction)
        .sql(", r.rid")
        .sql(direction)
        .sql(" LIMIT ")
        .bind(limit as i64);
}
