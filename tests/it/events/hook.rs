//! What a rest-hook sends (<https://hl7.org/fhir/R4/subscription.html#rest-hook>).

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use super::receiver::{Received, Receiver, status};
use super::{active, channel, hook, quick, until};
use crate::client::id;
use crate::sample::{organization, patient, with};

const SECRET: &str = "https://roster.dev/fhir/StructureDefinition/subscription-secret";

fn secret(text: &str) -> serde_json::Value {
    json!({"extension": [{"url": SECRET, "valueString": text}]})
}

/// <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>
fn signature(key: &[u8], received: &Received) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key");
    mac.update(format!("{}.{}.", received.id(), received.headers["webhook-timestamp"]).as_bytes());
    mac.update(&received.body);
    format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()))
}

on_both!(without_a_payload_an_empty_post_is_sent, |config| quick(config), |world| {
    let receiver = Receiver::new();
    active(&world.admin, &hook("Patient?family=Curie", &format!("{}?desk=5", receiver.url)));
    world.admin.create(&patient("Meitner", "Lise"));
    world.admin.create(&organization("Curie"));
    world.admin.create(&patient("Curie", "Marie"));
    let received = receiver.next();
    assert_eq!((received.method.as_str(), received.path.as_str()), ("POST", "/here?desk=5"));
    assert!(received.body.is_empty() && !received.headers.contains_key("content-type"), "{received:?}");
    assert!(!received.headers.contains_key("webhook-signature"), "{received:?}");
    world.admin.create(&patient("Curie", "Irène"));
    assert_ne!(receiver.next().id(), received.id());
    assert!(receiver.all().is_empty());
});

on_both!(with_a_payload_the_resource_is_put_below_the_endpoint, |config| quick(config), |world| {
    let receiver = Receiver::new();
    let subscription = channel(
        hook("Patient", &format!("{}/?desk=5", receiver.url)),
        json!({"payload": "application/fhir+json", "header": ["Authorization: Bearer of-theirs", "X-Desk:5"]}),
    );
    active(&world.admin, &subscription);
    let stored = world.admin.create(&patient("Curie", "Marie"));
    let received = receiver.next();
    assert_eq!(received.method, "PUT");
    assert_eq!(received.path, format!("/here/Patient/{}?desk=5", id(&stored)));
    assert_eq!(received.headers["content-type"], "application/fhir+json");
    assert_eq!(received.headers["authorization"], "Bearer of-theirs");
    assert_eq!(received.headers["x-desk"], "5");
    assert_eq!(received.json(), stored);

    let updated = world.admin.update(&with(stored, json!({"active": true})));
    assert_eq!(receiver.next().json(), updated);
});

on_both!(what_has_a_secret_is_signed, |config| quick(config), |world| {
    let receiver = Receiver::new();
    let key = BASE64_STANDARD.encode(b"twenty-four bytes of key");
    for (text, key) in [
        ("a-secret-of-some-length", b"a-secret-of-some-length".as_slice()),
        (&format!("whsec_{key}"), b"twenty-four bytes of key"),
    ] {
        let subscription = channel(hook("Patient", &receiver.url), secret(text));
        let stored =
            active(&world.admin, &channel(subscription, json!({"payload": "application/fhir+json"})));
        world.admin.create(&patient("Curie", "Marie"));
        let received = receiver.next();
        assert!(!received.body.is_empty());
        assert_eq!(received.headers["webhook-signature"], signature(key, &received));
        // A write without the secret keeps it.
        let stored = world.admin.get(&crate::client::place(&stored)).expect(200).json();
        let off = world.admin.update(&with(stored, json!({"status": "off"})));
        let again = world.admin.update(&with(off, json!({"status": "requested"})));
        let stored = until(&world.admin, &again, "active");
        world.admin.create(&patient("Curie", "Irène"));
        let received = receiver.next();
        assert_eq!(received.headers["webhook-signature"], signature(key, &received));
        world.admin.delete(&crate::client::place(&stored)).expect(204);
    }
});

on_both!(a_secret_of_a_subscription_is_shown_by_nothing, |config| quick(config), |world| {
    let receiver = Receiver::new();
    let sent = channel(hook("Patient", &receiver.url), secret("whsec_U0VOVElORUwtU0VOVElORUw="));
    let created = world.admin.post("Subscription", &sent).expect(201);
    let stored = until(&world.admin, &created.json(), "active");
    let place = crate::client::place(&stored);
    let mut answers = vec![created];
    answers
        .push(world.admin.put(&place, &with(sent.clone(), json!({"id": id(&stored), "end": 5}))).expect(422));
    let twice = secret("SENTINEL-SENTINEL")["extension"][0].clone();
    let twice = channel(sent, json!({"extension": [twice, twice]}));
    answers.push(world.admin.post("Subscription", &twice).refused(422, "value"));
    world.admin.create(&patient("Curie", "Marie"));
    let received = receiver.next();
    assert!(
        !format!("{:?}{}", received.headers, String::from_utf8_lossy(&received.body)).contains("SENTINEL")
    );
    for client in [&world.admin, &world.super_admin, &world.stranger, &world.member] {
        for more in ["", "/_history", "/_history/1", "?_elements=channel", "?_summary=true"] {
            answers.push(client.get(&format!("{place}{more}")));
        }
        answers.push(client.get("Subscription"));
    }
    for answer in &answers {
        let text = answer.text();
        assert!(!text.contains("U0VOVElORUw") && !text.contains("SENTINEL"), "{text}");
        assert!(!text.contains("subscription-secret") || answer.status == 422, "{text}");
    }
    for (table, rows) in world.database.dump() {
        let telling = rows.iter().filter(|row| row.contains("U0VOVElORUw")).count();
        assert_eq!(telling, usize::from(table == "credential"), "{table}");
    }
});

on_both!(a_redirect_is_not_followed, |config| quick(config), |world| {
    let elsewhere = Receiver::new();
    let location = elsewhere.url.clone();
    let receiver = Receiver::answering(move |_| {
        format!("HTTP/1.1 307 Elsewhere\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")
    });
    let stored = active(&world.admin, &hook("Patient", &receiver.url));
    world.admin.create(&patient("Curie", "Marie"));
    let first = receiver.next();
    assert_eq!(receiver.next().id(), first.id(), "it is tried again at the same place");
    let troubled = until(&world.admin, &stored, "error");
    let error = troubled["error"].as_str().expect("an error");
    assert!(error.contains("307") && error.contains("redirects"), "{error}");
    receiver.answer(|_| status(204));
    until(&world.admin, &stored, "active");
    assert!(elsewhere.all().is_empty());
});
