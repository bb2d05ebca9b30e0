//! What commits late is not passed over: numbers of the outbox are taken before the commit, on PostgreSQL by several
//! at once.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use serde_json::json;

use super::receiver::Receiver;
use super::{active, channel, hook, quick};
use crate::client::id;
use crate::database::Engine;
use crate::sample::patient;
use crate::world::World;

#[test]
fn a_late_commit_is_not_lost() {
    let world = World::with(Engine::Postgres, quick);
    let receiver = Receiver::new();
    let payload = json!({"payload": "application/fhir+json"});
    active(&world.admin, &channel(hook("Patient", &receiver.url), payload));
    let early = world.admin.create(&patient("Early", "A"));
    assert_eq!(receiver.next().json(), early);

    // Somebody takes a number and is slow to commit.
    let mut slow = PgConnection::establish(&world.database.url).expect("PostgreSQL answers");
    slow.batch_execute("BEGIN").expect("it begins");
    slow.batch_execute(&format!(
        "INSERT INTO event (project, kind, rid, version, action, at, author, request)
         SELECT project, kind, rid, version, 'update', updated, 'ClientApplication/slow', '' FROM resource WHERE id = '{}'",
        id(&early)
    ))
    .expect("it appends");
    // Others take higher ones and are faster.
    let fast: Vec<_> = (0..20).map(|i| world.admin.create(&patient("Fast", &format!("N{i}")))).collect();
    slow.batch_execute("COMMIT").expect("it commits");
    let mut arrived: Vec<_> = (0..21).map(|_| receiver.next().json()).collect();
    arrived.sort_by_key(id);
    let mut due: Vec<_> = fast.into_iter().chain([early]).collect();
    due.sort_by_key(id);
    assert_eq!(arrived, due);
    assert!(receiver.all().is_empty());
}

#[test]
fn a_database_that_was_moved_to_another_cluster_goes_on() {
    let world = World::with(Engine::Postgres, quick);
    let receiver = Receiver::new();
    active(&world.admin, &hook("Patient", &receiver.url));
    world.admin.create(&patient("Before", "A"));
    receiver.next();
    let (url, token) = (world.database.url.clone(), world.admin.token().to_owned());
    let World { server, database, .. } = world;
    drop(server);
    // Transactions of the old cluster were far ahead of those of the new one.
    database.run("UPDATE event SET txid = txid + 1000000000; UPDATE reader SET txid = txid + 1000000000");
    let server = crate::server::Server::start(&url, quick);
    let admin = crate::client::Client::with_token(&server.address, &token);
    let events = || database.lines("SELECT max(number)::text AS line FROM event");
    let before = events();
    admin.create(&patient("After", "B"));
    let after = events();
    assert_ne!(before, after);
    // What arrived, and was not yet noted to have arrived, may come once more.
    while receiver.next().id().rsplit('.').next() != after.first().map(String::as_str) {}
}
