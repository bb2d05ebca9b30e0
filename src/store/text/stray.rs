//! Pieces that somebody misses, and those that nobody has.

use std::collections::HashSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};

use super::super::Store;
use super::super::schema::piece;
use super::super::statement::Statement;
use super::{MARK, Stored};
use crate::error::Result;

/// Pieces that are not where they should be, each by the number of its resource and its name.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Stray {
    /// Named by a version, and not kept.
    pub missing: Vec<(i64, String)>,
    /// Kept, and named by no version.
    pub unnamed: Vec<(i64, String)>,
}

impl Store {
    pub fn stray_pieces(&self) -> Result<Stray> {
        let mut bodies = Statement::<(Integer, BigInt, Text)>::new("");
        for (table, and) in [("resource", " UNION ALL "), ("history", "")] {
            bodies.sql("SELECT project, rid, body FROM ").sql(table);
            bodies.sql(" WHERE body LIKE '").sql(&MARK.to_string()).sql("%'").sql(and);
        }
        let (bodies, kept) = self.with(|connection| {
            let bodies: Vec<(i32, i64, Stored)> = bodies.load(connection)?;
            let kept = piece::table.select((piece::project, piece::rid, piece::hash));
            Ok((bodies, kept.load::<(i32, i64, String)>(connection)?))
        })?;
        let named: HashSet<(i32, i64, &str)> = bodies
            .iter()
            .flat_map(|(project, rid, body)| body.names().map(|name| (*project, *rid, name)))
            .collect();
        let kept: HashSet<(i32, i64, &str)> =
            kept.iter().map(|(project, rid, name)| (*project, *rid, name.as_str())).collect();
        let listed = |some: &mut dyn Iterator<Item = &(i32, i64, &str)>| {
            some.map(|(_, rid, name)| (*rid, (*name).to_owned())).collect()
        };
        Ok(Stray {
            missing: listed(&mut named.difference(&kept)),
            unnamed: listed(&mut kept.difference(&named)),
        })
    }
}
