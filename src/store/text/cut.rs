//! Where a text is cut: where the text itself says so, by a hash of the last bytes (a gear hash, as in FastCDC: Xia et al.,
//! USENIX ATC 2016), so that a change moves the cuts beside it and no others.

/// The lengths of a piece, in bytes. In between, a cut is met after 8 KiB on average.
const LEAST: usize = 8 << 10;
const MOST: usize = 64 << 10;
const BITS: u32 = 13;

/// A number for each byte, all of them unlike each other. They are part of the format, as the lengths are: what a text is
/// stored as has to come out the same tomorrow.
const GEAR: [u64; 256] = gear();

/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), from zero on.
const fn gear() -> [u64; 256] {
    let (mut table, mut state, mut place) = ([0; 256], 0_u64, 0);
    while place < table.len() {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        table[place] = mixed ^ (mixed >> 31);
        place += 1;
    }
    table
}

/// The pieces of a text, in order. Together they are all of it.
pub(super) fn pieces(mut text: &str) -> Vec<&str> {
    let mut pieces = Vec::with_capacity(text.len() / (2 * LEAST) + 1);
    while !text.is_empty() {
        let (piece, rest) = text.split_at(first(text));
        pieces.push(piece);
        text = rest;
    }
    pieces
}

/// The length of the first piece.
fn first(text: &str) -> usize {
    let most = text.len().min(MOST);
    let open = text.as_bytes().get(LEAST..most).unwrap_or_default();
    let mut hash = 0_u64;
    let met = open.iter().position(|byte| {
        hash = (hash << 1).wrapping_add(GEAR[usize::from(*byte)]);
        hash >> (u64::BITS - BITS) == 0
    });
    let end = met.map_or(most, |place| LEAST + place + 1);
    // Never inside a character.
    (end..text.len()).find(|end| text.is_char_boundary(*end)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{LEAST, MOST, pieces};

    fn long(seed: u64, characters: usize) -> String {
        let mut state = seed;
        let one = |_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ['a', '7', '"', '}', 'é', '語', '🩺', ' '][(state >> 61) as usize]
        };
        (0..characters).map(one).collect()
    }

    #[test]
    fn the_pieces_are_the_text() {
        for length in [0, 1, LEAST, 100_000, 1_000_000] {
            let text = long(7, length);
            let pieces = pieces(&text);
            assert_eq!(pieces.concat(), text);
            let lengths: Vec<usize> = pieces.iter().map(|piece| piece.len()).collect();
            assert!(lengths.iter().all(|length| *length < MOST + 4), "{lengths:?}");
            assert!(lengths.iter().rev().skip(1).all(|length| *length > LEAST), "{lengths:?}");
        }
    }

    #[test]
    fn text_without_a_mark_is_cut_all_the_same() {
        let pieces: Vec<usize> = pieces(&"x".repeat(3 * MOST)).iter().map(|piece| piece.len()).collect();
        assert!(pieces.len() >= 3, "{pieces:?}");
    }

    #[test]
    fn a_change_leaves_the_pieces_far_from_it_as_they_are() {
        let text = long(11, 400_000);
        let before: HashSet<&str> = pieces(&text).into_iter().collect();
        let middle = text.char_indices().nth(200_000).expect("a middle").0;
        for changed in [
            format!("in front{text}"),
            format!("{text}behind"),
            format!("{}in between{}", &text[..middle], &text[middle..]),
        ] {
            let fresh = pieces(&changed).into_iter().filter(|piece| !before.contains(piece)).count();
            assert!((1..=3).contains(&fresh), "{fresh} of {}", before.len());
        }
    }

    /// What is stored is found by what it is stored as.
    #[test]
    fn the_cuts_are_the_same_for_ever() {
        let text: String = (0..20_000).map(|number| format!("{number},")).collect();
        let lengths: Vec<usize> = pieces(&text).iter().map(|piece| piece.len()).collect();
        assert_eq!(lengths, [8751, 14843, 14128, 22297, 15956, 13299, 9537, 10079]);
    }
}
