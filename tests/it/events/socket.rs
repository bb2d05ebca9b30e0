//! Subscriptions over a websocket (<https://hl7.org/fhir/R4/subscription.html#websockets>).

use serde_json::json;

use super::receiver::Receiver;
use super::websocket::{Frame, WebSocket};
use super::{active, hook, quick, socket};
use crate::client::{Client, id, place};
use crate::sample::{organization, patient, with};
use crate::world::{register, token};

on_both!(each_match_is_a_ping, |world| {
    let (patients, all) = (socket("Patient?family=Curie"), socket("Organization"));
    let patients = id(&active(&world.admin, &patients));
    let organizations = id(&active(&world.admin, &all));
    let mut socket = WebSocket::with_token(&world.server.address, world.admin.token());
    for id in [&patients, &organizations] {
        socket.send(&format!("bind {id}"));
        assert_eq!(socket.text(), format!("bound {id}"));
    }
    world.admin.create(&patient("Meitner", "Lise"));
    let stored = world.admin.create(&patient("Curie", "Marie"));
    assert_eq!(socket.text(), format!("ping {patients}"));
    world.admin.update(&with(stored, json!({"active": true})));
    assert_eq!(socket.text(), format!("ping {patients}"));
    world.stranger.create(&organization("Elsewhere"));
    world.admin.create(&organization("Here"));
    assert_eq!(socket.text(), format!("ping {organizations}"));
    // A heartbeat of the client is answered, and disturbs nothing.
    socket.frame(0x89, b"alive?");
    world.admin.create(&organization("Here too"));
    assert_eq!(socket.text(), format!("ping {organizations}"));
});

on_both!(a_websocket_is_named_in_the_capability_statement, |world| {
    let rest = &world.anonymous.get("metadata").expect(200).json()["rest"][0];
    let extension = &rest["extension"][0];
    assert_eq!(extension["url"], "http://hl7.org/fhir/StructureDefinition/capabilitystatement-websocket");
    assert_eq!(extension["valueUri"], "wss://roster.test/websocket");
});

on_both!(a_browser_brings_its_token_as_a_subprotocol, |world| {
    let stored = id(&active(&world.admin, &socket("Patient")));
    let offer = format!("Sec-WebSocket-Protocol: bearer, {}\r\n", world.admin.token());
    let mut socket = WebSocket::open(&world.server.address, &offer).expect("a websocket");
    let answer = socket.answer.to_ascii_lowercase();
    assert!(answer.contains("sec-websocket-protocol: bearer\r\n"), "{answer}");
    socket.send(&format!("bind {stored}"));
    assert_eq!(socket.text(), format!("bound {stored}"));
});

on_both!(nobody_binds_to_what_he_may_not_read, |config| quick(config), |world| {
    for headers in ["", "Authorization: Bearer forged\r\n", "Sec-WebSocket-Protocol: bearer, forged\r\n"] {
        assert_eq!(WebSocket::open(&world.server.address, headers).err(), Some(401), "{headers}");
    }
    let stored = active(&world.admin, &socket("Patient"));
    let bind = format!("bind {}", id(&stored));
    for (client, word) in [(&world.stranger, "there is no"), (&world.member, "you may not")] {
        let mut socket = WebSocket::with_token(&world.server.address, client.token());
        socket.send(&bind);
        let text = socket.text();
        assert!(text.starts_with("error ") && text.contains(word), "{text}");
    }
    // A super admin reads everything.
    let mut socket = WebSocket::with_token(&world.server.address, world.super_admin.token());
    socket.send(&bind);
    assert_eq!(socket.text(), format!("bound {}", id(&stored)));
});

on_both!(what_cannot_be_bound_is_said, |config| quick(config), |world| {
    let receiver = Receiver::new();
    let hook = id(&active(&world.admin, &hook("Patient", &receiver.url)));
    let off = id(&world.admin.create(&with(socket("Patient"), json!({"status": "off"}))));
    let mut socket = WebSocket::with_token(&world.server.address, world.admin.token());
    for text in
        [&format!("bind {hook}"), &format!("bind {off}"), "bind none", "bind", "hello", "bind ../x", ""]
    {
        socket.send(text);
        let answer = socket.text();
        assert!(answer.starts_with("error "), "{text}: {answer}");
    }
    // Whoever goes on like that is closed, and so is whoever sends too much or what is no text.
    for _ in 0..13 {
        socket.send("hello");
        assert!(socket.text().starts_with("error "));
    }
    socket.send("hello");
    assert_eq!(socket.next(), Frame::Close(1008));
    let mut socket = WebSocket::with_token(&world.server.address, world.admin.token());
    socket.frame(0x82, b"binary");
    assert_eq!(socket.next(), Frame::Close(1003));
    let mut socket = WebSocket::with_token(&world.server.address, world.admin.token());
    socket.frame(0x81, "x".repeat(2000).as_bytes());
    assert_eq!(socket.next(), Frame::Close(1002));
    let mut socket = WebSocket::with_token(&world.server.address, world.admin.token());
    socket.frame(0x88, &1000_u16.to_be_bytes());
    assert_eq!(socket.next(), Frame::Close(1000));
});

on_both!(a_subscription_that_is_turned_off_unbinds, |world| {
    let stored = active(&world.admin, &socket("Patient"));
    let mut socket = WebSocket::with_token(&world.server.address, world.admin.token());
    socket.send(&format!("bind {}", id(&stored)));
    assert_eq!(socket.text(), format!("bound {}", id(&stored)));
    let off = world.admin.update(&with(stored, json!({"status": "off"})));
    assert_eq!(socket.text(), format!("unbound {}", id(&off)));
});

on_both!(a_session_that_ends_closes_its_websockets, |world| {
    let stored = active(&world.admin, &socket("Patient"));
    let (client, secret) = register(&world.super_admin, &world.project, true);
    let other = Client::with_token(&world.server.address, &token(&world.anonymous, &client, &secret));
    let mut socket = WebSocket::with_token(&world.server.address, other.token());
    socket.send(&format!("bind {}", id(&stored)));
    assert_eq!(socket.text(), format!("bound {}", id(&stored)));
    world.super_admin.delete(&format!("ClientApplication/{client}")).expect(204);
    world.admin.create(&patient("Curie", "Marie"));
    assert_eq!(socket.next(), Frame::Close(1008));
    world.admin.get(&place(&stored)).expect(200);
});
