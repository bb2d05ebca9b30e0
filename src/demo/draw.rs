//! Drawing lots: a stream of numbers that depends on a seed alone, on every machine and for ever.
//!
//! A general random number crate may change its stream with a version; a demo database must not.

/// SplitMix64 (Steele, Lea and Flood, 2014): tiny, and good enough to shuffle names.
pub struct Draw(u64);

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl Draw {
    /// The stream of person `n`; `role` keeps, say, the patients apart from the users of the same number.
    pub fn new(seed: u64, role: u64, n: u64) -> Self {
        let mut draw = Self(seed ^ role.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        draw.0 = draw.next() ^ n;
        draw.0 = draw.next();
        draw
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 up to, not including, `end`.
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// True in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// Any entry, all alike.
    pub fn any<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// An entry of a list that begins with the common ones, as the names of people do: the first of
    /// twenty comes in one of seven cases, the last in one of thirty.
    pub fn common<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        // Square roots and products are exact in IEEE 754, so every machine draws the same.
        let u = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        &of[((u * u.sqrt() * of.len() as f64) as usize).min(of.len() - 1)]
    }

    /// Appends a pattern, in which `#` stands for a digit and `%` for a house number.
    pub fn fill(&mut self, pattern: &str, into: &mut String) {
        for c in pattern.chars() {
            match c {
                '#' => into.push(char::from(b'0' + self.below(10) as u8)),
                '%' => number(self.below(190) as u64 + 1, into),
                _ => into.push(c),
            }
        }
    }

    pub fn filled(&mut self, pattern: &str) -> String {
        let mut text = String::with_capacity(pattern.len() + 2);
        self.fill(pattern, &mut text);
        text
    }
}

/// Appends a number; `format!` would be the larger half of the work.
pub fn number(n: u64, into: &mut String) {
    padded(n, 1, into);
}

/// Appends a number of at least `width` digits.
pub fn padded(n: u64, width: usize, into: &mut String) {
    let mut digits = [b'0'; 20];
    let mut rest = n;
    let mut first = digits.len();
    while rest > 0 || digits.len() - first < width {
        first -= 1;
        digits[first] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    into.extend(digits[first..].iter().map(|&digit| char::from(digit)));
}
