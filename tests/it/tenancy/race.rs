//! Many ask for one address at once: one gets it, and all others are told what stood in the way.

use std::sync::Barrier;
use std::thread;

use crate::client::{Answer, Client};
use crate::sample::user;

fn at_once(client: &Client) -> Vec<Answer> {
    let start = Barrier::new(32);
    thread::scope(|scope| {
        let one = || {
            start.wait();
            client.post("User", &user("ada@example.com"))
        };
        let all: Vec<_> = (0..32).map(|_| scope.spawn(one)).collect();
        all.into_iter().map(|one| one.join().expect("no panic")).collect()
    })
}

#[track_caller]
fn one_wins(client: &Client) {
    let (won, lost): (Vec<_>, Vec<_>) = at_once(client).into_iter().partition(|answer| answer.status == 201);
    assert_eq!((won.len(), lost.len()), (1, 31));
    for answer in lost {
        answer.refused(409, "duplicate").at("User.email");
    }
    assert_eq!(client.found("User?email=ada@example.com").len(), 1);
}

on_both!(of_32_users_with_one_address_in_a_project_one_is_created, |world| one_wins(&world.admin));

on_both!(of_32_users_with_one_address_on_the_server_one_is_created, |world| one_wins(&world.super_admin));

on_both!(two_projects_do_not_stand_in_each_others_way, |world| {
    thread::scope(|scope| {
        let here = scope.spawn(|| one_wins(&world.admin));
        let there = scope.spawn(|| one_wins(&world.stranger));
        here.join().expect("no panic");
        there.join().expect("no panic");
    });
});
