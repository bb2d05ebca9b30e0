//! Content negotiation: <https://hl7.org/fhir/R4/http.html#mime-type>.

use crate::client::{Answer, place};
use crate::sample::{patient, user};
use crate::world::World;

fn get(world: &World, place: &str, accept: &str) -> Answer {
    world.admin.call("GET", place).header("Accept", accept).send()
}

on_both!(json_comes_in_every_name_it_goes_by, |world| {
    let place = place(&world.admin.create(&patient("Chalmers", "Peter")));
    for accept in [
        "*/*",
        "application/fhir+json",
        "application/fhir+json; fhirVersion=4.0",
        "application/fhir+json;fhirVersion=4.0.1;charset=utf-8",
        "application/json",
        "application/*",
        "text/json",
        "text/html, application/xhtml+xml, */*;q=0.8",
        "application/fhir+xml;q=0.2, application/fhir+json;q=0.1",
    ] {
        let answer = get(world, &place, accept);
        assert_eq!(answer.status, 200, "{accept}: {}", answer.text());
        assert_eq!(answer.json()["resourceType"], "Patient");
    }
    let plain = world.admin.get(&place).expect(200);
    let kind = plain.header("Content-Type").expect("a type").replace(' ', "").to_lowercase();
    assert_eq!(kind, "application/fhir+json;charset=utf-8");
});

on_both!(what_is_not_spoken_here_is_not_acceptable, |world| {
    let place = place(&world.admin.create(&patient("Chalmers", "Peter")));
    for accept in [
        "application/fhir+xml",
        "application/xml",
        "image/png",
        "application/fhir+json;fhirVersion=5.0",
        "application/fhir+json;q=0",
    ] {
        let answer = get(world, &place, accept);
        assert_eq!(answer.status, 406, "{accept}: {}", answer.text());
    }
    get(world, "Patient", "image/png").expect(406).issues();
});

on_both!(the_format_parameter_outweighs_the_header, |world| {
    let place = place(&world.admin.create(&patient("Chalmers", "Peter")));
    for format in
        ["json", "application/json", "application/fhir%2Bjson", "application/fhir+json", "text/json"]
    {
        let answer = get(world, &format!("{place}?_format={format}"), "text/html");
        assert_eq!(answer.status, 200, "{format}: {}", answer.text());
    }
    for format in ["xml", "application/fhir%2Bxml", "html", "nonsense"] {
        let answer = get(world, &format!("{place}?_format={format}"), "application/fhir+json");
        assert_eq!(answer.status, 406, "{format}: {}", answer.text());
    }
});

on_both!(pretty_is_only_a_matter_of_white_space, |world| {
    let place = place(&world.admin.create(&patient("Chalmers", "Peter")));
    for place in [place, "Patient".to_owned()] {
        let plain = world.admin.get(&format!("{place}?_format=json")).expect(200);
        let pretty = world.admin.get(&format!("{place}?_format=json&_pretty=true")).expect(200);
        assert!(pretty.text().lines().count() > 5 && plain.text().lines().count() == 1, "{place}");
        if place.contains('/') {
            assert_eq!(pretty.json(), plain.json());
        } else {
            assert_eq!(pretty.json()["entry"], plain.json()["entry"]);
        }
    }
});

on_both!(a_body_comes_as_json, |world| {
    let body = patient("Chalmers", "Peter").to_string();
    let post = |kind: &str| world.admin.call("POST", "Patient").body(kind, body.as_str()).send();
    for kind in [
        "application/fhir+json",
        "application/json",
        "application/fhir+json; charset=UTF-8",
        "application/fhir+json; fhirVersion=4.0",
    ] {
        assert_eq!(post(kind).status, 201, "{kind}");
    }
    for kind in ["text/plain", "application/fhir+xml", "application/x-www-form-urlencoded", "nonsense"] {
        let answer = post(kind);
        assert_eq!(answer.status, 415, "{kind}: {}", answer.text());
        answer.issues();
    }
});

on_both!(a_compressed_body_is_unpacked, |world| {
    // `{"resourceType":"Organization","name":"Gzip"}`, made with gzip.
    let body = include_bytes!("organization.json.gz");
    let call = world.admin.call("POST", "Organization").header("Content-Encoding", "gzip");
    let stored = call.body("application/fhir+json", &body[..]).send().expect(201).json();
    assert_eq!(stored["name"], "Gzip");
});

on_both!(a_large_answer_is_compressed_for_who_wants_it, |world| {
    let plain = world.admin.get("metadata").expect(200);
    let packed = world.admin.call("GET", "metadata").header("Accept-Encoding", "gzip").send().expect(200);
    assert_eq!(packed.header("Content-Encoding"), Some("gzip"));
    assert!(packed.header("Vary").expect("what it varies by").to_lowercase().contains("accept-encoding"));
    assert_eq!(&packed.body[..2], [0x1f, 0x8b]);
    assert!(packed.body.len() < plain.body.len() / 2);
});

on_both!(every_script_comes_back_as_it_was_written, |world| {
    for name in ["Zoë", "Åsa\u{301}", "李小龍", "محمد", "Ольга", "สมชาย", "𝒳 😀", "a\u{200d}b", "\"\\/"]
    {
        let mut sent = user("x@example.com");
        sent["firstName"] = name.into();
        let stored = world.admin.create(&sent);
        assert_eq!(world.admin.get(&place(&stored)).expect(200).json()["firstName"], name);
        world.admin.delete(&place(&stored)).expect(204);
    }
});
