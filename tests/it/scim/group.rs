//! Groups and their members: <https://www.rfc-editor.org/rfc/rfc7643#section-4.2>.

use roster::repo::check;
use serde_json::{Value, json};

use super::{GROUP, Scim, place, refused, text};
use crate::world::World;

fn members(scim: &Scim, group: &Value) -> Vec<String> {
    let shown = scim.get(&place(group)).expect(200).json();
    let members = shown["members"].as_array().cloned().unwrap_or_default();
    members.iter().map(|member| text(member, "value").to_owned()).collect()
}

on_both!(a_group_is_a_group_of_fhir_and_its_members_know_it, |world| {
    let scim = Scim::of(world);
    let (one, two) = (scim.user("one", &json!({})), scim.user("two", &json!({})));
    let group = scim.create(
        "/Groups",
        &json!({
            "schemas": [GROUP], "displayName": "Tour Guides", "externalId": "tg",
            "members": [{ "value": one["id"], "display": "One" }, { "value": one["id"] }]
        }),
    );
    assert_eq!(
        group["members"],
        json!([{
            "value": one["id"], "$ref": one["meta"]["location"], "display": "One", "type": "User"
        }]),
        "added twice is once"
    );
    let outer = scim.create("/Groups", &json!({
        "displayName": "All", "members": [{ "value": group["id"], "type": "Group" }, { "value": two["id"] }]
    }));
    assert_eq!(outer["members"][0]["type"], "Group");
    let fhir = scim.client.get(&format!("Group/{}", text(&group, "id"))).expect(200).json();
    assert_eq!(fhir["member"][0]["entity"]["reference"], format!("User/{}", text(&one, "id")));
    assert_eq!(scim.client.found("Group?name=tour").len(), 1);
    let known = scim.get(&place(&one)).json()["groups"].clone();
    assert_eq!(
        known,
        json!([{
            "value": group["id"], "$ref": group["meta"]["location"], "display": "Tour Guides", "type": "direct"
        }])
    );
    let without = scim.get("/Groups?excludedAttributes=members").expect(200).json();
    assert!(without["Resources"].as_array().expect("groups").iter().all(|one| one.get("members").is_none()));
    let put = json!({ "displayName": "Guides", "members": [{ "value": two["id"] }] });
    let shown = scim.send("PUT", &place(&group), &put).expect(200).json();
    assert_eq!((&shown["displayName"], shown.get("externalId")), (&json!("Guides"), None));
    assert_eq!(members(&scim, &group), [text(&two, "id")]);
    assert!(scim.get(&place(&one)).json().get("groups").is_none());
    scim.delete(&place(&group)).expect(204);
    refused(scim.get(&place(&group)), 404, None);
    // What is no group of listed persons is none of SCIM's.
    let cohort = scim
        .client
        .create(&json!({ "resourceType": "Group", "type": "device", "actual": true, "name": "D" }));
    refused(scim.get(&format!("/Groups/{}", text(&cohort, "id"))), 404, None);
});

on_both!(what_scim_has_no_name_for_stays_in_a_group, |world| {
    let scim = Scim::of(world);
    let patient = scim.client.create(&json!({ "resourceType": "Patient", "name": [{ "family": "P" }] }));
    let patient = json!({ "entity": { "reference": format!("Patient/{}", text(&patient, "id")) } });
    let fhir = scim.client.create(&json!({
        "resourceType": "Group", "type": "person", "actual": true, "name": "Mixed", "member": [patient]
    }));
    let user = scim.user("mixed", &json!({}));
    let group = format!("/Groups/{}", text(&fhir, "id"));
    assert!(scim.get(&group).expect(200).json().get("members").is_none());
    scim.send("PUT", &group, &json!({ "displayName": "M", "members": [{ "value": user["id"] }] }))
        .expect(200);
    let fhir = scim.client.get(&format!("Group/{}", text(&fhir, "id"))).json();
    assert_eq!(fhir["member"].as_array().map(Vec::len), Some(2));
    assert_eq!(fhir["member"][0], patient);
});

on_both!(a_patch_writes_the_rows_of_those_who_come_and_go_and_no_others, |world| {
    // Of each a term and the two words of his name; what is lowest or highest may change its mark; the time is another.
    rows_follow(world, 3, |number, id| json!({ "value": id, "display": format!("Row {number}") }));
});

on_both!(a_patch_of_a_roll_writes_the_rows_of_those_who_come_and_go_and_no_others, |world| {
    rows_follow(world, 1, |_, id| json!({ "value": id }));
});

/// A group grows and shrinks by members of so many rows each.
fn rows_follow(world: &World, each: u64, member: impl Fn(usize, &Value) -> Value) {
    let scim = Scim::of(world);
    let users: Vec<Value> = (0..120)
        .map(|number| {
            let user = json!({ "resourceType": "User", "email": format!("row{number}@example.com") });
            member(number, &scim.client.create(&user)["id"])
        })
        .collect();
    let group = scim.group("Rows", &[]);
    count_rows(world);
    let patch = |verb: &str, some: &[Value]| -> u64 {
        world.database.run("DELETE FROM written");
        scim.patch(&place(&group), json!([{ "op": verb, "path": "members", "value": some }])).expect(204);
        let count = world.database.lines("SELECT CAST(count(*) AS TEXT) AS line FROM written");
        count[0].parse().expect("a number")
    };
    let due = 30 * each..=30 * each + 16;
    for some in users.chunks(30) {
        let written = patch("add", some);
        assert!(due.contains(&written), "{written} rows for 30 who come");
    }
    let written = patch("add", &users[..60]);
    assert_eq!(written, 0, "who is there already is no news");
    let written = patch("remove", &users[30..60]);
    assert!(due.contains(&written), "{written} rows for 30 who go");
    let rename = json!([{ "op": "replace", "path": "displayName", "value": "Lines" }]);
    world.database.run("DELETE FROM written");
    scim.patch(&place(&group), rename).expect(204);
    let written = world.database.lines("SELECT CAST(count(*) AS TEXT) AS line FROM written");
    assert!(written[0].parse::<u64>().expect("a number") <= 16, "{written:?} rows for a name");
    assert_eq!(members(&scim, &group).len(), 90);
    assert!(check::database(&world.server.engine).expect("a report").faults.is_empty());
}

on_both!(a_group_is_what_its_patches_made_of_it, |world| {
    let scim = Scim::of(world);
    let made = |kind: &str, number: usize| -> Value {
        let place = if kind == "User" { "User" } else { "Group" };
        let body = match place {
            "User" => json!({ "resourceType": "User", "email": format!("turn{number}@example.com") }),
            _ => {
                json!({ "resourceType": "Group", "type": "person", "actual": true, "name": format!("G{number}") })
            }
        };
        scim.client.create(&body)["id"].clone()
    };
    let pool: Vec<String> = (0..40)
        .map(|number| {
            let kind = if number % 5 == 4 { "Group" } else { "User" };
            format!("{kind}/{}", made(kind, number).as_str().expect("an id"))
        })
        .collect();
    let group = scim.group("Turns", &[]);
    let place = place(&group);
    let mut model: Vec<&String> = Vec::new();
    let mut state = 7_usize;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for turn in 0..60 {
        let some: Vec<&String> = (0..=random(8)).map(|_| &pool[random(pool.len())]).collect();
        let named: Vec<Value> =
            some.iter().map(|one| json!({ "value": one.split_once('/').expect("a part").1 })).collect();
        let operation = match turn % 4 {
            0 | 1 => {
                let mut new = some.clone();
                new.retain(|one| !model.contains(one));
                for one in new {
                    if !model.contains(&one) {
                        model.push(one);
                    }
                }
                json!([{ "op": "add", "path": "members", "value": named }])
            }
            2 => {
                model.retain(|one| !some.contains(one));
                json!([{ "op": "remove", "path": "members", "value": named }])
            }
            _ if turn % 20 == 19 => {
                model.clear();
                json!([{ "op": "remove", "path": "members" }])
            }
            // One leaves and comes back, and the group has another name.
            _ => {
                let one = some[0];
                model.retain(|other| *other != one);
                model.push(one);
                json!([
                    { "op": "remove", "path": format!("members[value eq {}]", named[0]["value"]) },
                    { "op": "add", "path": "members", "value": [named[0]] },
                    { "op": "replace", "path": "displayName", "value": format!("Turn {turn}") },
                ])
            }
        };
        scim.patch(&place, operation).expect(204);
        let fhir = scim.client.get(&format!("Group/{}", text(&group, "id"))).expect(200).json();
        let there: Vec<&str> = fhir["member"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|member| member["entity"]["reference"].as_str().expect("a reference"))
            .collect();
        assert_eq!(there, model, "turn {turn}");
        for one in [&pool[0], &pool[9]] {
            let found = scim.client.found(&format!("Group?member={one}"));
            assert_eq!(found.len(), usize::from(model.contains(&one)), "turn {turn}: {one}");
        }
    }
    let report = check::database(&world.server.engine).expect("a report");
    assert!(report.faults.is_empty(), "{:?}", report.faults);
});

on_both!(a_patch_of_a_roll_is_judged_as_any_other, |world| {
    let scim = Scim::of(world);
    let users: Vec<Value> = (0..3)
        .map(|number| json!({ "value": scim.user(&format!("judged{number}"), &json!({}))["id"] }))
        .collect();
    let group = scim.group("Judged", &[]);
    let add = |some: &[Value]| json!([{ "op": "add", "path": "members", "value": some }]);
    scim.patch(&place(&group), add(&users[..2])).expect(204);
    let fhir = format!("Group/{}", text(&group, "id"));
    let before = scim.client.get(&fhir).expect(200).json();
    // What changes nothing is no version.
    scim.patch(&place(&group), add(&users[..1])).expect(204);
    assert_eq!(scim.client.get(&fhir).json()["meta"]["versionId"], before["meta"]["versionId"]);
    // The profile that it claims is put to all of it.
    let profile = json!({
        "resourceType": "StructureDefinition", "url": "https://example.com/pair", "name": "Pair", "status": "active",
        "kind": "resource", "abstract": false, "type": "Group", "derivation": "constraint",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Group",
        "differential": { "element": [{ "id": "Group", "path": "Group" }, { "id": "Group.member", "path": "Group.member", "max": "2" }] },
    });
    scim.client.create(&profile);
    let mut claimed = before;
    claimed["meta"] = json!({ "profile": ["https://example.com/pair"] });
    scim.client.put(&fhir, &claimed).expect(200);
    let refused = scim.patch(&place(&group), add(&users[2..]));
    refused.expect(400);
    assert_eq!(members(&scim, &group).len(), 2);
});

/// Has the database note each row of the index that is put in or taken out.
fn count_rows(world: &World) {
    let sqlite = world.database.url.starts_with("sqlite:");
    let mut statements = "CREATE TABLE written (name TEXT);".to_owned();
    if !sqlite {
        statements.push_str(
            "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN INSERT INTO written VALUES (TG_TABLE_NAME); RETURN NULL; END $$;",
        );
    }
    for table in ["string_index", "term_index", "range_index", "tuple_index"] {
        for verb in ["INSERT", "UPDATE", "DELETE"] {
            let note = if sqlite {
                format!("BEGIN INSERT INTO written VALUES ('{table}'); END")
            } else {
                "EXECUTE FUNCTION note()".to_owned()
            };
            statements.push_str(&format!(
                "CREATE TRIGGER note_{table}_{verb} AFTER {verb} ON {table} FOR EACH ROW {note};"
            ));
        }
    }
    world.database.run(&statements);
}

on_both!(hundreds_of_members_come_and_go_in_one_patch, |world| {
    let scim = Scim::of(world);
    let users: Vec<Value> = (0..250)
        .map(|number| {
            let user = json!({ "resourceType": "User", "email": format!("many{number}@example.com") });
            json!({ "value": scim.client.create(&user)["id"] })
        })
        .collect();
    let group = scim.group("Many", &[]);
    let add = |some: &[Value]| {
        let add = json!([{ "op": "Add", "path": "members", "value": some }]);
        scim.patch(&place(&group), add).expect(204)
    };
    add(&users[..200]);
    // Most of them again.
    add(&users[100..]);
    assert_eq!(members(&scim, &group).len(), 250);
    let gone: Vec<Value> = users[..100]
        .iter()
        .map(|user| json!({ "op": "remove", "path": format!("members[value eq \"{}\"]", text(user, "value")) }))
        .collect();
    scim.patch(&place(&group), Value::Array(gone)).expect(204);
    assert_eq!(members(&scim, &group).len(), 150);
    let mut list = users[100..200].to_vec();
    list.push(json!({ "value": "never-there" }));
    scim.patch(&place(&group), json!([{ "op": "Remove", "path": "members", "value": list }])).expect(204);
    assert_eq!(members(&scim, &group).len(), 50);
    scim.patch(&place(&group), json!([{ "op": "remove", "path": "members" }])).expect(204);
    assert!(members(&scim, &group).is_empty());
    refused(
        scim.patch(&place(&group), json!([{ "op": "replace", "path": "members.value", "value": "x" }])),
        400,
        Some("mutability"),
    );
    refused(
        scim.patch(&place(&group), json!([{ "op": "remove", "path": "displayName" }])),
        400,
        Some("mutability"),
    );
});
