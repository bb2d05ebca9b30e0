//! Teams.

use serde_json::{Value, json};

use super::{Platform, delete, get, names, post, put, refused, result, taken};

fn guid(made: &Value) -> String {
    made["guid"].as_str().expect("a guid").to_owned()
}

on_both!(teams_are_made_found_changed_and_removed, |world| {
    let platform = Platform::new(world, "Teams");
    let make = |body: Value| taken(post(&platform.api, "/team", &body));
    let first =
        make(json!({"name": "Ward one", "desc": "by day", "tags": ["night shift", "icu"], "default": true}));
    assert_eq!(
        (&first["desc"], &first["default"], &first["users"]),
        (&json!("by day"), &json!(true), &json!([]))
    );
    let second = make(json!({"name": "Ward two", "default": true}));
    let found = |query: &str| names(&result(&platform.api, &format!("/team?{query}")), "name");
    assert_eq!(found(""), ["Ward one", "Ward two"]);
    // There is one default.
    assert_eq!(found("default=true"), ["Ward two"]);
    assert_eq!(found("default=false"), ["Ward one"]);
    assert_eq!(found("tag=night%20shift"), ["Ward one"]);
    assert_eq!(found("tag=night"), [""; 0]);
    assert_eq!(found("name=Ward%20two"), ["Ward two"]);
    assert_eq!(found("limit=1&page=2"), ["Ward two"]);
    let place = format!("/team/{}", guid(&first));
    let changed = taken(put(&platform.api, &place, &json!({"name": "Ward three", "tags": [], "desc": null})));
    assert_eq!(
        (&changed["name"], &changed["tags"], &changed["desc"]),
        (&json!("Ward three"), &json!([]), &json!(""))
    );
    let group = platform.api.get(&format!("Group/{}", guid(&first))).expect(200).json();
    assert!(group["meta"].get("tag").is_none() && group.get("extension").is_none(), "{group}");
    for wrong in [
        json!({}),
        json!({"name": "x"}),
        json!({"name": "Ward", "tags": ["x".repeat(41)]}),
        json!({"name": "Ward", "tags": [" "]}),
    ] {
        refused(post(&platform.api, "/team", &wrong), 400);
    }
    refused(delete(&platform.api, &format!("{place}?reassign_team={}", guid(&second))), 501);
    taken(delete(&platform.api, &place));
    refused(get(&platform.api, &place), 404);
    refused(delete(&platform.api, &place), 404);
});

on_both!(members_of_a_team_are_there_for_something, |world| {
    let platform = Platform::new(world, "Places");
    let (ada, client) = platform.person(world, "ada@example.com", false);
    let (bob, _) = platform.person(world, "bob@example.com", true);
    let team = guid(&taken(post(&platform.api, "/team", &json!({"name": "Ward"}))));
    let place = |rest: &str| format!("/team/{team}/user{rest}");
    let one = |who: &str| place(&format!("/{who}"));
    taken(post(&platform.api, &one(&ada), &json!({"roles": ["developer", "insights"], "type": "user"})));
    let added = taken(post(&platform.api, &one(&bob), &json!({"roles": ["consumer"]})));
    assert_eq!(added["users"].as_array().map(Vec::len), Some(2));
    let account = json!({"roles": ["api_access"], "type": "client"});
    taken(post(&platform.api, &one(&platform.keys.client_id), &account));
    let found = |query: &str| names(&result(&platform.api, &place(query)), "guid");
    assert_eq!(found("?type=client"), std::slice::from_ref(&platform.keys.client_id));
    assert_eq!(found("?roles=insights"), std::slice::from_ref(&ada));
    assert_eq!(found("?type=user&sort=-email"), [bob.clone(), ada.clone()]);
    assert_eq!(found("?term=BOB"), std::slice::from_ref(&bob));
    let listed = result(&platform.api, &place("?roles=consumer"));
    assert_eq!(
        (&listed[0]["org_roles"], &listed[0]["name"]),
        (&json!(["administrator"]), &json!("Ada Lovelace"))
    );
    let member = result(&platform.api, &format!("/org/{}/user/{ada}?teams=true", platform.keys.project));
    assert_eq!(
        (&member["teams"][0]["guid"], &member["teams"][0]["roles"]),
        (&json!(team), &json!(["developer", "insights"]))
    );

    taken(put(&platform.api, &one(&ada), &json!({"roles": ["consumer"]})));
    assert_eq!(found("?roles=insights"), [""; 0]);
    for wrong in [json!({"roles": ["pirate"]}), json!({"roles": []}), json!({}), json!({"roles": "consumer"})]
    {
        refused(put(&platform.api, &one(&ada), &wrong), 400);
    }
    refused(post(&platform.api, &one("none"), &json!({"roles": ["consumer"]})), 404);
    refused(post(&platform.api, &one(&ada), &json!({"roles": ["consumer"], "type": "robot"})), 400);
    // Who sees no groups sees no teams, and writes none.
    assert_eq!(result(&client, "/team"), json!([]));
    refused(post(&client, &one(&ada), &json!({"roles": ["administrator"]})), 403);
    taken(delete(&platform.api, &one(&ada)));
    refused(delete(&platform.api, &one(&ada)), 404);
    assert_eq!(found("?type=user"), [bob]);
});
