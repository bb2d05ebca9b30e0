//! Several servers on one PostgreSQL, and commands beside a server on SQLite: what one ends has ended on the other within
//! a second.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::person::*;
use crate::client::{Client, place};
use crate::database::Engine;
use crate::process::roster;
use crate::sample::with;
use crate::server::Server;
use crate::world::World;

const SECOND: Duration = Duration::from_secs(1);

/// Asks until the session has ended. A request that begins a second after the end, or later, is refused.
#[track_caller]
fn ends(client: &Client, place: &str) {
    let ended = Instant::now();
    loop {
        let late = ended.elapsed() >= SECOND;
        let status = client.get(place).status;
        if status == 401 {
            return;
        }
        assert!(matches!(status, 200 | 403), "{status}");
        assert!(!late, "it goes on");
    }
}

/// The same person at another server.
fn at(server: &Server, client: &Client) -> Client {
    Client::with_token(&server.address, client.token())
}

fn change(world: &World, resource: &str, more: Value) {
    let stored = world.super_admin.get(resource).expect(200).json();
    world.super_admin.update(&with(stored, more));
}

/// Somebody who is in on both servers, and what ends that on the first.
fn ended_by(world: &World, other: &Server, how: impl FnOnce(&Person, &Client)) {
    let person = person(world, json!({}));
    let tokens = person.tokens(world);
    let here = client(world, &tokens);
    let there = at(other, &here);
    there.get("/auth/me").expect(200);
    here.get("/auth/me").expect(200);
    how(&person, &here);
    ends(&there, "/auth/me");
    here.get("/auth/me").refused(401, "login");
    // Neither is there a way back, on any of them.
    for address in [&world.server.address, &other.address] {
        let form =
            format!("grant_type=refresh_token&client_id=&refresh_token={}", text(&tokens, "refresh_token"));
        let answer = Client::anonymous(address).call("POST", "/oauth2/token").form(&form).send();
        assert_eq!(answer.status, 400, "{}", answer.text());
    }
}

#[test]
fn what_ends_on_one_server_has_ended_on_another_within_a_second() {
    let world = &World::with(Engine::Postgres, |_| {});
    let other = &Server::start(&world.database.url, |_| {});
    ended_by(world, other, |_, here| {
        here.post("/auth/revoke", &json!({"loginId": claims(here.token())["login_id"]})).expect(200);
    });
    ended_by(world, other, |_, here| {
        world.admin.post("/auth/revoke", &json!({"loginId": claims(here.token())["login_id"]})).expect(200);
    });
    ended_by(world, other, |_, here| {
        here.call("POST", "/oauth2/logout").form("").send().expect(200);
    });
    ended_by(world, other, |person, _| {
        world.super_admin.delete(&format!("User/{}", person.user)).expect(204);
    });
    ended_by(world, other, |person, _| {
        change(world, &format!("User/{}", person.user), json!({"active": false}));
    });
    ended_by(world, other, |person, _| change(world, &place(&person.membership), json!({"active": false})));
    ended_by(world, other, |person, _| {
        world.super_admin.delete(&place(&person.membership)).expect(204);
    });
    ended_by(world, other, |person, _| {
        let given = json!({"email": person.email, "password": "violet cannon 41 bridge"});
        world.admin.post("/admin/projects/setpassword", &given).expect(200);
    });
}

#[test]
fn a_password_that_somebody_changes_ends_his_sessions_on_the_other_server() {
    let world = &World::with(Engine::Postgres, |_| {});
    let other = &Server::start(&world.database.url, |_| {});
    let person = person(world, json!({}));
    let (here, second) = (person.client(world), person.client(world));
    let there = at(other, &second);
    there.get("/auth/me").expect(200);
    let change = json!({"oldPassword": PASSWORD, "newPassword": "violet cannon 41 bridge"});
    here.post("/auth/changepassword", &change).expect(200);
    ends(&there, "/auth/me");
    // His own goes on, on both.
    here.get("/auth/me").expect(200);
    at(other, &here).get("/auth/me").expect(200);
}

#[test]
fn rights_that_are_taken_away_on_one_server_are_gone_on_another_within_a_second() {
    let world = &World::with(Engine::Postgres, |_| {});
    let other = &Server::start(&world.database.url, |_| {});
    let policy = world.admin.create(&json!({
        "resourceType": "AccessPolicy", "name": "Reader", "resource": [{"resourceType": "Patient"}],
    }));
    let person = person(world, json!({"accessPolicy": {"reference": place(&policy)}}));
    let there = at(other, &person.client(world));
    there.get("Patient").expect(200);
    world.admin.update(&with(policy, json!({"resource": [{"resourceType": "Practitioner"}]})));
    let changed = Instant::now();
    loop {
        let late = changed.elapsed() >= SECOND;
        if there.get("Patient").status == 403 {
            break;
        }
        assert!(!late, "he still reads");
    }
    // And a client that is switched off, with whoever came in by it.
    let (client, secret) = crate::world::register(&world.super_admin, &world.project, true);
    let token = crate::world::token(&Client::anonymous(&other.address), &client, &secret);
    let there = Client::with_token(&other.address, &token);
    there.get("Patient").expect(200);
    change_status(world, &client);
    ends(&there, "Patient");
}

fn change_status(world: &World, client: &str) {
    change(world, &format!("ClientApplication/{client}"), json!({"status": "off"}));
}

on_both!(what_a_command_ends_beside_a_server_has_ended_within_a_second, |world| {
    let command = |person: &Person, words: &[&str], input: &str| {
        use std::io::Write;
        let mut command = roster(&["user"]);
        command.args(words).args([&person.email, "--project", &world.project]);
        command.args(["--database", &world.database.url, "--public-url", crate::client::PUBLIC_URL]);
        let mut child = command.stdin(std::process::Stdio::piped()).spawn().expect("it starts");
        child.stdin.take().expect("an input").write_all(input.as_bytes()).expect("it reads");
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    for (words, input) in [(["disable"], ""), (["set-password"], "violet cannon 41 bridge\n")] {
        let person = person(world, json!({}));
        let client = person.client(world);
        client.get("/auth/me").expect(200);
        command(&person, &words, input);
        ends(&client, "/auth/me");
    }
});
