//! The tables that find resources by hashes: of the trigrams of their strings, of their words. A full-text
//! index of SQLite in one database, an array under an inverted index in the other.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hashed {
    Trigrams,
    Words,
}

impl Hashed {
    pub fn table(self) -> &'static str {
        match self {
            Self::Trigrams => "gram",
            Self::Words => "word",
        }
    }
}

/// As SQLite keeps them.
pub(super) fn document(hashes: &[u32]) -> String {
    let words: Vec<String> = hashes.iter().map(|hash| format!("{hash:08x}")).collect();
    words.join(" ")
}

/// As SQLite is asked for all of them.
pub(super) fn phrase(hashes: &[u32]) -> String {
    let words: Vec<String> = hashes.iter().map(|hash| format!("\"{hash:08x}\"")).collect();
    words.join(" ")
}

/// As PostgreSQL keeps them and is asked.
pub(super) fn array(hashes: &[u32]) -> String {
    let numbers: Vec<String> = hashes.iter().map(|hash| hash.cast_signed().to_string()).collect();
    format!("{{{}}}", numbers.join(","))
}
