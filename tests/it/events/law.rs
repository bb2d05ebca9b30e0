//! What a subscription may say (<https://hl7.org/fhir/R4/subscription-definitions.html>).

use proptest::prelude::*;
use roster::repo::subscription::{Subscription, signing_key};
use serde_json::{Value, json};

use super::{channel, hook, socket, until};
use crate::client::place;
use crate::sample::with;

const ENDPOINT: &str = "https://example.com/hook";

fn more(elements: Value) -> Value {
    channel(hook("Patient", ENDPOINT), elements)
}

on_both!(what_is_not_offered_is_refused, |world| {
    let extension = |value: Value| {
        let mut extension = json!({"url": "https://roster.dev/fhir/StructureDefinition/subscription-secret"});
        extension.as_object_mut().expect("an object").extend(value.as_object().expect("an object").clone());
        json!([extension])
    };
    let many: Vec<String> = (0..21).map(|i| format!("X-{i}: v")).collect();
    for (sent, code, at) in [
        (hook("Observation?code=x", ENDPOINT), "not-supported", "criteria"),
        (hook("", ENDPOINT), "value", "criteria"),
        (hook("Patient?nonsense=1", ENDPOINT), "not-supported", "criteria"),
        (hook("Patient?birthdate=never", ENDPOINT), "value", "criteria"),
        (hook("Patient?_sort=family", ENDPOINT), "not-supported", "criteria"),
        (hook("Patient?_count=5", ENDPOINT), "not-supported", "criteria"),
        (hook("Patient?_lastUpdated=x&nonsense=1", ENDPOINT), "not-supported", "criteria"),
        (hook("Subscription?status=active", ENDPOINT), "not-supported", "criteria"),
        (hook("/fhir/R4/Patient", ENDPOINT), "not-supported", "criteria"),
        (hook(&format!("Patient?family={}", "x".repeat(9000)), ENDPOINT), "too-long", "criteria"),
        (more(json!({"type": "email"})), "not-supported", "channel.type"),
        (more(json!({"type": "sms"})), "not-supported", "channel.type"),
        (more(json!({"type": "message"})), "not-supported", "channel.type"),
        (hook("Patient", "ftp://example.com/"), "value", "channel.endpoint"),
        (hook("Patient", "example.com"), "value", "channel.endpoint"),
        (hook("Patient", "urn:uuid:d3bfe1f7-0c3c-4bd8-9b55-79a1a7f1e1a6"), "value", "channel.endpoint"),
        (hook("Patient", "https://me:password@example.com/"), "value", "channel.endpoint"),
        (hook("Patient", "https://example.com/#here"), "value", "channel.endpoint"),
        (more(json!({"payload": "application/fhir+xml"})), "not-supported", "channel.payload"),
        (more(json!({"payload": "text/plain"})), "not-supported", "channel.payload"),
        (more(json!({"header": ["nothing"]})), "value", "channel.header[0]"),
        (more(json!({"header": ["X-Good: 1", "No Name: x"]})), "value", "channel.header[1]"),
        (more(json!({"header": ["X-Bad: é"]})), "value", "channel.header[0]"),
        (more(json!({"header": ["X-Bad: a\r\nX-Smuggled: b"]})), "value", "channel.header[0]"),
        (more(json!({"header": ["Host: elsewhere.example.com"]})), "value", "channel.header[0]"),
        (more(json!({"header": ["content-length: 5"]})), "value", "channel.header[0]"),
        (more(json!({"header": ["Webhook-Signature: v1,x"]})), "value", "channel.header[0]"),
        (more(json!({"header": many})), "too-long", "channel.header"),
        (
            more(json!({"extension": extension(json!({"valueString": "short"}))})),
            "value",
            "channel.extension",
        ),
        (more(json!({"extension": extension(json!({"valueInteger": 5}))})), "value", "channel.extension"),
        (
            more(json!({"extension": extension(json!({"valueString": "whsec_?no-base64-at-all?"}))})),
            "value",
            "channel.extension",
        ),
        (
            with(
                hook("Patient", ENDPOINT),
                json!({"extension": extension(json!({"valueString": "0123456789abcdef"}))}),
            ),
            "value",
            "channel.extension",
        ),
        (channel(socket("Patient"), json!({"endpoint": ENDPOINT})), "not-supported", "channel.endpoint"),
        (
            channel(socket("Patient"), json!({"payload": "application/fhir+json"})),
            "not-supported",
            "channel.payload",
        ),
        (channel(socket("Patient"), json!({"header": ["X-A: b"]})), "not-supported", "channel.header"),
        (
            channel(
                socket("Patient"),
                json!({"extension": extension(json!({"valueString": "0123456789abcdef"}))}),
            ),
            "not-supported",
            "channel.extension",
        ),
    ] {
        let answer = world.admin.post("Subscription", &sent).expect(422);
        let told = answer
            .issues()
            .iter()
            .any(|issue| issue["code"] == code && issue["expression"][0] == format!("Subscription.{at}"));
        assert!(told || at == "criteria" && sent["criteria"] == "", "{code} {at}: {}", answer.text());
    }
    let without = json!({"type": "rest-hook"});
    let answer =
        world.admin.post("Subscription", &with(hook("Patient", ENDPOINT), json!({"channel": without})));
    answer.refused(422, "required").at("Subscription.channel.endpoint");
    assert!(world.admin.found("Subscription").is_empty());
});

on_both!(only_public_addresses_are_sent_to, |world| {
    for endpoint in [
        "http://127.0.0.1:8103/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f.0.0.1/",
        "http://localhost/",
        "http://LOCALHOST./",
        "http://a.localhost:80/",
        "http://10.0.0.1/",
        "https://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[fd00::1]/",
        "http://0.0.0.0/",
    ] {
        let answer = world.admin.post("Subscription", &hook("Patient", endpoint));
        answer.refused(422, "value").at("Subscription.channel.endpoint");
    }
    world.admin.create(&with(hook("Patient", "http://93.184.215.14/"), json!({"status": "off"})));
});

on_both!(the_server_sets_the_status, |world| {
    for status in ["active", "error"] {
        let sent = with(socket("Patient"), json!({"status": status}));
        world.admin.post("Subscription", &sent).refused(422, "business-rule").at("Subscription.status");
    }
    let sent = with(socket("Patient"), json!({"error": "none yet"}));
    world.admin.post("Subscription", &sent).refused(422, "business-rule").at("Subscription.error");

    let stored = world.admin.create(&with(socket("Patient"), json!({"status": "off"})));
    let answer = world.admin.put(&place(&stored), &with(stored.clone(), json!({"status": "active"})));
    answer.refused(422, "business-rule").at("Subscription.status");
    let requested = world.admin.update(&with(stored, json!({"status": "requested"})));
    let active = until(&world.admin, &requested, "active");
    // What was read may be written back.
    let written = world.admin.update(&with(active, json!({"reason": "Another"})));
    assert_eq!(written["status"], "active");
    let answer = world.admin.put(&place(&written), &with(written.clone(), json!({"error": "mine"})));
    answer.refused(422, "business-rule").at("Subscription.error");
    let off = world.admin.update(&with(written, json!({"status": "off"})));
    assert_eq!(off["status"], "off");
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Whatever a channel says, it is understood or refused.
    #[test]
    fn no_channel_is_too_strange(kind in "rest-hook|websocket|.{0,9}", endpoint in "(https?://)?.{0,30}",
        payload in "(application/fhir\\+json)?.{0,5}", header in proptest::collection::vec(".{0,30}:?.{0,30}", 0..4),
        secret in "(whsec_)?.{0,40}", end in "[0-9T:Z.+-]{0,30}") {
        let body = json!({
            "status": "requested", "criteria": "Patient", "end": end,
            "channel": {"type": kind, "endpoint": endpoint, "payload": payload, "header": header}
        });
        // Either is fine; a panic is not.
        let _ = Subscription::read(&body);
        let _ = signing_key(&secret);
    }
}
