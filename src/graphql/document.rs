//! From text to a syntax tree (<https://spec.graphql.org/October2021/#sec-Document>), within bounds: the
//! grammar is recursive, so that depth is measured before it is entered.

use async_graphql_parser::types::ExecutableDocument;
use async_graphql_parser::{Error, parse_query};

use super::fault::Fault;
use super::limit;

pub(super) fn parse(text: &str) -> Result<ExecutableDocument, Vec<Fault>> {
    if text.len() > limit::TEXT {
        let told = format!("a query has no more than {} bytes", limit::TEXT);
        return Err(vec![Fault::new("too-long", told)]);
    }
    if depth(text) > limit::DEPTH {
        return Err(vec![too_deep()]);
    }
    parse_query(text).map_err(|error| {
        let mut fault = match &error {
            Error::RecursionLimitExceeded => too_deep(),
            other => Fault::new("structure", format!("the query cannot be read: {}", told(other))),
        };
        fault.locations = error.positions().map(|at| (at.line, at.column)).collect();
        vec![fault]
    })
}

pub(super) fn too_deep() -> Fault {
    Fault::new("too-costly", format!("a query is no more than {} levels deep", limit::DEPTH))
}

/// What the parser has to say: the last line of its drawing of a syntax error.
fn told(error: &Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default();
    last.trim().trim_start_matches('=').trim().to_owned()
}

/// The most brackets that are open at once, outside of strings and comments.
fn depth(text: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    // Where one block string does not end, no later one does.
    let mut blocks = true;
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        let mut taken = char.len_utf8();
        match char {
            '{' | '[' | '(' => {
                open += 1;
                most = most.max(open);
            }
            '}' | ']' | ')' => open = open.saturating_sub(1),
            '#' => taken = rest.find(['\n', '\r']).unwrap_or(rest.len()),
            '"' => {
                let block = if blocks && rest.starts_with(BLOCK) { block_string(rest) } else { None };
                blocks &= block.is_some() || !rest.starts_with(BLOCK);
                // The parser goes no further than a string without an end.
                let Some(length) = block.or_else(|| string(rest)) else { return most };
                taken = length;
            }
            _ => {}
        }
        rest = &rest[taken..];
    }
    most
}

const BLOCK: &str = "\"\"\"";

/// The bytes of the block string that a text begins with.
fn block_string(text: &str) -> Option<usize> {
    let mut at = BLOCK.len();
    loop {
        let end = at + text[at..].find(BLOCK)?;
        if !text[at..end].ends_with('\\') {
            return Some(end + BLOCK.len());
        }
        at = end + BLOCK.len();
    }
}

/// The bytes of the string that a text begins with.
fn string(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at + 1),
            b'\n' | b'\r' => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::depth;

    #[test]
    fn brackets_count_outside_of_strings_and_comments_only() {
        for (text, expected) in [
            ("{a(b: [1, [2]])}", 4),
            (r#"{a(b: "[[[[\"[[")}"#, 2),
            ("{a # {{{{\n{b}}", 2),
            (r#"{a(b: """ "[[ \""" [[ """) {c}}"#, 2),
            ("{\"\n[[[", 1),
            (r#"["""a [[[" {{"#, 3),
            ("}}}}{", 1),
        ] {
            assert_eq!(depth(text), expected, "{text}");
        }
    }
}
