//! Number parameters: <https://hl7.org/fhir/R4/search.html#number>.

use roster::search::shape::number::ordered;
use serde_json::{Value, json};

use super::world::{check, probe, refused};

fn decimal(text: &str) -> Value {
    let number: Value = serde_json::from_str(text).expect("a number");
    probe(json!({ "decimal": number }))
}

#[test]
fn precision_is_implied_by_the_digits() {
    for (stored, query, hit) in [
        ("100", "decimal=100", true),
        ("99.5", "decimal=100", true),
        ("99.49", "decimal=100", false),
        ("100.4999", "decimal=100", true),
        ("100.5", "decimal=100", false),
        ("100.005", "decimal=100.00", false),
        ("99.995", "decimal=100.00", true),
        ("95", "decimal=1e2", true),
        ("94.9", "decimal=1e2", false),
        ("105", "decimal=1e2", false),
        ("1e2", "decimal=100", true),
        ("-5.4", "decimal=-5", true),
        ("-5.5", "decimal=-5", true),
        ("-4.5", "decimal=-5", false),
        ("0", "decimal=0", true),
        ("-0.0", "decimal=0", true),
        ("0.15", "decimal=0.1", false),
        ("0.05", "decimal=0.1", true),
        ("100.2", "decimal=ne100", false),
        ("100.5", "decimal=ne100", true),
        ("99.4", "decimal=ne100", true),
    ] {
        check(decimal(stored), &[(query, hit)]);
    }
}

#[test]
fn other_prefixes_take_the_number_as_it_is() {
    check(
        decimal("100.2"),
        &[
            ("decimal=gt100", true),
            ("decimal=gt100.2", false),
            ("decimal=ge100.2", true),
            ("decimal=ge100.3", false),
            ("decimal=lt100", false),
            ("decimal=lt100.3", true),
            ("decimal=le100.2", true),
            ("decimal=le100.1", false),
            ("decimal=sa100", true),
            ("decimal=sa100.2", false),
            ("decimal=eb101", true),
            ("decimal=eb100.2", false),
            ("decimal=ap110", true),
            ("decimal=ap111.4", false),
            ("decimal=ap90", false),
            ("decimal=ap92", true),
            ("decimal=ge-1e3", true),
            ("decimal=1,100", true),
            ("decimal=gt100&decimal=lt101", true),
            ("decimal:missing=false", true),
        ],
    );
    check(probe(json!({})), &[("decimal=ne1", false), ("decimal:missing=true", true)]);
    check(probe(json!({"integer": 7})), &[("integer=7", true), ("integer=8", false), ("integer=le7", true)]);
}

#[test]
fn integers_in_the_order_of_their_doubles() {
    let numbers =
        [f64::NEG_INFINITY, -1e300, -2.0, -1.0, -1e-300, 0.0, 1e-300, 1.0, 2.0, 1e300, f64::INFINITY];
    assert!(numbers.windows(2).all(|pair| ordered(pair[0]) < ordered(pair[1])));
    assert_eq!(ordered(0.0), ordered(-0.0));
}

#[test]
fn what_cannot_be_asked() {
    refused(&[
        "decimal=x",
        "decimal=1.",
        "decimal=.5",
        "decimal=eq",
        "decimal=xx5",
        "decimal=1e",
        "decimal=1e999999999999",
        "decimal=1e400",
        "decimal=NaN",
        "decimal=inf",
        "decimal=1 2",
        "decimal=--1",
        "decimal=1111111111111111111111111111111111111111",
        "decimal:exact=1",
        "decimal:not=1",
        "decimal:text=1",
    ]);
}
