//! Ransack's predicates: each is answered or refused.

use serde_json::json;

use super::Shop;

on_both!(predicates_find_what_they_say, |world| {
    let shop = Shop::new(world, "Shop");
    let (red, blue) = (shop.role("Red"), shop.role("Blue"));
    shop.invite("a@one.example", &red);
    shop.invite("b@one.example", &blue);
    shop.invite("c@two.example", &blue);
    // One of them has a name.
    let user = shop.api.found("User?email=a@one.example").pop().expect("a user");
    let mut user = shop.api.get(&format!("User/{user}")).expect(200).json();
    user["firstName"] = json!("Zoë");
    shop.api.update(&user);
    let me = shop.keys.owner_email.clone();
    let (a, b, c) = ("a@one.example", "b@one.example", "c@two.example");
    for (filter, expected) in [
        ("user_email_eq]=a@one.example", vec![a]),
        ("user_email_eq]=nobody", vec![]),
        ("user_first_name_eq]=Zoë", vec![a]),
        ("user_first_name_eq]=zoë", vec![]),
        ("user_first_name_not_eq]=Olga", vec![a]),
        ("user_first_name_matches]=z%25", vec![a]),
        ("user_first_name_does_not_match]=z%25", vec![&me]),
        ("user_email_matches]=%25@one.example", vec![a, b]),
        ("user_email_start]=b@", vec![b]),
        ("user_email_not_start_any]=a@,b@,owner", vec![&me, a, b, c]),
        ("user_email_not_start_all]=a@,b@,owner", vec![c]),
        ("user_email_end]=two.example", vec![c]),
        ("user_email_end_any]=two.example,example.com", vec![&me, c]),
        ("user_email_not_end]=one.example", vec![&me, c]),
        ("user_email_cont]=ONE", vec![a, b]),
        ("user_email_cont_all]=one,b@", vec![b]),
        ("user_email_not_cont]=example.com", vec![a, b, c]),
        ("user_email_in]=a@one.example,c@two.example", vec![a, c]),
        ("user_email_not_in]=a@one.example,c@two.example", vec![&me, b]),
        ("user_first_name_not_in]=Olga", vec![a]),
        ("user_first_name_not_in_or_null]=Olga", vec![a, b, c]),
        ("user_first_name_in_or_null]=Olga", vec![&me, b, c]),
        ("user_first_name_present]=true", vec![&me, a]),
        ("user_first_name_present]=false", vec![b, c]),
        ("user_first_name_blank]=true", vec![b, c]),
        ("user_first_name_null]=true", vec![b, c]),
        ("user_first_name_not_null]=true", vec![&me, a]),
        ("user_first_name_or_user_last_name_cont]=owner", vec![&me]),
        ("user_first_name_and_user_email_cont]=o", vec![&me, a]),
        ("status_eq]=pending", vec![a, b, c]),
        ("status_not_eq]=pending", vec![&me]),
        ("status_in]=pending,active", vec![&me, a, b, c]),
        ("role_name_eq]=Blue", vec![b, c]),
        ("role_name_null]=true", vec![&me]),
        ("created_at_gt]=2020-01-01", vec![&me, a, b, c]),
        ("created_at_lt]=2020-01-01T00:00:00Z", vec![]),
        ("updated_at_gteq]=2020-01-01", vec![&me, a, b, c]),
        ("updated_at_lteq]=2020-01-01", vec![]),
        ("id_eq]=none", vec![]),
        ("user_email_cont]=%22%20or%20_id%20ne%20%22", vec![]),
    ] {
        assert_eq!(shop.emails(&format!("filter[q][{filter}")), expected, "{filter}");
    }
    // Two filters are one and the other.
    assert_eq!(shop.emails("filter[q][role_name_eq]=Blue&filter[q][user_email_cont]=two"), [c]);
});

on_both!(what_cannot_be_asked_is_refused, |world| {
    let shop = Shop::new(world, "Shop");
    for filter in [
        "user_email]=x",
        "shoe_eq]=x",
        "user_email_sounds]=x",
        "user_email_lt]=x",
        "user_email_true]=true",
        "owner_eq]=true",
        "owner_true]=true",
        "metadata_jcont]=%7B%7D",
        "status_eq]=odd",
        "status_cont]=pend",
        "created_at_eq]=soon",
        "created_at_cont]=2020",
        "user_email_matches]=a%25b",
        "user_email_matches]=a_b",
        "user_first_name_present]=maybe",
        "user_first_name_or_user_last_name_and_user_email_eq]=x",
        "user_email_eq]=",
    ] {
        let told = shop.get(&format!("memberships?filter[q][{filter}")).expect(400).json();
        assert_eq!(told["errors"][0]["code"], "FILTER_NOT_ALLOWED", "{filter}");
        let place = told["errors"][0]["source"]["parameter"].as_str().expect("a parameter");
        assert!(place.starts_with("filter[q]["), "{place}");
    }
    for query in [
        "shoe=1",
        "sort=shoe",
        "include=shoe",
        "include=versions",
        "page[number]=0",
        "page[size]=26",
        "fields[shoes]=a",
        "filter[name]=x",
    ] {
        let told = shop.get(&format!("memberships?{query}")).expect(400).json();
        assert!(
            told["errors"][0]["code"].as_str().expect("a code").ends_with("_NOT_ALLOWED"),
            "{query}: {told}"
        );
    }
});
