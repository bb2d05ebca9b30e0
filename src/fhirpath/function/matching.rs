//! Regular expressions, in time linear in the text.
//! Clause: <https://hl7.org/fhirpath/N1/#string-manipulation>.

use super::super::error::EvalError;
use super::super::evaluate::Outcome;
use super::super::item::Items;
use super::super::tree::Tree;
use super::call::{Call, boolean, nothing};
use regex::{Regex, RegexBuilder};
use std::borrow::Cow;

/// The most memory that a pattern written in an expression may take.
const WRITTEN: usize = 1 << 20;

/// The same for one that is computed, maybe anew for each item.
const COMPUTED: usize = 1 << 16;

/// Compiles a pattern, which spans lines and may have to fit the whole text.
pub(in super::super) fn pattern(text: &str, whole: bool) -> Result<Regex, String> {
    built(text, whole, WRITTEN)
}

fn built(text: &str, whole: bool, size: usize) -> Result<Regex, String> {
    let text = if whole { format!("^(?:{text})$") } else { text.to_owned() };
    RegexBuilder::new(&text)
        .dot_matches_new_line(true)
        .size_limit(size)
        .dfa_size_limit(WRITTEN)
        .build()
        .map_err(|error| format!("not a regular expression: {error}"))
}

pub(super) fn matches<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let text = call.as_string(&input)?;
    let (Some(text), Some(regex)) = (text, compiled(call)?) else {
        return nothing();
    };
    boolean(regex.is_match(&text))
}

pub(super) fn replace_matches<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    let text = call.as_string(&input)?;
    let (Some(text), Some(regex), Some(by)) = (text, compiled(call)?, call.string(1)?) else {
        return nothing();
    };
    if regex.as_str().is_empty() {
        return call.made(text.into_owned());
    }
    let by = delimited(&by);
    let finds = regex.find_iter(&text).count();
    // A replacement may name whole groups, which is as long again as the text.
    let length = finds.saturating_mul(by.len().saturating_add(text.len() * by.matches('$').count()));
    call.evaluator.spend_text(length)?;
    call.made(regex.replace_all(&text, by.as_str()).into_owned())
}

/// The replacement with `$1` written as `${1}`, since the letters behind it are not of its name.
fn delimited(replacement: &str) -> String {
    let mut result = String::with_capacity(replacement.len() + 2);
    let mut letters = replacement.chars().peekable();
    while let Some(letter) = letters.next() {
        result.push(letter);
        if letter != '$' || !letters.peek().is_some_and(char::is_ascii_digit) {
            continue;
        }
        result.push('{');
        while let Some(digit) = letters.next_if(char::is_ascii_digit) {
            result.push(digit);
        }
        result.push('}');
    }
    result
}

fn compiled<'a>(call: &Call<'a, '_>) -> Result<Option<Cow<'a, Regex>>, EvalError> {
    if let Some(Tree::Pattern { regex, .. }) = call.arguments.first() {
        return Ok(Some(Cow::Borrowed(regex)));
    }
    let Some(text) = call.string(0)? else {
        return Ok(None);
    };
    // Compiling is dear, and a computed pattern is compiled on each item.
    call.evaluator.spend(20_000 + text.len() as u64)?;
    let whole = call.function.name == "matchesFull";
    let regex = built(&text, whole, COMPUTED).map_err(EvalError::invalid)?;
    Ok(Some(Cow::Owned(regex)))
}
