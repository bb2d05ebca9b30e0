//! Several servers on one PostgreSQL: one delivers, all serve websockets, and another delivers when the one is gone.

use std::collections::BTreeSet;

use serde_json::json;

use super::receiver::Receiver;
use super::websocket::WebSocket;
use super::{active, channel, hook, quick, socket};
use crate::client::{Client, id};
use crate::database::Engine;
use crate::sample::patient;
use crate::server::Server;
use crate::world::World;

#[test]
fn one_of_several_nodes_delivers() {
    let world = World::with(Engine::Postgres, quick);
    let second = Server::start(&world.database.url, quick);
    let there = Client::with_token(&second.address, world.admin.token());
    let receiver = Receiver::new();
    let payload = json!({"payload": "application/fhir+json"});
    active(&there, &channel(hook("Patient", &receiver.url), payload));
    let mut due = BTreeSet::new();
    for i in 0..10 {
        let client = if i % 2 == 0 { &world.admin } else { &there };
        due.insert(id(&client.create(&patient("Curie", &format!("N{i}")))));
    }
    let arrived: BTreeSet<String> = (0..10).map(|_| id(&receiver.next().json())).collect();
    assert_eq!(arrived, due);
    assert!(receiver.all().is_empty(), "each is delivered once");

    // The one that led goes.
    let World { server, database: _database, .. } = world;
    drop(server);
    let stored = there.create(&patient("Curie", "Last"));
    loop {
        let received = receiver.next().json();
        if received == stored {
            break;
        }
        // What arrived, and was not yet noted to have arrived, comes once more.
        assert!(due.contains(&id(&received)), "{received}");
    }
}

#[test]
fn a_websocket_hears_of_what_another_node_has_matched() {
    let world = World::with(Engine::Postgres, quick);
    let second = Server::start(&world.database.url, quick);
    let stored = id(&active(&world.admin, &socket("Patient")));
    let mut socket = WebSocket::with_token(&second.address, world.admin.token());
    socket.send(&format!("bind {stored}"));
    assert_eq!(socket.text(), format!("bound {stored}"));
    for i in 0..3 {
        world.admin.create(&patient("Curie", &format!("N{i}")));
    }
    for _ in 0..3 {
        assert_eq!(socket.text(), format!("ping {stored}"));
    }
}
