//! Several servers on one PostgreSQL: what one defines, all have, and none gives half an answer meanwhile.
//! <https://hl7.org/fhir/R4/searchparameter.html>

use super::{patient, patients, settled, status, town, until};
use crate::client::{Client, id, place};
use crate::database::Engine;
use crate::server::Server;
use crate::world::World;

fn another(world: &World) -> (Server, Client) {
    let server = Server::start(&world.database.url, |_| {});
    let admin = Client::with_token(&server.address, world.admin.token());
    (server, admin)
}

#[test]
fn what_one_defines_the_others_have() {
    let world = World::with(Engine::Postgres, |_| {});
    let (_server, there) = another(&world);
    let town = world.admin.create(&town());
    // The other has not heard of it, and yet what it writes is indexed by it.
    let ids: Vec<String> = (0..20).map(|_| id(&there.create(&patient("Utrecht")))).collect();
    settled(&world.admin, &town, "active");
    let found = |client: &Client| {
        let mut found = client.found("Patient?town=utrecht&_count=100");
        found.sort();
        found
    };
    let mut expected = ids.clone();
    expected.sort();
    assert_eq!(found(&world.admin), expected);
    until("the other has heard of it", || there.get("Patient?town=utrecht").status == 200);
    assert_eq!(found(&there), expected);
    there.delete(&place(&town)).expect(204);
    there.get("Patient?town=utrecht").refused(400, "not-supported");
    // As long as the first answers, it answers with all there is.
    let mut more = expected;
    for _ in 0..20 {
        more.push(id(&there.create(&patient("Utrecht"))));
        more.sort();
        let answer = world.admin.get("Patient?town=utrecht&_count=100");
        if answer.status != 200 {
            answer.refused(400, "not-supported");
            break;
        }
        let mut found: Vec<String> = answer.resources().iter().map(id).collect();
        found.sort();
        assert_eq!(found, more);
    }
    until("the first has heard of it", || world.admin.get("Patient?town=utrecht").status == 400);
}

#[test]
fn another_goes_on_where_one_has_gone() {
    let world = World::with(Engine::Postgres, |_| {});
    let cities: Vec<&str> = vec!["Utrecht"; 250];
    patients(&world.admin, &cities);
    world.server.engine.pace.allow(1);
    let (server, there) = another(&world);
    server.engine.pace.allow(0);
    let town = world.admin.create(&town());
    until("100 are done", || status(&world.admin, &town)["done"] == 100);
    // One leads; the other tells how far it is.
    until("the other knows", || there.get("Patient?town=utrecht").expect(400).text().contains("100 of 250"));
    let World { server: first, database: _database, .. } = world;
    drop(first);
    server.engine.pace.allow(u64::MAX);
    settled(&there, &town, "active");
    assert_eq!(there.get("Patient?town=utrecht&_total=accurate").expect(200).json()["total"], 250);
}
