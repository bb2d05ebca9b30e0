//! Batches and transactions: <https://hl7.org/fhir/R4/http.html#transaction>.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::body::{example, faulty, written};
use super::patch::{json_patch, path_patch};
use super::text::mostly;
use super::{hold, sound};
use crate::sample::{patient, with};

const ADDRESSES: [&str; 26] = [
    "Patient",
    "Patient/b1",
    "Patient/b2",
    "Patient/none",
    "Patient?family=bundle",
    "Patient?identifier=urn:b|1",
    "Patient/b1/_history",
    "Patient/b1/_history/1",
    "_history",
    "metadata",
    "Patient/_search",
    "/",
    "",
    "?_type=Patient",
    "Patient/$validate",
    "Patient/b1/$meta",
    "$nonsense",
    "https://roster.test/fhir/R4/Patient/b1",
    "https://other.example/Patient/1",
    "urn:uuid:1",
    "Bundle",
    "Patient?family=a%",
    "Patient?_count=1&_sort=family",
    "Patient/b1#a",
    "//Patient",
    "User?email=a@example.com",
];

const LINKS: [&str; 8] = [
    "urn:uuid:11111111-1111-4111-8111-111111111111",
    "urn:uuid:22222222-2222-4222-8222-222222222222",
    "Patient/b1",
    "Patient?identifier=urn:b|1",
    "Patient?family=none",
    "Organization?name=x",
    "#contained",
    "https://other.example/Patient/1",
];

fn resource() -> impl Strategy<Value = Option<Value>> {
    let bound = (select(&LINKS[..]), select(&["b1", "b2", "b3"][..])).prop_map(|(link, id)| {
        let elements = json!({"id": id, "link": [{"other": {"reference": link}, "type": "seealso"}],
            "identifier": [{"system": "urn:b", "value": "1"}]});
        with(patient("Bundle", "X"), elements)
    });
    let plain =
        select(&["b1", "b2", "b3"][..]).prop_map(|id| with(patient("Bundle", "Y"), json!({"id": id})));
    prop_oneof![
        4 => bound.prop_map(Some),
        4 => plain.prop_map(Some),
        1 => example().prop_map(Some),
        1 => path_patch().prop_map(Some),
        1 => json_patch().prop_map(|patch| {
            use base64::Engine as _;
            let data = base64::prelude::BASE64_STANDARD.encode(patch.to_string());
            Some(json!({"resourceType": "Binary", "contentType": "application/json-patch+json", "data": data}))
        }),
        2 => Just(None),
    ]
}

fn entry() -> impl Strategy<Value = Value> {
    let verb = mostly(&["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]);
    let conditions = prop::collection::vec(
        (
            select(&["ifMatch", "ifNoneMatch", "ifModifiedSince", "ifNoneExist"][..]),
            mostly(&["W/\"1\"", "*", "identifier=urn:b|1", "2020-01-01T00:00:00Z", "family=none"]),
        ),
        0..2,
    );
    let full_url = prop::option::of(mostly(&LINKS));
    let strange = (verb, mostly(&ADDRESSES), conditions, full_url, resource()).prop_map(
        |(method, url, conditions, full_url, resource)| {
            let mut entry = json!({"request": {"method": method, "url": url}});
            conditions.into_iter().for_each(|(name, value)| entry["request"][name] = value.into());
            full_url.into_iter().for_each(|url| entry["fullUrl"] = url.into());
            resource.into_iter().for_each(|resource| entry["resource"] = resource);
            entry
        },
    );
    // What may well be done.
    let usual = (select(&["b1", "b2", "b3"][..]), 0..6u8, select(&LINKS[..3])).prop_map(|(id, kind, link)| {
        let elements = json!({"link": [{"other": {"reference": link}, "type": "seealso"}]});
        let linked = with(patient("Bundle", id), elements);
        let address = format!("Patient/{id}");
        match kind {
            0 => json!({"request": {"method": "GET", "url": address}}),
            1 => json!({"request": {"method": "DELETE", "url": address}}),
            2 => json!({"request": {"method": "PUT", "url": address}, "resource": with(linked, json!({"id": id}))}),
            3 => json!({"request": {"method": "POST", "url": "Patient"}, "resource": linked, "fullUrl": link}),
            4 => json!({"request": {"method": "POST", "url": "Patient", "ifNoneExist": format!("given={id}")},
                "resource": linked, "fullUrl": link}),
            _ => json!({"request": {"method": "PUT", "url": format!("Patient?given={id}")}, "resource": linked}),
        }
    });
    prop_oneof![1 => strange, 6 => usual]
}

fn bundle() -> impl Strategy<Value = Value> {
    let kind = mostly(&["batch", "transaction", "transaction", "collection"]);
    (kind, prop::collection::vec(entry(), 0..6))
        .prop_map(|(kind, entries)| json!({"resourceType": "Bundle", "type": kind, "entry": entries}))
}

on_both!(no_bundle_is_too_strange, |world| {
    let bundles = prop_oneof![6 => bundle().prop_map(|bundle| bundle.to_string()), 1 => written(bundle()), 2 => written(faulty(bundle()))];
    hold(500, &bundles, |text| {
        let count = || world.admin.get("Patient?_summary=count").expect(200).json()["total"].clone();
        let before = count();
        let answer = world.admin.call("POST", "/fhir/R4").body("application/fhir+json", text.as_str()).send();
        sound(&answer)?;
        if answer.status >= 400 {
            prop_assert_eq!(count(), before, "what was refused is half done");
            return Ok(());
        }
        // Every entry has its answer, and none is a fault.
        let (sent, told): (Value, Value) =
            (serde_json::from_str(&text).expect("it was taken"), answer.json());
        let length = |bundle: &Value| bundle["entry"].as_array().map_or(0, Vec::len);
        prop_assert_eq!(length(&sent), length(&told));
        for entry in told["entry"].as_array().into_iter().flatten() {
            let status = entry["response"]["status"].as_str().unwrap_or_default();
            prop_assert!(!status.starts_with('5') || status.starts_with("501"), "{}", entry);
            let refused = status.starts_with('4') || status.starts_with('5');
            let outcome = &entry["response"]["outcome"]["issue"][0];
            prop_assert!(
                !refused || (outcome["code"].is_string() && outcome["details"]["text"].is_string()),
                "{}",
                entry
            );
        }
        Ok(())
    });
});
