//! Pages of other origins: <https://fetch.spec.whatwg.org/#http-cors-protocol>.

use crate::client::place;
use crate::sample::patient;

const PAGE: &str = "https://app.example";

/// Whether a list in a header has a name, in any case.
fn lists(header: Option<&str>, name: &str) -> bool {
    header.is_some_and(|list| list.split(',').any(|one| one.trim().eq_ignore_ascii_case(name)))
}

on_both!(a_page_may_ask_what_it_may_send, |world| {
    for (place, method) in [
        ("Patient", "POST"),
        ("Patient/1", "PUT"),
        ("Patient/1", "PATCH"),
        ("Patient/1", "DELETE"),
        ("metadata", "GET"),
        ("", "POST"),
        ("/oauth2/token", "POST"),
        ("/no/such/place", "GET"),
    ] {
        let call = world.anonymous.call("OPTIONS", place).header("Origin", PAGE);
        let call = call.header("Access-Control-Request-Method", method);
        let answer = call.header("Access-Control-Request-Headers", "authorization,if-match").send();
        assert!(matches!(answer.status, 200 | 204), "{place}: {}", answer.text());
        assert_eq!(answer.header("Access-Control-Allow-Origin"), Some("*"), "{place}");
        assert!(lists(answer.header("Access-Control-Allow-Methods"), method), "{place}");
        for name in [
            "Accept",
            "Authorization",
            "Content-Type",
            "If-Match",
            "If-Modified-Since",
            "If-None-Exist",
            "If-None-Match",
            "Prefer",
            "X-Request-Id",
        ] {
            assert!(lists(answer.header("Access-Control-Allow-Headers"), name), "{place}: {name}");
        }
    }
});

on_both!(a_page_sees_what_fhir_says_in_headers, |world| {
    let post = world.admin.call("POST", "Patient").header("Origin", PAGE).json(&patient("A", "B"));
    let created = post.send().expect(201);
    let stored = created.json();
    let read = world.admin.call("GET", &place(&stored)).header("Origin", PAGE).send().expect(200);
    let refused = world.anonymous.call("GET", &place(&stored)).header("Origin", PAGE).send().expect(401);
    let nowhere = world.admin.call("GET", "Patient/none").header("Origin", PAGE).send().expect(404);
    for answer in [&created, &read, &refused, &nowhere] {
        assert_eq!(answer.header("Access-Control-Allow-Origin"), Some("*"));
        // No cookie opens anything here, so none is asked for.
        assert_eq!(answer.header("Access-Control-Allow-Credentials"), None);
        for name in ["Location", "ETag", "Last-Modified", "Content-Location", "X-Request-Id"] {
            assert!(lists(answer.header("Access-Control-Expose-Headers"), name), "{name}");
        }
    }
});

on_both!(who_is_no_page_is_told_nothing_of_it, |world| {
    let answer = world.admin.get("Patient").expect(200);
    assert_eq!(answer.header("Access-Control-Allow-Origin"), None);
    // OPTIONS without the question of a browser is a verb like any other.
    let options = world.admin.call("OPTIONS", "Patient").send();
    assert!(matches!(options.status, 200 | 204 | 405), "{}", options.status);
});
