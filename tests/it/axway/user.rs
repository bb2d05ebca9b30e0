//! Users: found by what they are known by, shown by what is known of them.

use serde_json::json;

use super::{PASSWORD, Platform, delete, get, login, names, post, refused, result, taken};
use crate::world::World;

on_both!(every_id_of_a_user_finds_him, |world| {
    let platform = Platform::new(world, "Ids");
    let (guid, _) = platform.person(world, "ada@example.com", false);
    let user = result(&platform.api, &format!("/user/{guid}"));
    let number = user["user_id"].as_i64().expect("a number");
    for id in [guid.to_uppercase(), number.to_string()] {
        assert_eq!(result(&platform.api, &format!("/user/{id}"))["guid"], guid.as_str(), "{id}");
    }
    // The number stays, whatever becomes of the record.
    let mut record = platform.api.get(&format!("User/{guid}")).expect(200).json();
    record["title"] = json!("Dr");
    platform.api.update(&record);
    assert_eq!(result(&platform.api, &format!("/user/{guid}"))["user_id"], number);
    for wrong in ["0", "-1", "99999999999999999999", &(number + 100_000).to_string(), "nobody", "%00"] {
        refused(get(&platform.api, &format!("/user/{wrong}")), 404);
    }
});

on_both!(a_user_is_told_by_what_is_known_of_him, |world| {
    let platform = Platform::new(world, "Known");
    let (guid, ada) = platform.person(world, "ada@example.com", false);
    let user = result(&ada, &format!("/user/{guid}"));
    let told = [
        ("email", json!("ada@example.com")),
        ("username", json!("ada@example.com")),
        ("firstname", json!("Ada")),
        ("lastname", json!("Lovelace")),
        ("active", json!(true)),
        ("activated", json!(true)),
        ("external", json!(false)),
        ("mfa", json!(false)),
        ("authenticator_enabled", json!(false)),
        ("logged_in_count", json!(1)),
        ("logged_in_from_other", json!(true)),
        ("provider_guid", json!(platform.keys.project)),
        ("prefs", json!({})),
    ];
    for (name, value) in told {
        assert_eq!(user[name], value, "{name}: {user}");
    }
    let org = result(&ada, "/auth/checkSession")["org_id"].clone();
    assert_eq!(user["last_logged_in_org"], org);
    assert!(user["last_login"].as_str() >= user["created"].as_str(), "{user}");
    // To sign in makes no new version of the record.
    let again =
        json!({"username": "ada@example.com", "password": PASSWORD, "provider_guid": platform.keys.project});
    login(world, &again).expect(200);
    let later = result(&ada, &format!("/user/{guid}"));
    assert_eq!((&later["logged_in_count"], &later["updated"]), (&json!(2), &user["updated"]));
    assert!(!later.to_string().contains("null"), "{later}");
});

on_both!(users_are_found_by_parts_of_their_names_and_e_mails, |world| {
    let platform = Platform::new(world, "Terms");
    for (first, last, email) in [
        ("Ada", "Lovelace", "ada@example.com"),
        ("Grace", "Hopper", "grace@navy.example"),
        ("Adam", "Ries", "ries@example.com"),
    ] {
        let project = json!({"reference": format!("Project/{}", platform.keys.project)});
        platform.api.create(&json!({
            "resourceType": "User", "firstName": first, "lastName": last, "email": email, "project": project,
        }));
    }
    let found = |query: &str| {
        let mut found = platform.users(query);
        found.sort();
        found
    };
    assert_eq!(found("?term=ada"), ["ada@example.com", "ries@example.com"]);
    assert_eq!(found("?term=ada%20love"), ["ada@example.com"]);
    assert_eq!(found("?term=NAVY.ex"), ["grace@navy.example"]);
    assert_eq!(found("?term=grace@navy.example"), ["grace@navy.example"]);
    assert_eq!(found("?term=%22%20or%20name%20co%20%22"), [""; 0]);
    assert_eq!(found("?term=nobody"), [""; 0]);
    assert_eq!(found("?email=ADA@example.com"), ["ada@example.com"]);
    assert_eq!(found("?user_guid=none"), [""; 0]);
    assert_eq!(found("").len(), 4, "the owner, too");
    assert_eq!(found("?active=false"), [""; 0]);
    let sent = post(&platform.api, "/user/query", &json!({"term": "hopper"}));
    assert_eq!(names(&taken(sent), "firstname"), ["Grace"]);
    refused(post(&platform.api, "/user/query", &json!({"surname": "hopper"})), 400);
    // A filter that is passed over would find everybody.
    assert!(refused(get(&platform.api, "/user?lastname=Hopper"), 400).contains("lastname"));
});

on_both!(lists_have_pages_and_as_many_fields_as_are_wanted, |world| {
    let platform = Platform::new(world, "Pages");
    for number in 0..6 {
        let project = json!({"reference": format!("Project/{}", platform.keys.project)});
        let email = format!("page{number}@example.com");
        platform.api.create(
            &json!({"resourceType": "User", "firstName": "Page", "email": email, "project": project}),
        );
    }
    let whole = platform.users("?term=page");
    assert_eq!(whole.len(), 6);
    let mut walked = Vec::new();
    for page in 1..=3 {
        walked.extend(platform.users(&format!("?term=page&limit=2&page={page}")));
    }
    assert_eq!(walked, whole);
    assert_eq!(platform.users("?term=page&limit=2&skip=3"), whole[3..5]);
    assert_eq!(platform.users("?term=page&limit=2&page=9"), [""; 0]);
    let answer = get(&platform.api, "/user?term=page&limit=4").expect(200).json();
    let told = json!({"count": 4, "limit": 4, "matched": 6, "skip": 0, "page": 1, "pages": 2});
    assert_eq!(answer["metadata"], told);
    let counted = get(&platform.api, "/user?term=page&limit=0").expect(200).json();
    assert_eq!((&counted["result"], &counted["metadata"]["matched"]), (&json!([]), &json!(6)));
    for wrong in ["limit=101", "limit=-1", "limit=x", "page=x", "skip=-1"] {
        refused(get(&platform.api, &format!("/user?{wrong}")), 400);
    }
    let some = result(&platform.api, "/user?term=page0&fields=email,guid&exclude_fields=guid");
    assert_eq!(some, json!([{"email": "page0@example.com"}]));
});

on_both!(a_user_who_is_removed_is_gone_with_all_that_was_his, |world| {
    let platform = Platform::new(world, "Removal");
    let (guid, ada) = platform.person(world, "ada@example.com", false);
    let team = json!({"name": "Ward", "users": [{"guid": guid, "roles": ["developer"]}]});
    let team = taken(post(&platform.api, "/team", &team));
    refused(delete(&ada, &format!("/user/{guid}")), 403);
    let removed = taken(delete(&platform.api, &format!("/user/{guid}")));
    assert_eq!(removed["guid"], guid.as_str());
    get(&ada, "/auth/checkSession").expect(401);
    refused(get(&platform.api, &format!("/user/{guid}")), 404);
    refused(get(&platform.api, &format!("/org/{}/user/{guid}", platform.keys.project)), 404);
    let place = format!("/team/{}", team["guid"].as_str().expect("a guid"));
    assert_eq!(result(&platform.api, &place)["users"], json!([]));
    refused(delete(&platform.api, &format!("/user/{guid}")), 404);
    let own = result(&platform.owner, "/auth/checkSession")["guid"].as_str().expect("a guid").to_owned();
    refused(delete(&platform.owner, &format!("/user/{own}")), 400);
});

// A user of the pool of the server who is a member is a guest.
on_both!(a_guest_is_shown_as_far_as_his_project_sees_him, |world| {
    let platform = Platform::new(world, "Guests");
    let guest = world.super_admin.create(&json!({
        "resourceType": "User", "firstName": "Gus", "lastName": "Guest", "email": "gus@example.com", "timezone": "Asia/Tokyo",
    }));
    let user = format!("User/{}", crate::client::id(&guest));
    world.super_admin.create(&json!({
        "resourceType": "ProjectMembership", "project": {"reference": format!("Project/{}", platform.keys.project)},
        "user": {"reference": user}, "profile": {"reference": user},
    }));
    assert_eq!(platform.users("?term=gus"), ["gus@example.com"]);
    let shown = &result(&platform.api, "/user?email=gus@example.com")[0];
    assert_eq!((&shown["external"], shown.get("timezone")), (&json!(true), None), "{shown}");
    let number = shown["user_id"].as_i64().expect("a number");
    assert_eq!(result(&platform.api, &format!("/user/{number}"))["firstname"], "Gus");
    refused(delete(&platform.api, &format!("/user/{number}")), 403);
    let other = Platform::new(world, "Others");
    refused(get(&other.api, &format!("/user/{number}")), 404);
    silent(world, &platform);
});

/// Nothing of a user tells what proves him.
fn silent(world: &World, platform: &Platform) {
    let (guid, ada) = platform.person(world, "ada@example.com", false);
    for place in [format!("/user/{guid}"), "/auth/findSession".to_owned(), "/user".to_owned()] {
        let client = if place == "/user" { &platform.api } else { &ada };
        let told = get(client, &place).expect(200).text();
        assert!(!told.contains("passwordHash") && !told.contains("$2"), "{told}");
        assert!(!told.contains(ada.token()), "the token of a session is in no body");
    }
}
