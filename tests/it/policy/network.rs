//! From where a policy may be used; the tests call from 127.0.0.1.

use serde_json::{Value, json};

use super::{holder_of, policy_with};

fn rules(rules: &[(&str, &str)]) -> Value {
    rules.iter().map(|(value, action)| json!({"value": value, "action": action})).collect()
}

on_both!(whoever_comes_from_elsewhere_is_refused, |world| {
    let under = |rule: &[(&str, &str)]| {
        let elements = json!({"resource": [{"resourceType": "Patient"}], "ipAccessRule": rules(rule)});
        holder_of(world, &policy_with(world, elements))
    };
    for open in [
        &[("127.0.0.0/8", "allow"), ("*", "block")][..],
        &[("10.0.0.0/8", "block")],
        &[("2001:db8::/32", "block"), ("127.0.0.1", "allow")],
    ] {
        under(open).get("Patient").expect(200);
    }
    for shut in [
        &[("127.0.0.1", "block"), ("*", "allow")][..],
        &[("192.0.2.0/24", "allow")],
        &[("*", "block")],
        &[("2001:db8::/32", "allow")],
    ] {
        let holder = under(shut);
        holder.get("Patient").refused(403, "forbidden");
        holder.get("$graphql?query=%7BPatientList%7Bid%7D%7D").refused(403, "forbidden");
        holder.post("", &json!({"resourceType": "Bundle", "type": "batch"})).refused(403, "forbidden");
    }
});

on_both!(entries_of_a_bundle_come_from_where_the_bundle_comes_from, |world| {
    let rules = rules(&[("127.0.0.1", "allow"), ("*", "block")]);
    let elements = json!({"resource": [{"resourceType": "Patient"}], "ipAccessRule": rules});
    let holder = holder_of(world, &policy_with(world, elements));
    let entry = json!([{"request": {"method": "GET", "url": "Patient"}}]);
    let told =
        holder.post("", &json!({"resourceType": "Bundle", "type": "batch", "entry": entry})).expect(200);
    assert_eq!(
        told.json()["entry"][0]["response"]["status"].as_str().map(|status| &status[..3]),
        Some("200")
    );
});

on_both!(a_header_makes_nobody_come_from_elsewhere, |world| {
    let rules = rules(&[("192.0.2.1", "allow"), ("*", "block")]);
    let elements = json!({"resource": [{"resourceType": "Patient"}], "ipAccessRule": rules});
    let holder = holder_of(world, &policy_with(world, elements));
    for (name, value) in [("X-Forwarded-For", "192.0.2.1"), ("Forwarded", "for=192.0.2.1")] {
        holder.call("GET", "Patient").header(name, value).send().refused(403, "forbidden");
    }
});
