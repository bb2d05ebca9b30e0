//! Addresses: what comes in strange bytes, and what goes out in links
//! (<https://hl7.org/fhir/R4/http.html#root>).

use serde_json::json;

use crate::client::place;
use crate::sample::patient;
use crate::wire::raw::exchange;
use crate::world::token;

/// What only names a definition of ours leads nowhere.
const NAMES: &str = "https://roster.dev/fhir/StructureDefinition/";

/// Every value of an answer that is an absolute address.
fn addresses(value: &serde_json::Value, into: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) if text.starts_with("http") && !text.starts_with(NAMES) => {
            into.push(text.clone())
        }
        serde_json::Value::Array(list) => list.iter().for_each(|one| addresses(one, into)),
        serde_json::Value::Object(members) => members.values().for_each(|one| addresses(one, into)),
        _ => {}
    }
}

on_both!(
    behind_a_proxy_links_lead_to_the_proxy,
    |config| config.public_url = "https://proxy.example/clinic".to_owned(),
    |world| {
        let base = "https://proxy.example/clinic/fhir/R4";
        let anonymous = &world.anonymous;
        let token = token(anonymous, crate::server::BOOTSTRAP_CLIENT, crate::server::BOOTSTRAP_SECRET);
        let client = crate::client::Client::with_token(&world.server.address, &token);
        let created = client.post("Patient", &patient("A", "B")).expect(201);
        let place = place(&created.json());
        client.create(&patient("A", "C"));
        assert_eq!(created.header("Location"), Some(format!("{base}/{place}/_history/1").as_str()));
        let batch = json!({"resourceType": "Bundle", "type": "batch", "entry": [
            {"request": {"method": "POST", "url": "Patient"}, "resource": patient("A", "D")},
            {"request": {"method": "GET", "url": format!("{base}/{place}")}},
        ]});
        let mut found = Vec::new();
        for answer in [
            client.get("Patient?_count=1"),
            client.get("Patient/_history?_count=1"),
            client.get("_history?_count=1"),
            client.get(&format!("{place}/_history")),
            client.post("/fhir/R4", &batch),
        ] {
            let answer = answer.expect(200);
            addresses(&answer.json(), &mut found);
            for entry in answer.json()["entry"].as_array().expect("entries") {
                let status = entry["response"]["status"].as_str();
                assert!(status.is_none_or(|status| status.starts_with('2')), "{entry}");
            }
        }
        assert!(found.len() > 10, "{found:?}");
        for address in &found {
            assert!(address.starts_with(base), "{address}");
        }
        let statement = client.get("metadata").expect(200).json();
        assert_eq!(statement["implementation"]["url"], base);
    }
);

on_both!(the_host_that_a_caller_names_is_in_no_link, |world| {
    world.admin.create(&patient("A", "B"));
    world.admin.create(&patient("A", "C"));
    for header in ["Host", "X-Forwarded-Host", "Forwarded"] {
        let value = if header == "Forwarded" { "host=evil.example" } else { "evil.example" };
        let answer = world.admin.call("GET", "Patient?_count=1").header(header, value).send().expect(200);
        assert!(!answer.text().contains("evil"), "{}", answer.text());
    }
});

on_both!(strange_bytes_in_an_address_are_no_fault_of_the_server, |world| {
    let token = world.admin.token();
    for target in [
        &b"/fhir/R4/Patient?family=caf\xc3\xa9"[..],
        b"/fhir/R4/Patient/\xff",
        b"/fhir/R4/Patient?family=\xff",
        b"/fhir/R4/Patient?family=%00",
        b"/fhir/R4/%50atient",
        b"/fhir/R4/Patient%2f1",
        b"/fhir/R4//Patient",
        b"/fhir/R4/../../etc/passwd",
        b"/fhir/R4/Patient/..%2f..",
        b"//",
        b"*",
        b"http://other.example/fhir/R4/Patient",
        b"/fhir/R4/Patient?a\"b{c}|d^e`f",
    ] {
        let mut sent = b"GET ".to_vec();
        sent.extend_from_slice(target);
        sent.extend_from_slice(
            format!(" HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n")
                .as_bytes(),
        );
        let answer = exchange(&world.server.address, &sent);
        let status = answer.get(9..12).and_then(|status| status.parse::<u16>().ok()).unwrap_or_default();
        let shown = String::from_utf8_lossy(target);
        println!("{shown}: {}", answer.lines().next().unwrap_or_default());
        assert!((200..500).contains(&status), "{shown}: {answer}");
    }
});
