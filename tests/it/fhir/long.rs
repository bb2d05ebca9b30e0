//! Resources whose texts are long: each version is read as it was written (<https://hl7.org/fhir/R4/http.html#vread>),
//! and what versions have in common is kept once.

use std::thread;

use roster::repo::check;
use serde_json::{Value, json};

use crate::client::place;
use crate::sample::with;
use crate::world::World;

/// A text of so many lines, each unlike the others; a change of `word` changes one of them.
fn long(lines: usize, word: &str) -> Value {
    let line = |number: usize| {
        let text =
            if number == lines / 2 { word.to_owned() } else { format!("größe {} 🩺", number * 7919) };
        json!({ "url": format!("https://example.com/line/{number}"), "valueString": text })
    };
    let lines: Vec<Value> = (0..lines).map(line).collect();
    json!({ "resourceType": "Patient", "name": [{ "family": "Long" }], "extension": lines })
}

fn count(world: &World, of: &str) -> usize {
    let count = world.database.lines(&format!("SELECT CAST(count(*) AS TEXT) AS line FROM {of}"));
    count[0].parse().expect("a number")
}

fn sound(world: &World) {
    let report = check::database(&world.server.engine).expect("a report");
    assert_eq!(report.faults, Vec::<String>::new());
}

fn parameters(list: &[&str]) -> Value {
    let list: Vec<Value> = list.iter().map(|name| json!({ "name": name, "valueBoolean": true })).collect();
    json!({ "resourceType": "Parameters", "parameter": list })
}

fn line(resource: &Value) -> &Value {
    let lines = resource["extension"].as_array().expect("lines");
    &lines[lines.len() / 2]["valueString"]
}

on_both!(every_version_of_a_long_text_is_read_by_every_way, |world| {
    let first = world.admin.create(&long(4000, "one"));
    let at = place(&first);
    let second =
        world.admin.update(&with(first.clone(), json!({ "extension": long(4000, "two")["extension"] })));
    let third = world.admin.update(&with(second.clone(), json!({ "active": true })));
    world.admin.delete(&at).expect(204);
    let versions = [&first, &second, &third];
    for (number, version) in versions.iter().enumerate() {
        let shown = world.admin.get(&format!("{at}/_history/{}", number + 1)).expect(200).json();
        assert!(shown == **version, "version {}", number + 1);
    }
    for history in [format!("{at}/_history"), "Patient/_history".to_owned(), "_history".to_owned()] {
        let mut shown = world.admin.get(&history).expect(200).resources();
        shown.retain(|one| one.is_null() || one["id"] == first["id"]);
        assert!(shown == [Value::Null, third.clone(), second.clone(), first.clone()], "{history}");
    }
    let last = world.admin.put(&at, &third).expect(201).json();
    assert!(world.admin.get(&at).expect(200).json() == last);
    for query in ["Patient?family=Long", "Patient?_sort=-family", "Patient?name:contains=ong"] {
        assert!(world.admin.search(query) == [last.clone()], "{query}");
    }
    let group = json!({
        "resourceType": "Group", "type": "person", "actual": true, "member": [{ "entity": { "reference": at } }]
    });
    world.admin.create(&group);
    for bundle in ["Group?_include=Group:member".to_owned(), format!("{at}/$everything")] {
        let bundle = world.admin.get(&bundle).expect(200).json();
        let entries = bundle["entry"].as_array().expect("entries");
        assert!(entries.iter().any(|entry| entry["resource"] == last));
    }
    sound(world);
});

on_both!(what_versions_have_in_common_is_kept_once, |world| {
    let mut stored = world.admin.create(&long(4000, "0"));
    let pieces = count(world, "piece");
    assert!(pieces > 10, "{pieces}");
    for turn in 1..=5 {
        let before = count(world, "piece");
        stored = world.admin.update(&with(stored, long(4000, &turn.to_string())));
        // The one with the line, perhaps the one beside it, and the first, where the version stands.
        let fresh = count(world, "piece") - before;
        assert!((1..=3).contains(&fresh), "{fresh} of {pieces}");
    }
    let names = world.database.lines("SELECT body AS line FROM history WHERE body LIKE '#%'");
    assert_eq!(names.len(), 5);
    assert!(names.iter().all(|names| names.len() < 4000), "a version is the names of its pieces");
    // What is short again needs none.
    let before = count(world, "piece");
    world.admin.update(&with(long(3, "short"), json!({ "id": stored["id"] })));
    assert_eq!(count(world, "piece"), before);
    sound(world);
});

on_both!(pieces_go_with_the_last_version_that_has_them, |world| {
    let stored = world.admin.create(&long(4000, "first"));
    let at = place(&stored);
    let whole = count(world, "piece");
    let stored = world.admin.update(&with(stored, long(4000, "second")));
    let stored = world.admin.update(&with(stored, long(4000, "third")));
    let other = world.admin.create(&long(4000, "first"));
    assert!(count(world, "piece") > 2 * whole);
    let expunge = |list: &[&str]| world.admin.post(&format!("{at}/$expunge"), &parameters(list)).expect(200);
    expunge(&["expungePreviousVersions"]);
    assert!(count(world, "piece") <= 2 * whole + 1);
    assert!(world.database.lines("SELECT text AS line FROM piece WHERE text LIKE '%\"second\"%'").is_empty());
    assert!(world.admin.get(&at).expect(200).json() == stored);
    sound(world);
    expunge(&["expungeEverything"]);
    world.admin.get(&at).expect(404);
    assert_eq!(count(world, "piece"), whole);
    assert!(world.admin.get(&place(&other)).expect(200).json() == other);
    sound(world);
});

on_both!(a_label_is_put_on_a_long_text_and_on_an_old_version_of_it, |world| {
    let first = world.admin.create(&long(4000, "first"));
    let at = place(&first);
    let second = world.admin.update(&with(first.clone(), long(4000, "second")));
    let pieces = count(world, "piece");
    let label = |at: &str, code: &str| {
        let label = json!({ "system": "https://example.com", "code": code });
        let meta = json!({ "name": "meta", "valueMeta": { "tag": [label] } });
        let labels = json!({ "resourceType": "Parameters", "parameter": [meta] });
        world.admin.post(&format!("{at}/$meta-add"), &labels).expect(200);
    };
    label(&format!("{at}/_history/1"), "old");
    label(&at, "new");
    let shown = |at: &str| world.admin.get(at).expect(200).json();
    let (old, new) = (shown(&format!("{at}/_history/1")), shown(&at));
    assert_eq!((old["meta"]["tag"][0]["code"].as_str(), line(&old)), (Some("old"), line(&first)));
    assert_eq!((new["meta"]["tag"][0]["code"].as_str(), line(&new)), (Some("new"), line(&second)));
    assert_eq!(count(world, "piece"), pieces, "the first piece of each was exchanged for another");
    sound(world);
});

// Until there were pieces, every text was stored as it is.
on_both!(long_texts_from_before_there_were_pieces_are_whole, |world| {
    let stored = world.admin.create(&long(4000, "first"));
    let at = place(&stored);
    let text = stored.to_string().replace('\'', "''");
    let as_it_was =
        format!("UPDATE resource SET body = '{text}' WHERE body LIKE '#%'; DELETE FROM piece WHERE rid > 0");
    world.database.run(&as_it_was);
    sound(world);
    let label = json!({ "name": "meta", "valueMeta": { "tag": [{ "code": "t" }] } });
    let labels = json!({ "resourceType": "Parameters", "parameter": [label] });
    world.admin.post(&format!("{at}/$meta-add"), &labels).expect(200);
    world.database.run(&as_it_was);
    world.admin.post(&format!("{at}/$reindex"), &json!({ "resourceType": "Parameters" }));
    let next = world.admin.update(&with(stored.clone(), long(4000, "second")));
    assert!(world.admin.get(&format!("{at}/_history/1")).expect(200).json() == stored);
    assert!(world.admin.get(&at).expect(200).json() == next);
    sound(world);
    world.admin.delete(&at).expect(204);
    world.admin.post(&format!("{at}/$expunge"), &parameters(&["expungeEverything"])).expect(200);
    assert_eq!(count(world, "piece"), 0);
    sound(world);
});

on_both!(a_piece_that_is_lost_is_found_out, |world| {
    world.admin.create(&long(4000, "first"));
    world
        .database
        .run("INSERT INTO piece (project, rid, hash, text) SELECT project, rid, 'x', 'x' FROM piece LIMIT 1");
    let faults = || check::database(&world.server.engine).expect("a report").faults;
    assert!(matches!(&faults()[..], [one] if one.contains("in no version")), "{:?}", faults());
    world.database.run("DELETE FROM piece WHERE text LIKE '%\"first\"%' OR hash = 'x'");
    assert!(matches!(&faults()[..], [one] if one.contains("is missing")), "{:?}", faults());
    world.admin.get("Patient?family=Long").refused(503, "transient");
});

on_both!(what_is_written_while_old_versions_go_keeps_its_pieces, |world| {
    let first = world.admin.create(&long(1500, "0"));
    let at = place(&first);
    thread::scope(|scope| {
        for writer in 0..3 {
            let (first, admin) = (first.clone(), &world.admin);
            scope.spawn(move || {
                for turn in 0..8 {
                    // Few texts, so that one that was expunged is soon written again.
                    let word = ((writer + turn) % 3).to_string();
                    let answer = admin.put(&place(&first), &with(first.clone(), long(1500, &word)));
                    assert!([200, 409, 412, 503].contains(&answer.status), "{}", answer.status);
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..12 {
                let old = parameters(&["expungePreviousVersions"]);
                let answer = world.admin.post(&format!("{at}/$expunge"), &old);
                assert!([200, 503].contains(&answer.status), "{}", answer.status);
            }
        });
    });
    sound(world);
    for version in world.admin.get(&format!("{at}/_history")).expect(200).resources() {
        assert!(["0", "1", "2"].iter().any(|word| line(&version) == word));
    }
});
