//! The forms in which Truto answers.

use serde_json::{Value, json};

use super::Account;

on_both!(a_list_comes_in_five_forms, |world| {
    let account = Account::new(world, "Truto");
    let a = account.user("a@example.com", json!({"last_name": "Form"}));
    account.user("b@example.com", json!({"last_name": "Form"}));
    let list = |more: &str| account.get(&format!("users?last_name=Form&{more}")).expect(200);
    let unified = list("").json();
    assert_eq!(unified["result"][0], a);
    assert_eq!(unified["next_cursor"], Value::Null);
    assert_eq!(list("truto_response_format=unified").json(), unified);

    let raw = list("truto_response_format=raw").json();
    assert_eq!(raw["resourceType"], "Bundle");
    assert_eq!(raw["entry"][0]["resource"], a["remote_data"]);

    let normalized = list("truto_response_format=normalized").json();
    assert!(normalized["result"][0].get("remote_data").is_none());
    assert_eq!(normalized["result"][0]["id"], a["id"]);

    let stream = list("truto_response_format=stream&limit=1");
    assert_eq!(stream.header("Content-Type"), Some("application/x-ndjson"));
    let text = stream.text();
    assert_eq!(serde_json::from_str::<Value>(text.lines().next().expect("a line")).expect("JSON"), a);
    let next = stream.header("truto-next-cursor").expect("a cursor");
    assert_eq!(
        list(&format!("limit=1&next_cursor={next}")).json()["result"][0]["emails"][0]["email"],
        "b@example.com"
    );

    let debug = list("truto_response_format=debug").json();
    assert_eq!(debug["result_count"], 2);
    assert_eq!(debug["debug"]["data"][0], a["remote_data"]);
    let beneath = debug["debug"]["requestUrl"].as_str().expect("an address");
    assert_eq!(account.api.get(beneath).expect(200).resources().len(), 2);
});

on_both!(fields_are_left_out_and_records_are_keyed_as_asked, |world| {
    let account = Account::new(world, "Truto");
    let a = account.user("a@example.com", json!({"title": "T"}));
    let id = a["id"].as_str().expect("an id");
    let one = |more: &str| account.get(&format!("users/{id}?{more}")).expect(200).json();
    assert!(one("truto_ignore_remote_data=true").get("remote_data").is_none());
    let short = one("truto_exclude_fields[]=title&truto_exclude_fields[]=emails");
    assert!(short.get("title").is_none() && short.get("emails").is_none());
    let short = one("truto_exclude_fields=title,emails");
    assert!(short.get("title").is_none() && short.get("emails").is_none());
    assert_eq!(one("truto_response_format=raw"), a["remote_data"]);
    assert_eq!(one("truto_response_format=debug")["result"], a);
    let keyed = account.get(&format!("users?id={id}&truto_key_by=id")).expect(200).json();
    assert_eq!(keyed["result"][id], a);
    let refused = account.get("users?truto_key_by=status").expect(400).json();
    assert!(refused["message"].as_str().expect("a message").contains("truto_key_by"));
    let all = account.get("users?limit=1&truto_ignore_limit=true").expect(200).json();
    assert_eq!(all["result"].as_array().expect("a list").len(), 2);
});

on_both!(no_secret_is_told, |world| {
    let account = Account::new(world, "Truto");
    let text = account.get("users?truto_response_format=debug").expect(200).text()
        + &account.get("users?truto_response_format=raw").expect(200).text()
        + &account.get("activities").expect(200).text();
    for secret in ["passwordHash", "$argon2", "mfaSecret", "violet harbour"] {
        assert!(!text.contains(secret), "{secret}");
    }
});
