//! A clause as SQL: as a probe on one resource, or as the set of resources that pass.
//!
//! Positive probes are EXISTS, negative ones NOT EXISTS; a set is used as `IN` by the one clause that drives.

use super::super::hashed::{self, Hashed};
use super::super::statement::Statement;
use super::Ask;
use super::key::Table;
use super::test::{any_of, one, parts_of_one};
use crate::search::{Clause, Test, gram};

/// The resource that a condition is on, as SQL expressions.
#[derive(Clone, Copy)]
pub(super) struct Subject<'s> {
    /// Its number.
    pub rid: &'s str,
    /// Its id; only needed where `names_id` says so.
    pub id: &'s str,
    /// The number of its type.
    pub kind: i32,
    /// How many links of a chain lead to it.
    pub depth: usize,
}

impl<'s> Subject<'s> {
    /// A resource that a row named `r` stands for, with its number where it is at hand.
    pub fn row(rid: &'s str, kind: i32) -> Self {
        Self { rid, id: "r.id", kind, depth: 0 }
    }
}

impl Ask<'_> {
    /// All clauses but `except`, each as ` AND …`, on the resource whose number is `rid` (an SQL expression).
    pub(super) fn probes<ST>(&self, statement: &mut Statement<ST>, except: Option<usize>, rid: &str) {
        for (i, clause) in self.query.clauses.iter().enumerate() {
            if except != Some(i) {
                statement.sql(" AND ");
                self.probe(statement, clause, Subject::row(rid, self.kind));
            }
        }
        if let Some(only) = &self.segment.only {
            let param = self.store.dictionary.param(only.key);
            statement.sql(" AND EXISTS (SELECT 1 FROM term_index m WHERE m.project = ").bind(only.by_project);
            statement.sql(" AND m.param = ").bind(param).sql(" AND m.value = r.id AND m.qualifier = ");
            self.shut(statement.bind(only.qualifier));
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
                any_of(statement, "x", table, any);
                self.shut(statement.sql(")"));
            }
            Clause::Composite { key, any, .. } => {
                let param = self.store.dictionary.param(*key);
                statement.sql("(");
                for (i, parts) in any.iter().enumerate() {
                    statement.sql(if i > 0 { " OR " } else { "" });
                    self.exists(statement, false, Table::Tuple, param, subject.rid);
                    parts_of_one(statement, parts);
                    self.shut(statement);
                }
                statement.sql(if any.is_empty() { "FALSE)" } else { ")" });
            }
            Clause::Words { narrative, any, .. } => {
                statement.sql("(");
                for (i, words) in any.iter().enumerate() {
                    statement.sql(if i > 0 { " OR EXISTS (" } else { "EXISTS (" });
                    let kind = subject.kind;
                    let project = self.segment.project.into();
                    let hashes = gram::words(project, kind.into(), *narrative, words);
                    self.with_hashes(statement, Hashed::Words, &hashes);
                    statement.sql(if self.store.sqlite { " AND rowid = " } else { " AND h.rid = " });
                    statement.sql(subject.rid).sql(")");
                }
                statement.sql(if any.is_empty() { "FALSE)" } else { ")" });
            }
            Clause::Missing { param, key, missing } => {
                let table = Table::of(param.kind, key.facet);
                self.exists(statement, *missing, table, self.store.dictionary.param(*key), subject.rid);
                self.shut(statement);
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

    /// The end of what `exists` began. PostgreSQL would rather join all that pass, by what it guesses of values that it
    /// does not know; what has an OFFSET it asks once a row.
    pub(super) fn shut<ST>(&self, statement: &mut Statement<ST>) {
        statement.sql(if self.each && !self.store.sqlite { " OFFSET 0)" } else { ")" });
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
                if any.is_empty() || any.len() > ALTERNATIVES {
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
                    one(statement, "x", table, test);
                }
                Some(Set::Exact)
            }
            Clause::Composite { key, any, .. } => {
                let firsts: Vec<&Test> = any.iter().filter_map(|parts| parts.first()).flatten().collect();
                if firsts.is_empty() || firsts.len() > ALTERNATIVES {
                    return None;
                }
                for (i, test) in firsts.into_iter().enumerate() {
                    statement.sql(if i > 0 { " UNION " } else { "" });
                    statement
                        .sql("SELECT x.rid FROM tuple_index x WHERE x.project = ")
                        .bind(self.segment.project);
                    statement.sql(" AND x.param = ").bind(self.store.dictionary.param(*key));
                    statement.sql(" AND x.part = 0 AND ");
                    one(statement, "x", Table::Tuple, test);
                }
                Some(Set::Candidates)
            }
            Clause::Words { narrative, any, .. } => {
                for (i, words) in any.iter().enumerate() {
                    statement.sql(if i > 0 { " UNION " } else { "" });
                    let project = self.segment.project.into();
                    let hashes = gram::words(project, kind.into(), *narrative, words);
                    self.with_hashes(statement, Hashed::Words, &hashes);
                }
                (!any.is_empty()).then_some(Set::Exact)
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
        let grams = gram::ask(self.segment.project.into(), kind.into(), part);
        if grams.is_empty() {
            return None;
        }
        self.with_hashes(statement, Hashed::Trigrams, &grams);
        Some(Set::Candidates)
    }

    /// The resources that have all of these.
    fn with_hashes<ST>(&self, statement: &mut Statement<ST>, hashed: Hashed, hashes: &[u32]) {
        let table = hashed.table();
        if self.store.sqlite {
            statement.sql("SELECT rowid AS rid FROM ").sql(table).sql(" WHERE ").sql(table);
            statement.sql(" MATCH ").bind(hashed::phrase(hashes));
        } else {
            statement.sql("SELECT h.rid FROM ").sql(table).sql(" h WHERE h.project = ");
            statement.bind(self.segment.project).sql(" AND h.hashes @> ");
            statement.bind(hashed::array(hashes)).sql("::INTEGER[]");
        }
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
        Clause::Composite { .. } | Clause::Words { .. } => clause.weight(),
        clause => 1 + clause.parts().map(tests).sum::<usize>(),
    }
}

/// Whether the id of the resource is asked, and not its index rows only.
pub(super) fn names_id(clause: &Clause) -> bool {
    match clause {
        Clause::Id { .. } | Clause::Referred { .. } => true,
        Clause::Index { .. }
        | Clause::Missing { .. }
        | Clause::Composite { .. }
        | Clause::Words { .. }
        | Clause::Leads { .. } => false,
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
