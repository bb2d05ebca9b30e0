//! What is in the directory besides users.

use serde_json::{Value, json};

use super::Account;
use crate::client::Client;

on_both!(roles_are_policies_of_the_project, |world| {
    let account = Account::new(world, "Truto");
    let role = account.post("roles", &json!({"name": "Editor", "description": "Edits"})).expect(201).json();
    let place = format!("roles/{}", role["id"].as_str().expect("an id"));
    assert_eq!(role["organization"], account.keys.project);
    assert_eq!(role["remote_data"]["resourceType"], "AccessPolicy");
    assert_eq!(account.get(&place).expect(200).json(), role);
    let changed = account.patch(&place, &json!({"name": "Writer", "description": null})).expect(200).json();
    assert_eq!(changed["name"], "Writer");
    assert!(changed.get("description").is_none());
    account.post("roles", &json!({"name": "Another"})).expect(201);
    let names = |query: &str| -> Vec<Value> {
        let page = account.get(&format!("roles?{query}")).expect(200).json();
        page["result"].as_array().expect("a list").iter().map(|role| role["name"].clone()).collect()
    };
    assert_eq!(names("sort_by[name]=asc"), ["Another", "Writer"]);
    assert_eq!(names("name=Writer"), ["Writer"]);
    account.post("roles", &json!({})).expect(400);
    account.post("roles", &json!({"name": "X", "resource": []})).expect(400);
    account.patch(&place, &json!({"name": null})).expect(400);
    account.delete(&place).expect(204);
    account.get(&place).expect(404);
});

on_both!(groups_are_listed_and_read, |world| {
    let account = Account::new(world, "Truto");
    let user = account.user("a@example.com", json!({}));
    let user = user["id"].as_str().expect("an id");
    let group = account.api.create(&json!({
        "resourceType": "Group", "type": "person", "actual": true, "name": "Team",
        "member": [{"entity": {"reference": format!("User/{user}")}}]
    }));
    account.api.create(&json!({"resourceType": "Group", "type": "person", "actual": true, "name": "Empty"}));
    let id = group["id"].as_str().expect("an id");
    let told = account.get(&format!("groups/{id}")).expect(200).json();
    assert_eq!((&told["name"], &told["organization"]), (&json!("Team"), &json!(account.keys.project)));
    assert_eq!(account.get("groups").expect(200).json()["result"].as_array().expect("a list").len(), 2);
    let his = account.get(&format!("groups?user_id={user}")).expect(200).json();
    assert_eq!(his["result"], json!([told]));
});

on_both!(organizations_and_workspaces_are_projects, |world| {
    let account = Account::new(world, "Truto");
    let project = &account.keys.project;
    let organizations = account.get("organizations").expect(200).json();
    assert_eq!(organizations["result"][0]["id"], *project);
    assert_eq!(organizations["result"][0]["name"], "Truto");
    assert_eq!(organizations["result"].as_array().expect("a list").len(), 1);
    let workspace = account.get(&format!("workspaces/{project}")).expect(200).json();
    assert_eq!(workspace["organization"], *project);
    assert_eq!(account.get("workspaces?name=Truto").expect(200).json()["result"][0], workspace);
    assert_eq!(account.get("workspaces?name=Other").expect(200).json()["result"], json!([]));
    account.get(&format!("organizations/{}", world.other_project)).expect(404);
});

on_both!(activities_are_what_was_recorded, |world| {
    let account = Account::new(world, "Truto");
    let user = account.user("a@example.com", json!({}));
    let id = user["id"].as_str().expect("an id");
    account.delete(&format!("users/{id}")).expect(204);
    let page = account.get("activities?event=remove-member").expect(200).json();
    let removal = &page["result"][0];
    assert_eq!(removal["event"], "remove-member");
    assert_eq!(removal["status"], "success");
    assert_eq!(removal["client"]["id"], account.keys.client_id);
    let resources = removal["resources"].as_array().expect("what it was about");
    assert!(resources.contains(&json!({"type": "User", "id": id})));
    let place = format!("activities/{}", removal["id"].as_str().expect("an id"));
    assert_eq!(account.get(&place).expect(200).json(), *removal);
    let moments = |query: &str| -> Vec<String> {
        let page = account.get(&format!("activities?{query}")).expect(200).json();
        let list = page["result"].as_array().expect("a list").clone();
        list.iter().map(|one| one["created_at"].as_str().expect("a moment").to_owned()).collect()
    };
    let newest = moments("");
    assert!(newest.len() > 2 && newest.windows(2).all(|pair| pair[0] >= pair[1]));
    let oldest = moments("sort_by[created_at]=asc");
    assert!(oldest.windows(2).all(|pair| pair[0] <= pair[1]));
    assert!(moments("created_at[lt]=2020-01-01").is_empty());
    // Who signed in did so himself.
    let owner = Client::with_token(&world.server.address, &account.keys.owner_token);
    let me = owner.get(&account.place("me")).expect(200).json();
    let own = moments(&format!("user_id={}", me["result"][0]["id"].as_str().expect("an id")));
    assert!(!own.is_empty());
});

on_both!(a_person_is_me_and_a_key_is_nobody, |world| {
    let account = Account::new(world, "Truto");
    let owner = Client::with_token(&world.server.address, &account.keys.owner_token);
    let me = owner.get(&account.place("me")).expect(200).json();
    assert_eq!(me["result"].as_array().expect("a list").len(), 1);
    assert_eq!(me["result"][0]["emails"][0]["email"], account.keys.owner_email);
    assert!(me["result"][0]["last_login_at"].is_string());
    assert_eq!(account.get("me").expect(200).json(), json!({"result": [], "next_cursor": null}));
});

on_both!(there_are_no_licences, |world| {
    let account = Account::new(world, "Truto");
    assert_eq!(account.get("licenses").expect(200).json(), json!({"result": [], "next_cursor": null}));
    account.get("licenses/x").expect(404);
    account.get("licenses?name=x").expect(400);
});
