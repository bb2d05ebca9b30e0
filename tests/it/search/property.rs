//! What holds for every input.

use proptest::prelude::*;
use roster::search::fold::fold;
use roster::search::{self, Cursor, Options, gram};
use serde_json::{Value, json};

use super::world::{BASE, DEFINITIONS, ask, entries, found, probe};

fn parse(pairs: &[(String, String)], lenient: bool) {
    let options = Options {
        lenient,
        base_url: BASE,
        max_count: 100,
        default_count: 20,
        compartment: None,
        terminology: &search::NoTerminology,
    };
    if let Ok(query) = search::parse(&DEFINITIONS, "Probe", pairs, &options) {
        search::matches(&query.clauses, "p1", &[], &search::Alone);
        query.self_link();
    }
}

/// A value with its separators escaped.
fn escaped(text: &str) -> String {
    let escape = |char| match char {
        ',' | '$' | '|' | '\\' => vec!['\\', char],
        _ => vec![char],
    };
    text.chars().flat_map(escape).collect()
}

/// A resource in which each element may be missing.
fn probes() -> impl Strategy<Value = Value> {
    let text = prop::option::of("[aAéb ]{0,6}");
    let code = prop::option::of("[ab]");
    let date = prop::option::of(dates());
    (text, code, date, prop::option::of(-20..20i64)).prop_map(|(text, code, date, number)| {
        let mut elements = serde_json::Map::new();
        text.map(|text| elements.insert("string".to_owned(), json!(text)));
        date.map(|date| elements.insert("dateTime".to_owned(), json!(date)));
        number.map(|number| elements.insert("decimal".to_owned(), json!(number)));
        code.map(|code| {
            elements.insert("identifier".to_owned(), json!([{"system": "urn:a", "value": code}]));
            elements.insert("reference".to_owned(), json!([{"reference": format!("User/{code}")}]));
            elements.insert("uri".to_owned(), json!(format!("http://x/{code}")))
        });
        probe(Value::Object(elements))
    })
}

fn dates() -> impl Strategy<Value = String> {
    let day = (2019..2022, 1..=12, 1..=28).prop_map(|(y, m, d)| (y, m, d));
    (day, 0..4, 0..24, 0..60).prop_map(|((y, m, d), precision, hour, minute)| match precision {
        0 => format!("{y}"),
        1 => format!("{y}-{m:02}"),
        2 => format!("{y}-{m:02}-{d:02}"),
        _ => format!("{y}-{m:02}-{d:02}T{hour:02}:{minute:02}:00Z"),
    })
}

proptest! {
    #[test]
    fn the_parser_never_panics(names in prop::collection::vec((".{0,20}", ".{0,40}"), 0..6), lenient: bool) {
        parse(&names, lenient);
    }

    #[test]
    fn nor_on_what_looks_right(
        name in "(string|human-name|identifier|telecom|reference|canonical|uri|date|decimal|quantity|_id|_sort|_count|_elements|_lastUpdated|_cursor)(:(exact|contains|text|missing|not|above|below|identifier|User))?",
        value in r"(eq|ne|gt|ap)?([0-9é|,$\\/:.eET+ -]|http://|User|2020|true){0,12}",
        lenient: bool,
    ) {
        parse(&[(name, value)], lenient);
    }

    #[test]
    fn the_cursor_decoder_never_panics(text in "[A-Za-z0-9_-]{0,80}", bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        use base64::Engine;
        let query = ask("_sort=date,string").expect("a query");
        let encode = |bytes: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
        prop_assert!(Cursor::decode(&text, &query).is_err());
        prop_assert!(Cursor::decode(&encode(&bytes), &query).is_err());
        let nearly = format!("[1,0,[{text}],{},\"\",true]", bytes.len());
        prop_assert!(Cursor::decode(&encode(nearly.as_bytes()), &query).is_err());
    }

    #[test]
    fn folding_twice_is_folding_once(text in "\\PC{0,30}") {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn a_text_is_found_by_itself_and_its_parts(text in "\\PC{1,20}", from in 0..20usize, length in 1..20usize) {
        let stored = probe(json!({ "string": text }));
        if fold(&text).is_empty() {
            return Ok(());
        }
        for modifier in ["", ":exact", ":contains"] {
            let pair = [(format!("string{modifier}"), escaped(&text))];
            let options = Options { lenient: false, base_url: BASE, max_count: 100, default_count: 20, compartment: None, terminology: &search::NoTerminology };
            let query = search::parse(&DEFINITIONS, "Probe", &pair, &options).expect("a query");
            prop_assert!(search::matches(&query.clauses, "p1", &entries(&stored), &search::Alone), "{}", modifier);
        }
        let folded = fold(&text);
        let part: String = folded.chars().skip(from).take(length).collect();
        let grams = gram::Hashes::all(1, 1, &entries(&stored)).trigrams.expect("all of them");
        prop_assert!(gram::ask(1, 1, &part).iter().all(|hash| grams.contains(hash)));
    }

    #[test]
    fn a_token_is_found_by_itself(system in "\\PC{1,20}", value in "\\PC{1,250}") {
        let stored = probe(json!({"identifier": [{"system": system, "value": value}]}));
        let (system, value) = (escaped(&system), escaped(&value));
        let options = Options { lenient: false, base_url: BASE, max_count: 100, default_count: 20, compartment: None, terminology: &search::NoTerminology };
        for asked in [value.clone(), format!("{system}|{value}"), format!("{system}|")] {
            let query = search::parse(&DEFINITIONS, "Probe", &[("identifier".to_owned(), asked)], &options);
            prop_assert!(search::matches(&query.expect("a query").clauses, "p1", &entries(&stored), &search::Alone));
        }
    }

    #[test]
    fn not_is_the_complement(stored in probes(), code in "[abc]") {
        for (param, value) in [
            ("identifier", code.clone()),
            ("identifier", format!("urn:a|{code}")),
            ("reference", format!("User/{code}")),
            ("uri", format!("http://x/{code}")),
        ] {
            let plain = found(&format!("{param}={value}"), &stored);
            prop_assert_eq!(found(&format!("{param}:not={value}"), &stored), !plain);
        }
    }

    #[test]
    fn missing_is_true_or_false(stored in probes()) {
        for param in ["string", "identifier", "reference", "date-time", "decimal", "uri", "code"] {
            let missing = found(&format!("{param}:missing=true"), &stored);
            prop_assert_ne!(missing, found(&format!("{param}:missing=false"), &stored));
        }
    }

    #[test]
    fn prefixes_of_dates_agree(stored in probes(), date in dates()) {
        let is = |prefix: &str| found(&format!("date-time={prefix}{date}"), &stored);
        let there = found("date-time:missing=false", &stored);
        prop_assert_eq!(is("ne"), there && !is("eq"));
        prop_assert_eq!(is("ge"), is("gt") || is("eq"));
        prop_assert_eq!(is("le"), is("lt") || is("eq"));
        prop_assert!(!is("sa") || is("gt"));
        prop_assert!(!is("eb") || is("lt"));
        prop_assert_eq!(there, is("gt") || is("lt") || is("eq"));
    }

    #[test]
    fn prefixes_of_numbers_agree(stored in probes(), number in "-?[0-9]{1,2}(\\.[0-9])?") {
        let is = |prefix: &str| found(&format!("decimal={prefix}{number}"), &stored);
        let there = found("decimal:missing=false", &stored);
        prop_assert_eq!(is("ne"), there && !is("eq"));
        prop_assert_eq!(there, is("gt") != is("le"));
        prop_assert_eq!(there, is("lt") != is("ge"));
    }
}
