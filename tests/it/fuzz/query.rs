//! Query strings, of searches and histories: <https://hl7.org/fhir/R4/search.html>.

use proptest::prelude::*;
use proptest::sample::select;

use super::text::{addressed, mostly, near, spoilt, value};
use super::{hold, sound};
use crate::sample::{patient, user};

const NAMES: [&str; 48] = [
    "family",
    "given",
    "name",
    "identifier",
    "gender",
    "active",
    "birthdate",
    "organization",
    "email",
    "phone",
    "general-practitioner",
    "address",
    "deceased",
    "language",
    "link",
    "_id",
    "_lastUpdated",
    "_tag",
    "_profile",
    "_security",
    "_source",
    "_text",
    "_content",
    "_list",
    "_type",
    "_query",
    "_sort",
    "_count",
    "_total",
    "_summary",
    "_elements",
    "_include",
    "_revinclude",
    "_contained",
    "_containedType",
    "_filter",
    "_cursor",
    "_format",
    "_pretty",
    "_score",
    "_has",
    "_since",
    "_at",
    "external-id",
    "project",
    "organization.name",
    "general-practitioner:Practitioner.family",
    "_has:Group:member:_id",
];

const MODIFIERS: [&str; 14] = [
    ":exact",
    ":contains",
    ":missing",
    ":not",
    ":text",
    ":in",
    ":not-in",
    ":above",
    ":below",
    ":of-type",
    ":identifier",
    ":Patient",
    ":iterate",
    ":Organization",
];

const OWN: [&str; 40] = [
    "family",
    "-family",
    "family,-birthdate",
    "_id,_lastUpdated,family,given,gender",
    "none",
    "accurate",
    "estimate",
    "true",
    "text",
    "data",
    "count",
    "Patient:organization",
    "Patient:general-practitioner:Practitioner",
    "Patient:*",
    "*",
    "Group:member",
    "Group:member:Patient",
    "Provenance:target",
    "name,birthDate",
    "id",
    "meta",
    "Patient,User",
    "User,Patient,Organization",
    "Nonsense",
    "json",
    "xml",
    "both",
    "container",
    "0",
    "1",
    "5",
    "1000",
    "100000000000",
    "name eq \"x\" and (birthdate lt 1970)",
    "not (family co \"a\")",
    "((((family sw a))))",
    "organization.name eq \"x\" or family pr true",
    "family eq",
    "1970-01-01T00:00:00Z",
    "Patient/1",
];

/// What a `_filter` is made of (<https://hl7.org/fhir/R4/search_filter.html>).
const TERMS: &str = "family given birthdate gender organization.name identifier[system eq \"x\"].value nonsense \
    eq ne co sw ew gt lt ge le ap sa eb pr po ss sb in re true 1970 male Patient/1 \"x\" \"\\\"\" \" 5 -1.5e3 ( ) ( ) ( ) [ ] \
    and or not and or not";

fn filter() -> impl Strategy<Value = String> {
    let words: Vec<&str> = TERMS.split_whitespace().collect();
    let any = prop::collection::vec(select(words), 1..16).prop_map(|words| words.join(" "));
    let term = select(
        &["family eq a", "gender eq male", "birthdate gt 1970", "given sw \"p\"", "active pr true"][..],
    );
    let tree = term.prop_map(str::to_owned).prop_recursive(6, 40, 4, |inner| {
        let joined = select(&[" and ", " or "][..]);
        let many = (prop::collection::vec(inner.clone(), 1..4), joined)
            .prop_map(|(terms, joined)| format!("({})", terms.join(joined)));
        prop_oneof![3 => many, 1 => inner.prop_map(|term| format!("not ({term})"))]
    });
    let deep =
        (1usize..3000).prop_map(|depth| format!("{}family eq a{}", "(".repeat(depth), ")".repeat(depth)));
    let nots = (1usize..2000)
        .prop_map(|depth| format!("{}(family eq a){}", "not (".repeat(depth), ")".repeat(depth)));
    let texts =
        prop_oneof![6 => any, 6 => tree.clone(), 3 => tree.prop_flat_map(spoilt), 1 => deep, 1 => nots];
    texts.prop_map(|text| format!("_filter={}", text.replace('&', "%26")))
}

fn name() -> impl Strategy<Value = String> {
    (mostly(&NAMES), prop_oneof![3 => Just(""), 1 => select(&MODIFIERS[..])])
        .prop_map(|(name, modifier)| format!("{name}{modifier}"))
}

fn pair() -> impl Strategy<Value = String> {
    let value = prop_oneof![2 => value(), 1 => near(&OWN)];
    prop_oneof![
        12 => (name(), value).prop_map(|(name, value)| format!("{name}={value}")),
        4 => filter(),
        1 => name(),
        1 => value_alone(),
    ]
}

fn value_alone() -> impl Strategy<Value = String> {
    value().prop_map(|value| format!("={value}"))
}

fn query() -> impl Strategy<Value = String> {
    let few = prop::collection::vec(pair(), 0..5);
    let many = (pair(), 2usize..300).prop_map(|(pair, times)| vec![pair; times]);
    prop_oneof![20 => few, 1 => many].prop_map(|pairs| {
        // More than that no client puts into an address.
        let query = addressed(&pairs.join("&"));
        query[..query.len().min(60_000)].to_owned()
    })
}

const PLACES: [&str; 12] = [
    "Patient",
    "User",
    "Group",
    "Practitioner",
    "",
    "Patient/_history",
    "_history",
    "Patient/p1/_history",
    "Patient/p1",
    "Patient/p1/Group",
    "Patient/p1/*",
    "metadata",
];

on_both!(no_question_is_too_strange, |world| {
    for (id, family) in [("p1", "Chalmers"), ("p2", "a")] {
        let mut sent = patient(family, "Peter");
        sent["id"] = id.into();
        world.admin.put(&format!("Patient/{id}"), &sent).expect(201);
    }
    world.admin.create(&user("a@example.com"));
    let asked = (
        select(&PLACES[..]),
        query(),
        any::<bool>(),
        select(&["", "handling=lenient", "handling=strict"][..]),
    );
    hold(700, &asked, |(place, query, posted, prefer)| {
        let is_search = !place.contains(['/', '_']) && !place.is_empty() && place != "metadata";
        let call = if posted && is_search {
            world.admin.call("POST", &format!("{place}/_search")).form(&query)
        } else if place.is_empty() {
            world.admin.call("GET", &format!("/fhir/R4?{query}"))
        } else {
            world.admin.call("GET", &format!("{place}?{query}"))
        };
        sound(&call.header("Prefer", prefer).send())
    });
    // The conditions of writes are read in the same way.
    let asked = (query(), select(&["PUT", "PATCH", "DELETE", "POST"][..]));
    hold(150, &asked, |(query, method)| {
        let call = world.admin.call(method, &format!("Patient?{query}"));
        let call = match method {
            "DELETE" => call,
            "PATCH" => call.body("application/json-patch+json", "[]"),
            _ => call.json(&patient("Condition", "X")),
        };
        sound(&call.send())
    });
});
