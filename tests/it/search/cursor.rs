//! Cursors come back as they went out, and only to their own query: <https://hl7.org/fhir/R4/http.html#paging>.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use roster::error::Kind;
use roster::search::{Cursor, SortValue};

use super::world::ask;

fn cursor() -> Cursor {
    let keys = vec![Some(SortValue::Number(-5)), None, Some(SortValue::Text("Éve \"x\"".to_owned()))];
    Cursor { keys, row: 7, id: "p1".to_owned(), backwards: true }
}

const QUERY: &str = "code=a&string=b&_sort=-date,decimal,string";

#[test]
fn there_and_back() {
    let query = ask(QUERY).expect("a query");
    let text = cursor().encode(&query);
    assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'));
    assert_eq!(Cursor::decode(&text, &query).expect("a cursor"), cursor());

    let link = query.page_link(&cursor());
    assert_eq!(link, format!("{QUERY}&_cursor={text}"));
    let next = ask(&link).expect("a query");
    assert_eq!(next.cursor, Some(cursor()));
    // The self link is of the query; the cursor is the place within.
    assert_eq!(next.self_link(), QUERY);

    let by_id = ask("").expect("a query");
    let first = Cursor { keys: Vec::new(), row: 0, id: "p1".to_owned(), backwards: false };
    assert_eq!(Cursor::decode(&first.encode(&by_id), &by_id).expect("a cursor"), first);
}

#[test]
fn page_size_and_presentation_may_change() {
    let text = cursor().encode(&ask(QUERY).expect("a query"));
    for more in ["_count=3", "_total=accurate", "_elements=code", "_format=json", "_summary=true"] {
        assert!(ask(&format!("{QUERY}&{more}&_cursor={text}")).is_ok(), "{more}");
    }
}

#[test]
fn another_query_refuses_it() {
    let text = cursor().encode(&ask(QUERY).expect("a query"));
    for other in [
        "code=a&string=c&_sort=-date,decimal,string",
        "code=a&_sort=-date,decimal,string",
        "code=a&string=b&_sort=date,decimal,string",
        "code=a&string=b&_sort=-date,integer,string",
        "code=a&string=b&_sort=-date,decimal",
        "code=a&string=b",
        "",
    ] {
        let error = ask(&format!("{other}&_cursor={text}")).expect_err(other);
        assert_eq!(error.kind, Kind::Malformed);
        assert_eq!(error.issues[0].expression.as_deref(), Some("_cursor"));
    }
}

#[test]
fn what_is_no_cursor() {
    let query = ask(QUERY).expect("a query");
    let good =
        String::from_utf8(URL_SAFE_NO_PAD.decode(cursor().encode(&query)).expect("base64")).expect("text");
    assert!(Cursor::decode(&URL_SAFE_NO_PAD.encode(&good), &query).is_ok());
    for (from, to) in [
        ("[1,", "[2,"),
        ("-5", "\"-5\""),
        ("-5", "5.5"),
        ("-5", "99999999999999999999999"),
        ("null", "true"),
        ("p1", "p 1"),
        ("true", "1"),
        (",7,", ",\"7\","),
        (",7,", ",7,8,"),
        ("\"Éve", "\"\\u0000Éve"),
        ("]", ""),
    ] {
        assert!(good.contains(from), "{good} has no {from}");
        let bad = good.replacen(from, to, 1);
        let error = Cursor::decode(&URL_SAFE_NO_PAD.encode(&bad), &query).expect_err(&bad);
        assert_eq!(error.kind, Kind::Malformed);
    }
    let long = good.replace("Éve", &"e".repeat(5000));
    for bad in ["", "=", "a", "!!!", "bnVsbA", &URL_SAFE_NO_PAD.encode(long), &"A".repeat(100_000)] {
        assert!(Cursor::decode(bad, &query).is_err());
    }
}
