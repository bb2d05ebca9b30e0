//! A patch sees what its author sees.

use serde_json::{Value, json};

use super::{couple, holder};
use crate::client::{Answer, Client, place};

fn patch(client: &Client, place: &str, patch: &Value) -> Answer {
    client.call("PATCH", place).body("application/json-patch+json", patch.to_string()).send()
}

on_both!(a_patch_tells_nothing_of_what_is_hidden, |world| {
    let (woman, _) = couple(world);
    let holder = holder(world, json!([{"resourceType": "Patient", "hiddenFields": ["birthDate"]}]));
    let here = place(&woman);
    let right = json!([{"op": "test", "path": "/birthDate", "value": "1980-01-02"}]);
    let wrong = json!([{"op": "test", "path": "/birthDate", "value": "1999-01-02"}]);
    let (right, wrong) = (patch(&holder, &here, &right), patch(&holder, &here, &wrong));
    assert_eq!((right.status, right.text().replace("1980", "1999")), (wrong.status, wrong.text()));
    right.expect(422);
    patch(&holder, &here, &json!([{"op": "copy", "from": "/birthDate", "path": "/deceasedDateTime"}]))
        .expect(422);
    patch(&holder, &here, &json!([{"op": "move", "from": "/birthDate", "path": "/deceasedDateTime"}]))
        .expect(422);
    patch(&holder, &here, &json!([{"op": "replace", "path": "/active", "value": false}])).expect(200);
    let stored = world.admin.get(&here).expect(200).json();
    assert_eq!((&stored["birthDate"], &stored["active"]), (&woman["birthDate"], &json!(false)));
});

on_both!(a_patch_that_leaves_the_criteria_is_refused, |world| {
    let (woman, man) = couple(world);
    let holder = holder(world, json!([{"resourceType": "Patient", "criteria": "Patient?gender=female"}]));
    let change = json!([{"op": "replace", "path": "/gender", "value": "male"}]);
    patch(&holder, &place(&woman), &change).refused(403, "forbidden");
    patch(&holder, &place(&man), &change).refused(404, "not-found");
    patch(&holder, "Patient?family=Verborgen", &change).refused(404, "not-found");
    patch(&holder, &place(&man), &json!([{"op": "replace", "path": "/gender", "value": "female"}]))
        .expect(404);
});
