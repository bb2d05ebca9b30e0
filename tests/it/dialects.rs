//! `docs/dialects.md` says of every field of every dialect where it is kept. Its tables are made from `fhir/mapping`
//! (<https://hl7.org/fhir/R4/conceptmap.html>), which names what is defined, and every field that a room shows.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use roster::definitions::Definitions;
use serde_json::{Value, json};

use crate::client::Client;
use crate::world::keys;

const HOME: &str = env!("CARGO_MANIFEST_DIR");
/// What follows in the manual is made here.
const MARK: &str = "<!-- Below: made from fhir/mapping by tests/it/dialects.rs. -->\n";
/// In this order.
const MAPS: [&str; 6] = ["medplum", "workos", "commerce-layer", "axway", "truto", "scim"];

struct Map {
    title: String,
    description: String,
    /// Field, where it is kept, and what is to be said of it.
    fields: Vec<[String; 3]>,
}

fn map(name: &str) -> Map {
    let text = fs::read(Path::new(HOME).join(format!("fhir/mapping/{name}.json"))).expect("a map");
    let map: Value = serde_json::from_slice(&text).expect("JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let elements = map["group"][0]["element"].as_array().expect("elements");
    let field = |one: &Value| {
        let target = &one["target"][0];
        [text(&one["code"]), text(&target["code"]), text(&target["comment"])]
    };
    Map {
        title: text(&map["title"]),
        description: text(&map["description"]),
        fields: elements.iter().map(field).collect(),
    }
}

fn tables() -> String {
    let maps: Vec<Map> = MAPS.iter().map(|name| map(name)).collect();
    let mut kept: BTreeMap<&str, Vec<Vec<&str>>> = BTreeMap::new();
    for (place, map) in maps.iter().enumerate() {
        for [field, target, _] in map.fields.iter().filter(|field| !field[1].is_empty()) {
            kept.entry(target).or_insert_with(|| vec![Vec::new(); maps.len()])[place].push(field);
        }
    }
    let titles: Vec<&str> = maps.iter().map(|map| map.title.as_str()).collect();
    let mut text = format!(
        "\n## By element\n\n| kept in | {} |\n|{}\n",
        titles.join(" | "),
        "---|".repeat(maps.len() + 1)
    );
    for (target, fields) in kept {
        let fields: Vec<String> = fields.iter().map(|fields| fields.join(", ")).collect();
        text += &format!("| {target} | {} |\n", fields.join(" | "));
    }
    for map in &maps {
        text +=
            &format!("\n## {}\n\n{}\n\n| field | kept in | |\n|---|---|---|\n", map.title, map.description);
        for [field, target, comment] in &map.fields {
            text += &format!("| {field} | {target} | {comment} |\n");
        }
    }
    text
}

#[test]
fn the_manual_of_dialects_is_that_of_the_maps() {
    let manual = fs::read_to_string(Path::new(HOME).join("docs/dialects.md")).expect("the manual");
    let (_, below) = manual.split_once(MARK).expect("the mark");
    let tables = tables();
    for (number, (found, made)) in below.lines().zip(tables.lines()).enumerate() {
        assert_eq!(found, made, "line {number} behind the mark");
    }
    assert_eq!(below.len(), tables.len());
}

#[test]
fn a_map_names_what_is_defined() {
    let definitions = Definitions::load(&[]).expect("the definitions are right");
    let mut faults = Vec::new();
    for name in MAPS {
        for [field, target, _] in map(name).fields.iter().filter(|field| !field[1].is_empty()) {
            let (kind, element) = target.split_once('.').unwrap_or((target.as_str(), ""));
            let extension = element.strip_prefix("extension(").and_then(|rest| rest.strip_suffix(')'));
            let known = definitions.resource_structure(kind).is_some_and(|structure| match extension {
                Some(name) => Path::new(HOME).join(format!("fhir/extension/{name}.json")).exists(),
                None => element.is_empty() || structure.root().element(element).is_some(),
            });
            if !known {
                faults.push(format!("{name}: {field} is kept in {target}, which is not defined"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// The fields of an object: `emails[].type`.
fn fields(value: &Value, place: &str, map: &Map, found: &mut Vec<String>) {
    let is_whole = map.fields.iter().any(|[field, ..]| field == place);
    match value {
        Value::Object(object) if !is_whole => {
            for (name, value) in object {
                let separator = if place.is_empty() { "" } else { "." };
                fields(value, &format!("{place}{separator}{name}"), map, found);
            }
        }
        Value::Array(list) if !is_whole && list.iter().any(Value::is_object) => {
            list.iter().for_each(|one| fields(one, &format!("{place}[]"), map, found));
        }
        _ => found.push(place.to_owned()),
    }
}

/// Map, whose token it takes, where the user is shown, and where in the answer.
const ROOMS: &[(&str, &str, &str, &str)] = &[
    ("truto", "key", "/unified/user-directory/users/{id}?integrated_account_id={project}", ""),
    ("scim", "key", "/scim/v2/Users/{id}", ""),
];

on_both!(every_field_that_a_room_shows_is_in_its_map, |world| {
    let keys = keys(world, "Dialects");
    let key = Client::with_token(&world.server.address, &keys.api_key);
    let user = json!({
        "resourceType": "User", "project": {"reference": format!("Project/{}", keys.project)},
        "email": "ada@example.com", "firstName": "Ada", "lastName": "Lovelace", "displayName": "Countess",
        "title": "Analyst", "externalId": "A-1", "timezone": "Europe/London", "preferredLanguage": ["en-US", "fr"],
        "photo": {"url": "https://example.com/ada.png"}, "metadata": [{"name": "team", "valueString": "engines"}],
        "telecom": [
            {"system": "phone", "value": "+44 1", "use": "work"}, {"system": "url", "value": "https://example.com/"},
            {"system": "email", "value": "ada@home.example", "use": "home"}
        ]
    });
    let user = key.create(&user);
    let id = user["id"].as_str().expect("an id");
    let owner = Client::with_token(&world.server.address, &keys.owner_token);
    for (name, who, place, inside) in ROOMS {
        let map = map(name);
        let caller = if *who == "owner" { &owner } else { &key };
        let place = place.replace("{id}", id).replace("{project}", &keys.project);
        let shown = caller.get(&place).expect(200).json();
        let mut found = Vec::new();
        fields(shown.pointer(inside).expect("a user"), "", &map, &mut found);
        assert!(found.len() > 8, "{name}: {shown}");
        let is_strange = |found: &&String| !map.fields.iter().any(|[field, ..]| field == *found);
        let strange: Vec<&String> = found.iter().filter(is_strange).collect();
        assert!(strange.is_empty(), "{name}: {strange:?} of {shown}");
    }
});
