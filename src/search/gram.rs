//! Trigrams, by which `:contains` finds its candidates without reading every value, and words, by which
//! `_content` and `_text` find theirs (<https://hl7.org/fhir/R4/search.html#string>).
//!
//! Each is hashed together with the project and the resource type, so that a small project does not
//! pay for the big ones. Hashes may meet: the store still puts `Test::Contains` to every candidate.

use super::{Entry, EntryValue, Facet};

/// Characters of a trigram: a shorter text has none.
pub const LENGTH: usize = 3;

/// What a resource is found by besides the rows of its index; `None` where that stays as it was.
#[derive(Debug, Clone, Default)]
pub struct Hashes {
    pub trigrams: Option<Vec<u32>>,
    pub words: Option<Vec<u32>>,
}

impl Hashes {
    /// Of no text at all.
    pub fn none() -> Self {
        Self { trigrams: Some(Vec::new()), words: Some(Vec::new()) }
    }

    /// All of a resource with these entries, each once and in order.
    pub fn all(project: i64, kind: i64, entries: &[Entry]) -> Self {
        Self {
            trigrams: Some(trigrams(seed(project, kind), entries)),
            words: Some(all_words(seed(project, kind), entries)),
        }
    }

    /// All of those that these other entries, put in or taken out, have changed.
    pub fn changed<'e>(
        project: i64,
        kind: i64,
        entries: &[Entry],
        mut others: impl Iterator<Item = &'e Entry> + Clone,
    ) -> Self {
        let seed = seed(project, kind);
        let has_grams =
            |entry: &Entry| entry.key.facet == Facet::Value && matches!(entry.value, EntryValue::Text { .. });
        let spelt = others.clone().any(has_grams);
        let told = others.any(|entry| matches!(entry.value, EntryValue::Word { .. }));
        Self {
            trigrams: spelt.then(|| trigrams(seed, entries)),
            words: told.then(|| all_words(seed, entries)),
        }
    }
}

fn trigrams(seed: u32, entries: &[Entry]) -> Vec<u32> {
    let mut hashes = Vec::new();
    for entry in entries {
        if let (Facet::Value, EntryValue::Text { folded, .. }) = (entry.key.facet, &entry.value) {
            hash(seed, folded, &mut hashes);
        }
    }
    settle(hashes)
}

fn all_words(seed: u32, entries: &[Entry]) -> Vec<u32> {
    let words = entries.iter().filter_map(|entry| match &entry.value {
        EntryValue::Word { narrative, word } => Some(word_hash(seed, *narrative, word)),
        _ => None,
    });
    settle(words.collect())
}

/// The hashes that every resource has whose folded text contains this folded text; empty when the text is
/// too short to have any.
pub fn ask(project: i64, kind: i64, folded: &str) -> Vec<u32> {
    let mut hashes = Vec::new();
    hash(seed(project, kind), folded, &mut hashes);
    settle(hashes)
}

/// The hashes of words, as `_content` and `_text` ask for them.
pub fn words(project: i64, kind: i64, narrative: bool, words: &[String]) -> Vec<u32> {
    let seed = seed(project, kind);
    settle(words.iter().map(|word| word_hash(seed, narrative, word)).collect())
}

fn word_hash(seed: u32, narrative: bool, word: &str) -> u32 {
    let marked = feed(seed, &[u8::from(narrative)]);
    spread(feed(marked, word.as_bytes()))
}

/// FNV leaves the high bits of short inputs alike; a last mix spreads them.
fn spread(state: u32) -> u32 {
    let state = (state ^ (state >> 16)).wrapping_mul(0x85eb_ca6b);
    state ^ (state >> 13)
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
        hashes.push(spread(state));
        (first, second) = (second, third);
    }
}
