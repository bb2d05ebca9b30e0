//! Every route of the server and every sort of caller. A route that is not in the table fails the test with any of its
//! methods, as does one in the table that the server does not have.

mod further;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::client::Client;
use crate::people::{People, patient_of};
use crate::sample::patient;
use further::{FURTHER, Further, OTHERWISE};
use table::TABLE;

pub type Row = (&'static str, &'static str, &'static str, [u16; 5]);

/// The routes of dialects: where they are, and in which file they are declared.
const ROOMS: [(&str, &str, &[Row]); 6] = [
    ("/scim/v2", "scim/routes.rs", crate::scim::routes::TABLE),
    ("", "workos/mod.rs", crate::workos::routes::TABLE),
    ("/unified/user-directory", "truto/routes.rs", crate::truto::routes::TABLE),
    ("/webhook", "truto/webhook/mod.rs", crate::truto::routes::WEBHOOKS),
    ("/api/v1", "axway/routes.rs", crate::axway::routes::TABLE),
    ("/api", "commerce_layer/routes.rs", crate::commerce_layer::routes::TABLE),
];

/// Every route, with what it answers to the five callers of a world.
pub fn table() -> impl Iterator<Item = &'static Row> {
    TABLE.iter().chain(ROOMS.iter().flat_map(|(.., rows)| rows.iter()))
}

/// The sixth caller: somebody with a token that is none.
const FORGED: [&str; 2] = ["Patient", "Patient/none"];

/// Ends the session of whoever calls it: each is called by somebody of its own.
const ENDING: [(&str, &str); 2] = [("GET", "/oauth2/logout"), ("POST", "/oauth2/logout")];

/// So does this one, for people; `axway::auth` signs out through it.
const ENDING_OF_PEOPLE: &str = "/api/v1/auth/logout";

fn call(client: &Client, method: &str, place: &str, patient_id: &str) -> u16 {
    let place = place.replace("{id}", patient_id);
    let call = client.call(method, &place);
    let body = crate::sample::with(patient("Coverage", "X"), serde_json::json!({"id": patient_id}));
    let call = match method {
        "POST" if place.ends_with("_search") || place.ends_with("/token") => call.form(""),
        "POST" | "PUT" | "PATCH" => call.json(&body),
        _ => call,
    };
    let answer = call.send();
    assert!(answer.status < 500 || answer.status == 501, "{method} {place}: {}", answer.text());
    assert!(answer.header("X-Request-Id").is_some(), "{method} {place}");
    answer.status
}

/// What is due to a further caller.
fn due(method: &str, place: &str, (name, like): Further, expected: [u16; 5]) -> u16 {
    let mut due =
        OTHERWISE.iter().filter(|(m, p, who, _)| (*m, *p) == (method, place) && who.contains(&name));
    due.next().map_or(expected[like], |(.., status)| *status)
}

/// A new patient, where a place is about one.
fn wanted(place: &str, of: &Client) -> String {
    if place.contains("{id}") { patient_of(of) } else { "none".to_owned() }
}

on_both!(every_caller_gets_the_answer_due_to_him, |world| {
    let mut faults = Vec::new();
    for (method, _, place, expected) in table() {
        let callers = [&world.anonymous, &world.stranger, &world.member, &world.admin, &world.super_admin];
        let told = callers.map(|client| {
            // One each: a stranger may take the same id in his own project.
            call(client, method, place, &wanted(place, &world.admin))
        });
        if told != *expected {
            faults.push(format!("{method} {place}: {told:?}, not {expected:?}"));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    for place in FORGED {
        Client::with_token(&world.server.address, "forged").get(place).expect(401);
    }
});

on_both!(
    people_and_whoever_is_bounded_get_the_answer_due_to_them,
    |config| (config.sign_in.login_rate, config.sign_in.auth_rate) = (0, 0),
    |world| {
        let people = People::of(world);
        let mut faults = Vec::new();
        let rows = table().filter(|(.., place, _)| *place != ENDING_OF_PEOPLE);
        for (method, _, place, expected) in rows {
            for further in FURTHER {
                let (client, of) = match further.0 {
                    "member" => (&people.member, &world.admin),
                    "admin" => (&people.admin, &world.admin),
                    "super admin" => (&people.super_admin, &world.admin),
                    "stranger" => (&people.stranger, &world.admin),
                    "reader" => (&people.reader, &world.admin),
                    "scoped" => (&people.scoped, &world.admin),
                    "narrowed" => (&people.narrowed, &world.admin),
                    "child" => (&people.child, &world.admin),
                    "child's admin" => (&people.child_person, &world.admin),
                    // What is of the child is asked for by the admin of the project above it.
                    _ => (&people.admin, &people.child),
                };
                let told = call(client, method, place, &wanted(place, of));
                let due = due(method, place, further, *expected);
                if told != due {
                    faults.push(format!("{method} {place}: {}: {told}, not {due}", further.0));
                }
            }
        }
        assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    }
);

on_both!(
    whoever_signs_out_is_out_and_nobody_else_is,
    |config| (config.sign_in.login_rate, config.sign_in.auth_rate) = (0, 0),
    |world| {
        let anonymous = world.anonymous.get("/oauth2/logout").expect(200);
        assert!(anonymous.text().contains("You are signed out"), "{}", anonymous.text());
        for (method, place) in ENDING {
            let (leaver, stayer) = (People::of(world), People::of(world));
            let all = |people: &People| {
                let People {
                    member,
                    reader,
                    admin,
                    super_admin,
                    stranger,
                    scoped,
                    narrowed,
                    child,
                    child_person,
                    ..
                } = people;
                [member, reader, admin, super_admin, stranger, scoped, narrowed, child, child_person]
                    .map(Client::clone)
            };
            for (gone, stays) in all(&leaver).iter().zip(&all(&stayer)) {
                gone.get("/auth/me").expect(200);
                gone.call(method, place).send().expect(200);
                gone.get("/auth/me").expect(401);
                stays.get("/auth/me").expect(200);
            }
        }
    }
);

/// The methods of a line that declares a route, if it does.
fn methods(page: &str, at: usize, line: &str) -> Option<(String, Vec<String>)> {
    let found = line.find("on(\"")?;
    let (route, rest) = page[at + found + "on(\"".len()..].split_once('"').expect("a route");
    let (_, rest) = rest.split_once("&[").expect("its methods");
    let (methods, _) = rest.split_once(']').expect("its methods");
    let methods = methods.split(',').map(|method| method.trim().trim_matches('"').to_owned());
    Some((route.to_owned(), methods.filter(|method| !method.is_empty()).collect()))
}

/// The same of the rooms of dialects, each of which has a page of its own.
fn declared_in_rooms() -> BTreeSet<(String, String, String)> {
    let mut declared = BTreeSet::new();
    for (scope, file, _) in ROOMS {
        let page = fs::read_to_string(format!("{}/src/http/{file}", env!("CARGO_MANIFEST_DIR")));
        let page = page.expect("the routes of a room");
        let mut at = 0;
        for line in page.lines() {
            if let Some((route, methods)) = methods(&page, at, line) {
                declared.extend(methods.into_iter().map(|method| (method, scope.to_owned(), route.clone())));
            }
            at += line.len() + 1;
        }
    }
    declared
}

/// Methods, scopes and routes as `http/mod.rs` has them: what stands in `on("…", &[…])`, in which function, and in which
/// `scope("…")` that function is configured.
fn declared() -> BTreeSet<(String, String, String)> {
    let page =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/http/mod.rs")).expect("the routes");
    assert!(!page.contains(".route(") && !page.contains("web::resource("), "another way to declare a route");
    let between = |text: &str, mark: &str, end: char| -> Option<String> {
        text.split_once(mark).and_then(|(_, rest)| rest.split_once(end)).map(|(found, _)| found.to_owned())
    };
    let (mut scopes, mut function, mut scope) = (BTreeMap::new(), String::new(), String::new());
    let mut declared = BTreeSet::new();
    let mut at = 0;
    for line in page.lines() {
        let indent = line.len() - line.trim_start().len();
        if let Some(name) = line.strip_prefix("fn ").and_then(|rest| rest.split_once('(')) {
            function = name.0.to_owned();
        }
        let named = between(line, "scope(\"", '"').filter(|named| !named.is_empty());
        let opens = named.is_some();
        scope = named.unwrap_or(scope);
        // What is configured on the outermost level is in no scope.
        let outer = function == "routes" && indent < 16 && !opens;
        if let Some(name) = between(line, ".configure(", ')') {
            scopes.insert(name, if outer && indent == 8 { String::new() } else { scope.clone() });
        }
        if let Some((route, methods)) = methods(&page, at, line) {
            let home = match (function.as_str(), outer) {
                ("routes", true) => String::new(),
                ("routes", false) => scope.clone(),
                (name, _) => {
                    scopes.get(name).unwrap_or_else(|| panic!("{name} is configured nowhere")).clone()
                }
            };
            declared.extend(methods.into_iter().map(|method| (method, home.clone(), route.clone())));
        }
        at += line.len() + 1;
    }
    declared
}

#[test]
fn every_route_is_in_the_table_with_each_of_its_methods() {
    let ending = ENDING.iter().map(|(method, route)| (*method, *route, *route));
    let listed: BTreeSet<(&str, &str, String)> = table()
        .map(|(method, route, place, _)| (*method, *route, *place))
        .chain(ending)
        .map(|(method, route, place)| match place.starts_with('/') {
            true => (method, route, place.to_owned()),
            false => (method, route, format!("/fhir/R4/{place}")),
        })
        .collect();
    let mut declared = declared();
    declared.extend(declared_in_rooms());
    assert!(declared.len() > 100 && declared.iter().any(|(_, scope, _)| scope == "/fhir/R4"));
    let missing: Vec<_> = declared
        .iter()
        .filter(|(method, scope, route)| {
            !listed.iter().any(|(m, r, place)| {
                (m, r) == (&method.as_str(), &route.as_str()) && place.starts_with(scope)
            })
        })
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    let routes: BTreeSet<&str> = declared.iter().map(|(_, _, route)| route.as_str()).collect();
    let gone: Vec<_> =
        listed.iter().filter(|(_, route, _)| !route.is_empty() && !routes.contains(route)).collect();
    assert!(gone.is_empty(), "{gone:?}");
}

#[test]
fn what_is_answered_otherwise_is_about_the_table() {
    for (method, place, who, _) in OTHERWISE {
        assert!(table().any(|(m, _, p, _)| (m, p) == (method, place)), "{method} {place}");
        for name in *who {
            assert!(FURTHER.iter().any(|(further, _)| further == name), "{name}");
        }
    }
}
