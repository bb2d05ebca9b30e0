//! FHIRPath expressions: <https://hl7.org/fhirpath/N1/>. The room itself, without a server.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use roster::definitions::Definitions;
use roster::fhirpath::{Context, Expression};

use super::body::EXAMPLES;
use super::hold;
use super::text::{spoilt, value};

static DEFINITIONS: LazyLock<Definitions> =
    LazyLock::new(|| Definitions::load(&[]).expect("the definitions are right"));

const WORDS: [&str; 132] = [
    "Patient",
    "name",
    "given",
    "family",
    "active",
    "birthDate",
    "identifier",
    "value",
    "extension",
    "contained",
    "resourceType",
    "%context",
    "%resource",
    "%rootResource",
    "%ucum",
    "%nonsense",
    "%`vs-x`",
    "$this",
    "$index",
    "$total",
    ".",
    ".",
    ".",
    "(",
    ")",
    "(",
    ")",
    "[",
    "]",
    "[0]",
    "[-1]",
    "{}",
    ",",
    "+",
    "-",
    "*",
    "/",
    "div",
    "mod",
    "&",
    "and",
    "or",
    "xor",
    "implies",
    "not()",
    "=",
    "!=",
    "~",
    "!~",
    "<",
    ">",
    "<=",
    ">=",
    "in",
    "contains",
    "is",
    "as",
    "|",
    "1",
    "0",
    "-1",
    "1.5",
    "2147483648",
    "99999999999999999999999999999",
    "0.00000000000000000000000000001",
    "'x'",
    "''",
    "'\\u00e9'",
    "'\\'",
    "@2020",
    "@2020-02-30",
    "@T25:00",
    "@2020-01-01T00:00:00.000+14:00",
    "1 'mg'",
    "4 days",
    "1 'nonsense'",
    "true",
    "false",
    "where($this = 1)",
    "exists()",
    "all(true)",
    "select(name)",
    "repeat(children())",
    "repeat($this)",
    "ofType(HumanName)",
    "children()",
    "descendants()",
    "first()",
    "last()",
    "tail()",
    "skip(1)",
    "take(-1)",
    "distinct()",
    "count()",
    "toString()",
    "toInteger()",
    "toDecimal()",
    "toQuantity('mg')",
    "toDate()",
    "substring(0, 99999999)",
    "substring(-1)",
    "replace('', 'xxxx')",
    "replaceMatches('(a+)+$', 'b')",
    "matches('(x+x+)+y')",
    "matches('[')",
    "indexOf('x')",
    "split('')",
    "join(',')",
    "length()",
    "upper()",
    "encode('hex')",
    "decode('base64')",
    "power(1000000)",
    "power(-0.5)",
    "sqrt()",
    "exp()",
    "ln()",
    "log(0)",
    "abs()",
    "round(99)",
    "ceiling()",
    "lowBoundary(99)",
    "highBoundary(-1)",
    "precision()",
    "iif(true, 1, 2)",
    "aggregate($total + $this, 0)",
    "trace('x')",
    "resolve()",
    "memberOf('x')",
    "conformsTo('x')",
    "htmlChecks()",
    "now() - today()",
];

/// An expression: words in any order, one of those in use, or one of those with faults.
pub fn expression() -> impl Strategy<Value = String> {
    let words = prop::collection::vec(select(&WORDS[..]), 1..14);
    let joined = (words, select(&["", " ", "."][..])).prop_map(|(words, between)| words.join(between));
    let in_use = any::<Index>().prop_map(|place| place.get(&IN_USE[..]).clone());
    prop_oneof![
        4 => joined,
        2 => in_use.clone(),
        4 => in_use.prop_flat_map(spoilt),
        1 => value(),
        1 => (select(&WORDS[..]), 1usize..400).prop_map(|(word, times)| word.repeat(times)),
        1 => (select(&["(", "-", "not ", "{", "[", "iif(", "a.where(", "'", "`", "/*"][..]), 1usize..3000)
            .prop_map(|(word, times)| word.repeat(times)),
    ]
}

/// Those of the definitions.
static IN_USE: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut found = Vec::new();
    for example in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fhir/search"))
        .expect("the parameters")
        .flatten()
    {
        let bundle: serde_json::Value =
            serde_json::from_slice(&std::fs::read(example.path()).expect("a file")).expect("JSON");
        for entry in bundle["entry"].as_array().into_iter().flatten() {
            found.extend(entry["resource"]["expression"].as_str().map(str::to_owned));
        }
    }
    found.sort();
    assert!(found.len() > 50);
    found
});

#[test]
fn no_expression_is_too_strange() {
    let types = &DEFINITIONS.types;
    hold(20_000, &(expression(), any::<Index>()), |(text, place)| {
        let Ok(compiled) = Expression::compile(&text) else { return Ok(()) };
        let example = place.get(&EXAMPLES[..]);
        let kind = example["resourceType"].as_str().unwrap_or_default();
        // A fault is told, never met with a panic, an endless loop or a memory that is full.
        let _ = compiled.check(types, kind);
        let _ = compiled.narrowed(types, kind);
        let _ = compiled.evaluate(&Context::new(types), example);
        Ok(())
    });
}
