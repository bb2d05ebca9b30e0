//! Changes told in the words of dialects: WorkOS' webhook endpoints, Truto's and Commerce Layer's webhooks, each of which
//! is a Subscription.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::log::settled;
use super::receiver::{Received, Receiver, status};
use super::{quick, until};
use crate::client::Client;
use crate::commerce_layer::{Shop, record, send};
use crate::truto::Account;
use crate::workos::{app, ids, refused};

fn hmac(secret: &Value, parts: &[&[u8]]) -> Vec<u8> {
    let secret = secret.as_str().expect("a secret").as_bytes();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("a key");
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The Subscription behind the only endpoint of a dialect, once it has this status.
#[track_caller]
fn subscription(client: &Client, dialect: &str, status: &str) -> Value {
    let found = client.search(&format!("Subscription?criteria:exact=https://roster.dev/dialect/{dialect}"));
    assert_eq!(found.len(), 1, "{found:?}");
    until(client, &found[0], status)
}

/// What is signed as WorkOS does it.
#[track_caller]
fn proved(secret: &Value, received: &Received) -> Value {
    let header = &received.headers["workos-signature"];
    let (time, signature) = header.split_once(", ").expect("two parts");
    let time = time.strip_prefix("t=").expect("a time");
    assert!(time.len() == 13 && time.bytes().all(|byte| byte.is_ascii_digit()), "milliseconds: {time}");
    let mac = hmac(secret, &[format!("{time}.").as_bytes(), &received.body]);
    assert_eq!(signature, format!("v1={}", hex(&mac)));
    assert_eq!(received.method, "POST");
    assert_eq!(received.headers["content-type"], "application/json");
    received.json()
}

on_both!(an_endpoint_of_workos_hears_what_events_tell, |config| quick(config), |world| {
    let (app, other) = (app(world, "Webhooks"), app(world, "Beside"));
    let failed = AtomicBool::new(false);
    let receiver = Receiver::answering(move |_| {
        // The very first attempt fails.
        status(if failed.swap(true, Ordering::AcqRel) { 200 } else { 503 })
    });
    let wanted = ["organization_membership.created", "user.created", "user.deleted"];
    let made = json!({"endpoint_url": receiver.url, "events": wanted});
    let endpoint = app.post("/webhook_endpoints", made).expect(201).json();
    let secret = endpoint["secret"].clone();
    assert_eq!(endpoint["object"], "webhook_endpoint");
    assert_eq!((&endpoint["status"], &endpoint["events"]), (&json!("enabled"), &json!(wanted)));
    let id = endpoint["id"].as_str().expect("an id").to_owned();
    assert!(id.starts_with("we_"), "{id}");
    let stored = subscription(&app.client, "workos", "active");
    let page = app.get("/webhook_endpoints?limit=5").expect(200);
    assert_eq!(ids(&page.json()), std::slice::from_ref(&id));
    for text in [page.text(), stored.to_string()] {
        assert!(!text.contains(secret.as_str().expect("a secret")), "{text}");
    }

    let user = app.user(json!({"email": "w@example.com", "first_name": "W"}));
    let created = receiver.next();
    let again = receiver.next();
    assert_eq!(created.id(), again.id(), "what failed is told again");
    assert_eq!(proved(&secret, &created), proved(&secret, &again));
    assert_eq!(proved(&secret, &again)["data"], user);
    let place = format!("/user_management/users/{}", user["id"].as_str().expect("an id"));
    app.put(&place, json!({"first_name": "V"})).expect(200);
    let home = app.organization("Acme");
    let member = app.member(&user, &home);
    let joined = proved(&secret, &receiver.next());
    assert_eq!((&joined["event"], &joined["data"]["id"]), (&json!(wanted[0]), &member["id"]));
    app.client.delete(&place).expect(204);
    let gone = proved(&secret, &receiver.next());
    assert_eq!((&gone["event"], &gone["data"]["first_name"]), (&json!("user.deleted"), &json!("V")));
    // To the letter what is fetched, under the same ids.
    let fetched = app.get(&format!("/events?limit=100&events={}", wanted.join(","))).expect(200).json();
    let fetched: BTreeMap<&str, &Value> = fetched["data"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| (one["id"].as_str().expect("an id"), one))
        .collect();
    for told in [&proved(&secret, &again), &joined, &gone] {
        assert_eq!(fetched[told["id"].as_str().expect("an id")], told);
    }
    // The log names each as the receiver does; what is told once more is the same to the letter, and signed anew.
    let log = settled(&app.client, &stored, 3, "delivered");
    let events: Vec<&Value> = log.iter().map(|line| &line["event"]).collect();
    assert_eq!(events, [&gone["id"], &joined["id"], &proved(&secret, &again)["id"]]);
    let replay = format!("{}/$replay", crate::client::place(&stored));
    let one = json!([{"name": "delivery", "valueString": log[1]["id"]}]);
    app.client.post(&replay, &json!({"resourceType": "Parameters", "parameter": one})).expect(200);
    let received = receiver.next();
    assert_eq!((received.id(), proved(&secret, &received)), (log[1]["id"].as_str().expect("an id"), joined));

    let patch = |app: &crate::workos::App, id: &str, body: Value| {
        let place = format!("/webhook_endpoints/{id}");
        app.client.call("PATCH", &place).body("application/json", body.to_string()).send()
    };
    let off = patch(&app, &id, json!({"status": "disabled"})).expect(200).json();
    assert_eq!((&off["status"], &off["secret"]), (&json!("disabled"), &Value::Null));
    app.user(json!({"email": "silent@example.com"}));
    let on = patch(&app, &id, json!({"status": "enabled", "events": ["user.created"]})).expect(200).json();
    assert_eq!((&on["status"], &on["events"]), (&json!("enabled"), &json!(["user.created"])));
    subscription(&app.client, "workos", "active");
    let loud = app.user(json!({"email": "loud@example.com"}));
    assert_eq!(proved(&secret, &receiver.next())["data"]["id"], loud["id"], "none while it was off");

    for (wrong, field) in [
        (json!({"endpoint_url": receiver.url}), "events"),
        (json!({"endpoint_url": receiver.url, "events": []}), "events"),
        (json!({"endpoint_url": receiver.url, "events": ["user.dreamt"]}), "events"),
        (json!({"events": ["user.created"]}), "endpoint_url"),
        (json!({"endpoint_url": "ftp://example.com", "events": ["user.created"]}), "endpoint_url"),
        (json!({"endpoint_url": receiver.url, "events": ["user.created"], "secret": "mine"}), "secret"),
    ] {
        let body = refused(app.post("/webhook_endpoints", wrong), 422, "invalid_request_parameters");
        assert_eq!(body["errors"][0]["field"], field, "{body}");
    }
    refused(patch(&app, &id, json!({"status": "asleep"})), 422, "invalid_request_parameters");
    refused(patch(&other, &id, json!({"status": "disabled"})), 404, "entity_not_found");
    refused(other.client.delete(&format!("/webhook_endpoints/{id}")), 404, "entity_not_found");
    assert!(ids(&other.get("/webhook_endpoints").expect(200).json()).is_empty());
    app.client.delete(&format!("/webhook_endpoints/{id}")).expect(204);
    refused(app.client.delete(&format!("/webhook_endpoints/{id}")), 404, "entity_not_found");
    assert!(receiver.all().is_empty());
});

on_both!(a_webhook_of_truto_hears_of_records, |config| quick(config), |world| {
    let (account, other) = (Account::new(world, "Webhooks"), Account::new(world, "Beside"));
    let receiver = Receiver::new();
    let made = json!({"target_url": receiver.url, "event_types": ["record:created", "record:deleted"]});
    let webhook = account.api.post("/webhook", &made).expect(201).json();
    let secret = webhook["secret"].clone();
    assert_eq!(
        (&webhook["is_active"], &webhook["environment_id"]),
        (&json!(true), &json!(account.keys.project))
    );
    subscription(&account.api, "truto", "active");
    let place = format!("/webhook/{}", webhook["id"].as_str().expect("an id"));
    let user = account.user("t@example.com", json!({"first_name": "T"}));
    let told = |received: &Received| {
        let signature = BASE64_STANDARD.encode(hmac(&secret, &[&received.body]));
        assert_eq!(received.headers["x-truto-signature"], format!("format=sha256,v={signature}"));
        received.json()
    };
    let created = told(&receiver.next());
    assert_eq!((&created["event"], &created["webhook_id"]), (&json!("record:created"), &webhook["id"]));
    assert_eq!(created["payload"]["resource"], "user-directory/users");
    assert_eq!(created["payload"]["integrated_account_id"], json!(account.keys.project));
    assert_eq!(created["payload"]["records"][0]["id"], user["id"]);
    assert_eq!(created["payload"]["records"][0]["first_name"], "T");
    let own = format!("users/{}", user["id"].as_str().expect("an id"));
    account.patch(&own, &json!({"first_name": "U"})).expect(200);
    account.delete(&own).expect(204);
    let gone = told(&receiver.next());
    assert_eq!(
        (&gone["event"], &gone["payload"]["records"][0]["first_name"]),
        (&json!("record:deleted"), &json!("U"))
    );
    assert_ne!(created["id"], gone["id"]);

    let call = |client: &Client, body: Value| client.call("PATCH", &place).json(&body).send();
    let off = call(&account.api, json!({"is_active": false})).expect(200).json();
    assert!(off["is_active"] == false && off.get("secret").is_none(), "{off}");
    account.user("silent@example.com", json!({}));
    call(&account.api, json!({"is_active": true, "event_types": null})).expect(200);
    subscription(&account.api, "truto", "active");
    account.post("roles", &json!({"name": "Desk"})).expect(201);
    let role = told(&receiver.next());
    assert_eq!(role["payload"]["resource"], "user-directory/roles");
    assert_eq!(role["payload"]["records"][0]["name"], "Desk");

    let list = account.api.get("/webhook?limit=1").expect(200).json();
    assert_eq!((&list["result"][0]["id"], &list["next_cursor"]), (&webhook["id"], &Value::Null));
    assert_eq!(account.api.get(&place).expect(200).json()["target_url"], receiver.url);
    assert_eq!(other.api.get("/webhook").expect(200).json()["result"], json!([]));
    other.api.get(&place).expect(404);
    call(&other.api, json!({"is_active": false})).expect(404);
    other.api.delete(&place).expect(404);
    for (wrong, code) in [
        (json!({}), 400),
        (json!({"target_url": receiver.url, "event_types": ["record:dreamt"]}), 422),
        (json!({"target_url": "nowhere"}), 422),
        (json!({"target_url": receiver.url, "is_active": "yes"}), 400),
        (json!({"target_url": receiver.url, "secret": "mine"}), 400),
    ] {
        let refused = account.api.post("/webhook", &wrong).expect(code).json();
        assert_eq!(refused["statusCode"], code, "{refused}");
    }
    account.api.get("/webhook?order=up").expect(400);
    account.api.delete(&place).expect(204);
    account.api.get(&place).expect(404);
});

on_both!(a_webhook_of_commerce_layer_hears_of_its_topic, |config| quick(config), |world| {
    let (shop, other) = (Shop::new(world, "Webhooks"), Shop::new(world, "Beside"));
    let receiver = Receiver::new();
    let attributes =
        json!({"name": "Desk", "topic": "users.update", "callback_url": receiver.url, "reference": "W-1"});
    let made = shop.send("POST", "webhooks", &record("webhooks", attributes, json!({}))).expect(201).json();
    let (id, attributes) =
        (made["data"]["id"].as_str().expect("an id").to_owned(), &made["data"]["attributes"]);
    let secret = attributes["shared_secret"].clone();
    assert_eq!(
        (&attributes["topic"], &attributes["circuit_state"]),
        (&json!("users.update"), &json!("closed"))
    );
    assert_eq!((&attributes["name"], &attributes["reference"]), (&json!("Desk"), &json!("W-1")));
    subscription(&shop.api, "commerce-layer", "active");
    let role = shop.role("Clerk");
    shop.invite("c@example.com", &role);
    let own = record("users", json!({"first_name": "Olive"}), json!({}));
    // Whoever owns this project is of its own pool.
    let changed = shop.send("PATCH", "user", &own).expect(200).json();
    let received = receiver.next();
    let signature = BASE64_STANDARD.encode(hmac(&secret, &[&received.body]));
    assert_eq!(received.headers["x-commercelayer-signature"], signature);
    assert_eq!(received.headers["x-commercelayer-topic"], "users.update");
    assert_eq!(received.headers["content-type"], crate::commerce_layer::MEDIA);
    assert_eq!(received.json()["data"]["attributes"], changed["data"]["attributes"]);

    let place = format!("webhooks/{id}");
    let shown = shop.get(&place).expect(200).json();
    assert_eq!(shown["data"]["attributes"]["shared_secret"], Value::Null);
    assert_eq!(shop.get("webhooks").expect(200).json()["meta"]["record_count"], 1);
    assert_eq!(other.get("webhooks").expect(200).json()["meta"]["record_count"], 0);
    other.get(&place).expect(404);
    other.delete(&place).expect(404);
    let change = |attributes: Value| {
        let mut document = record("webhooks", attributes, json!({}));
        document["data"]["id"] = json!(id);
        shop.send("PATCH", &place, &document)
    };
    let off = change(json!({"_disable": true})).expect(200).json();
    assert!(off["data"]["attributes"]["disabled_at"].is_string(), "{off}");
    change(json!({"topic": "memberships.create", "_enable": true})).expect(200);
    subscription(&shop.api, "commerce-layer", "active");
    let member = shop.invite("d@example.com", &role);
    let received = receiver.next();
    assert_eq!(received.headers["x-commercelayer-topic"], "memberships.create");
    assert_eq!(received.json()["data"]["id"], member["id"]);
    let stored = subscription(&shop.api, "commerce-layer", "active");
    settled(&shop.api, &stored, 2, "delivered");
    let last = format!("{place}/last_event_callbacks");
    let page = shop.get(&format!("{last}?page[size]=1")).expect(200).json();
    assert_eq!(page["meta"], json!({"record_count": 2, "page_count": 2}));
    let callback = &page["data"][0];
    assert_eq!((&callback["type"], &callback["id"]), (&json!("event_callbacks"), &json!(received.id())));
    let attributes = &callback["attributes"];
    assert_eq!(attributes["payload"], received.json(), "as it was sent");
    assert_eq!(
        (&attributes["response_code"], &attributes["callback_url"]),
        (&json!("200"), &json!(receiver.url))
    );
    let own = format!("event_callbacks/{}", received.id());
    assert_eq!(shop.get(&own).expect(200).json()["data"], *callback);
    assert_eq!(shop.get(&format!("{own}/webhook")).expect(200).json()["data"]["id"], id);
    // Of what it was told of before, the webhook wants nothing by now.
    let older = shop.get(&format!("{last}?page[size]=1&page[number]=2")).expect(200).json();
    assert_eq!(older["data"][0]["attributes"]["payload"], Value::Null);
    shop.get(&format!("{last}?sort=id")).expect(400);
    shop.get(&format!("{last}?include=webhook")).expect(400);
    shop.get("webhooks?include=last_event_callbacks").expect(400);
    shop.get(&format!("event_callbacks/{id}.0")).expect(404);
    shop.get(&format!("event_callbacks/{id}.999999")).expect(404);
    for missing in [last, own.clone(), format!("{own}/webhook")] {
        other.get(&missing).expect(404);
    }

    for attributes in [
        json!({"topic": "users.update"}),
        json!({"callback_url": receiver.url}),
        json!({"topic": "orders.place", "callback_url": receiver.url}),
        json!({"topic": "users.update", "callback_url": "nowhere"}),
        json!({"topic": "users.update", "callback_url": receiver.url, "shared_secret": "mine"}),
    ] {
        let body = record("webhooks", attributes, json!({}));
        let refused = shop.send("POST", "webhooks", &body).expect(422).json();
        assert!(
            refused["errors"][0]["source"]["pointer"]
                .as_str()
                .expect("a place")
                .starts_with("/data/attributes/")
        );
    }
    let none = record("webhooks", json!({"topic": "users.update", "callback_url": receiver.url}), json!({}));
    send(&world.member, "POST", "webhooks", &none).expect(403);
    shop.delete(&place).expect(204);
    shop.get(&place).expect(404);
});

on_both!(a_dialect_is_asked_for_by_a_subscription_as_well, |config| quick(config), |world| {
    let app = app(world, "Asked");
    let receiver = Receiver::new();
    let event = |name: &str| json!([{"url": "https://roster.dev/fhir/StructureDefinition/subscription-event", "valueCode": name}]);
    let hook = |criteria: &str, payload: Value, extension: Value| {
        json!({
            "resourceType": "Subscription", "status": "requested", "reason": "A test", "criteria": criteria,
            "extension": extension,
            "channel": {"type": "rest-hook", "endpoint": receiver.url, "payload": payload}
        })
    };
    let (workos, media) = ("https://roster.dev/dialect/workos", json!("application/json"));
    let fhir = |body: &Value| app.client.post("Subscription", body);
    fhir(&hook(workos, media.clone(), event("user.dreamt"))).refused(422, "value");
    fhir(&hook("User", media.clone(), event("user.created"))).refused(422, "value");
    fhir(&hook(workos, json!("application/fhir+json"), event("user.created"))).refused(422, "not-supported");
    let stored = fhir(&hook(workos, media.clone(), event("user.created"))).expect(201).json();
    until(&app.client, &stored, "active");
    let page = app.get("/webhook_endpoints").expect(200).json();
    assert_eq!(page["data"][0]["endpoint_url"], receiver.url);
    let user = app.user(json!({"email": "f@example.com"}));
    let received = receiver.next();
    assert_eq!(received.json()["data"]["id"], user["id"]);
    assert!(!received.headers.contains_key("workos-signature"), "it has no secret");
    // Nobody sets the header of a signature himself.
    let mut own = hook(workos, media, event("user.created"));
    own["channel"]["header"] = json!(["WorkOS-Signature: t=1, v1=00"]);
    fhir(&own).refused(422, "value");
});

on_both!(an_endpoint_of_workos_hears_of_sign_ins, |config| quick(config), |world| {
    let app = app(world, "Sign-ins");
    let receiver = Receiver::new();
    let wanted = json!(["authentication.password_succeeded", "session.created", "session.revoked"]);
    app.post("/webhook_endpoints", json!({"endpoint_url": receiver.url, "events": wanted})).expect(201);
    subscription(&app.client, "workos", "active");
    let user = app.user(json!({"email": "in@example.com", "password": crate::workos::PASSWORD}));
    let session = app.sign_in("in@example.com").expect(200).json();
    let sid = &crate::workos::claims(&session["access_token"])["sid"];
    app.post("/user_management/sessions/revoke", json!({"session_id": sid})).expect(200);
    let mut told: Vec<Value> = (0..3).map(|_| receiver.next().json()).collect();
    told.sort_by_key(|event| event["id"].as_str().map(str::to_owned));
    let events: Vec<&Value> = told.iter().map(|event| &event["event"]).collect();
    assert_eq!(json!(events), wanted);
    let fetched = app
        .get("/events?events=authentication.password_succeeded,session.created,session.revoked")
        .expect(200)
        .json();
    // The owner of the project had signed in before.
    let fetched = fetched["data"].as_array().expect("a list").iter();
    let own: Vec<&Value> = fetched.filter(|one| one["data"]["user_id"] == user["id"]).collect();
    assert_eq!(json!(own), json!(told));
    assert!(receiver.all().is_empty());
});
