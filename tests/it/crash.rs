//! `kill -9` under writes, again and again: what was acknowledged is there, and nothing is half-written.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::{Value, json};

use crate::client::{Client, id, place};
use crate::process::{Process, bootstrapped, roster};
use crate::sample::{user, with};

const ROUNDS: usize = 20;
const WRITERS: usize = 4;
/// Acknowledged writes of a round before the end comes.
const ENOUGH: usize = 24;

/// Creates, changes and deletes users until nobody answers; gives what was acknowledged last of each.
fn write(
    client: &Client,
    name: &str,
    acknowledged: &AtomicUsize,
    enough: &thread::Thread,
) -> Vec<(Value, bool)> {
    let mut kept = Vec::new();
    let done = || {
        if acknowledged.fetch_add(1, Ordering::AcqRel) + 1 == ENOUGH {
            enough.unpark();
        }
    };
    for n in 0.. {
        let Some(created) =
            client.call("POST", "User").json(&user(&format!("{name}.{n}@example.com"))).try_send()
        else {
            break;
        };
        let stored = created.expect(201).json();
        kept.push((stored.clone(), true));
        done();
        let last = kept.len() - 1;
        if n % 3 == 1 {
            let changed = with(stored, json!({"title": name}));
            let Some(updated) = client.call("PUT", &place(&changed)).json(&changed).try_send() else {
                // It may or may not have been written: nothing is known of it.
                kept.pop();
                break;
            };
            kept[last] = (updated.expect(200).json(), true);
            done();
        } else if n % 3 == 2 {
            if client.call("DELETE", &place(&stored)).try_send().is_none() {
                kept.pop();
                break;
            }
            kept[last].1 = false;
            done();
        }
    }
    kept
}

on_each_database!(no_acknowledged_write_is_lost_and_none_is_half_written, |database| {
    let mut all: Vec<(Value, bool)> = Vec::new();
    for round in 0..ROUNDS {
        let mut process = Process::serve(bootstrapped(&["--log", "error"]), &database.url);
        let client = process.super_admin();
        let acknowledged = AtomicUsize::new(0);
        let main = thread::current();
        thread::scope(|scope| {
            let writer = |n: usize| {
                let (client, acknowledged, main) = (&client, &acknowledged, &main);
                move || write(client, &format!("u{round}.{n}"), acknowledged, main)
            };
            let writers: Vec<_> = (0..WRITERS).map(|n| scope.spawn(writer(n))).collect();
            while acknowledged.load(Ordering::Acquire) < ENOUGH {
                thread::park();
            }
            process.kill();
            for writer in writers {
                all.extend(writer.join().expect("only refusals are no end"));
            }
        });
        let check =
            roster(&["check", "--database", &database.url, "--public-url", crate::client::PUBLIC_URL]);
        let output = { check }.output().expect("it ends");
        assert!(output.status.success(), "round {round}: {}", String::from_utf8_lossy(&output.stdout));
    }
    let process = Process::serve(bootstrapped(&[]), &database.url);
    let client = process.super_admin();
    for (user, lives) in &all {
        if *lives {
            assert_eq!(&client.get(&place(user)).expect(200).json(), user);
            let email = user["email"].as_str().expect("an address");
            assert_eq!(client.found(&format!("User?email={email}")), [id(user)]);
        } else {
            client.get(&place(user)).expect(410);
        }
    }
    assert!(all.len() >= ROUNDS * ENOUGH / 3, "{}", all.len());
});
