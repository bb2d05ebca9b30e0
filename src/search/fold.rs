//! Text as string search compares it: without case, without accents, with single spaces.
//!
//! <https://hl7.org/fhir/R4/search.html#string>

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// Longer texts are indexed by their beginning, and longer texts cannot be asked for.
pub const LONGEST: usize = 256;

/// Folded text: compatibility decomposition, accents stripped, what is left composed again (so that no letter
/// begins with another), lower case, white space collapsed.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.is_ascii() {
        collect(text.chars().map(|char| char.to_ascii_lowercase()), &mut folded);
    } else {
        let letters = text.nfkd().filter(|char| !is_accent(*char)).nfc().flat_map(char::to_lowercase);
        // The two small sigmas are one letter, whichever place in the word they were lowered from.
        collect(letters.map(|char| if char == 'ς' { 'σ' } else { char }), &mut folded);
    }
    folded
}

fn collect(letters: impl Iterator<Item = char>, folded: &mut String) {
    let mut gap = false;
    for char in letters {
        if char.is_whitespace() {
            gap = !folded.is_empty();
        } else if char != '\0' {
            // PostgreSQL cannot hold U+0000 in a text, so it is dropped.
            if gap {
                folded.push(' ');
                gap = false;
            }
            folded.push(char);
        }
    }
}

/// A mark that sits on a letter. Marks that make another letter of it stay: nukta (7), kana voicing (8),
/// virama (9); so do the vowel signs of Indic scripts, whose class is 0.
fn is_accent(char: char) -> bool {
    !char.is_ascii() && !matches!(canonical_combining_class(char), 0 | 7..=9)
}

/// The first `LONGEST` characters, and whether that is less than all.
pub fn cut(text: &str) -> (&str, bool) {
    // No text has more characters than bytes.
    if text.len() <= LONGEST {
        return (text, false);
    }
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => (&text[..end], true),
        None => (text, false),
    }
}
