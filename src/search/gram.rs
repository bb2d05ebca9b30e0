//! Trigrams: what lets `:contains` find its candidates without reading every value
//! (<https://hl7.org/fhir/R4/search.html#string>).
//!
//! A trigram is hashed together with the project and the resource type, so that a small project does not
//! pay for the big ones. Hashes may meet: the store still puts `Test::Contains` to every candidate.

use super::{Entry, EntryValue, Facet};

/// Characters of a trigram: a shorter text has none.
pub const LENGTH: usize = 3;

/// The hashes of all trigrams of a resource's string values, in order, each once.
pub fn grams(project: i64, kind: i64, entries: &[Entry]) -> Vec<u32> {
    let seed = seed(project, kind);
    let mut hashes = Vec::new();
    for entry in entries {
        if let (Facet::Value, EntryValue::Text { folded, .. }) = (entry.key.facet, &entry.value) {
            hash(seed, folded, &mut hashes);
        }
    }
    settle(hashes)
}

/// The hashes that every resource has whose folded text contains this folded text; empty when the text is
/// too short to have any.
pub fn ask(project: i64, kind: i64, folded: &str) -> Vec<u32> {
    let mut hashes = Vec::new();
    hash(seed(project, kind), folded, &mut hashes);
    settle(hashes)
}

fn settle(mut hashes: Vec<u32>) -> Vec<u32> {
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// FNV-1a of project and type: the state that each trigram starts from.
fn seed(project: i64, kind: i64) -> u32 {
    feed(feed(0x811c_9dc5, &project.to_le_bytes()), &kind.to_le_bytes())
}

fn feed(state: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(state, |state, byte| (state ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

fn hash(seed: u32, folded: &str, hashes: &mut Vec<u32>) {
    let mut chars = folded.chars();
    let (Some(mut first), Some(mut second)) = (chars.next(), chars.next()) else { return };
    for third in chars {
        let mut state = seed;
        for char in [first, second, third] {
            state = feed(state, &u32::from(char).to_le_bytes());
        }
        // FNV leaves the high bits of short inputs alike; a last mix spreads them.
        state ^= state >> 16;
        state = state.wrapping_mul(0x85eb_ca6b);
        hashes.push(state ^ (state >> 13));
        (first, second) = (second, third);
    }
}
