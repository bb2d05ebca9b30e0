//! history of a type and of the server: <https://hl7.org/fhir/R4/http.html#history>.

use serde_json::{Value, json};

use crate::client::{Client, place};
use crate::sample::{organization, patient, with};

/// Every entry from the first page to the last: method and address.
fn all(client: &Client, first: &str) -> Vec<(String, String)> {
    let mut entries = Vec::new();
    let mut next = Some(first.to_owned());
    while let Some(link) = next {
        let answer = client.get(&link).expect(200);
        entries.extend(told(&answer.json()));
        next = answer.link("next");
        assert!(entries.len() < 1_000, "a history without an end");
    }
    entries
}

fn told(bundle: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    entries.iter().map(|entry| (text(&entry["request"]["method"]), text(&entry["request"]["url"]))).collect()
}

fn updated(resource: &Value) -> &str {
    resource["meta"]["lastUpdated"].as_str().expect("a time")
}

on_both!(the_history_of_a_type_tells_all_that_was_done_to_it_newest_first, |world| {
    let one = world.admin.create(&patient("Chalmers", "1"));
    let two = world.admin.create(&patient("Chalmers", "2"));
    world.admin.create(&organization("Hospital"));
    world.admin.update(&with(one.clone(), json!({"active": true})));
    world.admin.delete(&place(&two)).expect(204);
    let answer = world.admin.get("Patient/_history").expect(200).json();
    assert_eq!(answer["type"], "history");
    let expected = [
        ("DELETE", place(&two)),
        ("PUT", place(&one)),
        ("POST", "Patient".into()),
        ("POST", "Patient".into()),
    ];
    assert_eq!(told(&answer), expected.map(|(method, url)| (method.to_owned(), url)));
    assert_eq!(answer["entry"][3]["resource"], one);
    assert_eq!(answer["entry"][2]["resource"], two);
    assert!(answer["entry"][0].get("resource").is_none());
    for entry in answer["entry"].as_array().expect("entries") {
        let times = [entry["response"]["lastModified"].as_str(), entry["response"]["etag"].as_str()];
        assert!(times.iter().all(Option::is_some), "{entry}");
    }
});

on_both!(who_comes_back_after_a_deletion_was_created_by_put, |world| {
    let one = world.admin.create(&patient("Chalmers", "1"));
    world.admin.delete(&place(&one)).expect(204);
    world.admin.put(&place(&one), &one).expect(201);
    for history in ["Patient/_history".to_owned(), format!("{}/_history", place(&one))] {
        let answer = world.admin.get(&history).expect(200).json();
        assert_eq!(answer["entry"][0]["request"]["method"], "PUT");
        assert_eq!(answer["entry"][0]["response"]["status"], "201");
        let first = world.admin.get(&format!("{history}?_count=1")).expect(200).json();
        assert_eq!(first["entry"][0], answer["entry"][0]);
    }
});

on_both!(the_history_of_the_server_holds_every_type, |world| {
    let one = world.admin.create(&patient("Chalmers", "1"));
    let two = world.admin.create(&organization("Hospital"));
    let answer = world.admin.get("_history?_count=2").expect(200);
    let resources: Vec<Value> = answer.json()["entry"]
        .as_array()
        .expect("entries")
        .iter()
        .map(|entry| entry["resource"].clone())
        .collect();
    assert_eq!(resources, [two, one]);
    assert!(answer.link("next").is_some(), "the clients of the project were written before");
});

on_both!(a_history_of_many_is_paged_while_others_write, |world| {
    for n in 0..7 {
        world.admin.create(&patient("Chalmers", &n.to_string()));
    }
    for first in ["Patient/_history?_count=2", "_history?_count=2"] {
        let before = all(&world.admin, first);
        let page = world.admin.get(first).expect(200);
        let mut seen = told(&page.json());
        let mut next = page.link("next");
        while let Some(link) = next {
            world.admin.create(&patient("Late", "0"));
            let page = world.admin.get(&link).expect(200);
            seen.extend(told(&page.json()));
            next = page.link("next");
            assert!(seen.len() <= before.len());
        }
        assert_eq!(seen, before);
    }
});

on_both!(a_history_begins_where_since_says, |world| {
    let one = world.admin.create(&patient("Chalmers", "1"));
    let two = world.admin.update(&with(one.clone(), json!({"active": true})));
    let count = |query: String| all(&world.admin, &query).len();
    for history in ["Patient/_history".to_owned(), "_history".to_owned(), format!("{}/_history", place(&one))]
    {
        assert!(count(format!("{history}?_since={}", updated(&two))) >= 1);
        assert_eq!(count(format!("{history}?_since=2999-01-01T00:00:00Z")), 0);
        assert_eq!(count(format!("{history}?_since=2001-01-01T00:00:00Z")), count(history));
    }
});

on_both!(a_history_at_a_time_holds_what_was_current_then, |world| {
    let one = world.admin.create(&patient("Chalmers", "1"));
    let mut last = one.clone();
    for n in 0..4 {
        last = world.admin.update(&with(last, json!({"active": n % 2 == 0})));
    }
    for history in ["Patient/_history".to_owned(), format!("{}/_history", place(&one))] {
        // Before the first there was nothing; after the last there is the last.
        assert_eq!(all(&world.admin, &format!("{history}?_at=2001-01-01T00:00:00Z")).len(), 0);
        let answer = world.admin.get(&format!("{history}?_at=2999-01-01T00:00:00Z")).expect(200).json();
        assert_eq!(answer["entry"].as_array().map(Vec::len), Some(1), "{history}");
        assert_eq!(answer["entry"][0]["resource"], last);
        // A year in which all of it happened holds all of it, a page at a time too.
        let year = &updated(&one)[..4];
        assert_eq!(all(&world.admin, &format!("{history}?_at={year}")).len(), 5);
        assert_eq!(all(&world.admin, &format!("{history}?_at={year}&_count=2")).len(), 5);
    }
});

on_both!(nobody_sees_the_history_of_another_project, |world| {
    let one = world.admin.create(&patient("Chalmers", "1"));
    for history in ["Patient/_history", "_history"] {
        let text = world.stranger.get(history).expect(200).text();
        assert!(!text.contains(one["id"].as_str().expect("an id")), "{text}");
        assert!(
            world.super_admin.get(history).expect(200).text().contains(one["id"].as_str().expect("an id"))
        );
    }
});

on_both!(what_cannot_be_asked_of_a_history_is_refused, |world| {
    for history in ["Patient/_history", "_history"] {
        for query in [
            "_count=0",
            "_since=x",
            "_at=1",
            "_list=1",
            "_sort=-_lastUpdated",
            "_cursor=7",
            "_cursor=1.x",
            "_count=1&_count=2",
        ] {
            let answer = world.admin.get(&format!("{history}?{query}"));
            assert_eq!(answer.status, 400, "{history}?{query}: {}", answer.text());
            assert!(answer.issues()[0]["expression"][0].is_string(), "{}", answer.text());
        }
    }
    world.admin.get("Nothing/_history").refused(404, "not-supported");
});
