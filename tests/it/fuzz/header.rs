//! Headers: <https://www.rfc-editor.org/rfc/rfc9110>, <https://www.rfc-editor.org/rfc/rfc7240>.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

use super::text::{near, value};
use super::{hold, sound};
use crate::client::place;
use crate::sample::{patient, with};

const HEADERS: [&str; 14] = [
    "If-Match",
    "If-None-Match",
    "If-Modified-Since",
    "If-None-Exist",
    "Prefer",
    "Accept",
    "Accept-Encoding",
    "Content-Type",
    "X-Request-Id",
    "Origin",
    "Range",
    "Expect-CT",
    "Accept-Language",
    "Content-Location",
];

const VALUES: [&str; 39] = [
    "W/\"1\"",
    "\"1\"",
    "1",
    "W/\"1\", W/\"2\"",
    "*",
    "W/\"99999999999999999999\"",
    "W/\"-1\"",
    "W/\"\"",
    "\"",
    "return=minimal",
    "return=representation",
    "return=OperationOutcome",
    "return=nonsense",
    "handling=strict",
    "handling=lenient",
    "respond-async",
    "respond-async, wait=10",
    "return=minimal; foo=\"bar",
    "application/fhir+json",
    "application/fhir+xml",
    "application/json;q=0",
    "*/*;q=x",
    "text/*;q=0.5, */*;q=0.1",
    "application/fhir+json; fhirVersion=9",
    ";;;,,,=",
    "gzip",
    "gzip;q=0",
    "br;q=1.0, gzip;q=0.8, *;q=0.1",
    "Wed, 21 Oct 2015 07:28:00 GMT",
    "Wed, 99 Foo 2015 07:28:00 GMT",
    "identifier=urn:h|1",
    "Patient?identifier=urn:h|1",
    "identifier=",
    "family=a%",
    "_count=1",
    "bytes=0-10",
    "null",
    "https://app.example",
    "application/json-patch+json",
];

/// What may stand in a header at all.
fn visible(text: &str) -> String {
    text.chars()
        .filter(|char| char.is_ascii_graphic() || *char == ' ')
        .take(4000)
        .collect::<String>()
        .trim()
        .to_owned()
}

on_both!(no_header_is_too_strange, |world| {
    let sent = with(patient("Header", "X"), json!({"identifier": [{"system": "urn:h", "value": "1"}]}));
    let here = place(&world.admin.create(&sent));
    let headers =
        prop::collection::vec((select(&HEADERS[..]), prop_oneof![4 => near(&VALUES), 1 => value()]), 1..4);
    let asked =
        (select(&["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"][..]), headers, any::<bool>());
    hold(700, &asked, |(method, headers, all)| {
        let address = if all || method == "POST" { "Patient" } else { &here };
        let mut call = world.admin.call(method, address);
        let is_typed = headers.iter().any(|(name, _)| *name == "Content-Type");
        for (name, value) in &headers {
            call = call.header(name, &visible(value));
        }
        let id = here.rsplit('/').next().unwrap_or_default();
        let text = with(sent.clone(), json!({"id": id})).to_string();
        let call = match method {
            "POST" | "PUT" | "PATCH" if is_typed => call.bare(text),
            "POST" | "PUT" => call.body("application/fhir+json", text),
            "PATCH" => call.body("application/json-patch+json", "[]"),
            _ => call,
        };
        let answer = call.send();
        // HEAD tells nothing of its fault.
        if method == "HEAD" {
            prop_assert!(answer.status < 500 && answer.body.is_empty());
            return Ok(());
        }
        sound(&answer)?;
        // What a condition let through is there again for the next.
        if method == "DELETE" {
            world
                .admin
                .call("PUT", &here)
                .body("application/fhir+json", with(sent.clone(), json!({"id": id})).to_string())
                .send();
        }
        Ok(())
    });
});
