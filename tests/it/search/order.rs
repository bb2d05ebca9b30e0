//! The order of results: <https://hl7.org/fhir/R4/search.html#sort>.

use roster::search::order::{Row, compare};
use serde_json::{Value, json};

use super::world::{ask, entries, probe};

/// The numbers of the resources in the order of the query.
fn sorted(query: &str, elements: &[Value]) -> Vec<usize> {
    let query = ask(query).expect("a query");
    let indexed: Vec<_> = elements.iter().map(|elements| entries(&probe(elements.clone()))).collect();
    let ids: Vec<String> = (0..indexed.len()).map(|n| format!("p{}", 9 - n)).collect();
    let row = |n: usize| Row { id: &ids[n], row: n as i64, entries: &indexed[n] };
    let mut order: Vec<usize> = (0..indexed.len()).collect();
    order.sort_by(|a, b| compare(&query.sort, &row(*a), &row(*b)));
    order
}

#[test]
fn by_text_and_number() {
    let elements = [
        json!({"string": "b"}),
        json!({"string": "Á"}),
        json!({}),
        json!({"string": "c"}),
        json!({"string": "B"}),
    ];
    assert_eq!(sorted("_sort=string", &elements), [1, 0, 4, 3, 2]);
    assert_eq!(sorted("_sort=-string", &elements), [3, 4, 0, 1, 2]);
    let elements = [json!({"decimal": 10}), json!({"decimal": -2.5}), json!({"decimal": 9}), json!({})];
    assert_eq!(sorted("_sort=decimal", &elements), [1, 2, 0, 3]);
    assert_eq!(sorted("_sort=-decimal", &elements), [0, 2, 1, 3]);
}

#[test]
fn upwards_by_the_lowest_downwards_by_the_highest() {
    let period = |start: &str, end: &str| json!({"start": start, "end": end});
    let elements = [
        json!({"period": [period("2020-01-01", "2020-02-01")]}),
        json!({"period": [period("2019-01-01", "2019-02-01"), period("2022-01-01", "2022-02-01")]}),
        json!({"period": [period("2018-01-01", "2021-01-01")]}),
    ];
    assert_eq!(sorted("_sort=period", &elements), [2, 1, 0]);
    assert_eq!(sorted("_sort=-period", &elements), [1, 0, 2]);
}

#[test]
fn further_keys_and_the_id() {
    let elements = [
        json!({"code": "a", "integer": 1}),
        json!({"code": "b", "integer": 2}),
        json!({"code": "a", "integer": 3}),
    ];
    assert_eq!(sorted("_sort=code,-integer", &elements), [2, 0, 1]);
    assert_eq!(sorted("_sort=-code,integer", &elements), [1, 0, 2]);
    assert_eq!(sorted("_sort=code,_id", &elements), [2, 0, 1]);
    assert_eq!(sorted("", &elements), [2, 1, 0]);
    assert_eq!(sorted("_sort=-_id", &elements), [0, 1, 2]);
}
