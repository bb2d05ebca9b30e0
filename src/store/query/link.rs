//! Conditions on other resources, which references lead to or come from
//! (<https://hl7.org/fhir/R4/search.html#chaining>).
//!
//! A reference is a term of the target's id under the qualifier of its type: one row of the index links two
//! resources of a project. Each link of a chain has tables of its own name, by its depth.

use super::super::statement::Statement;
use super::clause::{Set, Subject, names_id};
use super::{Ask, Segment};
use crate::search::{Clause, Key, Other, qualifier};

impl Ask<'_> {
    /// Some reference of the subject leads to a resource that meets the conditions.
    pub(super) fn probe_leads<ST>(
        &self,
        statement: &mut Statement<ST>,
        key: Key,
        to: &[Other],
        subject: Subject,
    ) {
        let depth = subject.depth + 1;
        let (rid, id) = (format!("t{depth}.rid"), format!("t{depth}.id"));
        statement.sql("(");
        for (i, other) in to.iter().enumerate() {
            statement.sql(if i > 0 { " OR EXISTS (" } else { "EXISTS (" }).sql("SELECT 1 FROM term_index l");
            statement.sql(&depth.to_string()).sql(if self.store.sqlite {
                " INDEXED BY term_index_rid"
            } else {
                ""
            });
            statement.sql(&format!(" CROSS JOIN resource t{depth} WHERE l{depth}.project = "));
            statement.bind(self.segment.project).sql(&format!(" AND l{depth}.rid = {} AND ", subject.rid));
            statement.sql(&format!("l{depth}.param = ")).bind(self.store.dictionary.param(key));
            let place = self.place_of(other);
            let there = Ask { segment: &place, ..*self };
            there.joined(statement, other, depth);
            let target = Subject { rid: &rid, id: &id, kind: self.kind_of(other), depth };
            there.conditions(statement, &other.clauses, None, target);
            self.shut(statement);
        }
        statement.sql(if to.is_empty() { "FALSE)" } else { ")" });
    }

    /// ` AND …`: the link leads to a living resource of the type.
    fn joined<ST>(&self, statement: &mut Statement<ST>, other: &Other, depth: usize) {
        statement.sql(&format!(" AND l{depth}.qualifier = ")).bind(qualifier(&other.kind));
        statement.sql(&format!(" AND t{depth}.project = ")).bind(self.segment.project);
        statement.sql(&format!(" AND t{depth}.kind = ")).bind(self.kind_of(other));
        statement.sql(&format!(" AND t{depth}.id = l{depth}.value AND t{depth}.deleted = FALSE"));
    }

    /// Some resource that meets the conditions refers to the subject.
    pub(super) fn probe_referred<ST>(
        &self,
        statement: &mut Statement<ST>,
        by: &Other,
        (key, qualifier): (Key, i64),
        subject: Subject,
    ) {
        let depth = subject.depth + 1;
        let (rid, id) = (format!("l{depth}.rid"), format!("t{depth}.id"));
        statement.sql(&format!("EXISTS (SELECT 1 FROM term_index l{depth}"));
        let place = self.place_of(by);
        let there = Ask { segment: &place, ..*self };
        let row = by.clauses.iter().any(names_id);
        if row {
            statement.sql(&format!(" CROSS JOIN resource t{depth}"));
        }
        statement.sql(&format!(" WHERE l{depth}.project = ")).bind(place.project);
        statement.sql(&format!(" AND l{depth}.param = ")).bind(self.store.dictionary.param(key));
        statement
            .sql(&format!(" AND l{depth}.value = {} AND l{depth}.qualifier = ", subject.id))
            .bind(qualifier);
        if row {
            statement.sql(&format!(" AND t{depth}.project = ")).bind(place.project);
            statement.sql(&format!(" AND t{depth}.rid = l{depth}.rid"));
        }
        let referring = Subject { rid: &rid, id: &id, kind: self.kind_of(by), depth };
        there.conditions(statement, &by.clauses, None, referring);
        self.shut(statement);
    }

    /// All clauses but `except`, each as ` AND …`.
    fn conditions<ST>(
        &self,
        statement: &mut Statement<ST>,
        clauses: &[Clause],
        except: Option<usize>,
        subject: Subject,
    ) {
        for (i, clause) in clauses.iter().enumerate() {
            if except != Some(i) {
                statement.sql(" AND ");
                self.probe(statement, clause, subject);
            }
        }
    }

    /// Those whose reference leads to what meets the conditions, from the conditions on.
    pub(super) fn set_leads<ST>(&self, statement: &mut Statement<ST>, key: Key, to: &[Other]) -> Option<Set> {
        for (i, other) in to.iter().enumerate() {
            statement.sql(if i > 0 { " UNION " } else { "" }).sql("SELECT l1.rid FROM (");
            let place = self.place_of(other);
            let there = Ask { segment: &place, ..*self };
            let except = there.driven(statement, other)?;
            statement.sql(") c1 CROSS JOIN resource t1 CROSS JOIN term_index l1 WHERE l1.project = ");
            statement
                .bind(self.segment.project)
                .sql(" AND l1.param = ")
                .bind(self.store.dictionary.param(key));
            statement.sql(" AND t1.rid = c1.rid AND l1.value = t1.id");
            there.joined(statement, other, 1);
            there.conditions(
                statement,
                &other.clauses,
                except,
                Subject { rid: "t1.rid", id: "t1.id", kind: self.kind_of(other), depth: 1 },
            );
        }
        (!to.is_empty()).then_some(Set::Exact)
    }

    /// Those to whom what meets the conditions refers, from the conditions on.
    pub(super) fn set_referred<ST>(
        &self,
        statement: &mut Statement<ST>,
        kind: i32,
        by: &Other,
        (key, qualifier): (Key, i64),
    ) -> Option<Set> {
        statement.sql("SELECT h1.rid FROM (");
        let place = self.place_of(by);
        let there = Ask { segment: &place, ..*self };
        let except = there.driven(statement, by)?;
        statement.sql(") c1 CROSS JOIN resource t1 CROSS JOIN term_index l1");
        statement.sql(if self.store.sqlite { " INDEXED BY term_index_rid" } else { "" });
        statement.sql(" CROSS JOIN resource h1 WHERE t1.project = ").bind(place.project);
        statement.sql(" AND t1.rid = c1.rid AND l1.project = ").bind(place.project);
        statement.sql(" AND l1.rid = c1.rid AND l1.param = ").bind(self.store.dictionary.param(key));
        statement.sql(" AND l1.qualifier = ").bind(qualifier).sql(" AND h1.project = ");
        statement.bind(self.segment.project).sql(" AND h1.kind = ").bind(kind);
        statement.sql(" AND h1.id = l1.value AND h1.deleted = FALSE");
        let referring = Subject { rid: "c1.rid", id: "t1.id", kind: self.kind_of(by), depth: 1 };
        there.conditions(statement, &by.clauses, except, referring);
        Some(Set::Exact)
    }

    /// Candidates among the others by one of the conditions on them; gives the one that needs no probe.
    fn driven<ST>(&self, statement: &mut Statement<ST>, other: &Other) -> Option<Option<usize>> {
        let kind = self.kind_of(other);
        let found = other.clauses.iter().enumerate();
        let mut sets = found.filter_map(|(i, clause)| Some((i, self.set(statement, kind, clause)?)));
        sets.next().map(|(i, set)| (set == Set::Exact).then_some(i))
    }

    fn place_of(&self, other: &Other) -> Segment {
        Segment { project: other.pool.unwrap_or(self.segment.project), only: None }
    }

    fn kind_of(&self, other: &Other) -> i32 {
        // A type that the store does not know has no resources: no type has this number.
        self.store.dictionary.kind(&other.kind).unwrap_or(-1)
    }
}
