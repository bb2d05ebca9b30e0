//! Digests that stand for long texts in index rows and cursors.
//!
//! A system (<https://hl7.org/fhir/R4/search.html#token>) is a URI of any length; eight bytes of its
//! SHA-256 make a key column of fixed size, and two systems that meet by chance are not to be expected.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// A term longer than this is kept as its beginning and its digest.
const LONGEST_TERM: usize = 200;
/// So many characters of a longer term are kept, for `:below` and for people who read the table.
pub(super) const KEPT_OF_LONG_TERM: usize = 100;

/// The number of a text: the first eight bytes of its SHA-256.
pub fn number(text: &str) -> i64 {
    let digest = Sha256::digest(text.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(first)
}

/// The qualifier of a term: the number of a token's system or of a reference's target type. Never 0,
/// which says that there is none.
pub fn qualifier(system: &str) -> i64 {
    match number(system) {
        0 => 1,
        other => other,
    }
}

/// A term's value as it is indexed and as it is asked for.
pub(super) fn term(value: &str) -> String {
    // PostgreSQL cannot hold U+0000 in a text.
    if value.contains('\0') {
        return term(&value.replace('\0', ""));
    }
    if value.len() <= LONGEST_TERM {
        return value.to_owned();
    }
    let mut short: String = value.chars().take(KEPT_OF_LONG_TERM).collect();
    short.push('#');
    for byte in Sha256::digest(value.as_bytes()) {
        // Writing to a String cannot fail.
        let _ = write!(short, "{byte:02x}");
    }
    short
}
