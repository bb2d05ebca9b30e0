//! Filters (<https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.2>): read by descent, within bounds; put to one
//! resource in memory, or made into clauses that the index answers.

mod compile;
mod holds;
mod read;
mod text;
mod within;

use serde_json::Value;

use super::path::Path;
pub(super) use compile::Compiler;
pub(super) use holds::truth;
pub(super) use read::{read, read_path};

/// A filter, understood as to its form.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Present(Path),
    Compare(Path, Op, Value),
    /// Of one of several values all of this holds.
    Within(Path, Box<Filter>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Equal,
    NotEqual,
    Contains,
    StartsWith,
    EndsWith,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl Op {
    fn read(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "eq" => Self::Equal,
            "ne" => Self::NotEqual,
            "co" => Self::Contains,
            "sw" => Self::StartsWith,
            "ew" => Self::EndsWith,
            "gt" => Self::Greater,
            "ge" => Self::GreaterOrEqual,
            "lt" => Self::Less,
            "le" => Self::LessOrEqual,
            _ => return None,
        })
    }
}
