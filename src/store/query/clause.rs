//! A clause as SQL: as a probe on one resource, or as the set of resources that pass.
//!
//! Positive probes are EXISTS, negative ones NOT EXISTS; a set is used as `IN` by the one clause that drives.

use super::super::statement::Statement;
use super::Ask;
use super::key::Table;
use crate::search::{self, Bound, Clause, End, Op, Test};

/// The resource that a condition is on, as SQL expressions.
#[derive(Clone, Copy)]
pub(super) struct Subject<'s> {
    /// Its number.
    pub rid: &'s str,
    /// Its id; only needed where `names_id` says so.
    pub id: &'s str,
    /// How many links of a chain lead to it.
    pub depth: usize,
}

impl<'s> Subject<'s> {
    /// A resource that a row named `r` stands for, with its number where it is at hand.
    pub fn row(rid: &'s str) -> Self {
        Self { rid, id: "r.id", depth: 0 }
    }
}

impl Ask<'_> {
    /// All clauses but `except`, each as ` AND …`, on the resource whose number is `rid` (an SQL expression).
    pub(super) fn probes<ST>(&self, statement: &mut Statement<ST>, except: Option<usize>, rid: &str) {
        for (i, clause) in self.query.clauses.iter().enumerate() {
            if except != Some(i) {
                statement.sql(" AND ");
                self.probe(statement, clause, Subject::row(rid));
            }
        }
        if let Some(only) = &self.segment.only {
            let param = self.store.dictionary.param(only.key);
            statement.sql(" AND EXISTS (SELECT 1 FROM term_index m WHERE m.project = ").bind(only.by_project);
            statement.sql(" AND m.param = ").bind(param).sql(" AND m.value = r.id AND m.qualifier = ");
            statement.bind(only.qualifier).sql(")");
        }
        if self.query.clauses.iter().map(tests).sum::<usize>() > KEPT_TESTS {
            statement.forget();
        }
    }

    /// A clause as a condition on a resource.
    pub(super) fn probe<ST>(&self, statement: &mut Statement<ST>, clause: &Clause, subject: Subject) {
        match clause {
            Clause::Id { any, negated } => {
                statement.sql(if *negated { "NOT " } else { "" });
                one_of(statement, subject.id, any);
            }
            Clause::Index { param, key, any, negated } => {
                let table = Table::of(param.kind, key.facet);
                self.exists(statement, *negated, table, self.store.dictionary.param(*key), subject.rid);
                statement.sql(" AND (");
                any_of(statement, any);
                statement.sql("))");
            }
            Clause::Missing { param, key, missing } => {
                let table = Table::of(param.kind, key.facet);
                self.exists(statement, *missing, table, self.store.dictionary.param(*key), subject.rid);
                statement.sql(")");
            }
            Clause::Leads { key, to } => self.probe_leads(statement, *key, to, subject),
            Clause::Referred { by, key, qualifier } => {
                self.probe_referred(statement, by, (*key, *qualifier), subject);
            }
            Clause::All(clauses) => self.probe_each(statement, clauses, " AND ", "TRUE", subject),
            Clause::Any(clauses) => self.probe_each(statement, clauses, " OR ", "FALSE", subject),
            Clause::Not(clause) => {
                statement.sql("NOT (");
                self.probe(statement, clause, subject);
                statement.sql(")");
            }
        }
    }

    fn probe_each<ST>(
        &self,
        statement: &mut Statement<ST>,
        clauses: &[Clause],
        between: &str,
        none: &str,
        subject: Subject,
    ) {
        statement.sql("(");
        for (i, clause) in clauses.iter().enumerate() {
            statement.sql(if i > 0 { between } else { "" });
            self.probe(statement, clause, subject);
        }
        statement.sql(if clauses.is_empty() { none } else { "" }).sql(")");
    }

    /// `[NOT] EXISTS (…` on the entries of one resource under a parameter; the caller closes it.
    pub(super) fn exists<ST>(
        &self,
        statement: &mut Statement<ST>,
        negated: bool,
        table: Table,
        param: i32,
        rid: &str,
    ) {
        statement.sql(if negated { "NOT EXISTS (" } else { "EXISTS (" });
        statement.sql("SELECT 1 FROM ").sql(table.name());
        // SQLite would else take the primary key for any test on the value; the entries of one resource are few.
        statement.sql(if self.store.sqlite { " x INDEXED BY " } else { " x" });
        if self.store.sqlite {
            statement.sql(table.name()).sql("_rid");
        }
        statement.sql(" WHERE x.project = ").bind(self.segment.project).sql(" AND x.rid = ").sql(rid);
        statement.sql(" AND x.param = ").bind(param);
    }

    /// The numbers of the resources of `kind` that pass a positive clause (or may: see `Set`).
    pub(super) fn set<ST>(&self, statement: &mut Statement<ST>, kind: i32, clause: &Clause) -> Option<Set> {
        let mut set = Statement::new("");
        let exact = self.write_set(&mut set, kind, clause)?;
        statement.append(set);
        Some(exact)
    }

    /// Leaves half a statement where it gives nothing.
    fn write_set<ST>(&self, statement: &mut Statement<ST>, kind: i32, clause: &Clause) -> Option<Set> {
        match clause {
            Clause::Id { any, negated: false } => {
                statement.sql("SELECT i.rid FROM resource i WHERE i.project = ").bind(self.segment.project);
                statement.sql(" AND i.kind = ").bind(kind).sql(" AND i.deleted = FALSE AND ");
                one_of(statement, "i.id", any);
                Some(Set::Exact)
            }
            Clause::Index { param, key, any, negated: false } => {
                if any.len() > ALTERNATIVES {
                    return None;
                }
                if let [Test::Contains(part)] = any.as_slice() {
                    return self.candidates(statement, kind, part);
                }
                let table = Table::of(param.kind, key.facet);
                let param = self.store.dictionary.param(*key);
                for (i, test) in any.iter().enumerate() {
                    if i > 0 {
                        statement.sql(" UNION ");
                    }
                    statement.sql("SELECT x.rid FROM ").sql(table.name()).sql(" x WHERE x.project = ");
                    statement.bind(self.segment.project).sql(" AND x.param = ").bind(param).sql(" AND ");
                    one(statement, test);
                }
                Some(Set::Exact)
            }
            Clause::Leads { key, to } => self.set_leads(statement, *key, to),
            Clause::Referred { by, key, qualifier } => {
                self.set_referred(statement, kind, by, (*key, *qualifier))
            }
            Clause::All(clauses) => {
                clauses.iter().find_map(|clause| self.set(statement, kind, clause))?;
                Some(Set::Candidates)
            }
            Clause::Any(clauses) if !clauses.is_empty() && clauses.len() <= ALTERNATIVES => {
                let mut exact = Set::Exact;
                for (i, clause) in clauses.iter().enumerate() {
                    statement.sql(if i > 0 { " UNION SELECT * FROM (" } else { "SELECT * FROM (" });
                    if self.write_set(statement, kind, clause)? == Set::Candidates {
                        exact = Set::Candidates;
                    }
                    statement.sql(") a").sql(&i.to_string());
                }
                Some(exact)
            }
            _ => None,
        }
    }

    /// Resources with all trigrams of `part` in one string or another.
    fn candidates<ST>(&self, statement: &mut Statement<ST>, kind: i32, part: &str) -> Option<Set> {
        let grams = search::gram::ask(self.segment.project.into(), kind.into(), part);
        if grams.is_empty() {
            return None;
        }
        if self.store.sqlite {
            let words: Vec<String> = grams.iter().map(|gram| format!("\"{gram:08x}\"")).collect();
            statement.sql("SELECT rowid AS rid FROM gram WHERE gram MATCH ").bind(words.join(" "));
        } else {
            let numbers: Vec<String> = grams.iter().map(|gram| gram.cast_signed().to_string()).collect();
            statement.sql("SELECT g.rid FROM gram g WHERE g.project = ").bind(self.segment.project);
            statement.sql(" AND g.grams @> ").bind(format!("{{{}}}", numbers.join(","))).sql("::INTEGER[]");
        }
        Some(Set::Candidates)
    }
}

/// How a set stands to its clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Set {
    Exact,
    /// May hold more: the clause must be probed as well.
    Candidates,
}

/// A clause with more alternatives than this is only probed: databases bound the parts of a UNION.
pub(super) const ALTERNATIVES: usize = 100;

/// Statements with more tests than this come in too many shapes to be kept prepared.
const KEPT_TESTS: usize = 4;

fn tests(clause: &Clause) -> usize {
    match clause {
        Clause::Id { any, .. } => any.len(),
        Clause::Index { any, .. } => {
            any.iter().map(|test| if let Test::Range(b) = test { b.len() } else { 1 }).sum()
        }
        clause => 1 + clause.parts().map(tests).sum::<usize>(),
    }
}

/// Whether the id of the resource is asked, and not its index rows only.
pub(super) fn names_id(clause: &Clause) -> bool {
    match clause {
        Clause::Id { .. } | Clause::Referred { .. } => true,
        Clause::Index { .. } | Clause::Missing { .. } | Clause::Leads { .. } => false,
        Clause::All(_) | Clause::Any(_) | Clause::Not(_) => clause.parts().any(names_id),
    }
}

/// An empty list has nobody in it; not every database takes it as `IN ()`.
fn one_of<ST>(statement: &mut Statement<ST>, column: &str, any: &[String]) {
    if any.is_empty() {
        statement.sql("FALSE");
        return;
    }
    statement.sql(column).sql(" IN (");
    for (i, id) in any.iter().enumerate() {
        statement.sql(if i > 0 { ", " } else { "" }).bind(id.as_str());
    }
    statement.sql(")");
}

/// A balanced tree of ORs: SQLite bounds the depth of an expression.
fn any_of<ST>(statement: &mut Statement<ST>, any: &[Test]) {
    match any {
        [] => drop(statement.sql("FALSE")),
        [test] => one(statement, test),
        _ => {
            let (left, right) = any.split_at(any.len() / 2);
            statement.sql("(");
            any_of(statement, left);
            statement.sql(" OR ");
            any_of(statement, right);
            statement.sql(")");
        }
    }
}

pub(super) fn one<ST>(statement: &mut Statement<ST>, test: &Test) {
    match test {
        Test::Prefix(prefix) => starts_with(statement, "x", prefix),
        Test::Exact { folded, exact } => {
            let exact = if exact == folded { "" } else { exact.as_str() };
            statement.sql("x.value = ").bind(folded.as_str()).sql(" AND x.exact = ").bind(exact);
        }
        Test::Contains(part) => {
            let pattern: String =
                ["%", &part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"), "%"].concat();
            statement.sql("x.value LIKE ").bind(pattern).sql(" ESCAPE '\\'");
        }
        Test::Term { value, qualifier } => {
            match value {
                Some(value) => statement.sql("x.value = ").bind(value.as_str()),
                None => statement.sql("TRUE"),
            };
            qualified(statement, *qualifier);
        }
        Test::TermPrefix { value, qualifier } => {
            starts_with(statement, "x", value);
            qualified(statement, *qualifier);
        }
        Test::Range(bounds) => {
            statement.sql("TRUE");
            for Bound { end, op, than } in bounds {
                statement.sql(if *end == End::Low { " AND x.low " } else { " AND x.high " });
                statement.sql(match op {
                    Op::Less => "< ",
                    Op::LessOrEqual => "<= ",
                    Op::Greater => "> ",
                    Op::GreaterOrEqual => ">= ",
                });
                statement.bind(*than);
                // The low end is never above the high end, and only the low end can be sought.
                if *end == End::High && matches!(op, Op::Less | Op::LessOrEqual) {
                    statement.sql(" AND x.low <= ").bind(*than);
                }
            }
        }
    }
}

fn qualified<ST>(statement: &mut Statement<ST>, qualifier: Option<i64>) {
    if let Some(qualifier) = qualifier {
        statement.sql(" AND x.qualifier = ").bind(qualifier);
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
