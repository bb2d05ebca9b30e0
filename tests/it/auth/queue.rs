//! Where more sign in than passwords can be hashed: some are told to come again, and those in line are let in.

use std::sync::Mutex;
use std::thread;

use roster::config::Config;
use serde_json::json;

use super::person::*;
use crate::client::Answer;
use crate::sample::with;
use crate::world::World;

/// Of `PASSWORD`; takes a while, so that a line forms (by Python's hashlib).
const SLOW: &str = "$pbkdf2-sha256$400000$c2FsdHNhbHRzYWx0c2FsdA$mynK5VPUnIuISDgdLJpAcgzM5XZOpLNfm1WlGNl8mwA";
/// More than this never stand in line: one is hashed, one waits.
const MOST: usize = 64;

/// A server where one password is hashed and one waits.
fn short(config: &mut Config) {
    let settings = &mut config.sign_in;
    (settings.hash_threads, settings.hash_queue, settings.login_rate) = (1, 1, 0);
}

/// Somebody whose password takes long.
fn slow(world: &World) -> Person {
    let person = person(world, json!({}));
    let user = world.super_admin.get(&format!("User/{}", person.user)).expect(200).json();
    world.super_admin.update(&with(user, json!({"passwordHash": SLOW})));
    person
}

/// Lets people begin, one after the other and without waiting for any, until somebody is refused.
fn crowd(world: &World, begin: impl Fn() -> Answer + Sync) -> Vec<Answer> {
    let answers = Mutex::new(Vec::new());
    let refused = |answers: &[Answer]| answers.iter().any(|answer| answer.status == 503);
    thread::scope(|scope| {
        for _ in 0..MOST {
            if refused(&answers.lock().expect("nobody panicked")) {
                break;
            }
            let (answers, begin) = (&answers, &begin);
            scope.spawn(move || {
                let answer = begin();
                answers.lock().expect("nobody panicked").push(answer);
            });
            // Others can read all the while.
            world.admin.get("Patient?_count=1").expect(200);
        }
    });
    answers.into_inner().expect("nobody panicked")
}

on_both!(
    who_comes_while_too_many_stand_in_line_is_told_to_come_again_and_they_are_let_in,
    |config| short(config),
    |world| {
        let person = slow(world);
        let before = world.server.identity.hashed();
        let answers = crowd(world, || person.begin(world));
        let (refused, let_in): (Vec<_>, Vec<_>) = answers.into_iter().partition(|one| one.status == 503);
        assert!(!refused.is_empty() && !let_in.is_empty());
        for answer in refused {
            let answer = answer.refused(503, "transient");
            assert!(answer.header("Retry-After").is_some_and(|wait| wait.parse::<u32>().is_ok()));
        }
        let count = let_in.len() as u64;
        for answer in let_in {
            let code = answer.expect(200).json();
            redeem(world, text(&code, "code")).expect(200);
        }
        // Who was refused cost nothing; who was let in cost one hash, and another where it was replaced.
        let cost = world.server.identity.hashed() - before;
        assert!((count..=2 * count).contains(&cost), "{cost} of {count}");
        // It is no failure of his: he is let in afterwards.
        person.begin(world).expect(200);
    }
);

on_both!(all_that_needs_a_hash_stands_in_the_same_line, |config| short(config), |world| {
    let person = slow(world);
    let newcomer = || {
        let more = json!({"firstName": "Grace", "lastName": "Hopper", "projectId": "new"});
        post(world, "newuser", &with(asked(&email(), PASSWORD), more))
    };
    let turn = Mutex::new(0);
    let answers = crowd(world, || {
        let turn = {
            let mut turn = turn.lock().expect("nobody panicked");
            *turn += 1;
            *turn
        };
        if turn % 2 == 0 { newcomer() } else { person.begin(world) }
    });
    for answer in answers {
        assert!(matches!(answer.status, 200 | 503), "{}", answer.text());
        if answer.status == 503 {
            assert!(answer.header("Retry-After").is_some());
        }
    }
    newcomer().expect(200);
});
