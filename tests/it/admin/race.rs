//! Many at once.

use std::thread;

use serde_json::json;

use super::{admin, invitation, invite, invited, local, reference};
use crate::client::id;
use crate::sample::with;

on_both!(of_many_invitations_of_one_person_comes_one_membership, |world| {
    for (email, scope) in [("ada@example.com", "server"), ("bob@example.com", "project")] {
        let body = with(invitation(email), json!({"scope": scope, "upsert": true, "externalId": email}));
        let ids: Vec<String> = thread::scope(|threads| {
            let call = || invite(&world.admin, &world.project, &body);
            let calls: Vec<_> = (0..8).map(|_| threads.spawn(call)).collect();
            calls.into_iter().map(|call| id(&call.join().expect("an answer").expect(200).json())).collect()
        });
        assert!(ids.iter().all(|one| *one == ids[0]), "{ids:?}");
        let email = format!("email={email}");
        assert_eq!(world.super_admin.found(&format!("User?{email}")).len(), 1);
        assert_eq!(world.admin.found(&format!("Practitioner?{email}")).len(), 1);
    }
});

on_both!(of_many_invitations_without_upsert_one_is_taken, |world| {
    let body = local("ada@example.com");
    let mut told: Vec<u16> = thread::scope(|threads| {
        let call = || invite(&world.admin, &world.project, &body).status;
        let calls: Vec<_> = (0..8).map(|_| threads.spawn(call)).collect();
        calls.into_iter().map(|call| call.join().expect("an answer")).collect()
    });
    told.sort_unstable();
    assert_eq!(told, [200, 409, 409, 409, 409, 409, 409, 409]);
    assert_eq!(world.admin.found("User?email=ada@example.com").len(), 1);
});

on_both!(of_two_removals_of_the_last_two_memberships_one_takes_the_user_along, |world| {
    let first = invited(world, &local("ada@example.com"));
    let second = invited(world, &with(local("ada@example.com"), json!({"forceNewMembership": true})));
    let user = reference(&first, "user").to_owned();
    world.admin.get(&user).expect(200);
    thread::scope(|threads| {
        for membership in [&first, &second] {
            threads.spawn(|| {
                world.admin.delete(&admin(world, &format!("members/{}", id(membership)))).expect(200)
            });
        }
    });
    world.admin.get(&user).expect(410);
});
