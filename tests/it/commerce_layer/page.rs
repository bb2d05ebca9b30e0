//! Pages, orders, sparse fields and what is included.

use serde_json::{Value, json};

use super::Shop;

on_both!(pages_are_numbered_and_counted, |world| {
    let shop = Shop::new(world, "Shop");
    for name in ["a", "b", "c", "d", "e", "f", "g"] {
        shop.role(name);
    }
    let page = |query: &str| shop.get(&format!("roles?{query}")).expect(200).json();
    let names = |page: &Value| -> Vec<String> {
        let data = page["data"].as_array().expect("a list");
        data.iter().map(|one| one["attributes"]["name"].as_str().expect("a name").to_owned()).collect()
    };
    let all = page("sort=name");
    assert_eq!(names(&all), ["a", "b", "c", "d", "e", "f", "g"]);
    assert_eq!(all["meta"], json!({"record_count": 7, "page_count": 1}));
    assert_eq!(names(&page("sort=-name&page[size]=2")), ["g", "f"]);
    let (mut seen, mut place) = (Vec::new(), Some("roles?sort=name&page[size]=3".to_owned()));
    let mut pages = 0;
    while let Some(at) = place {
        let one = shop.get(&at).expect(200).json();
        assert_eq!(one["meta"], json!({"record_count": 7, "page_count": 3}));
        seen.extend(names(&one));
        pages += 1;
        let link = |name: &str| {
            one["links"][name].as_str().map(|link| link.split_once("/api/").expect("a link").1.to_owned())
        };
        assert_eq!(link("prev").is_some(), pages > 1);
        assert!(link("first").is_some() && link("last").is_some());
        place = link("next");
    }
    assert_eq!((seen.len(), pages), (7, 3));
    assert_eq!(names(&page("sort=name&page[size]=3&page[number]=2")), ["d", "e", "f"]);
    let beyond = page("page[size]=3&page[number]=9");
    assert_eq!((&beyond["data"], &beyond["meta"]["record_count"]), (&json!([]), &json!(7)));
});

on_both!(fields_are_sparse_and_includes_reach_further, |world| {
    let shop = Shop::new(world, "Shop");
    let role = shop.role("R");
    let made = shop.invite("a@example.com", &role);
    let id = made["id"].as_str().expect("an id");
    let one = |query: &str| shop.get(&format!("memberships/{id}?{query}")).expect(200).json();
    let sparse = one("fields[memberships]=status,role");
    assert_eq!(sparse["data"]["attributes"], json!({"status": "pending"}));
    assert_eq!(sparse["data"]["relationships"].as_object().expect("relations").len(), 1);
    assert!(sparse.get("included").is_none());
    let far = one(
        "include=role.memberships,organization&fields[organizations]=name&fields[roles]=name,memberships",
    );
    let included = far["included"].as_array().expect("a list");
    let kinds: Vec<&str> = included.iter().map(|one| one["type"].as_str().expect("a type")).collect();
    // The membership itself is not repeated.
    assert_eq!(kinds, ["roles", "organizations"]);
    assert_eq!(included[0]["attributes"], json!({"name": "R"}));
    assert_eq!(
        included[0]["relationships"]["memberships"]["data"],
        json!([{"type": "memberships", "id": id}])
    );
    assert_eq!(included[1]["attributes"], json!({"name": "Shop"}));
    // A list includes each record once.
    shop.invite("b@example.com", &role);
    let list = shop.get("memberships?include=role&filter[q][status_eq]=pending").expect(200).json();
    assert_eq!(list["included"].as_array().expect("a list").len(), 1);
    let roles =
        shop.get(&format!("roles/{role}/memberships?sort=created_at&page[size]=1")).expect(200).json();
    assert_eq!((&roles["meta"]["record_count"], &roles["data"][0]["id"]), (&json!(2), &json!(id)));
    // Who has no role leads to none.
    let mine = shop.get("memberships?include=role&filter[q][status_eq]=active").expect(200).json();
    assert_eq!(mine["data"][0]["relationships"]["role"]["data"], json!(null));
    assert_eq!(mine["included"], json!([]));
});
