//! Content codings: <https://www.rfc-editor.org/rfc/rfc9110#section-8.4>.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

use crate::client::Answer;
use crate::sample::patient;
use crate::world::World;

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).expect("memory");
    encoder.finish().expect("memory")
}

fn post(world: &World, coding: &str, body: Vec<u8>) -> Answer {
    let call = world.admin.call("POST", "Patient").header("Content-Encoding", coding);
    call.body("application/fhir+json", body).send()
}

on_both!(a_body_comes_compressed, |world| {
    let text = patient("Packed", "A").to_string();
    let mut deflate = ZlibEncoder::new(Vec::new(), Compression::default());
    deflate.write_all(text.as_bytes()).expect("memory");
    post(world, "gzip", gzip(text.as_bytes())).expect(201);
    post(world, "GZIP", gzip(text.as_bytes())).expect(201);
    post(world, "deflate", deflate.finish().expect("memory")).expect(201);
    post(world, "identity", text.into_bytes()).expect(201);
    assert_eq!(world.admin.search("Patient?family=packed").len(), 4);
});

on_both!(another_coding_is_no_media_type_of_ours, |world| {
    let text = patient("A", "B").to_string().into_bytes();
    for coding in ["br", "zstd", "compress", "gzip, gzip", "nonsense", "x-gzip;q=1"] {
        post(world, coding, text.clone()).refused(415, "not-supported");
    }
    assert!(world.admin.search("Patient").is_empty());
});

on_both!(a_body_is_measured_unpacked, |config| config.max_body = 100_000, |world| {
    let bomb = gzip(&vec![b' '; 50_000_000]);
    assert!(bomb.len() < 100_000);
    post(world, "gzip", bomb).refused(413, "too-long");
    post(world, "identity", vec![b' '; 100_001]).refused(413, "too-long");
    world.admin.create(&patient("Still", "Here"));
});

on_both!(what_is_not_what_it_says_is_refused, |world| {
    let text = patient("A", "B").to_string();
    let mut raw = DeflateEncoder::new(Vec::new(), Compression::default());
    raw.write_all(text.as_bytes()).expect("memory");
    let packed = gzip(text.as_bytes());
    for (coding, body) in [
        ("gzip", text.clone().into_bytes()),
        ("gzip", packed[..packed.len() / 2].to_vec()),
        ("gzip", Vec::new()),
        ("deflate", b"nonsense".to_vec()),
        ("identity", packed.clone()),
    ] {
        let answer = post(world, coding, body).expect(400);
        answer.issues();
    }
    assert!(world.admin.search("Patient").is_empty());
});

on_both!(a_large_answer_comes_compressed_and_whole, |world| {
    for number in 0..60 {
        world.admin.create(&patient("Large", &format!("{number} {}", "x".repeat(300))));
    }
    let query = "Patient?family=large&_count=100&_sort=given";
    let plain = world.admin.get(query).expect(200);
    assert_eq!(plain.header("Content-Encoding"), None);
    assert!(plain.header("Vary").is_some_and(|names| names.contains("Accept-Encoding")));
    for wanted in ["gzip", "br, gzip;q=0.5", "gzip, deflate, br"] {
        let packed = world.admin.call("GET", query).header("Accept-Encoding", wanted).send().expect(200);
        assert_eq!(packed.header("Content-Encoding"), Some("gzip"), "{wanted}");
        let mut text = String::new();
        GzDecoder::new(&packed.body[..]).read_to_string(&mut text).expect("gzip");
        let whole: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert!(whole["entry"] == plain.json()["entry"], "{wanted}");
    }
    for unwanted in ["gzip;q=0", "identity", "br"] {
        let answer = world.admin.call("GET", query).header("Accept-Encoding", unwanted).send().expect(200);
        assert_eq!(answer.header("Content-Encoding"), None, "{unwanted}");
    }
});
