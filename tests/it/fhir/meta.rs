//! `$meta`, `$meta-add` and `$meta-delete`: <https://hl7.org/fhir/R4/resource-operation-meta.html>,
//! <https://hl7.org/fhir/R4/resource-operation-meta-add.html>,
//! <https://hl7.org/fhir/R4/resource-operation-meta-delete.html>.

use serde_json::{Value, json};

use crate::client::{Answer, place};
use crate::sample::{organization, patient, with};

const SYSTEM: &str = "https://example.com/tags";

fn tag(code: &str) -> Value {
    json!({"tag": [{"system": SYSTEM, "code": code}]})
}

fn parameters(meta: &Value) -> Value {
    json!({"resourceType": "Parameters", "parameter": [{"name": "meta", "valueMeta": meta}]})
}

fn meta(answer: Answer) -> Value {
    let answer = answer.expect(200).json();
    assert_eq!(answer["resourceType"], "Parameters");
    answer["parameter"][0]["valueMeta"].clone()
}

fn codes(meta: &Value) -> Vec<&str> {
    let tags = meta["tag"].as_array().map_or(&[][..], Vec::as_slice);
    tags.iter().map(|tag| tag["code"].as_str().expect("a code")).collect()
}

on_both!(labels_are_added_and_taken_away_without_a_new_version, |world| {
    let stored = world.admin.create(&with(patient("A", "B"), json!({"meta": tag("x")})));
    let at = place(&stored);
    let found = |code: &str| world.admin.found(&format!("Patient?_tag={SYSTEM}|{code}")).len();

    let added = meta(world.admin.post(&format!("{at}/$meta-add"), &parameters(&tag("y"))));
    assert_eq!(codes(&added), ["x", "y"]);
    assert_eq!(added["versionId"], "1");
    assert_eq!(added["lastUpdated"], stored["meta"]["lastUpdated"]);
    let answer = world.admin.get(&at).expect(200);
    assert_eq!(answer.header("ETag"), Some("W/\"1\""));
    assert_eq!(answer.json()["meta"], added);
    assert_eq!((found("x"), found("y")), (1, 1));
    assert_eq!(world.admin.get(&format!("{at}/_history")).expect(200).resources().len(), 1);

    // Once more is no change; a label is the same by system and code.
    let same = json!({"tag": [{"system": SYSTEM, "code": "y", "display": "Y"}]});
    assert_eq!(meta(world.admin.post(&format!("{at}/$meta-add"), &parameters(&same))), added);

    let left = meta(world.admin.post(&format!("{at}/$meta-delete"), &parameters(&tag("x"))));
    assert_eq!(codes(&left), ["y"]);
    assert_eq!((found("x"), found("y")), (0, 1));
    assert_eq!(meta(world.admin.post(&format!("{at}/$meta-delete"), &parameters(&tag("x")))), left);
    assert_eq!(meta(world.admin.get(&format!("{at}/$meta"))), left);
    assert_eq!(world.admin.get(&at).expect(200).json()["meta"], left);
    // The next version carries on with them.
    let next = world.admin.update(&with(world.admin.get(&at).json(), json!({"active": true})));
    assert_eq!((codes(&next["meta"]), next["meta"]["versionId"].as_str()), (vec!["y"], Some("2")));
});

on_both!(a_version_has_labels_of_its_own, |world| {
    let stored = world.admin.create(&patient("A", "B"));
    let at = place(&stored);
    world.admin.update(&with(stored.clone(), json!({"active": true})));
    let old = format!("{at}/_history/1");
    let added = meta(world.admin.post(&format!("{old}/$meta-add"), &parameters(&tag("old"))));
    assert_eq!(codes(&added), ["old"]);
    assert_eq!(meta(world.admin.get(&format!("{old}/$meta"))), added);
    assert_eq!(world.admin.get(&old).expect(200).json()["meta"], added);
    assert_eq!(codes(&meta(world.admin.get(&format!("{at}/$meta")))), Vec::<&str>::new());
    assert_eq!(world.admin.found(&format!("Patient?_tag={SYSTEM}|old")), Vec::<String>::new());
    let left = meta(world.admin.post(&format!("{old}/$meta-delete"), &parameters(&tag("old"))));
    assert_eq!(codes(&left), Vec::<&str>::new());
    // The current version is the resource itself.
    meta(world.admin.post(&format!("{at}/_history/2/$meta-add"), &parameters(&tag("new"))));
    assert_eq!(world.admin.found(&format!("Patient?_tag={SYSTEM}|new")).len(), 1);
    world.admin.post(&format!("{at}/_history/9/$meta-add"), &parameters(&tag("x"))).refused(404, "not-found");
});

on_both!(the_labels_in_use_are_told_for_a_type_and_for_all, |world| {
    assert_eq!(world.admin.get("Patient/$meta").expect(200).json(), json!({"resourceType": "Parameters"}));
    for (resource, code) in [(patient("A", "B"), "x"), (patient("C", "D"), "y"), (organization("O"), "z")] {
        world.admin.create(&with(resource, json!({"meta": tag(code)})));
    }
    let profile = "https://example.com/profile";
    world
        .admin
        .create(&with(patient("E", "F"), json!({"meta": {"profile": [profile], "tag": tag("x")["tag"]}})));
    world.stranger.create(&with(patient("A", "B"), json!({"meta": tag("foreign")})));
    let told = |client: &crate::client::Client, at: &str| {
        let meta = meta(client.get(at));
        let mut codes: Vec<String> = codes(&meta).iter().map(|code| (*code).to_owned()).collect();
        codes.sort();
        (codes, meta["profile"].clone())
    };
    let list = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
    assert_eq!(told(&world.admin, "Patient/$meta"), (list(&["x", "y"]), json!([profile])));
    assert_eq!(told(&world.admin, "Organization/$meta"), (list(&["z"]), Value::Null));
    assert_eq!(told(&world.admin, "$meta"), (list(&["x", "y", "z"]), json!([profile])));
    assert_eq!(told(&world.super_admin, "$meta").0, list(&["foreign", "x", "y", "z"]));
});

on_both!(what_is_no_label_is_refused, |world| {
    let stored = world.admin.create(&patient("A", "B"));
    let add = format!("{}/$meta-add", place(&stored));
    let post = |meta: Value| world.admin.post(&add, &parameters(&meta));
    post(json!({"source": "urn:x"})).refused(422, "not-supported").at("meta.source");
    post(json!({"tag": {"code": "x"}})).refused(400, "structure").at("meta.tag");
    post(json!({"tag": [{"nonsense": "x"}]})).refused(422, "structure").at("Patient.meta.tag[0].nonsense");
    post(json!({"tag": []})).expect(200);
    let empty = json!({"resourceType": "Parameters"});
    world.admin.post(&add, &empty).refused(400, "required").at("meta");
    let other =
        json!({"resourceType": "Parameters", "parameter": [{"name": "meta", "valueCoding": {"code": "x"}}]});
    world.admin.post(&add, &other).refused(400, "value");
    world.admin.post(&add, &patient("A", "B")).refused(400, "value");
    world.admin.get(&format!("{}/$meta?x=1", place(&stored))).refused(400, "not-supported");
    let stale = world.admin.call("POST", &add).header("If-Match", "W/\"7\"").json(&parameters(&tag("x")));
    stale.send().refused(412, "conflict");
    assert_eq!(world.admin.get(&place(&stored)).json(), stored);
});

on_both!(labels_are_the_projects_own, |world| {
    let stored = world.admin.create(&patient("A", "B"));
    for (at, is_read) in [("$meta", true), ("$meta-add", false), ("_history/1/$meta-delete", false)] {
        let call = |client: &crate::client::Client| {
            let at = format!("{}/{at}", place(&stored));
            if is_read { client.get(&at) } else { client.post(&at, &parameters(&tag("x"))) }
        };
        call(&world.stranger).refused(404, "not-found");
        call(&world.member).refused(403, "forbidden");
        call(&world.anonymous).expect(401);
        call(&world.super_admin).expect(200);
    }
    let at = place(&stored);
    world.admin.delete(&at).expect(204);
    world.admin.post(&format!("{at}/$meta-add"), &parameters(&tag("x"))).refused(410, "deleted");
    world.admin.get(&format!("{at}/$meta")).refused(410, "deleted");
});

on_both!(labels_that_are_added_at_once_are_all_there, |world| {
    let at = place(&world.admin.create(&patient("A", "B")));
    std::thread::scope(|scope| {
        for number in 0..8 {
            let (client, at) = (&world.admin, &at);
            scope.spawn(move || {
                let body = parameters(&tag(&format!("t{number}")));
                client.post(&format!("{at}/$meta-add"), &body).expect(200);
            });
        }
    });
    assert_eq!(codes(&world.admin.get(&at).expect(200).json()["meta"]).len(), 8);
});
