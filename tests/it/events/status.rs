//! The life of a subscription (<https://hl7.org/fhir/R4/valueset-subscription-status.html>).

use chrono::{SecondsFormat, TimeDelta, Utc};
use serde_json::json;

use super::log::{asked, lines};
use super::receiver::{Receiver, status};
use super::{active, channel, hook, quick, until};
use crate::client::{id, place};
use crate::sample::{organization, patient, with};

on_both!(
    what_never_arrives_is_given_up,
    |config| {
        quick(config);
        config.subscription_attempts = 4;
    },
    |world| {
        let receiver = Receiver::answering(|_| status(500));
        let stored = active(&world.admin, &hook("Patient", &receiver.url));
        world.admin.create(&patient("Curie", "Marie"));
        let off = until(&world.admin, &stored, "off");
        let error = off["error"].as_str().expect("an error");
        assert!(error.contains("500") && error.contains('4'), "{error}");
        assert_eq!(receiver.all().len(), 4);
        // It stays off, whatever is written, until somebody requests it again; then it begins with what is new.
        world.admin.create(&patient("Curie", "Irène"));
        receiver.answer(|_| status(200));
        let again = world.admin.update(&with(off, json!({"status": "requested"})));
        assert!(again.get("error").is_none(), "{again}");
        let again = until(&world.admin, &again, "active");
        world.admin.create(&patient("Curie", "Ève"));
        receiver.next();
        assert!(receiver.all().is_empty());
        assert_eq!(world.admin.get(&place(&again)).expect(200).json()["status"], "active");
        let log = lines(&asked(&world.admin, &again, "?outcome=failed").expect(200));
        assert_eq!(log.len(), 1, "{log:?}");
    }
);

on_both!(a_receiver_that_is_gone_hears_no_more, |config| quick(config), |world| {
    let receiver = Receiver::answering(|_| status(410));
    let stored = active(&world.admin, &hook("Patient", &receiver.url));
    world.admin.create(&patient("Curie", "Marie"));
    assert!(until(&world.admin, &stored, "off")["error"].as_str().expect("an error").contains("410"));
    assert_eq!(receiver.all().len(), 1);
});

on_both!(
    nobody_at_the_endpoint_is_a_failure_that_is_named,
    |config| {
        quick(config);
        config.subscription_attempts = 2;
    },
    |world| {
        let receiver = Receiver::new();
        let url = receiver.url.clone();
        drop(receiver);
        let stored = active(&world.admin, &hook("Patient", &url));
        world.admin.create(&patient("Curie", "Marie"));
        let error = until(&world.admin, &stored, "off")["error"].as_str().expect("an error").to_owned();
        assert!(error.contains("refused") || error.contains("fails"), "{error}");
    }
);

on_both!(
    who_never_answers_is_not_waited_for,
    |config| {
        quick(config);
        config.subscription_attempts = 1;
        config.subscription_timeout = std::time::Duration::from_millis(50);
    },
    |world| {
        // It takes connections and says nothing.
        let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let endpoint = format!("http://{}/", silent.local_addr().expect("an address"));
        let stored = active(&world.admin, &hook("Patient", &endpoint));
        world.admin.create(&patient("Curie", "Marie"));
        let error = until(&world.admin, &stored, "off")["error"].as_str().expect("an error").to_owned();
        assert!(error.contains("in time"), "{error}");
    }
);

on_both!(a_subscription_ends, |config| quick(config), |world| {
    let receiver = Receiver::new();
    let at =
        |millis| (Utc::now() + TimeDelta::milliseconds(millis)).to_rfc3339_opts(SecondsFormat::Millis, true);
    let past = with(hook("Patient", &receiver.url), json!({"end": at(-1000)}));
    until(&world.admin, &world.admin.create(&past), "off");
    let soon = with(hook("Patient", &receiver.url), json!({"end": at(300)}));
    until(&world.admin, &world.admin.create(&soon), "off");
    world.admin.create(&patient("Curie", "Marie"));
    let later = with(hook("Patient?given=ada", &receiver.url), json!({"end": at(3_600_000)}));
    active(&world.admin, &later);
    world.admin.create(&patient("Lovelace", "Ada"));
    receiver.next();
    assert!(receiver.all().is_empty());
});

on_both!(what_is_off_or_deleted_tells_nothing, |config| quick(config), |world| {
    let receiver = Receiver::new();
    let off = active(&world.admin, &hook("Patient", &format!("{}/off", receiver.url)));
    let gone = active(&world.admin, &hook("Patient", &format!("{}/gone", receiver.url)));
    active(&world.admin, &hook("Patient", &format!("{}/on", receiver.url)));
    world.admin.update(&with(off, json!({"status": "off"})));
    world.admin.delete(&place(&gone)).expect(204);
    world.admin.create(&patient("Curie", "Marie"));
    assert_eq!(receiver.next().path, "/here/on");
    assert!(receiver.all().is_empty());
});

on_both!(a_change_of_criteria_and_endpoint_holds_from_then_on, |config| quick(config), |world| {
    let (before, after) = (Receiver::new(), Receiver::new());
    let payload = json!({"payload": "application/fhir+json"});
    let stored = active(&world.admin, &channel(hook("Patient", &before.url), payload.clone()));
    let first = world.admin.create(&patient("Curie", "Marie"));
    assert_eq!(before.next().json(), first);
    let changed = channel(with(stored, json!({"criteria": "Organization"})), json!({"endpoint": after.url}));
    world.admin.update(&changed);
    world.admin.create(&patient("Curie", "Irène"));
    let second = world.admin.create(&organization("Institut"));
    assert_eq!(after.next().json(), second);
    assert!(before.all().is_empty() && after.all().is_empty());
});

on_both!(there_is_no_notification_of_a_delete, |config| quick(config), |world| {
    let receiver = Receiver::new();
    let payload = json!({"payload": "application/fhir+json"});
    active(&world.admin, &channel(hook("Patient?family=Curie", &receiver.url), payload));
    let stored = world.admin.create(&patient("Curie", "Marie"));
    assert_eq!(id(&receiver.next().json()), id(&stored));
    // Nor of an update after which it does not match any more.
    let other = world.admin.update(&with(stored, json!({"name": [{"family": "Skłodowska"}]})));
    world.admin.delete(&place(&other)).expect(204);
    let last = world.admin.create(&patient("Curie", "Irène"));
    assert_eq!(receiver.next().json(), last);
    assert!(receiver.all().is_empty());
});
