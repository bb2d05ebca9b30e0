//! Search: from an understood question to rows, by SQL whose cost does not grow with the table.
//!
//! Two shapes. **Walk**: the index of the sort key is read in order from the cursor on, every clause is a
//! probe, and reading stops when the page is full. **Gather**: a selective clause yields few candidates,
//! which are probed and sorted. `plan` decides between them by a capped count.

mod clause;
mod gather;
mod guard;
mod include;
mod key;
mod link;
mod merge;
mod plan;
mod stretch;
mod test;
mod total;
mod walk;

use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};

use super::Store;
use super::row::Row;
use super::statement::Statement;
use super::text::Stored;
use crate::error::Result;
use crate::search::{Cursor, Key, Query, SortValue};
pub use guard::Guard;
use key::Order;
use plan::Driver;

/// One project whose resources are searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    pub project: i32,
    /// Only resources that something in another project points to.
    pub only: Option<Referred>,
}

/// Resources whose id stands under a reference parameter in a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referred {
    pub by_project: i32,
    /// The type of what points to them.
    pub by_kind: i32,
    pub key: Key,
    /// The qualifier of the target type.
    pub qualifier: i64,
}

/// A found resource with its place in the order.
#[derive(Debug, Clone)]
pub struct Hit {
    pub row: Row,
    pub keys: Vec<Option<SortValue>>,
}

impl Hit {
    fn cursor(&self, query: &Query, backwards: bool) -> Cursor {
        let mut keys = self.keys.clone();
        // The order by id has no key of its own here; on the wire it has.
        keys.resize(query.sort.len().max(keys.len()), None);
        Cursor { keys, row: self.row.rid, id: self.row.id.clone(), backwards }
    }
}

/// One page of a search.
#[derive(Debug, Default)]
pub struct Page {
    pub hits: Vec<Hit>,
    pub next: Option<Cursor>,
    pub previous: Option<Cursor>,
    pub total: Option<u64>,
}

/// The columns of a resource and its sort values as text.
type Selected = (
    BigInt,
    Integer,
    Integer,
    Text,
    BigInt,
    BigInt,
    Bool,
    Text,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
);

const COLUMNS: &str = "r.rid, r.project, r.kind, r.id, r.version, r.updated, r.deleted, r.body";

/// What is asked of one type.
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    pub kind: i32,
    pub segments: &'q [Segment],
    pub query: &'q Query,
}

/// A question to one segment.
struct Ask<'q> {
    store: &'q Store,
    kind: i32,
    segment: &'q Segment,
    query: &'q Query,
    order: &'q Order,
    /// Rows wanted, one more than the page has.
    limit: usize,
    /// Whether what is looked at is few, or comes in order until the page is full.
    each: bool,
}

impl Store {
    /// The page of `query` over the segments, and its total when asked for.
    pub fn search(&self, kind: i32, segments: &[Segment], query: &Query) -> Result<Page> {
        self.search_all(&[Question { kind, segments, query }])
    }

    /// One page over several types. The questions to them share order, cursor and size.
    pub fn search_all(&self, questions: &[Question]) -> Result<Page> {
        let mut total = Some(0);
        for one in questions {
            let count = self.total(one.kind, one.segments, one.query)?;
            total = total.zip(count).map(|(sum, count)| sum + count);
        }
        let Some(Question { query, .. }) = questions.first() else {
            return Ok(Page { total, ..Page::default() });
        };
        if query.summary == crate::search::Summary::Count || query.count == 0 {
            return Ok(Page { total, ..Page::default() });
        }
        let limit = query.count + 1;
        let orders: Vec<Order> = questions.iter().map(|one| Order::of(one.query)).collect();
        let mut found = Vec::new();
        for (Question { kind, segments, query }, order) in questions.iter().zip(&orders) {
            for segment in *segments {
                found
                    .push(Ask { store: self, kind: *kind, segment, query, order, limit, each: true }.hits()?);
            }
        }
        let backwards = query.cursor.as_ref().is_some_and(|cursor| cursor.backwards);
        let mut hits = merge::merge(found, &orders[0], backwards, limit);
        let more = hits.len() > query.count;
        hits.truncate(query.count);
        if backwards {
            hits.reverse();
        }
        let (before, after) = if backwards { (more, true) } else { (query.cursor.is_some(), more) };
        let next = hits.last().filter(|_| after).map(|hit| hit.cursor(query, false));
        let previous = hits.first().filter(|_| before).map(|hit| hit.cursor(query, true));
        Ok(Page { hits, next, previous, total })
    }
}

impl Store {
    /// Whether something refers to the resource of this id.
    pub fn is_referred(&self, referred: &Referred, id: &str) -> Result<bool> {
        use diesel::RunQueryDsl;
        let mut found = Statement::<BigInt>::new("SELECT m.rid FROM term_index m WHERE m.project = ");
        found.bind(referred.by_project).sql(" AND m.param = ").bind(self.dictionary.param(referred.key));
        found.sql(" AND m.value = ").bind(id).sql(" AND m.qualifier = ").bind(referred.qualifier);
        found.sql(" LIMIT 1");
        let found: Vec<i64> = self.with(|connection| found.load(connection))?;
        Ok(!found.is_empty())
    }
}

impl Store {
    /// Whether a limited segment has nothing in it.
    pub fn is_empty(&self, kind: i32, segment: &Segment) -> Result<bool> {
        use diesel::RunQueryDsl;
        let Some(only) = &segment.only else { return Ok(false) };
        let mut found = Statement::<BigInt>::new("SELECT o.rid FROM (");
        plan::referred(self, &mut found, kind, segment.project, only);
        found.sql(") o LIMIT 1");
        let found: Vec<i64> = self.with(|connection| found.load(connection))?;
        Ok(found.is_empty())
    }
}

impl Ask<'_> {
    fn backwards(&self) -> bool {
        self.query.cursor.as_ref().is_some_and(|cursor| cursor.backwards)
    }

    /// At most `limit` hits from the cursor on, in the direction of reading.
    fn hits(&self) -> Result<Vec<Hit>> {
        let driver = plan::driver(self)?;
        match (driver, self.order) {
            (None, Order::Id { descending }) => walk::by_id(self, *descending),
            (None, Order::Keys(keys)) if keys.len() == 1 => walk::by_key(self, &keys[0]),
            (None, Order::Matched(key)) => walk::by_match(self, key),
            (Some(Driver::Term(place)), _) => walk::by_row(self, place),
            (driver, _) => gather::gather(self, driver.as_ref()),
        }
    }

    fn load(&self, statement: Statement<Selected>) -> Result<Vec<Hit>> {
        use diesel::RunQueryDsl;
        type Loaded = (
            i64,
            i32,
            i32,
            String,
            i64,
            i64,
            bool,
            Stored,
            Option<String>,
            Option<String>,
            Option<String>,
            Option<String>,
        );
        self.store.with(|connection| {
            let loaded: Vec<Loaded> = statement.load(connection)?;
            let hit = |(rid, project, kind, id, version, updated, deleted, body, a, b, c, d): Loaded| {
                let texts = [a, b, c, d].into_iter().zip(self.order.keys());
                let keys = texts.map(|(text, key)| text.and_then(|text| key.value(text))).collect();
                let columns = (rid, project, kind, id, version, updated, deleted, body);
                Ok(Hit { row: Row::of(columns, connection)?, keys })
            };
            loaded.into_iter().map(hit).collect()
        })
    }
}
