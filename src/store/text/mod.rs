//! The texts of resources as they are stored: a short one as it is, a long one in pieces, each of which is kept once for
//! all versions of its resource. So a version of a long text costs what is new in it, and a copy of one next to nothing.

mod cut;
mod piece;
mod stray;

use std::borrow::Cow;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::Text;
use sha2::{Digest, Sha256};

use super::connect::AnyConnection;
pub(super) use piece::{drop_all, drop_unnamed, exchange, hold, keep};

/// Bytes of a text that is still stored as it is.
const SHORT: usize = 32 << 10;
/// What a list of names begins with, and no JSON does.
const MARK: char = '#';

/// What stands in a column `body`: a text, or the names of its pieces.
#[derive(Debug, Clone, diesel::FromSqlRow)]
pub(super) struct Stored(String);

impl<DB: Backend> FromSql<Text, DB> for Stored
where
    String: FromSql<Text, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        String::from_sql(bytes).map(Self)
    }
}

impl Stored {
    /// The text, of a version of this resource.
    pub fn text(self, connection: &mut AnyConnection, project: i32, rid: i64) -> QueryResult<Arc<str>> {
        if !self.0.starts_with(MARK) {
            return Ok(self.0.into());
        }
        let pieces = piece::load(connection, project, rid, self.names())?;
        let mut text = String::with_capacity(pieces.values().map(String::len).sum());
        for name in self.names() {
            // The version was removed after it had been found.
            let piece = pieces.get(name).ok_or_else(|| moved("a piece of a text is gone"))?;
            text.push_str(piece);
        }
        Ok(text.into())
    }

    /// Of its pieces.
    fn names(&self) -> impl Iterator<Item = &str> {
        self.0.strip_prefix(MARK).into_iter().flat_map(|names| names.split(' '))
    }
}

/// Others have changed what is read.
fn moved(what: &str) -> Error {
    Error::DatabaseError(DatabaseErrorKind::SerializationFailure, Box::new(what.to_owned()))
}

/// A text as it is to be stored.
pub(super) struct Laid<'t> {
    /// For the column.
    pub body: Cow<'t, str>,
    /// By name; none of a short text.
    pieces: Vec<(String, &'t str)>,
}

impl<'t> Laid<'t> {
    pub fn out(text: &'t str) -> Self {
        if text.len() <= SHORT {
            return Self { body: Cow::Borrowed(text), pieces: Vec::new() };
        }
        let pieces: Vec<(String, &str)> =
            cut::pieces(text).into_iter().map(|piece| (name(piece), piece)).collect();
        let names: Vec<&str> = pieces.iter().map(|(name, _)| name.as_str()).collect();
        Self { body: Cow::Owned(format!("{MARK}{}", names.join(" "))), pieces }
    }

    /// Whether it has pieces to be kept.
    pub fn is_long(&self) -> bool {
        !self.pieces.is_empty()
    }
}

/// Half of the digest is enough to tell the pieces of one resource apart.
fn name(piece: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(piece.as_bytes())[..16])
}
