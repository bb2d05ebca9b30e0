//! Histories under a policy: each version by itself, and nothing of what is out of sight now.

use serde_json::json;

use super::{couple, holder};
use crate::client::{Client, place};
use crate::sample::with;

fn versions(client: &Client, place: &str) -> Vec<String> {
    let bundle = client.get(place).expect(200).json();
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    entries.iter().map(|entry| entry["response"]["etag"].as_str().expect("a version").to_owned()).collect()
}

on_both!(each_version_is_seen_for_itself, |world| {
    let (woman, _) = couple(world);
    let here = place(&woman);
    // She was a man for one version.
    let second = world.admin.update(&with(woman.clone(), json!({"gender": "male"})));
    world.admin.update(&with(second, json!({"gender": "female"})));
    let holder = holder(world, json!([{"resourceType": "Patient", "criteria": "Patient?gender=female"}]));
    for history in [format!("{here}/_history"), "Patient/_history".to_owned(), "_history".to_owned()] {
        assert_eq!(versions(&holder, &history), ["W/\"3\"", "W/\"1\""], "{history}");
    }
    holder.get(&format!("{here}/_history/1")).expect(200);
    holder.get(&format!("{here}/_history/2")).refused(404, "not-found");
});

on_both!(what_is_out_of_sight_now_has_no_history, |world| {
    let (woman, _) = couple(world);
    let here = place(&woman);
    world.admin.update(&with(woman, json!({"gender": "male"})));
    let holder = holder(world, json!([{"resourceType": "Patient", "criteria": "Patient?gender=female"}]));
    holder.get(&format!("{here}/_history")).refused(404, "not-found");
    holder.get(&format!("{here}/_history/1")).refused(404, "not-found");
    assert!(versions(&holder, "Patient/_history").is_empty());
});

on_both!(of_what_was_deleted_the_last_version_tells, |world| {
    let (woman, man) = couple(world);
    for one in [&woman, &man] {
        world.admin.delete(&place(one)).expect(204);
    }
    let holder = holder(world, json!([{"resourceType": "Patient", "criteria": "Patient?gender=female"}]));
    holder.get(&place(&woman)).refused(410, "deleted");
    holder.get(&place(&man)).refused(404, "not-found");
    assert_eq!(versions(&holder, &format!("{}/_history", place(&woman))), ["W/\"2\"", "W/\"1\""]);
    holder.get(&format!("{}/_history", place(&man))).refused(404, "not-found");
    assert_eq!(versions(&holder, "Patient/_history"), ["W/\"2\"", "W/\"1\""]);
});

on_both!(a_page_of_a_history_is_filled_with_what_is_seen, |world| {
    let (woman, man) = couple(world);
    let mut man = man;
    for turn in 0..30 {
        man = world.admin.update(&with(man, json!({"active": turn % 2 == 0})));
    }
    let holder = holder(world, json!([{"resourceType": "Patient", "criteria": "Patient?gender=female"}]));
    assert_eq!(versions(&holder, "Patient/_history?_count=5"), ["W/\"1\""]);
    world.admin.update(&with(woman, json!({"active": false})));
    let first = holder.get("Patient/_history?_count=1").expect(200);
    assert_eq!(first.json()["entry"][0]["response"]["etag"], "W/\"2\"");
    let next = first.link("next").expect("a second page");
    assert_eq!(versions(&holder, &next), ["W/\"1\""]);
});
