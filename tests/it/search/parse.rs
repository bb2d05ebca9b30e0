//! What a query is made of besides its values: <https://hl7.org/fhir/R4/search.html#parameters>.

use roster::error::Kind;
use roster::search::{SortKey, Summary, Total};

use super::world::{ask, ask_as, refused};

#[test]
fn controls() {
    let query = ask(
        "_sort=-date,_id,string&_count=5&_total=accurate&_elements=string,date&_format=json&_pretty=true",
    )
    .expect("a query");
    let sort: Vec<_> =
        query.sort.iter().map(|sort| (matches!(sort.by, SortKey::Id), sort.descending)).collect();
    assert_eq!(sort, [(false, true), (true, false), (false, false)]);
    assert_eq!((query.count, query.total, query.summary), (5, Total::Accurate, Summary::False));
    assert_eq!(query.elements, ["string", "date"]);
    assert_eq!(query.used.len(), 6);

    let query = ask("").expect("a query");
    assert_eq!((query.count, query.total, query.summary), (20, Total::None, Summary::False));
    assert!(query.clauses.is_empty() && query.used.is_empty() && query.sort.is_empty());
}

#[test]
fn page_sizes() {
    let query = ask("_count=5000000000000000000000").expect("a query");
    assert_eq!((query.count, query.self_link().as_str()), (1000, "_count=1000"));
    for text in ["_count=0", "_count=0&_summary=true", "_summary=true&_count=0", "_summary=count"] {
        assert_eq!(ask(text).expect("a query").summary, Summary::Count, "{text}");
    }
    refused(&["_count=-1", "_count=x", "_count=1.5", "_count=+1", "_count=1,2", "_count:exact=1"]);
}

#[test]
fn controls_that_cannot_be_taken() {
    refused(&[
        "_summary=x",
        "_total=x",
        "_elements=a.b",
        "_elements=a,",
        "_sort:asc=date",
        "_sort=date,date",
        "_sort=date,-date",
        "_sort=date,string,code,uri,integer,decimal",
        "_cursor=x",
    ]);
    assert!(ask("_count=1&_count=2").is_err());
}

#[test]
fn known_to_the_standard_and_not_offered() {
    for query in [
        "_include:recurse=Probe:reference",
        "_revinclude=Nothing:member",
        "_list=$current-problems",
        "_containedType=container",
        "_query=x",
        "_type=Probe",
    ] {
        refused(&[query]);
        assert_eq!(ask(query).expect_err("refused").issues[0].code, "not-supported", "{query}");
    }
}

#[test]
fn unknown_parameters() {
    let error = ask("nothing=1&string=a&nobody:exact=2").expect_err("refused");
    assert_eq!(error.kind, Kind::Malformed);
    let places: Vec<_> = error.issues.iter().filter_map(|issue| issue.expression.as_deref()).collect();
    assert_eq!(places, ["nothing", "nobody:exact"]);

    let query = ask_as("Probe", "nothing=1&string=a&_sort=nobody,date", true).expect("lenient");
    assert_eq!(query.self_link(), "string=a&_sort=date");
    assert_eq!(query.warnings.len(), 2);
    assert_eq!(query.warnings[0].expression.as_deref(), Some("nothing"));
    assert!(ask("_sort=nobody").is_err());
    assert_eq!(ask_as("Nothing", "", false).expect_err("no such type").kind, Kind::NotFound);
}

#[test]
fn every_issue_is_told_at_once() {
    let error = ask("date=x&decimal=y&string:foo=z&_count=-1&_sort=none&_has:a=b").expect_err("refused");
    assert_eq!(error.issues.len(), 6, "{error}");
}

#[test]
fn a_parameter_without_a_value_asks_nothing() {
    let query = ask("string=&string:exact=&_count=&code=a").expect("a query");
    assert_eq!((query.clauses.len(), query.self_link().as_str()), (1, "code=a"));
}

#[test]
fn links_are_encoded() {
    let query = ask(r"string=é \,+%#&identifier=urn:a|1&date=ge2020-01-01T00:00:00+01:00").expect("a query");
    assert_eq!(
        query.self_link(),
        "string=%C3%A9%20%5C,%2B%25%23&identifier=urn:a%7C1&date=ge2020-01-01T00:00:00%2B01:00"
    );
}

#[test]
fn limits() {
    let many = |count: usize| (0..count).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    assert!(ask(&format!("code={}", many(1000))).is_ok());
    assert!(ask(&format!("_id={}", many(1000))).is_ok());
    refused(&[&format!("code={}", many(1001)), &format!("string={}", "a".repeat(70_000))]);
    let four = vec![format!("code={}", many(1000)); 4].join("&");
    assert!(ask(&four).is_ok());
    assert!(ask(&format!("{four}&code=a")).is_err());
    assert!(ask(&vec!["code=a"; 64].join("&")).is_ok());
    assert!(ask(&vec!["code=a"; 65].join("&")).is_err());
    assert!(ask(&vec!["code="; 201].join("&")).is_err());
    assert!(ask(&format!("{}=a", "n".repeat(300))).is_err());
}
