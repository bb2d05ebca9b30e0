//! The pages that mailed links lead to.

use serde_json::json;

use super::{invited, local, mailbox, reference};
use crate::client::Answer;
use crate::sample::with;
use crate::world::World;

const GOOD: &str = "password=correct+horse+battery+staple";

fn post(world: &World, place: &str, form: &str) -> Answer {
    world.anonymous.call("POST", place).form(form).send()
}

on_both!(an_invited_person_chooses_a_password_on_a_page, |config| mailbox::into_files(config), |world| {
    let membership = invited(world, &with(local("ada@example.com"), json!({"sendEmail": true})));
    let (page, request, secret) = mailbox::link(&mailbox::take(world)[0]);
    let place = format!("/{page}/{request}/{secret}");
    // However often it is opened.
    for _ in 0..2 {
        let shown = world.anonymous.get(&place).expect(200);
        assert!(shown.text().contains("Choose a password"), "{}", shown.text());
        assert_eq!(shown.header("referrer-policy"), Some("no-referrer"));
        assert!(
            shown
                .header("content-security-policy")
                .is_some_and(|policy| policy.contains("frame-ancestors 'none'"))
        );
        assert!(!shown.text().contains(&secret));
    }
    for bad in ["", "password=", "password=short", "password=password1"] {
        let refused = post(world, &place, bad);
        assert!((400..500).contains(&refused.status), "{bad}: {}", refused.text());
        assert!(refused.text().contains("There is a problem"));
    }
    post(world, &place, GOOD).expect(200);
    assert!(post(world, &place, GOOD).expect(400).text().contains("used already"));
    let user = world.admin.get(reference(&membership, "user")).expect(200).json();
    assert_eq!(user["emailVerified"], true);
    let sign_in = json!({"email": "ada@example.com", "password": "correct horse battery staple", "projectId": world.project});
    world.anonymous.post("/auth/login", &sign_in).expect(200);
});

on_both!(of_two_who_use_a_link_at_once_one_is_first, |config| mailbox::into_files(config), |world| {
    invited(world, &with(local("ada@example.com"), json!({"sendEmail": true})));
    let (page, request, secret) = mailbox::link(&mailbox::take(world)[0]);
    let place = format!("/{page}/{request}/{secret}");
    let mut told: Vec<u16> = std::thread::scope(|threads| {
        let calls: Vec<_> = (0..4).map(|_| threads.spawn(|| post(world, &place, GOOD).status)).collect();
        calls.into_iter().map(|call| call.join().expect("an answer")).collect()
    });
    told.sort_unstable();
    assert_eq!(told, [200, 400, 400, 400]);
});

on_both!(a_link_is_good_for_what_it_is_for, |config| mailbox::into_files(config), |world| {
    invited(world, &with(local("ada@example.com"), json!({"sendEmail": true})));
    let (_, request, secret) = mailbox::link(&mailbox::take(world)[0]);
    for place in [
        format!("/verifyemail/{request}/{secret}"),
        format!("/setpassword/{request}/another-secret"),
        format!("/setpassword/00000000-0000-7000-8000-00000000dead/{secret}"),
    ] {
        world.anonymous.get(&place).expect(400);
        post(world, &place, GOOD).expect(400);
    }
});

on_both!(
    a_link_expires,
    |config| {
        mailbox::into_files(config);
        config.mail.invite_lifetime = 1;
    },
    |world| {
        invited(world, &with(local("ada@example.com"), json!({"sendEmail": true})));
        let (page, request, secret) = mailbox::link(&mailbox::take(world)[0]);
        let place = format!("/{page}/{request}/{secret}");
        let expired = (0..200).any(|_| {
            std::thread::park_timeout(std::time::Duration::from_millis(20));
            world.anonymous.get(&place).text().contains("expired")
        });
        assert!(expired);
    }
);
