//! X-Request-Id: <https://hl7.org/fhir/R4/http.html#custom>.

use crate::process::{Process, bootstrapped};
use crate::wire::raw::exchange;

const LONGEST: usize = 64;

on_each_database!(it_comes_back_and_stands_in_the_log, |database| {
    for format in ["text", "json"] {
        let mut command = bootstrapped(&[]);
        command.env("ROSTER_LOG", "roster=debug").env("ROSTER_LOG_FORMAT", format);
        let process = Process::serve(command, &database.url);
        let call = process.super_admin().call("GET", "Patient/none?secret=in-the-query");
        let answer = call.header("X-Request-Id", "call-17").send();
        assert_eq!(answer.header("X-Request-Id"), Some("call-17"));
        process.terminate();
        let (good, _, logged) = process.end();
        assert!(good, "{logged}");
        assert!(
            logged.lines().any(|line| line.contains("call-17") && line.contains("/Patient/none")),
            "{logged}"
        );
        assert!(!logged.contains("in-the-query"), "{logged}");
    }
});

on_both!(a_hostile_one_is_replaced, |world| {
    let long = "x".repeat(LONGEST + 1);
    for hostile in [&b"a b"[..], b"", b"\xff\xfe", b"caf\xc3\xa9", b"a\tb", long.as_bytes()] {
        let mut sent = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Request-Id: ".to_vec();
        sent.extend_from_slice(hostile);
        sent.extend_from_slice(b"\r\n\r\n");
        let answer = exchange(&world.server.address, &sent);
        assert!(answer.starts_with("HTTP/1.1 200"), "{hostile:?}: {answer}");
        let line = answer.lines().find_map(|line| line.strip_prefix("x-request-id: ")).expect("an id");
        assert_ne!(line.as_bytes(), hostile);
        assert_eq!(line.len(), 36, "{line}");
    }
    let longest = "x".repeat(LONGEST);
    let answer = world.anonymous.call("GET", "/healthz").header("X-Request-Id", &longest).send();
    assert_eq!(answer.header("X-Request-Id"), Some(longest.as_str()));
});

on_both!(every_refusal_has_one, |world| {
    for place in ["Patient/none", "NoSuchType", "Patient?nonsense=1", "/no/such/place", "$nonsense"] {
        for client in [&world.admin, &world.anonymous] {
            assert!(client.get(place).header("X-Request-Id").is_some(), "{place}");
        }
    }
});
