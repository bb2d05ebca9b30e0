//! The vocabulary between a question and an index: entries, tests on entries, clauses, queries.
//!
//! A test speaks of one entry only. The store turns it into SQL on an index row, `matches` evaluates
//! it in memory: the two agree because both read the same test.

use std::sync::Arc;

use crate::definitions::Param;
use crate::error::Issue;

/// A parameter is indexed under its own code, and for some modifiers under a second key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Facet {
    /// The parameter itself.
    Value,
    /// The words of a coded value or reference, for `:text`: indexed as strings.
    Text,
    /// The identifier of a logical reference, for `:identifier`: indexed as terms.
    Identifier,
    /// An identifier with its type, for `:of-type`: indexed as terms.
    OfType,
}

impl Facet {
    pub const ALL: [Self; 4] = [Self::Value, Self::Text, Self::Identifier, Self::OfType];
}

/// Where an entry is kept and what a clause asks: a parameter (by its slot) and a facet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub slot: usize,
    pub facet: Facet,
}

impl Key {
    /// The parameter itself.
    pub fn of(param: &Param) -> Self {
        Self { slot: param.slot, facet: Facet::Value }
    }
}

/// One thing a resource can be found by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Entry {
    pub key: Key,
    pub value: EntryValue,
    /// Bits: 1 = the lowest of this resource under this key, 2 = the highest. Sorting reads one entry a
    /// resource by them. Ranges
    /// are compared by their low ends, then by their high ends.
    pub edge: u8,
}

pub const LOWEST: u8 = 1;
pub const HIGHEST: u8 = 2;

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntryValue {
    /// String parameters. `folded` is what prefix search compares (without case and accents); `exact`
    /// is the value as written, empty when it equals `folded`.
    Text { folded: String, exact: String },
    /// Token, reference and uri parameters: a value within a qualifier (`qualifier()` of the system of a
    /// token, of the target type of a reference; 0 for none).
    Term { value: String, qualifier: i64 },
    /// Dates (milliseconds since 1970, both ends included) and numbers (`ordered()` of the double).
    Range { low: i64, high: i64 },
    /// Quantities, composites and places.
    Part(Part),
    /// A word of the resource, or of its narrative, for `_content` and `_text`.
    Word { narrative: bool, word: String },
}

/// A part of a value of several parts. The parts of one value have its `tuple` in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Part {
    /// Of a date, number or quantity; of a term both ends are the digest of its value; of a place on the
    /// globe they are two of its coordinates, and `qualifier` is the third.
    pub low: i64,
    pub high: i64,
    /// A term, the unit of a quantity, or a folded text.
    pub value: String,
    pub qualifier: i64,
    pub tuple: i32,
    pub part: i32,
}

/// What is asked of one entry.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// `folded` starts with this.
    Prefix(String),
    /// The value as written is exactly this; `folded` narrows the look-up.
    Exact { folded: String, exact: String },
    /// `folded` contains this.
    Contains(String),
    /// `folded` is this.
    Whole(String),
    /// `folded` ends with this.
    Suffix(String),
    /// `folded` stands so to this in the order of texts.
    Order { op: Op, than: String },
    /// A term; `None` leaves that half open.
    Term { value: Option<String>, qualifier: Option<i64> },
    /// A term of this qualifier whose value starts with this (uri `:below`).
    TermPrefix { value: String, qualifier: Option<i64> },
    /// A range: every bound must hold.
    Range(Vec<Bound>),
    /// A number and its unit; `None` leaves a half open.
    Quantity { bounds: Vec<Bound>, unit: Option<String>, system: Option<i64> },
    /// A point no farther from this one than a straight line of this length.
    Near { at: [i64; 3], reach: i64 },
}

impl Test {
    /// A term within a qualifier.
    pub fn term(value: &str, qualifier: i64) -> Self {
        Self::Term { value: Some(super::digest::term(value)), qualifier: Some(qualifier) }
    }
}

/// A comparison of one end of an entry's range with a constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    pub end: End,
    pub op: Op,
    pub than: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Low,
    High,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// One condition of a query; all clauses must hold.
#[derive(Debug, Clone)]
pub enum Clause {
    /// `_id`: any of these ids.
    Id {
        any: Vec<String>,
        negated: bool,
    },
    /// Some entry under the key passes some test; `negated` turns the whole round (`:not`).
    Index {
        param: Arc<Param>,
        key: Key,
        any: Vec<Test>,
        negated: bool,
    },
    /// `:missing`: no entry at all under the key (`missing`), or at least one (not `missing`).
    Missing {
        param: Arc<Param>,
        key: Key,
        missing: bool,
    },
    /// Some value passes, in each of its parts some test of that part, for one of the alternatives.
    Composite {
        param: Arc<Param>,
        key: Key,
        any: Vec<Vec<Vec<Test>>>,
    },
    /// All words of one of the alternatives are in the resource, or in its narrative.
    Words {
        narrative: bool,
        key: Key,
        any: Vec<Vec<String>>,
    },
    /// A chain: a reference under the key leads to a resource that meets the conditions of one of these types.
    Leads {
        key: Key,
        to: Vec<Other>,
    },
    /// `_has`: a resource that meets the conditions refers here under the key, as to a resource of the type
    /// with this qualifier.
    Referred {
        by: Other,
        key: Key,
        qualifier: i64,
    },
    All(Vec<Clause>),
    Any(Vec<Clause>),
    Not(Box<Clause>),
}

/// Conditions on a resource of another type; all must hold.
#[derive(Debug, Clone)]
pub struct Other {
    pub kind: String,
    pub clauses: Vec<Clause>,
    /// Number of the project that it is looked for in, if that is another one.
    pub pool: Option<i32>,
}

impl Other {
    pub fn new(kind: &str, clauses: Vec<Clause>) -> Self {
        Self { kind: kind.to_owned(), clauses, pool: None }
    }
}

impl Clause {
    /// The clauses that this one is made of.
    pub fn parts(&self) -> Box<dyn Iterator<Item = &Clause> + '_> {
        match self {
            Self::Id { .. }
            | Self::Index { .. }
            | Self::Missing { .. }
            | Self::Composite { .. }
            | Self::Words { .. } => Box::new(std::iter::empty()),
            Self::Leads { to, .. } => Box::new(to.iter().flat_map(|other| &other.clauses)),
            Self::Referred { by, .. } => Box::new(by.clauses.iter()),
            Self::All(clauses) | Self::Any(clauses) => Box::new(clauses.iter()),
            Self::Not(clause) => Box::new(std::iter::once(&**clause)),
        }
    }

    /// How many clauses and values it is made of, itself included.
    pub fn weight(&self) -> usize {
        let own = match self {
            Self::Id { any, .. } => any.len(),
            Self::Index { any, .. } => any.len(),
            Self::Composite { any, .. } => any.iter().flatten().map(Vec::len).sum(),
            Self::Words { any, .. } => any.iter().map(Vec::len).sum(),
            _ => 1,
        };
        own + self.parts().map(Self::weight).sum::<usize>()
    }

    /// The other projects that have a say in it.
    pub fn pools(&self) -> Vec<i32> {
        let own: Vec<i32> = match self {
            Self::Leads { to, .. } => to.iter().filter_map(|other| other.pool).collect(),
            Self::Referred { by, .. } => by.pool.into_iter().collect(),
            _ => Vec::new(),
        };
        own.into_iter().chain(self.parts().flat_map(Self::pools)).collect()
    }

    /// The other types that have a say in it.
    pub fn others(&self) -> Vec<&str> {
        let own: Vec<&str> = match self {
            Self::Leads { to, .. } => to.iter().map(|other| other.kind.as_str()).collect(),
            Self::Referred { by, .. } => vec![&by.kind],
            _ => Vec::new(),
        };
        own.into_iter().chain(self.parts().flat_map(Self::others)).collect()
    }
}

/// Sort keys of one query at most: each is a column of the result.
pub const SORT_KEYS: usize = 4;

#[derive(Debug, Clone)]
pub struct Sort {
    pub by: SortKey,
    pub descending: bool,
}

#[derive(Debug, Clone)]
pub enum SortKey {
    /// The id of the resource; also the order when none is asked.
    Id,
    Param(Arc<Param>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Total {
    #[default]
    None,
    /// Exact below a cap; above it the total is left out.
    Estimate,
    Accurate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Summary {
    #[default]
    False,
    True,
    /// The narrative, and what must be there.
    Text,
    /// All but the narrative.
    Data,
    /// No entries, only the total.
    Count,
}

/// A search, understood.
#[derive(Debug, Clone)]
pub struct Query {
    /// The resource type.
    pub resource: String,
    pub clauses: Vec<Clause>,
    pub sort: Vec<Sort>,
    /// Page size.
    pub count: usize,
    pub total: Total,
    pub summary: Summary,
    /// Top-level elements to keep; empty for all.
    pub elements: Vec<String>,
    /// What is sent along with the matches.
    pub includes: Vec<Include>,
    /// Resources inside of others are sought.
    pub contained: Option<Contained>,
    /// Where the page starts, from a link of an earlier page.
    pub cursor: Option<Cursor>,
    /// Matches that are passed over before the page.
    pub skip: usize,
    /// The parameters that were really used, in order, as given (without the cursor): the self link.
    pub used: Vec<(String, String)>,
    /// What was ignored under lenient handling.
    pub warnings: Vec<Issue>,
}

/// A search for resources inside of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contained {
    /// Those that stand by themselves are sought as well (`_contained=both`).
    pub both: bool,
    pub shown: Shown,
}

/// What a search for contained resources answers with (`_containedType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    Container,
    Contained,
}

/// `_include` and `_revinclude`: resources that matches refer to, or that refer to matches.
#[derive(Debug, Clone)]
pub struct Include {
    /// The resources that refer are what is sought.
    pub reverse: bool,
    /// Of what was included, too.
    pub iterate: bool,
    /// The parameters whose references count.
    pub params: Vec<Arc<Param>>,
    /// The only type that is included, or (reversed) that is referred to.
    pub target: Option<String>,
}

/// Place between two rows of a sorted result. Opaque on the wire: `Cursor::encode` and `Cursor::decode`.
#[derive(Debug, Clone, PartialEq)]
pub struct Cursor {
    /// Sort values of the row at the border, one a sort key; `None` where it has no value.
    pub keys: Vec<Option<SortValue>>,
    /// Tie-break: the row's number in the store.
    pub row: i64,
    /// Its id, for the order by id.
    pub id: String,
    /// The page before the row rather than after it.
    pub backwards: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortValue {
    Text(String),
    Number(i64),
}
