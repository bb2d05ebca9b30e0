//! The end of a process, wished for or not: no notification is lost by it, and no websocket holds it up.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::json;

use super::receiver::{Receiver, status};
use super::websocket::{Frame, WebSocket};
use super::{active, channel, hook, socket};
use crate::client::id;
use crate::process::{Process, bootstrapped};
use crate::sample::patient;

/// Whoever takes every third refuses one or the other very often.
const SETTINGS: [&str; 6] =
    ["--subscription-private", "true", "--subscription-backoff", "2", "--subscription-attempts", "1000"];

on_each_database!(a_kill_loses_no_notification, |database| {
    // Takes every third, and remembers which.
    let taken = Arc::new(Mutex::new(BTreeSet::new()));
    let (list, calls) = (Arc::clone(&taken), AtomicUsize::new(0));
    let receiver = Receiver::answering(move |received| {
        if calls.fetch_add(1, Ordering::AcqRel) % 3 != 2 {
            return status(503);
        }
        list.lock().expect("whole").insert(id(&received.json()));
        status(200)
    });
    let mut process = Process::serve(bootstrapped(&SETTINGS), &database.url);
    let payload = json!({"payload": "application/fhir+json"});
    active(&process.super_admin(), &channel(hook("Patient", &receiver.url), payload));
    let mut due = BTreeSet::new();
    for round in 0..4 {
        let admin = process.super_admin();
        for i in 0..5 {
            due.insert(id(&admin.create(&patient("Curie", &format!("R{round}N{i}")))));
        }
        // Somewhere between the first attempt and the last.
        receiver.next();
        process.kill();
        process = Process::serve(bootstrapped(&SETTINGS), &database.url);
    }
    while !due.is_subset(&taken.lock().expect("whole")) {
        receiver.next();
    }
});

on_each_database!(a_websocket_does_not_hold_up_a_stop, |database| {
    let process = Process::serve(bootstrapped(&[]), &database.url);
    let admin = process.super_admin();
    let stored = id(&active(&admin, &socket("Patient")));
    let mut socket = WebSocket::with_token(&process.address(), admin.token());
    socket.send(&format!("bind {stored}"));
    assert_eq!(socket.text(), format!("bound {stored}"));
    process.terminate();
    assert_eq!(socket.next(), Frame::Close(1001));
    let (good, _, logged) = process.end();
    assert!(good, "{logged}");
});
