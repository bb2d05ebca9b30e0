//! While a parameter is being indexed nobody gets half an answer, and nothing is missed:
//! <https://hl7.org/fhir/R4/search.html#errors>.

use serde_json::json;

use super::{patient, patients, settled, status, town, until};
use crate::client::{Client, id};
use crate::database::Engine;
use crate::server::Server;
use crate::world::World;

/// Each takes three pieces of work, and one more to see that it is done.
const CITIES: usize = 250;

fn cities() -> Vec<&'static str> {
    (0..CITIES).map(|number| if number % 2 == 0 { "Utrecht" } else { "Leiden" }).collect()
}

on_both!(a_search_by_it_is_refused_until_all_is_indexed, |world| {
    patients(&world.admin, &cities());
    let pace = &world.server.engine.pace;
    pace.allow(0);
    let town = world.admin.create(&town());
    let refused = |query: &str| world.admin.get(query).refused(400, "incomplete").text();
    refused("Patient?town=utrecht");
    assert_eq!(status(&world.admin, &town)["state"], "indexing");
    pace.allow(1);
    until("100 are done", || status(&world.admin, &town)["done"] == 100);
    assert_eq!(status(&world.admin, &town)["total"], CITIES);
    until("it says so", || refused("Patient?town=utrecht").contains("100 of 250"));
    refused("Patient?_sort=-town");
    refused("Patient?town:missing=true");
    refused("Group?member:Patient.town=utrecht");
    refused("Patient?_filter=town%20eq%20utrecht");
    refused("Patient?_has:Group:member:name=x&town=utrecht");
    let lenient = world.admin.call("GET", "Patient?town=utrecht").header("Prefer", "handling=lenient");
    lenient.send().refused(400, "incomplete");
    let create = world.admin.call("POST", "Patient").header("If-None-Exist", "town=utrecht");
    create.json(&patient("Utrecht")).send().refused(400, "incomplete");
    // Others do not know of it.
    world.stranger.get("Patient?town=utrecht").refused(400, "not-supported");
    pace.allow(u64::MAX);
    settled(&world.admin, &town, "active");
    let found = world.admin.get("Patient?town=utrecht&_total=accurate&_count=1").expect(200).json();
    assert_eq!(found["total"], CITIES / 2);
});

on_both!(what_is_written_meanwhile_is_found_and_what_is_not_is_not, |world| {
    let ids = patients(&world.admin, &cities());
    let pace = &world.server.engine.pace;
    pace.allow(1);
    let town = world.admin.create(&town());
    until("100 are done", || status(&world.admin, &town)["done"] == 100);
    // Some that are indexed and some that are not, in the order of their ids.
    let mut sorted = ids.clone();
    sorted.sort();
    let (early, late) = (&sorted[..50], &sorted[150..200]);
    let change = |id: &String, city: &str| {
        let mut changed = patient(city);
        changed["id"] = json!(id);
        world.admin.update(&changed);
    };
    for ids in [early, late] {
        change(&ids[0], "Delft");
        change(&ids[1], "Delft");
        change(&ids[1], "Utrecht");
        world.admin.delete(&format!("Patient/{}", ids[2])).expect(204);
        // One that says nothing new of its town.
        let mut same = world.admin.get(&format!("Patient/{}", ids[3])).expect(200).json();
        same["active"] = json!(true);
        world.admin.update(&same);
        let labels = json!({"resourceType": "Parameters", "parameter": [
            {"name": "meta", "valueMeta": {"tag": [{"system": "urn:t", "code": "seen"}]}}
        ]});
        world.admin.post(&format!("Patient/{}/$meta-add", ids[4]), &labels).expect(200);
    }
    let created = id(&world.admin.create(&patient("Delft")));
    pace.allow(u64::MAX);
    settled(&world.admin, &town, "active");
    let mut delft = world.admin.found("Patient?town=delft");
    delft.sort();
    let mut expected = vec![early[0].clone(), late[0].clone(), created];
    expected.sort();
    assert_eq!(delft, expected);
    // Every other is found by what it says, no more and no less.
    for city in ["Utrecht", "Leiden"] {
        let all = world.admin.search("Patient?_count=1000");
        let mut say: Vec<String> =
            all.iter().filter(|one| one["address"][0]["city"] == city).map(id).collect();
        let mut found = world.admin.found(&format!("Patient?town={city}&_count=1000"));
        say.sort();
        found.sort();
        assert_eq!(found, say, "{city}");
        let mut contained = world.admin.found(&format!("Patient?town:contains={}&_count=1000", &city[1..5]));
        contained.sort();
        assert_eq!(contained, say, "{city}");
    }
    assert_eq!(world.admin.found("Patient?town:missing=true"), Vec::<String>::new());
    assert!(roster::repo::check::database(&world.server.engine).expect("a report").faults.is_empty());
});

#[test]
fn a_restart_goes_on_where_it_was() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let World { admin, server, database, .. } = World::with(engine, |_| {});
        patients(&admin, &cities());
        server.engine.pace.allow(1);
        let town = admin.create(&town());
        until("100 are done", || status(&admin, &town)["done"] == 100);
        drop(server);
        let server = Server::start(&database.url, |_| {});
        let admin = Client::with_token(&server.address, admin.token());
        settled(&admin, &town, "active");
        assert_eq!(admin.get("Patient?town=leiden&_total=accurate").expect(200).json()["total"], CITIES / 2);
    }
}
