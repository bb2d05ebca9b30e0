//! A test as SQL, on a row of an index.

use super::super::statement::Statement;
use super::key::Table;
use crate::search::{Bound, End, Op, Test, digest_of};

/// A balanced tree of ORs: SQLite bounds the depth of an expression.
pub(super) fn any_of<ST>(statement: &mut Statement<ST>, row: &str, table: Table, any: &[Test]) {
    match any {
        [] => drop(statement.sql("FALSE")),
        [test] => one(statement, row, table, test),
        _ => {
            let (left, right) = any.split_at(any.len() / 2);
            statement.sql("(");
            any_of(statement, row, table, left);
            statement.sql(" OR ");
            any_of(statement, row, table, right);
            statement.sql(")");
        }
    }
}

/// Each part of a value passes some test of it; `x` is the row of the first.
pub(super) fn parts_of_one<ST>(statement: &mut Statement<ST>, parts: &[Vec<Test>]) {
    for (i, tests) in parts.iter().enumerate() {
        let part = i.to_string();
        if i == 0 {
            statement.sql(" AND x.part = 0 AND (");
            any_of(statement, "x", Table::Tuple, tests);
        } else {
            statement.sql(" AND EXISTS (SELECT 1 FROM tuple_index y WHERE y.project = x.project");
            statement.sql(" AND y.rid = x.rid AND y.param = x.param AND y.tuple = x.tuple AND y.part = ");
            statement.sql(&part).sql(" AND (");
            any_of(statement, "y", Table::Tuple, tests);
            statement.sql(")");
        }
        statement.sql(")");
    }
}

pub(super) fn one<ST>(statement: &mut Statement<ST>, row: &str, table: Table, test: &Test) {
    match test {
        Test::Prefix(prefix) => starts_with(statement, row, prefix),
        Test::Exact { folded, exact } => {
            let exact = if exact == folded { "" } else { exact.as_str() };
            statement.sql(row).sql(".value = ").bind(folded.as_str());
            statement.sql(" AND ").sql(row).sql(".exact = ").bind(exact);
        }
        Test::Contains(part) => {
            like(statement, row, &["%", &literal(part), "%"].concat());
        }
        Test::Whole(text) => drop(statement.sql(row).sql(".value = ").bind(text.as_str())),
        Test::Order { op, than } => {
            statement.sql(row).sql(".value ").sql(sign(*op)).bind(than.as_str());
        }
        Test::Suffix(end) => like(statement, row, &["%", &literal(end)].concat()),
        Test::Term { value, qualifier } => {
            term(statement, row, value.as_deref(), *qualifier);
            // Among values of several parts a term is sought by its digest.
            if let (Table::Tuple, Some(value)) = (table, value) {
                statement.sql(" AND ").sql(row).sql(".low = ").bind(digest_of(value));
            }
        }
        Test::TermPrefix { value, qualifier } => {
            starts_with(statement, row, value);
            statement.sql(" AND ");
            term(statement, row, None, *qualifier);
        }
        Test::Range(bounds) => within(statement, row, bounds),
        Test::Quantity { bounds, unit, system } => {
            within(statement, row, bounds);
            statement.sql(" AND ");
            term(statement, row, unit.as_deref(), *system);
        }
        Test::Near { at: [x, y, z], reach } => {
            statement.sql(row).sql(".low >= ").bind(x - reach);
            statement.sql(" AND ").sql(row).sql(".low <= ").bind(x + reach).sql(" AND ");
            for (i, (column, at)) in [("low", x), ("high", y), ("qualifier", z)].into_iter().enumerate() {
                let column = format!("({row}.{column} - ");
                statement.sql(if i > 0 { " + " } else { "" });
                statement.sql(&column).bind(*at).sql(") * ").sql(&column).bind(*at).sql(")");
            }
            statement.sql(" <= ").bind(reach * reach);
        }
    }
}

fn like<ST>(statement: &mut Statement<ST>, row: &str, pattern: &str) {
    statement.sql(row).sql(".value LIKE ").bind(pattern).sql(" ESCAPE '\\'");
}

/// A text as a part of a pattern.
fn literal(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

fn term<ST>(statement: &mut Statement<ST>, row: &str, value: Option<&str>, qualifier: Option<i64>) {
    match value {
        Some(value) => statement.sql(row).sql(".value = ").bind(value),
        None => statement.sql("TRUE"),
    };
    if let Some(qualifier) = qualifier {
        statement.sql(" AND ").sql(row).sql(".qualifier = ").bind(qualifier);
    }
}

fn within<ST>(statement: &mut Statement<ST>, row: &str, bounds: &[Bound]) {
    statement.sql("TRUE");
    for Bound { end, op, than } in bounds {
        statement.sql(" AND ").sql(row).sql(if *end == End::Low { ".low " } else { ".high " });
        statement.sql(sign(*op));
        statement.bind(*than);
        // The low end is never above the high end, and only the low end can be sought.
        if *end == End::High && matches!(op, Op::Less | Op::LessOrEqual) {
            statement.sql(" AND ").sql(row).sql(".low <= ").bind(*than);
        }
    }
}

fn sign(op: Op) -> &'static str {
    match op {
        Op::Less => "< ",
        Op::LessOrEqual => "<= ",
        Op::Greater => "> ",
        Op::GreaterOrEqual => ">= ",
    }
}

/// Every value that starts with `prefix`, as a range that an index can seek.
pub(super) fn starts_with<ST>(statement: &mut Statement<ST>, table: &str, prefix: &str) {
    statement.sql(table).sql(".value >= ").bind(prefix);
    if let Some(end) = after(prefix) {
        statement.sql(" AND ").sql(table).sql(".value < ").bind(end);
    }
}

/// The least text that is greater than all that start with `prefix`.
fn after(prefix: &str) -> Option<String> {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        // A range of `char` steps over the surrogates, which no text can hold.
        if let Some(next) = (last..=char::MAX).nth(1) {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}
