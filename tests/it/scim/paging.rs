//! Pages by index (<https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2.4>) and by cursor
//! (<https://www.rfc-editor.org/rfc/rfc9865>).

use serde_json::{Value, json};

use super::{Scim, refused, text};

fn seven(scim: &Scim) -> Vec<String> {
    let names: Vec<String> = (0..7).map(|number| format!("page{number}")).collect();
    for name in &names {
        scim.user(name, &json!({}));
    }
    names
}

fn names(list: &Value) -> Vec<String> {
    let users = list["Resources"].as_array().expect("a list");
    assert_eq!(list["itemsPerPage"], users.len());
    users.iter().map(|user| text(user, "userName").to_owned()).collect()
}

on_both!(an_index_leads_through_all_once, |world| {
    let scim = Scim::of(world);
    let names_in_order = seven(&scim);
    for (order, expected) in [
        ("ascending", names_in_order.clone()),
        ("descending", names_in_order.iter().rev().cloned().collect::<Vec<_>>()),
    ] {
        let mut seen = Vec::new();
        while seen.len() < 7 {
            let start = seen.len() + 1;
            let list = scim.get(&format!(
                "/Users?filter=userName sw \"page\"&sortBy=userName&sortOrder={order}&startIndex={start}&count=3"
            ));
            let list = list.expect(200).json();
            assert_eq!((&list["totalResults"], &list["startIndex"]), (&json!(7), &json!(start)));
            seen.extend(names(&list));
        }
        assert_eq!(seen, expected);
    }
    let beyond = scim.get("/Users?filter=userName sw \"page\"&startIndex=50&count=3").expect(200).json();
    assert_eq!((&beyond["totalResults"], beyond["Resources"].as_array().map(Vec::len)), (&json!(7), Some(0)));
    let none = scim.get("/Users?startIndex=-5&count=-1").expect(200).json();
    assert_eq!(
        (&none["totalResults"], &none["startIndex"], &none["itemsPerPage"]),
        (&json!(8), &json!(1), &json!(0))
    );
    let by = |by: &str| names(&scim.get(&format!("/Users?sortBy={by}&count=100")).expect(200).json()).len();
    for attribute in [
        "id",
        "externalId",
        "name.familyName",
        "meta.lastModified",
        "meta.created",
        "emails",
        "title",
        "active",
    ] {
        assert_eq!(by(attribute), 8, "{attribute}");
    }
});

on_both!(an_index_leads_from_anywhere_to_what_a_walk_finds_there, |world| {
    let scim = Scim::of(world);
    for (place, name) in seven(&scim).iter().enumerate() {
        // Some have a title, in another order, some have none, and some the same.
        let title = ["c", "", "a", "", "b", "a", ""][place];
        let more = if title.is_empty() { json!({}) } else { json!({"title": title}) };
        scim.user(&format!("{name}x"), &more);
    }
    for order in [
        "",
        "sortBy=userName",
        "sortBy=userName&sortOrder=descending",
        "sortBy=title",
        "sortBy=title&sortOrder=descending",
        "sortBy=id",
        "sortBy=meta.created",
        "filter=userName sw \"page\"",
        "filter=active eq true",
        "filter=title pr&sortBy=name.familyName",
    ] {
        let list = |start: usize, count: usize| {
            let list = scim.get(&format!("/Users?{order}&startIndex={start}&count={count}")).expect(200);
            let list = list.json();
            (list["totalResults"].clone(), names(&list))
        };
        let (total, whole) = list(1, 100);
        assert_eq!(total, whole.len(), "{order}");
        // Backwards, so that no page has been where the next one begins.
        for start in (1..=whole.len() + 2).rev() {
            for count in [2, 3, 1] {
                let expected: Vec<String> = whole.iter().skip(start - 1).take(count).cloned().collect();
                assert_eq!(list(start, count), (total.clone(), expected), "{order}: {count} from {start}");
            }
        }
    }
});

on_both!(a_cursor_leads_there_and_back, |world| {
    let scim = Scim::of(world);
    let names_in_order = seven(&scim);
    let page = |cursor: &str| {
        let query = "/Users?filter=userName sw \"page\"&sortBy=userName&count=3&cursor=";
        scim.get(&format!("{query}{cursor}")).expect(200).json()
    };
    let (mut seen, mut list) = (Vec::new(), page(""));
    assert!(list.get("previousCursor").is_none() && list.get("startIndex").is_none());
    loop {
        seen.extend(names(&list));
        assert_eq!(list["totalResults"], 7);
        match list["nextCursor"].as_str() {
            Some(next) => list = page(next),
            None => break,
        }
    }
    assert_eq!(seen, names_in_order);
    let back = page(list["previousCursor"].as_str().expect("a way back"));
    assert_eq!(names(&back), names_in_order[3..6]);
    let cursor = back["nextCursor"].as_str().expect("a cursor");
    // It is good for the list it was made for.
    refused(scim.get(&format!("/Users?cursor={cursor}")), 400, Some("invalidCursor"));
    refused(scim.get("/Users?cursor=nonsense"), 400, Some("invalidCursor"));
    let broken = format!("{}.AAAA", cursor.split('.').next().expect("a mark"));
    let query = "/Users?filter=userName sw \"page\"&sortBy=userName&count=3&cursor=";
    refused(scim.get(&format!("{query}{broken}")), 400, Some("invalidCursor"));
    refused(scim.get("/Users?cursor=&startIndex=1"), 400, Some("invalidCursor"));
});

on_both!(a_search_over_everything_has_users_first, |world| {
    let scim = Scim::of(world);
    seven(&scim);
    scim.group("page of a group", &[]);
    let search = |body: Value| scim.send("POST", "/.search", &body);
    let all = search(json!({ "startIndex": 8, "count": 5 })).expect(200).json();
    assert_eq!(all["totalResults"], 9);
    let kinds: Vec<&str> = all["Resources"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| text(&one["meta"], "resourceType"))
        .collect();
    assert_eq!(kinds, ["User", "Group"]);
    let total = |filter: &str| search(json!({ "filter": filter })).expect(200).json()["totalResults"].clone();
    assert_eq!(total("userName sw \"page\""), 7);
    assert_eq!(total("displayName co \"group\""), 1);
    assert_eq!(total("meta.resourceType eq \"Group\""), 1);
    refused(search(json!({ "filter": "nothing pr" })), 400, Some("invalidFilter"));
    let list =
        scim.send("POST", "/Groups/.search", &json!({ "attributes": ["displayName"] })).expect(200).json();
    assert!(list["Resources"][0].get("meta").is_none());
});
