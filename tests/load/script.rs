//! What one connection says: the next request, and whether the answer to it was right.

use std::cell::Cell;
use std::rc::Rc;

use crate::client::Answer;

pub trait Script {
    fn next(&mut self) -> &[u8];
    /// Told of every answer; false if it is not what was asked for.
    fn right(&mut self, answer: &Answer<'_>) -> bool;
}

pub type Scripts = Vec<Box<dyn Script>>;

/// A request that may be sent any number of times.
pub struct Request {
    pub bytes: Vec<u8>,
    pub status: u16,
    /// How long the body must be, where it cannot change.
    pub length: Option<usize>,
}

/// Any of many fixed requests, again and again.
pub struct Fixed {
    requests: Rc<Vec<Request>>,
    state: u64,
    current: usize,
}

/// The same requests for each of the connections, in orders of their own.
pub fn fixed(requests: Vec<Request>, connections: usize) -> Scripts {
    let requests = Rc::new(requests);
    let script = |i: usize| Fixed {
        requests: Rc::clone(&requests),
        state: (i as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15),
        current: 0,
    };
    (0..connections).map(|i| Box::new(script(i)) as Box<dyn Script>).collect()
}

impl Script for Fixed {
    fn next(&mut self) -> &[u8] {
        // Xorshift (Marsaglia, 2003): three operations are all a draw may cost here.
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.current = (self.state >> 16) as usize % self.requests.len();
        &self.requests[self.current].bytes
    }

    fn right(&mut self, answer: &Answer<'_>) -> bool {
        let request = &self.requests[self.current];
        answer.status == request.status && request.length.is_none_or(|length| length == answer.body.len())
    }
}

/// Where the numbers of people who are only templates begin; all have nine digits, so that lengths stay.
pub const MARK: u64 = 900_000_000;

/// A text with numbers in it that change from one use to the next.
pub struct Template {
    bytes: Vec<u8>,
    /// Where nine digits stand, and how far beyond the first number they are.
    slots: Vec<(usize, u64)>,
}

impl Template {
    /// Finds the numbers from `base` up to `base + marks`.
    pub fn new(bytes: Vec<u8>, base: u64, marks: u64) -> Self {
        let digits = |at: usize| std::str::from_utf8(bytes.get(at..at + 9)?).ok()?.parse::<u64>().ok();
        let offset = |at: usize| digits(at)?.checked_sub(base).filter(|&offset| offset < marks);
        let slots = (0..bytes.len()).filter_map(|at| Some((at, offset(at)?))).collect();
        Self { bytes, slots }
    }

    pub fn filled(&mut self, first: u64) -> &[u8] {
        for &(at, offset) in &self.slots {
            let mut rest = first + offset;
            for byte in self.bytes[at..at + 9].iter_mut().rev() {
                *byte = b'0' + (rest % 10) as u8;
                rest /= 10;
            }
        }
        &self.bytes
    }
}

/// Requests that make something new each time.
pub struct Making {
    pub templates: Vec<Template>,
    /// The next number that nobody has; shared by all connections.
    pub number: Rc<Cell<u64>>,
    /// How many numbers a request uses up.
    pub step: u64,
    pub status: u16,
    pub turn: usize,
}

impl Script for Making {
    fn next(&mut self) -> &[u8] {
        let first = self.number.get();
        self.number.set(first + self.step);
        self.turn = (self.turn + 1) % self.templates.len();
        self.templates[self.turn].filled(first)
    }

    fn right(&mut self, answer: &Answer<'_>) -> bool {
        answer.status == self.status
    }
}

/// A resource that one connection owns and updates.
pub struct Owned {
    /// The request up to the value of If-Match, and after it.
    pub head: Vec<u8>,
    pub rest: Template,
    pub etag: String,
}

pub struct Updating {
    pub owned: Vec<Owned>,
    pub number: Rc<Cell<u64>>,
    pub turn: usize,
    pub buffer: Vec<u8>,
}

impl Script for Updating {
    fn next(&mut self) -> &[u8] {
        self.turn = (self.turn + 1) % self.owned.len();
        let number = self.number.get();
        self.number.set(number + 1);
        let owned = &mut self.owned[self.turn];
        self.buffer.clear();
        self.buffer.extend_from_slice(&owned.head);
        self.buffer.extend_from_slice(owned.etag.as_bytes());
        self.buffer.extend_from_slice(owned.rest.filled(number));
        &self.buffer
    }

    fn right(&mut self, answer: &Answer<'_>) -> bool {
        let Some(etag) = answer.header("etag") else { return false };
        let etag_of_this = &mut self.owned[self.turn].etag;
        let newer = answer.status == 200 && etag != etag_of_this;
        etag_of_this.clear();
        etag_of_this.push_str(etag);
        newer
    }
}
