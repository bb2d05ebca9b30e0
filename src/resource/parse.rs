//! Bytes to a JSON object, in one pass, with nothing lost and nothing doubtful let in.
//!
//! Implements <https://www.rfc-editor.org/rfc/rfc8259> with the narrower rules of
//! <https://hl7.org/fhir/R4/json.html>: no property twice, and decimals keep every digit as written
//! (<https://hl7.org/fhir/R4/datatypes.html#decimal>), which is why numbers stay text here.

use serde_json::{Map, Number, Value};

use crate::error::{Error, Result, malformed};

/// Objects and lists within each other. Real resources have less than twenty.
pub const MAX_DEPTH: usize = 64;

/// Reads one JSON object that fills the bytes.
pub fn parse(bytes: &[u8]) -> Result<Value> {
    read(bytes, b'{')
}

/// Reads one JSON list that fills the bytes.
pub fn parse_list(bytes: &[u8]) -> Result<Value> {
    read(bytes, b'[')
}

fn read(bytes: &[u8], opening: u8) -> Result<Value> {
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let (line, column) = position(bytes, e.valid_up_to());
        malformed(format!("the body is not UTF-8 at line {line}, column {column}"))
    })?;
    let mut reader = Reader { text, bytes, at: 0, path: Vec::new(), root: None };
    reader.document(opening).map_err(|fault| reader.explain(fault))
}

/// What is wrong, at the place where the reader stands.
struct Fault(String);

enum Step {
    Key(String),
    Index(usize),
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// Filled on the way out of a fault, innermost first: a sound body pays nothing for it.
    path: Vec<Step>,
    /// The resourceType, once it was read.
    root: Option<String>,
}

type Read<T> = std::result::Result<T, Fault>;

fn fault<T>(text: impl Into<String>) -> Read<T> {
    Err(Fault(text.into()))
}

impl Reader<'_> {
    fn document(&mut self, opening: u8) -> Read<Value> {
        self.space();
        if self.peek() != Some(opening) {
            return fault(match opening {
                b'[' => "a list of JSON begins with '['",
                _ => "a resource is a JSON object, which begins with '{'",
            });
        }
        let value = self.value(0)?;
        self.space();
        if self.at < self.bytes.len() {
            return fault("there is more after the end of the resource");
        }
        Ok(value)
    }

    fn value(&mut self, depth: usize) -> Read<Value> {
        match self.peek() {
            Some(b'"') => self.string().map(Value::String),
            Some(b'{') => self.object(depth + 1),
            Some(b'[') => self.array(depth + 1),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            Some(_) => fault("a JSON value is expected here"),
            None => fault("the body ends too early"),
        }
    }

    fn object(&mut self, depth: usize) -> Read<Value> {
        self.enter(depth)?;
        let mut map = Map::new();
        if self.close(b'}') {
            return Ok(Value::Object(map));
        }
        loop {
            if self.peek() != Some(b'"') {
                return fault("a property name in quotes is expected here");
            }
            let start = self.at;
            let key = self.string()?;
            if map.contains_key(&key) {
                self.at = start;
                let text = format!("the property '{key}' is here twice");
                self.path.push(Step::Key(key));
                return fault(text);
            }
            self.space();
            if self.peek() != Some(b':') {
                return fault("a ':' is expected here");
            }
            self.at += 1;
            self.space();
            match self.value(depth) {
                Ok(value) => {
                    if depth == 1 && key == "resourceType" {
                        self.root = value.as_str().map(str::to_owned);
                    }
                    map.insert(key, value);
                }
                Err(fault) => {
                    self.path.push(Step::Key(key));
                    return Err(fault);
                }
            }
            if self.close(b'}') {
                return Ok(Value::Object(map));
            }
            self.comma("a ',' or '}' is expected here")?;
        }
    }

    fn array(&mut self, depth: usize) -> Read<Value> {
        self.enter(depth)?;
        let mut items = Vec::new();
        if self.close(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            match self.value(depth) {
                Ok(value) => items.push(value),
                Err(fault) => {
                    self.path.push(Step::Index(items.len()));
                    return Err(fault);
                }
            }
            if self.close(b']') {
                return Ok(Value::Array(items));
            }
            self.comma("a ',' or ']' is expected here")?;
        }
    }

    fn enter(&mut self, depth: usize) -> Read<()> {
        if depth > MAX_DEPTH {
            return fault(format!("the body is nested deeper than {MAX_DEPTH} levels"));
        }
        self.at += 1;
        self.space();
        Ok(())
    }

    fn close(&mut self, bracket: u8) -> bool {
        self.space();
        let closed = self.peek() == Some(bracket);
        self.at += usize::from(closed);
        closed
    }

    fn comma(&mut self, missing: &str) -> Read<()> {
        if self.peek() != Some(b',') {
            return fault(missing);
        }
        self.at += 1;
        self.space();
        Ok(())
    }

    /// A string; the reader stands on its opening quote.
    fn string(&mut self) -> Read<String> {
        self.at += 1;
        let start = self.at;
        self.plain();
        if self.peek() == Some(b'"') {
            let text = self.text[start..self.at].to_owned();
            self.at += 1;
            return Ok(text);
        }
        let mut text = self.text[start..self.at].to_owned();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => return fault("a control character must be escaped in a string"),
                None => return fault("the body ends within a string"),
            }
            let start = self.at;
            self.plain();
            text.push_str(&self.text[start..self.at]);
        }
    }

    /// Skips what stands for itself. It stops at ASCII only, so never within a character.
    fn plain(&mut self) {
        let rest = &self.bytes[self.at..];
        let special = |byte: &u8| *byte == b'"' || *byte == b'\\' || *byte < 0x20;
        self.at += rest.iter().position(special).unwrap_or(rest.len());
    }

    fn escape(&mut self) -> Read<char> {
        let letter = self.bytes.get(self.at + 1).copied();
        self.at += 2;
        Ok(match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => {
                self.at -= 2;
                return fault("there is no such escape in JSON");
            }
        })
    }

    fn unicode(&mut self) -> Read<char> {
        let first = self.hex()?;
        let code = if (0xD800..0xDC00).contains(&first) && self.bytes[self.at..].starts_with(b"\\u") {
            self.at += 2;
            let second = self.hex()?;
            if !(0xDC00..0xE000).contains(&second) {
                return fault("half a surrogate pair is no character");
            }
            0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
        } else {
            first
        };
        char::from_u32(code).ok_or_else(|| Fault("half a surrogate pair is no character".to_owned()))
    }

    fn hex(&mut self) -> Read<u32> {
        let digits = self.bytes.get(self.at..self.at + 4);
        let digits = digits.filter(|four| four.iter().all(u8::is_ascii_hexdigit));
        let code = digits.and_then(|four| std::str::from_utf8(four).ok());
        let Some(code) = code.and_then(|four| u32::from_str_radix(four, 16).ok()) else {
            return fault("four hexadecimal digits are expected here");
        };
        self.at += 4;
        Ok(code)
    }

    /// A number, kept as written: the parser of serde_json would respell exponents.
    fn number(&mut self) -> Read<Value> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        let first = self.peek();
        let whole = self.digits();
        let mut sound = whole == 1 || whole > 1 && first != Some(b'0');
        if self.peek() == Some(b'.') {
            self.at += 1;
            sound &= self.digits() > 0;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            sound &= self.digits() > 0;
        }
        let text = &self.text[start..self.at];
        if !sound {
            self.at = start;
            return fault(format!("'{text}' is not a JSON number"));
        }
        Ok(Value::Number(Number::from_string_unchecked(text.to_owned())))
    }

    fn digits(&mut self) -> usize {
        let count = self.bytes[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        count
    }

    fn word(&mut self, word: &str, value: Value) -> Read<Value> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return fault("a JSON value is expected here");
        }
        self.at += word.len();
        Ok(value)
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn explain(&self, Fault(text): Fault) -> Error {
        let (line, column) = position(self.bytes, self.at);
        let error = malformed(format!("{text} (line {line}, column {column})"));
        let Some(root) = &self.root else { return error };
        let mut path = root.clone();
        for step in self.path.iter().rev() {
            match step {
                Step::Key(name) => path.extend([".", name]),
                Step::Index(index) => path.push_str(&format!("[{index}]")),
            }
        }
        error.at(path)
    }
}

/// Line and column of a byte, both from 1, the column in characters.
fn position(bytes: &[u8], at: usize) -> (usize, usize) {
    let before = &bytes[..at.min(bytes.len())];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    (line, String::from_utf8_lossy(&before[start..]).chars().count() + 1)
}
