//! patch over HTTP (<https://hl7.org/fhir/R4/http.html#patch>).

use serde_json::{Value, json};

use super::batch::{bundle, status};
use crate::client::{Answer, Client, id, place};
use crate::sample::{patient, user, with};

fn json_patch(client: &Client, place: &str, operations: &Value) -> Answer {
    client.call("PATCH", place).body("application/json-patch+json", operations.to_string()).send()
}

fn replace(path: &str, value: &Value) -> Value {
    json!({"resourceType": "Parameters", "parameter": [{"name": "operation", "part": [
        {"name": "type", "valueCode": "replace"}, {"name": "path", "valueString": path}, value]}]})
}

fn active(value: bool) -> Value {
    json!([{"op": "add", "path": "/active", "value": value}])
}

on_both!(a_json_patch_makes_the_next_version, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    let answer = json_patch(
        &world.admin,
        &place(&stored),
        &json!([
            {"op": "test", "path": "/name/0/family", "value": "Chalmers"},
            {"op": "replace", "path": "/name/0/family", "value": "Windsor"},
            {"op": "add", "path": "/name/0/given/-", "value": "James"},
            {"op": "copy", "from": "/name/0", "path": "/name/-"},
            {"op": "move", "from": "/name/1/given/1", "path": "/name/1/given/0"},
            {"op": "add", "path": "/active", "value": true},
            {"op": "remove", "path": "/active"},
        ]),
    );
    let answer = answer.expect(200);
    assert_eq!(answer.header("ETag"), Some("W/\"2\""));
    let patched = answer.json();
    assert_eq!(patched["name"][0], json!({"family": "Windsor", "given": ["Peter", "James"]}));
    assert_eq!(patched["name"][1]["given"], json!(["James", "Peter"]));
    assert_eq!(world.admin.get(&place(&stored)).json(), patched);
    assert_eq!(world.admin.found("Patient?family=windsor"), [id(&stored)]);
    assert_eq!(world.admin.found("Patient?family=chalmers").len(), 0);
});

on_both!(a_fhirpath_patch_does_too, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    let family = replace(
        "Patient.name.where(family = 'Chalmers').family",
        &json!({"name": "value", "valueString": "Windsor"}),
    );
    let patched = world.admin.call("PATCH", &place(&stored)).json(&family).send().expect(200).json();
    assert_eq!(patched["name"][0]["family"], "Windsor");
    // The same once more: nothing is found any more.
    let answer = world.admin.call("PATCH", &place(&stored)).json(&family).send();
    answer.expect(422).at("Parameters.parameter[0]");
});

on_both!(what_fails_changes_nothing, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    let at = place(&stored);
    let failing = [
        (
            json!([{"op": "add", "path": "/active", "value": true}, {"op": "test", "path": "/gender", "value": "male"}]),
            422,
        ),
        (json!([{"op": "remove", "path": "/gender"}]), 422),
        (json!([{"op": "replace", "path": "/name/7", "value": {}}]), 422),
        (json!([{"op": "add", "path": "/gender", "value": "purple"}]), 422),
        (json!([{"op": "add", "path": "/surprise", "value": 1}]), 422),
        (json!([{"op": "replace", "path": "/name", "value": []}]), 422),
        (json!([{"op": "replace", "path": "", "value": {}}]), 422),
        (json!([{"op": "replace", "path": "/id", "value": "other"}]), 422),
        (json!([{"op": "remove", "path": "/id"}]), 422),
        (json!([{"op": "replace", "path": "/resourceType", "value": "Group"}]), 422),
        (json!([{"op": "surprise", "path": "/id"}]), 400),
        (json!([{"op": "add", "path": "/active"}]), 400),
        (json!([{"op": "add", "path": "active", "value": true}]), 400),
        (json!({"op": "add", "path": "/active", "value": true}), 400),
        (json!([7]), 400),
    ];
    for (patch, expected) in failing {
        let answer = json_patch(&world.admin, &at, &patch);
        assert_eq!(answer.status, expected, "{patch}: {}", answer.text());
        answer.issues();
    }
    let call = world.admin.call("PATCH", &at).body("application/json-patch+json", "[{");
    call.send().expect(400);
    assert_eq!(world.admin.get(&at).expect(200).json(), stored);
});

on_both!(a_version_is_the_servers_to_number, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    let answer = json_patch(
        &world.admin,
        &place(&stored),
        &json!([
            {"op": "replace", "path": "/meta/versionId", "value": "99"},
            {"op": "add", "path": "/active", "value": true}
        ]),
    );
    assert_eq!(answer.expect(200).json()["meta"]["versionId"], "2");
    // What changes nothing makes no version.
    let same = json_patch(&world.admin, &place(&stored), &active(true)).expect(200);
    assert_eq!(same.header("ETag"), Some("W/\"2\""));
});

on_both!(other_media_types_are_refused_with_what_is_taken, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    for media in ["text/plain", "application/merge-patch+json", "application/xml-patch+xml", ""] {
        let answer = world.admin.call("PATCH", &place(&stored)).body(media, "[]").send().expect(415);
        assert!(
            answer.header("Accept-Patch").expect("a list").contains("application/json-patch+json"),
            "{media}"
        );
    }
    world.admin.call("PATCH", &place(&stored)).json(&patient("A", "B")).send().expect(400);
});

on_both!(it_is_bound_to_a_version_by_if_match, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    let patch = |tag: &str| {
        let call = world.admin.call("PATCH", &place(&stored)).header("If-Match", tag);
        call.body("application/json-patch+json", active(true).to_string()).send()
    };
    patch("W/\"2\"").refused(412, "conflict");
    patch("W/\"1\"").expect(200);
    patch("W/\"1\"").expect(412);
});

on_both!(what_is_not_there_is_not_patched, |world| {
    json_patch(&world.admin, "Patient/none", &active(true)).expect(404);
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    json_patch(&world.stranger, &place(&stored), &active(true)).expect(404);
    json_patch(&world.member, &place(&stored), &active(true)).expect(403);
    world.admin.delete(&place(&stored)).expect(204);
    json_patch(&world.admin, &place(&stored), &active(true)).expect(410);
});

on_both!(on_a_condition, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    let at = "Patient?family=chalmers";
    json_patch(&world.admin, "Patient?family=none", &active(true)).expect(404);
    let patched = json_patch(&world.admin, at, &active(true)).expect(200).json();
    assert_eq!((id(&patched), &patched["active"]), (id(&stored), &json!(true)));
    json_patch(&world.admin, "Patient", &active(true)).expect(400);
    world.admin.create(&patient("Chalmers", "Paul"));
    json_patch(&world.admin, at, &active(false)).refused(412, "multiple-matches");
});

on_both!(in_bundles, |world| {
    let stored = world.admin.create(&patient("Chalmers", "Peter"));
    let other = world.admin.create(&patient("Windsor", "Paul"));
    use base64::Engine as _;
    let packed = base64::prelude::BASE64_STANDARD.encode(active(true).to_string());
    let binary =
        json!({"resourceType": "Binary", "contentType": "application/json-patch+json", "data": packed});
    let family = replace("Patient.name.family", &json!({"name": "value", "valueString": "New"}));
    for kind in ["batch", "transaction"] {
        let entries = json!([
            {"request": {"method": "PATCH", "url": place(&stored)}, "resource": binary},
            {"request": {"method": "PATCH", "url": "Patient?given=paul"}, "resource": family},
        ]);
        let done = world.admin.post("", &bundle(kind, &entries)).expect(200).json();
        assert_eq!(status(&done["entry"][0]), "200", "{done}");
        assert_eq!(status(&done["entry"][1]), "200", "{done}");
    }
    assert_eq!(world.admin.get(&place(&stored)).json()["active"], true);
    assert_eq!(world.admin.get(&place(&other)).json()["name"][0]["family"], "New");
    let failing = json!([
        {"request": {"method": "PATCH", "url": place(&stored)}, "resource": replace("Patient.active", &json!({"name": "value", "valueBoolean": false}))},
        {"request": {"method": "PATCH", "url": place(&other)}, "resource": replace("Patient.gender", &json!({"name": "value", "valueCode": "male"}))},
    ]);
    world
        .admin
        .post("", &bundle("transaction", &failing))
        .expect(422)
        .at("Bundle.entry[1].resource.parameter[0]");
    assert_eq!(world.admin.get(&place(&stored)).json()["active"], true);
});

on_both!(a_secret_can_be_set_and_never_found_out, |world| {
    let kept = "$2b$10$BqBONbSxA/aYH0FL2Lm1sOPlg2P5Mair6zp1JEKvp8UXPiACVfHEm";
    let other = "$2b$10$CqBONbSxA/aYH0FL2Lm1sOPlg2P5Mair6zp1JEKvp8UXPiACVfHEm";
    let stored = world.super_admin.create(&with(user("ada@example.com"), json!({"passwordHash": kept})));
    let at = place(&stored);
    json_patch(&world.super_admin, &at, &json!([{"op": "test", "path": "/passwordHash", "value": kept}]))
        .expect(422);
    json_patch(
        &world.super_admin,
        &at,
        &json!([{"op": "copy", "from": "/passwordHash", "path": "/firstName"}]),
    )
    .expect(422);
    let set =
        json_patch(&world.super_admin, &at, &json!([{"op": "add", "path": "/passwordHash", "value": other}]));
    assert!(!set.expect(200).text().contains("$2b$10$"));
    let mine = world.admin.create(&user("bob@example.com"));
    json_patch(&world.admin, &place(&mine), &json!([{"op": "add", "path": "/passwordHash", "value": "x"}]))
        .expect(403);
    json_patch(&world.admin, &place(&mine), &json!([{"op": "add", "path": "/admin", "value": true}]))
        .expect(422);
});
