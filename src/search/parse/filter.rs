//! `_filter`: conditions with `and`, `or`, `not` and parentheses
//! (<https://hl7.org/fhir/R4/search_filter.html>). Each comparison becomes the clause that a parameter of its
//! own would be.

use std::sync::Arc;

use super::{Language, Problem};
use crate::definitions::{Param, ParamKind, ResourceType};
use crate::error::Issue;
use crate::search::shape::quoted;
use crate::search::token::{Broken, Token, tokens};
use crate::search::{Bound, Clause, End, Key, Op, Other, Test, escape, fold, moment, qualifier};

const LONGEST: usize = 8_192;
const MOST_TOKENS: usize = 1_000;
/// Parentheses within each other.
const DEEPEST: usize = 32;

impl Language<'_> {
    pub(super) fn filter(&self, kind: &ResourceType, text: &str) -> Result<Clause, Problem> {
        if text.len() > LONGEST {
            return Err(Issue::error("too-long", format!("a filter has no more than {LONGEST} bytes")).into());
        }
        let mut reader = Reader { language: self, tokens: words(text)?, place: 0 };
        let clause = reader.either(kind, 0)?;
        match reader.next() {
            None => Ok(clause),
            Some(token) => Err(wrong(&token, "the end, `and` or `or`")),
        }
    }
}

struct Reader<'l, 'a> {
    language: &'l Language<'a>,
    tokens: Vec<Token>,
    place: usize,
}

impl Reader<'_, '_> {
    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.place).cloned();
        self.place += 1;
        token
    }

    fn is_next(&self, word: &str) -> bool {
        matches!(self.tokens.get(self.place), Some(Token::Word(found)) if found == word)
    }

    fn either(&mut self, kind: &ResourceType, depth: usize) -> Result<Clause, Problem> {
        let mut any = vec![self.both(kind, depth)?];
        while self.is_next("or") {
            self.place += 1;
            any.push(self.both(kind, depth)?);
        }
        Ok(if any.len() == 1 { any.remove(0) } else { Clause::Any(any) })
    }

    /// `and` binds closer than `or`.
    fn both(&mut self, kind: &ResourceType, depth: usize) -> Result<Clause, Problem> {
        let mut all = vec![self.one(kind, depth)?];
        while self.is_next("and") {
            self.place += 1;
            all.push(self.one(kind, depth)?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Clause::All(all) })
    }

    fn one(&mut self, kind: &ResourceType, depth: usize) -> Result<Clause, Problem> {
        if depth > DEEPEST {
            let text = format!("a filter has no more than {DEEPEST} parentheses within each other");
            return Err(Issue::error("too-costly", text).into());
        }
        match self.next() {
            Some(Token::Open) => {
                let clause = self.either(kind, depth + 1)?;
                self.expect(&Token::Close, "`)`")?;
                Ok(clause)
            }
            Some(Token::Word(word)) if word == "not" && self.tokens.get(self.place) == Some(&Token::Open) => {
                Ok(Clause::Not(Box::new(self.one(kind, depth + 1)?)))
            }
            Some(Token::Word(path)) => self.comparison(kind, &path, depth),
            Some(token) => Err(wrong(&token, "a parameter, `not` or `(`")),
            None => Err(ended()),
        }
    }

    fn expect(&mut self, token: &Token, name: &str) -> Result<(), Problem> {
        match self.next() {
            Some(found) if found == *token => Ok(()),
            Some(found) => Err(wrong(&found, name)),
            None => Err(ended()),
        }
    }

    /// `path op value`, where the path may be a chain, with a filter in brackets after a reference.
    fn comparison(&mut self, kind: &ResourceType, path: &str, depth: usize) -> Result<Clause, Problem> {
        if self.tokens.get(self.place) == Some(&Token::OpenBracket) {
            return self.bracket(kind, path, depth);
        }
        if let Some((head, rest)) = path.split_once('.') {
            let place = self.place;
            let mut end = place;
            let language = self.language;
            let clause = language.through(kind, head, depth, &mut |other| {
                self.place = place;
                let clause = self.comparison(other, rest, depth + 1);
                end = end.max(self.place);
                clause
            });
            self.place = end;
            return clause;
        }
        let (Some(op), Some(value)) = (self.next(), self.next()) else { return Err(ended()) };
        let Token::Word(op) = op else { return Err(wrong(&op, "an operator")) };
        let (Token::Word(value) | Token::Text(value)) = value else { return Err(wrong(&value, "a value")) };
        self.language.compare(kind, path, &op, &value, depth)
    }

    /// `reference[filter].rest`: what the reference leads to, under a condition of its own.
    fn bracket(&mut self, kind: &ResourceType, path: &str, depth: usize) -> Result<Clause, Problem> {
        self.place += 1;
        if let Some(rest) = path.strip_prefix("_has:") {
            return self.referred(kind, rest, depth);
        }
        let place = self.place;
        let mut end = place;
        let language = self.language;
        let clause = language.through(kind, path, depth, &mut |other| {
            self.place = place;
            let own = self.either(other, depth + 1);
            let own = own.and_then(|own| self.expect(&Token::CloseBracket, "`]`").map(|()| own));
            let rest = match self.tokens.get(self.place) {
                Some(Token::Word(word)) if word.starts_with('.') => Some(word[1..].to_owned()),
                _ => None,
            };
            let clause = match (own, rest) {
                (Ok(own), Some(rest)) => {
                    self.place += 1;
                    self.comparison(other, &rest, depth + 1).map(|rest| Clause::All(vec![own, rest]))
                }
                (own, _) => own,
            };
            end = end.max(self.place);
            clause
        });
        self.place = end;
        clause
    }
}

impl Reader<'_, '_> {
    /// `_has:Type:reference[filter]`: one and the same resource that refers here meets all of the filter, which
    /// several `_has` do not say. The standard has no such form; in a filter it can also be denied.
    fn referred(&mut self, kind: &ResourceType, rest: &str, depth: usize) -> Result<Clause, Problem> {
        let language = self.language;
        let Some((by, code)) = rest.split_once(':') else {
            return Err(Issue::error("value", "this is written `_has:Type:reference[filter]`").into());
        };
        let (by, param) = language.referring(kind, by, code, depth)?;
        let clause = self.either(by, depth + 1)?;
        self.expect(&Token::CloseBracket, "`]`")?;
        let by = Other::new(&by.name, vec![clause]);
        Ok(Clause::Referred { by, key: Key::of(&param), qualifier: qualifier(&kind.name) })
    }
}

impl Language<'_> {
    /// One comparison.
    fn compare(
        &self,
        kind: &ResourceType,
        code: &str,
        op: &str,
        value: &str,
        depth: usize,
    ) -> Result<Clause, Problem> {
        // The comparisons of texts know no case; `given:exact` does, as in a parameter of its own.
        if let (Some(_), "eq") = (code.strip_suffix(":exact"), op) {
            return self.condition(kind, code, &escape(value), depth);
        }
        let Some(param) = kind.find(code)?.filter(|param| param.is_offered()) else {
            let text = format!("{} has no search parameter {}", kind.name, quoted(code));
            return Err(Problem::Unknown(text));
        };
        let plain = escape(value);
        // The bars of `system|code` and of quantities separate here too.
        let barred = plain.replace("\\|", "|");
        let ask = |name: String, value: &str| self.condition(kind, &name, value, depth);
        let not = |clause: Clause| Clause::Not(Box::new(clause));
        match (op, param.kind) {
            ("pr", _) => match value {
                "true" => ask(format!("{code}:missing"), "false"),
                "false" => ask(format!("{code}:missing"), "true"),
                _ => Err(Issue::error("value", "`pr` takes `true` or `false`").into()),
            },
            ("eq", ParamKind::String) => Ok(self.same_text(param, value)),
            ("ne", ParamKind::String) => Ok(not(self.same_text(param, value))),
            ("co", ParamKind::String) => ask(format!("{code}:contains"), &plain),
            ("sw", ParamKind::String) => ask(code.to_owned(), &plain),
            ("ew", ParamKind::String) => Ok(self.texts(param, Test::Suffix(fold::fold(value)))),
            ("eq" | "re", ParamKind::Reference) => ask(code.to_owned(), &plain),
            ("ne", ParamKind::Reference) => ask(format!("{code}:not"), &plain),
            ("eq", ParamKind::Token) => ask(code.to_owned(), &barred),
            ("ne", ParamKind::Token) => ask(format!("{code}:not"), &barred),
            ("ss", ParamKind::Token) => ask(format!("{code}:below"), &barred),
            ("sb", ParamKind::Token) => ask(format!("{code}:above"), &barred),
            ("in", ParamKind::Token) => ask(format!("{code}:in"), &plain),
            ("ni", ParamKind::Token) => ask(format!("{code}:not-in"), &plain),
            ("eq", ParamKind::Uri) => ask(code.to_owned(), &plain),
            ("ne", ParamKind::Uri) => ask(format!("{code}:not"), &plain),
            ("sw", ParamKind::Uri) => ask(format!("{code}:below"), &plain),
            ("po", ParamKind::Date) => self.overlap(param, value),
            (
                "eq" | "ne" | "gt" | "lt" | "ge" | "le" | "sa" | "eb" | "ap",
                ParamKind::Date | ParamKind::Number,
            ) => ask(code.to_owned(), &format!("{op}{plain}")),
            ("eq" | "ne" | "gt" | "lt" | "ge" | "le" | "sa" | "eb" | "ap", ParamKind::Quantity) => {
                ask(code.to_owned(), &format!("{op}{barred}"))
            }
            _ => {
                let text = format!("{} is no comparison for `{code}`, a {}", quoted(op), param.kind.code());
                Err(Issue::error("not-supported", text).into())
            }
        }
    }

    fn same_text(&self, param: &Arc<Param>, value: &str) -> Clause {
        self.texts(param, Test::Whole(fold::fold(value)))
    }

    fn texts(&self, param: &Arc<Param>, test: Test) -> Clause {
        Clause::Index { param: param.clone(), key: Key::of(param), any: vec![test], negated: false }
    }

    /// The period of a date has some time in common with the value.
    fn overlap(&self, param: &Arc<Param>, value: &str) -> Result<Clause, Problem> {
        let (low, high) =
            moment(value).ok_or_else(|| Issue::error("value", format!("{} is no date", quoted(value))))?;
        let bounds = vec![
            Bound { end: End::Low, op: Op::LessOrEqual, than: high },
            Bound { end: End::High, op: Op::GreaterOrEqual, than: low },
        ];
        Ok(self.texts(param, Test::Range(bounds)))
    }
}

fn wrong(found: &Token, expected: &str) -> Problem {
    Issue::error("value", format!("{} stands where {expected} should be", quoted(found.said()))).into()
}

fn ended() -> Problem {
    Issue::error("value", "the filter ends in the middle").into()
}

fn words(text: &str) -> Result<Vec<Token>, Issue> {
    tokens(text, MOST_TOKENS).map_err(|broken| match broken {
        Broken::TooMany => {
            Issue::error("too-costly", format!("a filter has no more than {MOST_TOKENS} words"))
        }
        Broken::NoText(inside) => Issue::error("value", format!("{} is no text", quoted(&inside))),
        Broken::NoEnd => Issue::error("value", "a text in the filter has no end"),
    })
}
