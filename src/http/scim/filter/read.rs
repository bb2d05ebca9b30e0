//! From text to a filter, or to a path of a patch (<https://www.rfc-editor.org/rfc/rfc7644#figure-1>).

use serde_json::Value;

use super::super::path::Path;
use super::super::refusal::{Refusal, Result, bad};
use super::{Filter, Op};
use crate::search::token::{Broken, Token, tokens};

const LONGEST: usize = 8_192;
const MOST_WORDS: usize = 1_000;
/// Parentheses and brackets within each other.
const DEEPEST: usize = 32;
/// Comparisons in all.
const MOST_COMPARISONS: usize = 200;

/// A whole filter.
pub(in super::super) fn read(text: &str) -> Result<Filter> {
    let mut reader = Reader::new(text, "invalidFilter")?;
    let filter = reader.either(0)?;
    match reader.next() {
        None => Ok(filter),
        Some(token) => Err(reader.wrong(&token, "the end, `and` or `or`")),
    }
}

/// A path of a patch: a path, a filter in brackets after it, a sub-attribute after that.
pub(in super::super) fn read_path(text: &str) -> Result<(String, Option<Filter>, Option<String>)> {
    let mut reader = Reader::new(text, "invalidPath")?;
    let Some(Token::Word(path)) = reader.next() else {
        return Err(bad("invalidPath", "a path begins with the name of an attribute"));
    };
    let (mut filter, mut sub) = (None, None);
    if reader.peek() == Some(&Token::OpenBracket) {
        reader.place += 1;
        filter = Some(reader.either(1)?);
        reader.expect(&Token::CloseBracket, "`]`")?;
        sub = reader.sub();
    }
    match reader.next() {
        None => Ok((path, filter, sub)),
        Some(token) => Err(reader.wrong(&token, "the end of the path")),
    }
}

struct Reader {
    tokens: Vec<Token>,
    place: usize,
    comparisons: usize,
    /// What a fault is called.
    fault: &'static str,
}

impl Reader {
    fn new(text: &str, fault: &'static str) -> Result<Self> {
        if text.len() > LONGEST {
            return Err(bad(fault, format!("a filter has no more than {LONGEST} bytes")));
        }
        Ok(Self { tokens: words(text, fault)?, place: 0, comparisons: 0, fault })
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.place)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.place).cloned();
        self.place += 1;
        token
    }

    fn is_next(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(found)) if found.eq_ignore_ascii_case(word))
    }

    fn expect(&mut self, token: &Token, name: &str) -> Result<()> {
        match self.next() {
            Some(found) if found == *token => Ok(()),
            Some(found) => Err(self.wrong(&found, name)),
            None => Err(self.ended()),
        }
    }

    /// What follows a bracket after a dot.
    fn sub(&mut self) -> Option<String> {
        match self.peek() {
            Some(Token::Word(word)) if word.starts_with('.') => {
                let sub = word[1..].to_owned();
                self.place += 1;
                Some(sub)
            }
            _ => None,
        }
    }

    fn either(&mut self, depth: usize) -> Result<Filter> {
        let mut any = vec![self.both(depth)?];
        while self.is_next("or") {
            self.place += 1;
            any.push(self.both(depth)?);
        }
        Ok(if any.len() == 1 { any.remove(0) } else { Filter::Any(any) })
    }

    /// `and` binds closer than `or`.
    fn both(&mut self, depth: usize) -> Result<Filter> {
        let mut all = vec![self.one(depth)?];
        while self.is_next("and") {
            self.place += 1;
            all.push(self.one(depth)?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Filter::All(all) })
    }

    fn one(&mut self, depth: usize) -> Result<Filter> {
        if depth > DEEPEST {
            return Err(bad(self.fault, format!("a filter is no more than {DEEPEST} parentheses deep")));
        }
        match self.next() {
            Some(Token::Open) => {
                let filter = self.either(depth + 1)?;
                self.expect(&Token::Close, "`)`")?;
                Ok(filter)
            }
            Some(Token::Word(word))
                if word.eq_ignore_ascii_case("not") && self.peek() == Some(&Token::Open) =>
            {
                Ok(Filter::Not(Box::new(self.one(depth + 1)?)))
            }
            Some(Token::Word(word)) => self.condition(&word, depth),
            Some(token) => Err(self.wrong(&token, "an attribute, `not` or `(`")),
            None => Err(self.ended()),
        }
    }

    fn condition(&mut self, word: &str, depth: usize) -> Result<Filter> {
        let fault = self.fault;
        let none = || bad(fault, format!("'{}' is no path of an attribute", shortened(word)));
        let path = Path::read(word).ok_or_else(none)?;
        self.comparisons += 1;
        if self.comparisons > MOST_COMPARISONS {
            return Err(bad(fault, format!("a filter has no more than {MOST_COMPARISONS} comparisons")));
        }
        if self.peek() == Some(&Token::OpenBracket) && path.sub.is_none() {
            self.place += 1;
            let inner = self.either(depth + 1)?;
            self.expect(&Token::CloseBracket, "`]`")?;
            let inner = match self.sub() {
                Some(sub) => {
                    let sub = Path::read(&sub).filter(|path| path.urn.is_none() && path.sub.is_none());
                    Filter::All(vec![inner, self.operation(sub.ok_or_else(none)?)?])
                }
                None => inner,
            };
            return Ok(Filter::Within(path, Box::new(inner)));
        }
        self.operation(path)
    }

    fn operation(&mut self, path: Path) -> Result<Filter> {
        let word = match self.next() {
            Some(Token::Word(word)) => word,
            Some(token) => return Err(self.wrong(&token, "an operator")),
            None => return Err(self.ended()),
        };
        if word.eq_ignore_ascii_case("pr") {
            return Ok(Filter::Present(path));
        }
        let Some(op) = Op::read(&word) else {
            return Err(bad(self.fault, format!("'{}' is no operator", shortened(&word))));
        };
        let value = match self.next() {
            Some(Token::Text(text)) => Value::String(text),
            Some(Token::Word(word)) => match word.to_ascii_lowercase().as_str() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                "null" => Value::Null,
                _ => match serde_json::from_str(&word) {
                    Ok(number @ Value::Number(_)) => number,
                    _ => {
                        let text = "a value is a text in double quotes, a number, true, false or null";
                        return Err(bad(self.fault, text));
                    }
                },
            },
            Some(token) => return Err(self.wrong(&token, "a value")),
            None => return Err(self.ended()),
        };
        Ok(Filter::Compare(path, op, value))
    }

    fn wrong(&self, found: &Token, expected: &str) -> Refusal {
        bad(self.fault, format!("'{}' stands where {expected} should be", shortened(found.said())))
    }

    fn ended(&self) -> Refusal {
        bad(self.fault, "it ends in the middle")
    }
}

fn shortened(text: &str) -> &str {
    text.char_indices().nth(60).map_or(text, |(end, _)| &text[..end])
}

fn words(text: &str, fault: &'static str) -> Result<Vec<Token>> {
    tokens(text, MOST_WORDS).map_err(|broken| match broken {
        Broken::TooMany => bad(fault, format!("a filter has no more than {MOST_WORDS} words")),
        Broken::NoText(_) => bad(fault, "a text in it is no JSON string"),
        Broken::NoEnd => bad(fault, "a text in it has no end"),
    })
}
