//! Whether there is an account costs nobody less: the same work is done for each, which is counted rather than timed
//! (<https://cheatsheetseries.owasp.org/cheatsheets/Authentication_Cheat_Sheet.html#authentication-and-error-messages>).

use roster::config::Config;
use serde_json::{Value, json};

use super::person::*;
use crate::client::{Answer, id};
use crate::sample::with;
use crate::world::World;

/// The limits count what comes from one address; here that is everybody.
fn unlimited(config: &mut Config) {
    let limits = &mut config.sign_in;
    (limits.login_rate, limits.auth_rate, limits.mail_rate, limits.free_failures_address) = (0, 0, 0, 0);
}

/// One of each sort that a stranger may not tell apart: what he is, and his e-mail.
fn sorts(world: &World) -> Vec<(&'static str, String)> {
    let change = |person: &Person, more: Value| {
        let user = world.super_admin.get(&format!("User/{}", person.user)).expect(200).json();
        world.super_admin.update(&with(user, more));
    };
    let known = person(world, json!({}));
    // Kept as it is kept once he has signed in.
    known.begin(world).expect(200);
    let asleep = person(world, json!({}));
    asleep.begin(world).expect(200);
    change(&asleep, json!({"active": false}));
    let no_member = email();
    user(world, &no_member, Some(&world.project));
    let elsewhere = email();
    user(world, &elsewhere, Some(&world.other_project));
    let passwordless = email();
    let stored = world.super_admin.create(&with(
        crate::sample::user(&passwordless),
        json!({"project": {"reference": format!("Project/{}", world.project)}}),
    ));
    member(world, &id(&stored), &world.project, json!({}));
    let deleted = person(world, json!({}));
    world.super_admin.delete(&format!("User/{}", deleted.user)).expect(204);
    vec![
        ("known", known.email),
        ("asleep", asleep.email),
        ("no member", no_member),
        ("of another project", elsewhere),
        ("passwordless", passwordless),
        ("deleted", deleted.email),
        ("unknown", email()),
    ]
}

/// What an answer tells: all of it but ids and times.
fn told(answer: &Answer) -> (u16, Value) {
    let mut body = answer.json();
    for name in ["login", "id"] {
        if body.get(name).is_some() {
            body[name] = json!("…");
        }
    }
    (answer.status, body)
}

/// Does the same for each sort: the hashes that it cost, and what was answered.
#[track_caller]
fn alike(world: &World, call: impl Fn(&str) -> Answer) -> u64 {
    let all: Vec<(&str, u64, (u16, Value))> = sorts(world)
        .into_iter()
        .map(|(sort, email)| {
            let before = world.server.identity.hashed();
            let answer = call(&email);
            (sort, world.server.identity.hashed() - before, told(&answer))
        })
        .collect();
    let (_, cost, answer) = &all[0];
    for (sort, other_cost, other) in &all {
        assert_eq!((other_cost, other), (cost, answer), "{sort}");
    }
    *cost
}

on_both!(a_wrong_password_costs_the_same_whosever_it_is, |config| unlimited(config), |world| {
    let cost = alike(world, |email| {
        post(world, "login", &and(asked(email, "not his password"), json!({"projectId": world.project})))
    });
    assert_eq!(cost, 1);
});

on_both!(a_wrong_password_costs_the_same_on_the_page_of_sign_in, |config| unlimited(config), |world| {
    use crate::oauth::visitor::{Visitor, app, request};
    let client = app(world, json!({}));
    let mut costs = Vec::new();
    for (sort, email) in sorts(world) {
        let visitor = Visitor::default();
        let page = visitor.open(world, &request(&client, json!({})));
        let before = world.server.identity.hashed();
        let page = visitor.fill(world, &page, "password", &[("email", &email), ("password", "wrong")]);
        costs.push((sort, world.server.identity.hashed() - before, page.0.status, page.title()));
    }
    assert!(costs.iter().all(|one| (one.1, one.2, &one.3) == (1, costs[0].2, &costs[0].3)), "{costs:?}");
});

on_both!(a_code_or_a_link_by_mail_costs_the_same_whoever_asks, |config| unlimited(config), |world| {
    for place in ["magic/send", "resetpassword", "method"] {
        let cost =
            alike(world, |email| post(world, place, &json!({"email": email, "projectId": world.project})));
        assert_eq!(cost, 0, "{place}");
    }
});

on_both!(
    an_account_that_is_there_costs_as_much_to_make_as_one_that_is_not,
    |config| config.sign_in.verified_sign_up = true,
    |world| {
        let cost = |email: &str| {
            let newcomer = json!({"firstName": "Grace", "lastName": "Hopper", "projectId": "new"});
            let before = world.server.identity.hashed();
            let answer = post(world, "newuser", &and(asked(email, PASSWORD), newcomer));
            (world.server.identity.hashed() - before, told(&answer))
        };
        let taken = email();
        let first = cost(&taken);
        assert_eq!(first.1.0, 200);
        assert_eq!(cost(&taken), first);
        assert_eq!(cost(&email()), first);
    }
);
