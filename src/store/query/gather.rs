//! Few candidates, from the clause that drives: probed, sorted, cut to the page.

use super::super::statement::Statement;
use super::clause::Set;
use super::key::{Order, OrderKey};
use super::plan::Driver;
use super::test::starts_with;
use super::walk::cut;
use super::{Ask, COLUMNS, Hit, Selected};
use crate::error::Result;
use crate::search::{Cursor, SORT_KEYS, SortValue};

pub(super) fn gather(ask: &Ask, driver: Option<&Driver>) -> Result<Vec<Hit>> {
    let mut select = Statement::<Selected>::new("SELECT ");
    select.sql(COLUMNS);
    for i in 0..SORT_KEYS {
        match ask.order.keys().get(i) {
            Some(key) => select.sql(", CAST(").sql(&column(key, i)).sql(" AS TEXT)"),
            None => select.sql(", CAST(NULL AS TEXT)"),
        };
    }
    // A resource is in the set once for each of its values that pass.
    select.sql(" FROM (SELECT DISTINCT c.rid");
    for (i, key) in ask.order.keys().iter().enumerate() {
        value(ask, &mut select, key, i);
    }
    select.sql(" FROM (");
    let except = candidates(ask, &mut select, driver);
    select.sql(") c) q CROSS JOIN resource r WHERE r.project = ").bind(ask.segment.project);
    select.sql(" AND r.rid = q.rid AND r.kind = ").bind(ask.kind).sql(" AND r.deleted = FALSE");
    ask.probes(&mut select, except, "r.rid");
    if let Some(cursor) = &ask.query.cursor {
        select.sql(" AND (");
        beyond(ask, &mut select, cursor, 0);
        select.sql(")");
    }
    order(ask, &mut select);
    cut(&mut select, ask.limit, ask.query.skip);
    ask.load(select)
}

/// The set of candidates; gives the clause that needs no probe any more.
pub(super) fn candidates<ST>(
    ask: &Ask,
    select: &mut Statement<ST>,
    driver: Option<&Driver>,
) -> Option<usize> {
    match driver {
        Some(Driver::Clause(place) | Driver::Term(place)) => {
            match ask.set(select, ask.kind, &ask.query.clauses[*place]) {
                Some(Set::Exact) => Some(*place),
                _ => None,
            }
        }
        Some(Driver::Referred) => {
            ask.referred(select);
            None
        }
        Some(Driver::Rows(rows)) => {
            select.sql("SELECT o.rid FROM resource o WHERE o.project = ").bind(ask.segment.project);
            select.sql(" AND o.rid IN (");
            for (place, row) in rows.iter().enumerate() {
                select.sql(if place == 0 { "" } else { ", " }).bind(*row);
            }
            select.sql(")");
            None
        }
        Some(Driver::Pool) => {
            select.sql("SELECT o.rid FROM resource o WHERE o.project = ").bind(ask.segment.project);
            // The bound is far above what there is; it tells PostgreSQL that this is not half of the table.
            select.sql(" AND o.kind = ").bind(ask.kind).sql(" AND o.deleted = FALSE LIMIT 10000");
            None
        }
        Some(Driver::Stretch(stretch)) => {
            stretch.select(ask, select);
            None
        }
        None => {
            // Every living resource has one row under `_lastUpdated`.
            let alive = ask.store.dictionary.alive(ask.kind).unwrap_or_default();
            select.sql("SELECT a.rid FROM range_index a WHERE a.project = ").bind(ask.segment.project);
            select.sql(" AND a.param = ").bind(alive);
            None
        }
    }
}

/// The column of a sort key in the outer statement.
fn column(key: &OrderKey, i: usize) -> String {
    if key.key.is_some() { format!("q.k{i}") } else { "r.id".to_owned() }
}

fn value(ask: &Ask, select: &mut Statement<Selected>, key: &OrderKey, i: usize) {
    if key.key.is_none() {
        return;
    }
    let (table, column) = (key.table.name(), key.table.column());
    select.sql(", (SELECT min(s.").sql(column).sql(") FROM ").sql(table).sql(" s");
    if ask.store.sqlite {
        select.sql(" INDEXED BY ").sql(table).sql("_rid");
    }
    select.sql(" WHERE s.project = ").bind(ask.segment.project).sql(" AND s.rid = c.rid AND s.param = ");
    select.bind(ask.param(key));
    match &key.prefix {
        Some(prefix) => starts_with(select.sql(" AND "), "s", prefix),
        None => drop(select.sql(" AND (s.edge & ").sql(key.edge()).sql(") <> 0")),
    }
    select.sql(") AS k").sql(&i.to_string());
}

/// The condition that a row lies beyond the cursor, from sort key `i` on.
fn beyond(ask: &Ask, select: &mut Statement<Selected>, cursor: &Cursor, i: usize) {
    let Some(key) = ask.order.keys().get(i) else {
        tie(ask, select, cursor);
        return;
    };
    let name = column(key, i);
    let value = cursor.keys.get(i).and_then(Option::as_ref);
    match (value, ask.backwards()) {
        (Some(value), backwards) => {
            let less = key.descending != backwards;
            select.sql(&name).sql(if less { " < " } else { " > " });
            key.bind(select, value);
            if !backwards {
                select.sql(" OR ").sql(&name).sql(" IS NULL");
            }
        }
        (None, true) => drop(select.sql(&name).sql(" IS NOT NULL")),
        (None, false) => drop(select.sql("FALSE")),
    }
    select.sql(" OR (").sql(&name);
    equal(select, key, value);
    select.sql(" AND (");
    beyond(ask, select, cursor, i + 1);
    select.sql("))");
}

fn equal(select: &mut Statement<Selected>, key: &OrderKey, value: Option<&SortValue>) {
    match value {
        Some(value) => drop(key.bind(select.sql(" = "), value)),
        None => drop(select.sql(" IS NULL")),
    }
}

fn tie(ask: &Ask, select: &mut Statement<Selected>, cursor: &Cursor) {
    let by_id = match ask.order {
        Order::Id { descending } => Some(*descending),
        Order::Keys(_) if matches!(cursor.keys.as_slice(), [None]) => Some(false),
        _ => None,
    };
    if let Some(descending) = by_id {
        let less = descending != ask.backwards();
        select.sql("(r.id, r.rid)").sql(if less { " < (" } else { " > (" });
        select.bind(cursor.id.as_str()).sql(", ").bind(cursor.row).sql(")");
    } else {
        let less = ask.order.tie_descending() != ask.backwards();
        select.sql("r.rid").sql(if less { " < " } else { " > " }).bind(cursor.row);
    }
}

fn order(ask: &Ask, select: &mut Statement<Selected>) {
    let backwards = ask.backwards();
    let direction = |descending: bool| if descending != backwards { " DESC" } else { " ASC" };
    select.sql(" ORDER BY ");
    for (i, key) in ask.order.keys().iter().enumerate() {
        let name = column(key, i);
        // `false` sorts before `true` on both databases.
        select.sql("(").sql(&name).sql(" IS NULL)").sql(direction(false)).sql(", ");
        select.sql(&name).sql(direction(key.descending)).sql(", ");
    }
    match ask.order {
        Order::Id { descending } => {
            select.sql("r.id").sql(direction(*descending)).sql(", r.rid").sql(direction(*descending));
        }
        order => {
            if let [_] = order.keys() {
                select.sql("CASE WHEN q.k0 IS NULL THEN r.id END").sql(direction(false)).sql(", ");
            }
            select.sql("r.rid").sql(direction(order.tie_descending()));
        }
    }
}
