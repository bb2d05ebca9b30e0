//! Who may subscribe, and to what: an admin to what is in his project.

use serde_json::json;

use super::receiver::Receiver;
use super::{active, channel, hook, quick, until};
use crate::client::{Client, id, place};
use crate::sample::{patient, user, with};
use crate::world::{register, token};

on_both!(admins_subscribe_and_nobody_else, |config| quick(config), |world| {
    let receiver = Receiver::new();
    let sent = hook("Patient", &receiver.url);
    world.anonymous.post("Subscription", &sent).refused(401, "login");
    world.member.post("Subscription", &sent).refused(403, "forbidden");
    let stored = active(&world.admin, &sent);
    world.anonymous.get(&place(&stored)).refused(401, "login");
    world.member.get(&place(&stored)).refused(403, "forbidden");
    world.stranger.get(&place(&stored)).refused(404, "not-found");
    assert!(world.stranger.found("Subscription").is_empty());
    assert_eq!(world.super_admin.get(&place(&stored)).expect(200).json(), stored);
});

on_both!(a_subscription_hears_of_its_own_project_only, |config| quick(config), |world| {
    let payload = json!({"payload": "application/fhir+json"});
    let (ours, theirs, above) = (Receiver::new(), Receiver::new(), Receiver::new());
    active(&world.admin, &channel(hook("Patient", &ours.url), payload.clone()));
    active(&world.stranger, &channel(hook("Patient", &theirs.url), payload.clone()));
    // A super admin may place one in a project; then it is one of that project.
    let placed =
        with(channel(hook("Patient", &above.url), payload), json!({"meta": {"project": world.project}}));
    active(&world.super_admin, &placed);
    let mine = world.admin.create(&patient("Curie", "Ours"));
    let other = world.stranger.create(&patient("Curie", "Theirs"));
    assert_eq!(ours.next().json(), mine);
    assert_eq!(theirs.next().json(), other);
    assert_eq!(above.next().json(), mine);
    let second = world.stranger.create(&patient("Curie", "Theirs too"));
    assert_eq!(theirs.next().json(), second);
    assert!(ours.all().is_empty() && above.all().is_empty() && theirs.all().is_empty());
});

on_both!(a_person_who_is_an_admin_hears_whether_or_not_he_is_signed_in, |config| quick(config), |world| {
    let keys = crate::world::keys(world, "Persons");
    let owner = Client::with_token(&world.server.address, &keys.owner_token);
    let api = Client::with_token(&world.server.address, &keys.api_key);
    let receiver = Receiver::new();
    let stored = active(&owner, &hook("Patient", &receiver.url));
    api.create(&patient("Curie", "Marie"));
    receiver.next();
    owner.call("POST", "/oauth2/logout").send().expect(200);
    api.create(&patient("Curie", "Irène"));
    receiver.next();
    // But not once he is none any more.
    let owner = world.super_admin.search(&format!("User?email={}", keys.owner_email)).pop().expect("a user");
    let query = format!("ProjectMembership?user=User/{}", id(&owner));
    let membership = world.super_admin.search(&query).pop().expect("a membership");
    world.super_admin.update(&with(membership, json!({"admin": false})));
    api.create(&patient("Curie", "Ève"));
    until(&api, &stored, "off");
    assert!(receiver.all().is_empty());
});

on_both!(who_may_not_ask_any_more_hears_no_more, |config| quick(config), |world| {
    let receiver = Receiver::new();
    let make = |admin| {
        let (client, secret) = register(&world.super_admin, &world.project, admin);
        let token = token(&world.anonymous, &client, &secret);
        (client, Client::with_token(&world.server.address, &token))
    };
    let membership = |client: &str| {
        let query = format!("ProjectMembership?user=ClientApplication/{client}");
        world.super_admin.search(&query).pop().expect("a membership")
    };
    let (demoted, one) = make(true);
    let (deleted, two) = make(true);
    let first = active(&one, &hook("Patient", &format!("{}/demoted", receiver.url)));
    let second = active(&two, &hook("Patient", &format!("{}/deleted", receiver.url)));
    active(&world.admin, &hook("Patient", &format!("{}/kept", receiver.url)));
    world.super_admin.update(&with(membership(&demoted), json!({"admin": false})));
    world.super_admin.delete(&format!("ClientApplication/{deleted}")).expect(204);
    world.admin.create(&patient("Curie", "Marie"));
    assert_eq!(receiver.next().path, "/here/kept");
    for stored in [first, second] {
        assert!(until(&world.admin, &stored, "off")["error"].as_str().expect("why").contains("may not"));
    }
    assert!(receiver.all().is_empty());
});

on_both!(a_user_is_told_of_without_his_secrets, |config| quick(config), |world| {
    let receiver = Receiver::new();
    let payload = json!({"payload": "application/fhir+json"});
    active(&world.admin, &channel(hook("User?email=ada@example.com", &receiver.url), payload));
    let secrets = json!({
        "passwordHash": "$2b$12$SENTINELofAPASSWORDhashXSENTINELofAPASSWORDhashXSENTI",
        "project": {"reference": format!("Project/{}", world.project)}
    });
    // Somebody else of the same e-mail is in another pool.
    world.super_admin.create(&user("ada@example.com"));
    let stored = world.super_admin.create(&with(user("ada@example.com"), secrets));
    let received = receiver.next();
    assert_eq!(id(&received.json()), id(&stored));
    assert!(!String::from_utf8_lossy(&received.body).contains("SENTINEL"));
    assert!(receiver.all().is_empty());
});
