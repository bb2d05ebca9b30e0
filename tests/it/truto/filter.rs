//! Each filter and each order of Truto's users, and the pages that they come in.

use serde_json::{Value, json};

use super::Account;

on_both!(users_are_filtered_by_what_they_say_of_themselves, |world| {
    let account = Account::new(world, "Truto");
    let ada = account.user(
        "ada@example.com",
        json!({
            "first_name": "Ada", "last_name": "Byron", "external_id": "E-1",
            "emails": [{"email": "ada@example.com", "is_primary": true}, {"email": "Countess@Example.com"}]
        }),
    );
    account.user("adam@example.com", json!({"first_name": "Adam", "last_name": "Byron, Lord"}));
    let id = ada["id"].as_str().expect("an id");
    for (query, expected) in [
        ("first_name=Ada", vec!["ada@example.com"]),
        ("first_name=Ad", vec![]),
        ("last_name=Byron,%20Lord", vec!["adam@example.com"]),
        ("first_name=Ada&last_name=Byron", vec!["ada@example.com"]),
        ("emails%5Bemail%5D=ADA%40example.com", vec!["ada@example.com"]),
        ("emails[email]=countess@example.com", vec!["ada@example.com"]),
        ("emails[email]=x%22%20or%20active%20ne%20%22y", vec![]),
        ("external_id=E-1", vec!["ada@example.com"]),
        (&format!("id={id}"), vec!["ada@example.com"]),
        ("remote_query[given]=Adam", vec!["adam@example.com"]),
        ("remote_query[telecom]=countess@example.com", vec!["ada@example.com"]),
    ] {
        assert_eq!(account.emails(query), expected, "{query}");
    }
});

on_both!(users_are_filtered_by_what_they_are_in_the_project, |world| {
    let account = Account::new(world, "Truto");
    let owner = account.keys.owner_email.as_str();
    let project = &account.keys.project;
    let a = account.user("a@example.com", json!({}));
    account.user("b@example.com", json!({"status": "inactive"}));
    let invite = json!({
        "resourceType": "Practitioner", "firstName": "C", "lastName": "C", "email": "c@example.com",
        "scope": "project", "sendEmail": false
    });
    account.api.post(&format!("/admin/projects/{project}/invite"), &invite).expect(200);
    let group = account.api.create(&json!({
        "resourceType": "Group", "type": "person", "actual": true, "name": "Team",
        "member": [{"entity": {"reference": format!("User/{}", a["id"].as_str().expect("an id"))}}]
    }));
    let group = group["id"].as_str().expect("an id");
    for (query, expected) in [
        ("status=active", vec![owner, "a@example.com"]),
        ("status=inactive", vec!["b@example.com"]),
        ("status=invited", vec!["c@example.com"]),
        ("user_type=admin", vec![owner]),
        ("user_type=member", vec!["a@example.com", "b@example.com", "c@example.com"]),
        (&format!("group_id={group}"), vec!["a@example.com"]),
        ("group_id=none", vec![]),
        (&format!("organization_id={project}&status=invited"), vec!["c@example.com"]),
        (&format!("workspace_id={project}&user_type=admin"), vec![owner]),
        (&format!("organization_id={}", world.other_project), vec![]),
    ] {
        assert_eq!(account.emails(query), expected, "{query}");
    }
    // Each is told as he is found.
    let users = account.get("users").expect(200).json();
    let told: Vec<&Value> =
        users["result"].as_array().expect("a list").iter().map(|user| &user["status"]).collect();
    assert_eq!(told, ["active", "active", "inactive", "invited"]);
    let with_group = account.get(&format!("users/{}", a["id"].as_str().expect("an id"))).expect(200).json();
    assert_eq!(with_group["groups"], json!([{"id": group, "name": "Team", "organization": project}]));
});

on_both!(a_guest_is_found_by_what_is_shown_of_him, |world| {
    let account = Account::new(world, "Hosts");
    account.user("ada@own.example", json!({"first_name": "Ada"}));
    let guest = json!({
        "resourceType": "Practitioner", "firstName": "Eve", "lastName": "Else", "email": "eve@guest.example",
        "scope": "server", "sendEmail": false, "membership": {"admin": true}
    });
    account.api.post(&format!("/admin/projects/{}/invite", account.keys.project), &guest).expect(200);
    let (owner, ada, eve) = (account.keys.owner_email.as_str(), "ada@own.example", "eve@guest.example");
    for (query, expected) in [
        ("", vec![owner, ada, eve]),
        ("sort_by[created_at]=asc", vec![owner, ada, eve]),
        ("sort_by[created_at]=desc&limit=1", vec![eve]),
        ("emails[email]=EVE@guest.example", vec![eve]),
        ("emails[email]=ada@own.example", vec![ada]),
        ("created_at[gt]=2020-01-01", vec![owner, ada, eve]),
        ("created_at[lt]=2020-01-01", vec![]),
        ("user_type=admin", vec![owner, eve]),
        ("user_type=member", vec![ada]),
        ("user_type=admin&first_name=Eve", vec![eve]),
        (&format!("organization_id={}", account.keys.project), vec![owner, ada, eve]),
        (&format!("workspace_id={}", world.project), vec![]),
    ] {
        let mut found = account.emails(query);
        let mut expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
        if !query.contains("sort_by") {
            found.sort();
            expected.sort();
        }
        assert_eq!(found, expected, "{query}");
    }
});

on_both!(users_are_filtered_and_sorted_by_time, |world| {
    let account = Account::new(world, "Truto");
    let made: Vec<String> = ["c", "a", "b"]
        .iter()
        .map(|name| {
            let user =
                account.user(&format!("{name}@example.com"), json!({"first_name": name, "last_name": "X"}));
            user["created_at"].as_str().expect("a moment").to_owned()
        })
        .collect();
    let first = |query: String| account.emails(&format!("{query}&last_name=X"));
    assert_eq!(first("sort_by[first_name]=desc".into()), ["c@example.com", "b@example.com", "a@example.com"]);
    assert_eq!(first("sort_by[created_at]=asc".into())[0], "c@example.com");
    assert_eq!(first("sort_by[created_at]=desc".into())[2], "c@example.com");
    assert!(first(format!("created_at[gte]={}", made[0])).contains(&"c@example.com".to_owned()));
    assert!(!first(format!("created_at[gt]={}", made[2])).contains(&"b@example.com".to_owned()));
    assert!(first(format!("created_at={}", made[1])).contains(&"a@example.com".to_owned()));
    assert!(first("created_at[lt]=2020-01-01".into()).is_empty());
    assert_eq!(first("created_at[lte]=2999-01-01".into()).len(), 3);
    assert_eq!(first("updated_at[gt]=2020-01-01T00:00:00Z".into()).len(), 3);
    assert!(first("updated_at[gt]=2999-01-01".into()).is_empty());
});

on_both!(a_walk_meets_everybody_once_and_never_an_empty_page_with_a_cursor, |world| {
    let account = Account::new(world, "Truto");
    for name in ["a", "b", "c", "d", "e"] {
        account.user(&format!("{name}@example.com"), json!({"last_name": "Walk"}));
    }
    for (limit, pages) in [(1, 5), (2, 3), (5, 1), (7, 1)] {
        let (mut seen, mut count, mut cursor) = (Vec::new(), 0, None::<String>);
        loop {
            let more = cursor.as_deref().map(|cursor| format!("&next_cursor={cursor}")).unwrap_or_default();
            let page = account.get(&format!("users?last_name=Walk&limit={limit}{more}")).expect(200).json();
            let users = page["result"].as_array().expect("a list").clone();
            assert!(!users.is_empty() || page["next_cursor"].is_null(), "an empty page with a cursor");
            seen.extend(users.iter().map(|user| user["id"].clone()));
            count += 1;
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => break,
            }
        }
        seen.dedup();
        assert_eq!((seen.len(), count), (5, pages), "limit {limit}");
    }
    // A cursor belongs to its question.
    let page = account.get("users?last_name=Walk&limit=2").expect(200).json();
    let cursor = page["next_cursor"].as_str().expect("a cursor");
    let refused = account.get(&format!("users?first_name=X&next_cursor={cursor}")).expect(400).json();
    assert!(refused["message"].as_str().expect("a message").starts_with("next_cursor"));
});
