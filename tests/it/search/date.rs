//! Date parameters, every prefix against every precision: <https://hl7.org/fhir/R4/search.html#date>.

use roster::search::shape::date::range;
use serde_json::{Value, json};

use super::world::{check, found, probe, refused};

const PREFIXES: [&str; 8] = ["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb"];

/// Asks all prefixes with one date; `expected` has a letter for each: `y` or `n`.
fn prefixes(resource: &Value, name: &str, date: &str, expected: &str) {
    let answers: String = PREFIXES
        .iter()
        .map(|prefix| if found(&format!("{name}={prefix}{date}"), resource) { 'y' } else { 'n' })
        .collect();
    assert_eq!(answers, expected, "{name}={PREFIXES:?}{date} of {resource}");
}

#[test]
fn every_prefix_by_every_precision() {
    let moment = probe(json!({"dateTime": "2020-05-17T10:30:15.250Z"}));
    for (date, expected) in [
        //                       eq ne gt lt ge le sa eb
        ("2020", "ynnnyynn"),
        ("2020-05", "ynnnyynn"),
        ("2020-05-17", "ynnnyynn"),
        ("2020-05-17T10:30", "ynnnyynn"),
        ("2020-05-17T10:30:15Z", "ynnnyynn"),
        ("2020-05-17T10:30:15.25Z", "ynnnyynn"),
        ("2020-05-17T10:30:15.250Z", "ynnnyynn"),
        ("2020-05-17T12:30:15+02:00", "ynnnyynn"),
        ("2020-05-17T12:30:15 02:00", "ynnnyynn"),
        ("2020-05-17T05:00:15-05:30", "ynnnyynn"),
        ("2019", "nyynynyn"),
        ("2020-04", "nyynynyn"),
        ("2020-05-16", "nyynynyn"),
        ("2020-05-17T10:29", "nyynynyn"),
        ("2020-05-17T10:30:14Z", "nyynynyn"),
        ("2020-05-17T10:30:15.249Z", "nyynynyn"),
        ("2021", "nynynyny"),
        ("2020-06", "nynynyny"),
        ("2020-05-18", "nynynyny"),
        ("2020-05-17T10:31", "nynynyny"),
        ("2020-05-17T10:30:16Z", "nynynyny"),
        ("2020-05-17T10:30:15.251Z", "nynynyny"),
    ] {
        prefixes(&moment, "date-time", date, expected);
    }
    // A day in the resource is longer than a minute in the question.
    let day = probe(json!({"date": "2020-05-17"}));
    for (date, expected) in [
        ("2020-05", "ynnnyynn"),
        ("2020-05-17", "ynnnyynn"),
        ("2020-05-17T10:30Z", "nyyyyynn"),
        ("2020-05-17T00:00Z", "nyynynnn"),
        ("2020-05-17T23:59Z", "nynynynn"),
    ] {
        prefixes(&day, "date", date, expected);
    }
}

#[test]
fn periods() {
    let period = probe(json!({"period": [{"start": "2020-02-01", "end": "2020-03-31"}]}));
    for (date, expected) in [
        ("2020", "ynnnyynn"),
        ("2020-02", "nyynynnn"),
        ("2020-03", "nynynynn"),
        ("2020-03-10", "nyyyyynn"),
        ("2020-01", "nyynynyn"),
        ("2020-04", "nynynyny"),
    ] {
        prefixes(&period, "period", date, expected);
    }
    let open = probe(json!({"period": [{"start": "2020-02-01"}]}));
    for (date, expected) in [("2020", "nyynynnn"), ("2019", "nyynynyn"), ("9999", "nyyyyynn")] {
        prefixes(&open, "period", date, expected);
    }
    let begun = probe(json!({"period": [{"end": "2020-02-01"}]}));
    prefixes(&begun, "period", "2019", "nyyyyynn");
    prefixes(&begun, "period", "2021", "nynynyny");
    check(probe(json!({"period": [{}]})), &[("period=2020", false), ("period:missing=true", true)]);
}

#[test]
fn of_a_timing_the_outer_limits_count() {
    let events = probe(json!({"timing": {"event": ["2020-01-05", "2020-03-05"]}}));
    prefixes(&events, "timing", "2020", "ynnnyynn");
    prefixes(&events, "timing", "2020-02", "nyyyyynn");
    let bounds = probe(json!({"timing": {"repeat": {"boundsPeriod": {"start": "2020-01-05"}}}}));
    prefixes(&bounds, "timing", "2019", "nyynynyn");
}

#[test]
fn last_updated_is_a_point_and_answers_alike() {
    let probe = probe(json!({"meta": {"lastUpdated": "2020-05-17T10:30:15.250Z"}}));
    for (date, expected) in [
        ("2020", "ynnnyynn"),
        ("2020-05-17T10:30:15Z", "ynnnyynn"),
        ("2020-05-17T10:30:15.250Z", "ynnnyynn"),
        ("2020-05-17T10:30:15.249Z", "nyynynyn"),
        ("2021", "nynynyny"),
    ] {
        prefixes(&probe, "_lastUpdated", date, expected);
    }
}

#[test]
fn approximately_is_a_tenth_of_the_distance_to_now() {
    check(
        probe(json!({"date": "1990-06-15"})),
        &[
            ("date=ap1990-06-15", true),
            ("date=ap1990", true),
            ("date=ap1992", true),
            ("date=ap1980", false),
            ("date=ap2020", false),
        ],
    );
}

#[test]
fn alternatives_and_conditions() {
    check(
        probe(json!({"date": "2020-05-17"})),
        &[
            ("date=2019,2020", true),
            ("date=ge2020-05-01&date=lt2020-06-01", true),
            ("date=ge2020-05-18&date=lt2020-06-01", false),
            ("date=lt2019,gt2021", false),
        ],
    );
}

#[test]
fn ranges_of_texts() {
    assert_eq!(range("1970"), Some((0, 365 * 86_400_000 - 1)));
    assert_eq!(range("1970-01-01T00:00:00.5Z"), Some((500, 599)));
    assert_eq!(range("1970-01-01T00:00:00.123456Z"), Some((123, 123)));
    assert_eq!(range("1970-01-01T00:00:60Z"), Some((60_000, 60_999)));
    assert_eq!(range("2020-02"), range("2020-02-01").zip(range("2020-02-29")).map(|(a, b)| (a.0, b.1)));
    assert!(range("9999").is_some() && range("0001-01-01").is_some());
}

#[test]
fn what_cannot_be_asked() {
    refused(&[
        "date=x",
        "date=eq",
        "date=zz2020",
        "date=2020-13",
        "date=2020-02-30",
        "date=2021-02-29",
        "date=0000",
        "date=20",
        "date=2020-1",
        "date=2020/01",
        "date=2020-05-17T",
        "date=2020-05-17T10",
        "date=2020-05-17T24:00",
        "date=2020-05-17T10:60",
        "date=2020-05-17T10:30:61Z",
        "date=2020-05-17T10:30:15.Z",
        "date=2020-05-17T10:30+15:00",
        "date=2020-05-17T10:30+1",
        "date=2020-05T10:30",
        "date=２０２０",
        "date=2020-05-17T10:30:15Zx",
        "date:exact=2020",
        "date:not=2020",
        "date:contains=2020",
    ]);
}
