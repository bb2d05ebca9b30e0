//! Versions: what changed, and who changed it.

use serde_json::json;

use super::{Shop, one, record};

on_both!(each_write_is_a_version, |world| {
    let shop = Shop::new(world, "Shop");
    let (first, second) = (shop.role("First"), shop.role("Second"));
    let made = shop.invite("a@example.com", &first);
    let id = made["id"].as_str().expect("an id");
    let change = record("memberships", json!({"reference": "M"}), json!({"role": one("roles", &second)}));
    shop.send("PATCH", &format!("memberships/{id}"), &change).expect(200);
    let list = shop.get(&format!("memberships/{id}/versions")).expect(200).json();
    assert_eq!(list["meta"], json!({"record_count": 2, "page_count": 1}));
    let newest = &list["data"][0]["attributes"];
    assert_eq!(
        (&newest["event"], &newest["resource_type"], &newest["resource_id"]),
        (&json!("update"), &json!("memberships"), &json!(id))
    );
    assert_eq!(newest["changes"], json!({"role_id": [first, second], "reference": [null, "M"]}));
    let me = shop.get("user").expect(200).json();
    assert_eq!(newest["who"], json!({"user": {"id": me["data"]["id"]}}));
    let oldest = &list["data"][1]["attributes"];
    assert_eq!(oldest["event"], "create");
    assert_eq!(oldest["changes"]["role_id"], json!([null, first]));
    // The same by pages, by the collection, and one by one.
    let page = shop.get(&format!("memberships/{id}/versions?page[size]=1&page[number]=2")).expect(200).json();
    assert_eq!((&page["data"][0], &page["meta"]["page_count"]), (&list["data"][1], &json!(2)));
    let query = format!("versions?filter[q][resource_type_eq]=memberships&filter[q][resource_id_eq]={id}");
    assert_eq!(shop.get(&query).expect(200).json()["data"], list["data"]);
    let place = format!("versions/{}", list["data"][1]["id"].as_str().expect("an id"));
    assert_eq!(shop.get(&place).expect(200).json()["data"], list["data"][1]);
    let beyond = shop.get(&format!("memberships/{id}/versions?page[number]=3")).expect(200).json();
    assert_eq!(beyond["data"], json!([]));
    for place in [
        "versions/none",
        "versions/memberships-none-1",
        &format!("versions/memberships-{id}-3"),
        &format!("versions/users-{id}-1"),
    ] {
        shop.get(place).expect(404);
    }
    shop.get("versions").expect(400);
    shop.get("versions?filter[q][resource_type_eq]=shoes&filter[q][resource_id_eq]=x").expect(400);
});
