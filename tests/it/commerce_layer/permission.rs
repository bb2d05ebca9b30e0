//! Permissions: the entries of a role's AccessPolicy.

use serde_json::{Value, json};

use super::{Shop, one, record};

fn words(permission: &Value) -> Vec<bool> {
    let attributes = &permission["attributes"];
    let words = ["can_create", "can_read", "can_update", "can_destroy"];
    words.iter().map(|word| attributes[*word].as_bool().expect("a word")).collect()
}

fn allow(shop: &Shop, role: &str, subject: &str, words: [bool; 4]) -> Value {
    let attributes = json!({
        "subject": subject, "can_create": words[0], "can_read": words[1], "can_update": words[2], "can_destroy": words[3]
    });
    let body = record("permissions", attributes, json!({"role": one("roles", role)}));
    shop.send("POST", "permissions", &body).expect(201).json()["data"].clone()
}

fn subjects(shop: &Shop, query: &str) -> Vec<String> {
    let page = shop.get(&format!("permissions?page[size]=25&{query}")).expect(200).json();
    let data = page["data"].as_array().expect("a list").clone();
    assert_eq!(page["meta"]["record_count"], data.len(), "{query}");
    data.iter().map(|one| one["attributes"]["subject"].as_str().expect("a subject").to_owned()).collect()
}

on_both!(a_role_is_allowed_something_and_its_holders_can_do_it, |world| {
    let shop = Shop::new(world, "Shop");
    let role = shop.role("Reader");
    let made = allow(&shop, &role, "Patient", [false, true, false, false]);
    assert_eq!(made["id"], format!("{role}.Patient"));
    assert_eq!(words(&made), [false, true, false, false]);
    let policy = shop.api.get(&format!("AccessPolicy/{role}")).expect(200).json();
    assert_eq!(
        policy["resource"],
        json!([{ "resourceType": "Patient", "interaction": ["read", "vread", "history", "search"] }])
    );
    let holder = shop.holder(world, &role);
    holder.get("Patient").expect(200);
    holder.post("Patient", &json!({"resourceType": "Patient"})).expect(403);
    let place = format!("permissions/{}", made["id"].as_str().expect("an id"));
    let change = record("permissions", json!({"can_create": true, "reference": "P-1"}), json!({}));
    let changed = shop.send("PATCH", &place, &change).expect(200).json()["data"].clone();
    assert_eq!(words(&changed), [true, true, false, false]);
    assert_eq!(changed["attributes"]["reference"], "P-1");
    holder.post("Patient", &json!({"resourceType": "Patient"})).expect(201);
    let all = json!({"can_update": true, "can_destroy": true});
    shop.send("PATCH", &place, &record("permissions", all, json!({}))).expect(200);
    let policy = shop.api.get(&format!("AccessPolicy/{role}")).expect(200).json();
    assert_eq!(policy["resource"][0].get("interaction"), None);
    let own = shop.get(&format!("{place}/role")).expect(200).json();
    assert_eq!(own["data"]["id"], *role);
    let own = shop.get(&format!("{place}?include=organization,role")).expect(200).json();
    assert_eq!(own["included"].as_array().map(Vec::len), Some(2));
    let with = shop.get(&format!("roles/{role}?include=permissions")).expect(200).json();
    assert_eq!(with["data"]["relationships"]["permissions"]["data"][0]["id"], made["id"]);
    assert_eq!(with["included"][0]["attributes"]["subject"], "Patient");
});

on_both!(what_narrows_a_permission_is_told_and_stays, |world| {
    let shop = Shop::new(world, "Shop");
    let policy = shop.api.create(&json!({
        "resourceType": "AccessPolicy", "name": "Nurse", "resource": [
            { "resourceType": "*", "readonly": true },
            { "resourceType": "Patient", "criteria": "Patient?active=true", "interaction": ["read", "update"], "hiddenFields": ["photo"] },
            { "resourceType": "Patient", "criteria": "Patient?active=false", "readonly": true },
        ]
    }));
    let role = policy["id"].as_str().expect("an id");
    let list = shop.get(&format!("roles/{role}/permissions")).expect(200).json();
    let ids: Vec<&Value> = list["data"].as_array().expect("a list").iter().map(|one| &one["id"]).collect();
    assert_eq!(
        ids,
        [
            &json!(format!("{role}.any")),
            &json!(format!("{role}.Patient")),
            &json!(format!("{role}.Patient.2"))
        ]
    );
    assert_eq!(words(&list["data"][0]), [false, true, false, false]);
    assert_eq!(
        list["data"][1]["attributes"]["restrictions"],
        json!({"criteria": "Patient?active=true", "hiddenFields": ["photo"]})
    );
    let change = record("permissions", json!({"can_destroy": true}), json!({}));
    let changed = shop.send("PATCH", &format!("permissions/{role}.Patient"), &change).expect(200).json();
    assert_eq!(words(&changed["data"]), [false, true, true, true]);
    let change = record("permissions", json!({"can_create": true}), json!({}));
    shop.send("PATCH", &format!("permissions/{role}.any"), &change).expect(200);
    let kept = shop.api.get(&format!("AccessPolicy/{role}")).expect(200).json()["resource"].clone();
    assert_eq!(
        kept[1],
        json!({
            "resourceType": "Patient", "criteria": "Patient?active=true", "hiddenFields": ["photo"],
            "interaction": ["read", "update", "delete"]
        })
    );
    assert_eq!(
        kept[0],
        json!({ "resourceType": "*", "interaction": ["create", "read", "vread", "history", "search"] })
    );
    assert_eq!(kept[2], policy["resource"][2]);
});

on_both!(permissions_are_filtered_sorted_and_paged, |world| {
    let (shop, other) = (Shop::new(world, "Shop"), Shop::new(world, "Other"));
    let (first, second) = (shop.role("A"), shop.role("B"));
    allow(&other, &other.role("A"), "Device", [true; 4]);
    allow(&shop, &first, "Patient", [false, true, false, false]);
    allow(&shop, &first, "Group", [true; 4]);
    allow(&shop, &second, "Location", [false, true, true, false]);
    assert_eq!(subjects(&shop, "sort=subject"), ["Group", "Location", "Patient"]);
    assert_eq!(subjects(&shop, "sort=-subject"), ["Patient", "Location", "Group"]);
    for (filter, found) in [
        ("filter[q][subject_eq]=Patient", &["Patient"][..]),
        ("filter[q][subject_in]=Patient,Group", &["Group", "Patient"]),
        ("filter[q][subject_not_eq]=Patient", &["Group", "Location"]),
        ("filter[q][subject_cont]=OCAT", &["Location"]),
        ("filter[q][subject_start_any]=Gr,Pa", &["Group", "Patient"]),
        ("filter[q][subject_matches]=%25ient", &["Patient"]),
        ("filter[q][can_update_true]=1", &["Group", "Location"]),
        ("filter[q][can_update_true]=false", &["Patient"]),
        ("filter[q][can_update_eq]=false", &["Patient"]),
        ("filter[q][can_create_or_can_update_true]=true", &["Group", "Location"]),
        ("filter[q][can_create_and_can_update_true]=true", &["Group"]),
        ("filter[q][created_at_gt]=2020-01-01T00:00:00Z", &["Group", "Location", "Patient"]),
        ("filter[q][created_at_lt]=2020-01-01T00:00:00Z", &[]),
        ("filter[q][subject_null]=true", &[]),
        ("filter[q][subject_present]=true", &["Group", "Location", "Patient"]),
    ] {
        assert_eq!(subjects(&shop, &format!("sort=subject&{filter}")), found, "{filter}");
    }
    let page = shop.get("permissions?page[size]=2&page[number]=2&sort=subject").expect(200).json();
    assert_eq!(
        (&page["meta"], page["data"][0]["attributes"]["subject"].as_str()),
        (&json!({"record_count": 3, "page_count": 2}), Some("Patient"))
    );
    let home = &shop.keys.project;
    let list = shop.get(&format!("organizations/{home}/permissions?filter[q][subject_eq]=Group")).expect(200);
    assert_eq!(list.json()["meta"]["record_count"], 1);
    for refused in [
        "filter[q][shoe_eq]=1",
        "filter[q][can_read_cont]=a",
        "filter[q][can_read_eq]=shoe",
        "filter[q][restrictions_eq]=a",
        "sort=can_read",
        "filter[q][created_at_lt]=shoe",
    ] {
        shop.get(&format!("permissions?{refused}")).expect(400);
    }
});

on_both!(a_permission_that_cannot_be_is_refused, |world| {
    let (shop, other) = (Shop::new(world, "Shop"), Shop::new(world, "Other"));
    let (role, foreign) = (shop.role("R"), other.role("R"));
    allow(&shop, &role, "Patient", [true; 4]);
    let sent = |subject: &str, more: Value| {
        let mut all = json!({"subject": subject, "can_create": true, "can_read": true, "can_update": true, "can_destroy": true});
        for (name, value) in more.as_object().expect("an object") {
            match value {
                Value::Null => drop(all.as_object_mut().expect("an object").remove(name)),
                value => all[name] = value.clone(),
            }
        }
        all
    };
    let none = json!({"can_create": false, "can_read": false, "can_update": false, "can_destroy": false});
    for (attributes, role, pointer) in [
        (sent("Shoe", json!({})), &role, "/data/attributes/subject"),
        (sent("", json!({})), &role, "/data/attributes/subject"),
        (sent("Patient", json!({})), &role, "/data/attributes/subject"),
        (sent("Group", json!({"can_read": null})), &role, "/data/attributes/can_read"),
        (sent("Group", json!({"can_read": "yes"})), &role, "/data/attributes/can_read"),
        (sent("Group", json!({"restrictions": {}})), &role, "/data/attributes/restrictions"),
        (sent("Group", none.clone()), &role, "/data/attributes/can_read"),
        (sent("Group", json!({})), &foreign, "/data/relationships/role"),
    ] {
        let body = record("permissions", attributes.clone(), json!({"role": one("roles", role)}));
        let told = shop.send("POST", "permissions", &body).expect(422).json();
        assert_eq!(told["errors"][0]["source"]["pointer"], pointer, "{attributes}: {told}");
    }
    let told = shop
        .send("POST", "permissions", &record("permissions", sent("Group", json!({})), json!({})))
        .expect(422);
    assert_eq!(told.json()["errors"][0]["source"]["pointer"], "/data/relationships/role");
    shop.send("PATCH", &format!("permissions/{role}.Patient"), &record("permissions", none, json!({})))
        .expect(422);
    shop.send(
        "PATCH",
        &format!("permissions/{foreign}.Patient"),
        &record("permissions", json!({}), json!({})),
    )
    .expect(404);
    shop.get(&format!("permissions/{role}.Group")).expect(404);
    shop.get("permissions/shoe").expect(404);
    shop.delete(&format!("permissions/{role}.Patient")).expect(405);
    assert_eq!(shop.get("permissions").expect(200).json()["meta"]["record_count"], 1);
});
