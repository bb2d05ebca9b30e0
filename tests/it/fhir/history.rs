//! history of an instance: <https://hl7.org/fhir/R4/http.html#history>.

use serde_json::{Value, json};

use crate::client::{PUBLIC_URL, place};
use crate::policy::holder;
use crate::sample::{patient, with};
use crate::world::World;

/// A patient of `versions` versions, the last of which is returned.
fn much_changed(world: &World, versions: usize) -> Value {
    let mut patient = world.admin.create(&patient("Chalmers", "0"));
    for n in 1..versions {
        patient = world
            .admin
            .update(&with(patient, json!({"name": [{"family": "Chalmers", "given": [n.to_string()]}]})));
    }
    patient
}

fn versions(bundle: &Value) -> Vec<String> {
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    let etags = entries.iter().map(|entry| entry["response"]["etag"].as_str().expect("an etag").to_owned());
    etags.map(|etag| etag.trim_start_matches("W/").trim_matches('"').to_owned()).collect()
}

on_both!(the_history_tells_what_was_done_newest_first, |world| {
    let last = much_changed(world, 2);
    world.admin.delete(&place(&last)).expect(204);
    let bundle = world.admin.get(&format!("{}/_history", place(&last))).expect(200).json();
    assert_eq!(bundle["type"], "history");
    let entries = bundle["entry"].as_array().expect("entries");
    let told: Vec<_> =
        entries.iter().map(|entry| entry["request"]["method"].as_str().expect("a method")).collect();
    assert_eq!(told, ["DELETE", "PUT", "POST"]);
    assert!(entries[0].get("resource").is_none());
    assert_eq!(entries[1]["resource"], last);
    for entry in entries {
        assert_eq!(entry["fullUrl"], format!("{PUBLIC_URL}/fhir/R4/{}", place(&last)));
        for told in [
            &entry["request"]["url"],
            &entry["response"]["status"],
            &entry["response"]["lastModified"],
            &entry["response"]["etag"],
        ] {
            assert!(told.is_string(), "{entry}");
        }
    }
});

on_both!(a_history_is_paged, |world| {
    let last = much_changed(world, 7);
    let all = versions(&world.admin.get(&format!("{}/_history", place(&last))).expect(200).json());
    assert_eq!(all.len(), 7);
    let mut paged = Vec::new();
    let mut next = Some(format!("{}/_history?_count=3", place(&last)));
    while let Some(link) = next {
        let answer = world.admin.get(&link).expect(200);
        let page = versions(&answer.json());
        assert!(page.len() <= 3);
        paged.extend(page);
        next = answer.link("next");
        assert!(paged.len() <= 7, "{paged:?}");
    }
    assert_eq!(paged, all);
});

on_both!(a_page_of_history_stays_where_it_is_while_versions_are_added, |world| {
    let last = much_changed(world, 4);
    let first_page = world.admin.get(&format!("{}/_history?_count=2", place(&last))).expect(200);
    let seen = versions(&first_page.json());
    world.admin.update(&with(last.clone(), json!({"active": true})));
    let rest = versions(&world.admin.get(&first_page.link("next").expect("a next page")).expect(200).json());
    assert!(rest.iter().all(|version| !seen.contains(version)), "{seen:?} {rest:?}");
    assert_eq!(seen.len() + rest.len(), 4);
});

on_both!(the_history_of_what_never_was_is_not_found, |world| {
    world.admin.get("Patient/none/_history").refused(404, "not-found");
});

on_both!(what_a_history_is_asked_for_is_understood_or_refused, |world| {
    let last = much_changed(world, 2);
    for query in ["_count=-1", "_count=x", "_since=yesterday", "_sort=_lastUpdated", "_at=x", "family=x"] {
        let answer = world.admin.get(&format!("{}/_history?{query}", place(&last)));
        assert_eq!(answer.status, 400, "{query}: {}", answer.text());
        answer.issues();
    }
});

fn authors(bundle: &Value) -> Vec<Value> {
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    entries.iter().map(|entry| entry["extension"][0]["valueReference"]["reference"].clone()).collect()
}

on_both!(an_admin_is_told_who_wrote_each_version, |world| {
    let first = world.admin.create(&patient("Chalmers", "0"));
    let second = with(first, json!({"gender": "other"}));
    let second = world.super_admin.update(&second);
    world.admin.delete(&place(&second)).expect(204);
    let history = world.admin.get(&format!("{}/_history", place(&second))).expect(200).json();
    let told = authors(&history);
    assert!(told.iter().all(|who| who.as_str().is_some_and(|who| who.starts_with("ClientApplication/"))));
    assert_eq!(told[0], told[2]);
    assert_ne!(told[0], told[1]);
    let of_type = world.admin.get("Patient/_history").expect(200).json();
    assert_eq!(authors(&of_type), told);

    // Whoever may only read it is not told who else works here.
    let reader = holder(world, json!([{"resourceType": "Patient"}]));
    let read = reader.get(&format!("{}/_history/2", place(&second))).expect(200);
    assert_eq!(read.json(), second);
    let history = reader.get("Patient/_history").expect(200).json();
    assert!(authors(&history).iter().all(Value::is_null), "{history}");
});
