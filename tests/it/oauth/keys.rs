//! Clients whose keys are at an address of their own (<https://www.rfc-editor.org/rfc/rfc7591#section-2>, `jwks_uri`).

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

use super::assertion::{registered, show};
use super::signer::Signer;
use crate::client::Answer;
use crate::world::World;

/// What an address of keys answers, and how often it was asked.
struct Keys {
    host: String,
    state: Arc<Mutex<State>>,
}

struct State {
    status: u16,
    body: String,
    asked: usize,
}

impl Keys {
    /// On a port of its own; its thread ends with the process.
    fn serve(keys: &Value) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let host = listener.local_addr().expect("an address").to_string();
        let state = Arc::new(Mutex::new(State { status: 200, body: keys.to_string(), asked: 0 }));
        let kept = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { continue };
                let head =
                    BufReader::new(&stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
                if head.count() == 0 {
                    continue;
                }
                let mut state = kept.lock().expect("nobody panicked");
                state.asked += 1;
                let (status, body) = (state.status, &state.body);
                let _ = write!(
                    &stream,
                    "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nLocation: http://127.0.0.1:9/\r\n\
                     Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                );
            }
        });
        Self { host, state }
    }

    fn url(&self) -> String {
        format!("http://{}/keys", self.host)
    }

    fn now(&self, status: u16, body: &str) {
        let mut state = self.state.lock().expect("nobody panicked");
        (state.status, state.body) = (status, body.to_owned());
    }

    fn asked(&self) -> usize {
        self.state.lock().expect("nobody panicked").asked
    }
}

/// A world whose server asks this host.
fn world_of(keys: &Keys, engine: crate::database::Engine) -> World {
    World::with(engine, |config| config.oauth.hosts = vec![keys.host.clone()])
}

#[track_caller]
fn refused(answer: Answer) -> String {
    let answer = answer.expect(401).json();
    assert_eq!(answer["error"], "invalid_client", "{answer}");
    answer["error_description"].as_str().expect("words").to_owned()
}

fn on_each(test: impl Fn(crate::database::Engine)) {
    [crate::database::Engine::Sqlite, crate::database::Engine::Postgres].into_iter().for_each(test);
}

#[test]
fn keys_are_fetched_once_and_again_when_one_is_missed() {
    on_each(|engine| {
        let (first, second, third) = (Signer::new("first"), Signer::new("second"), Signer::new("third"));
        let keys = Keys::serve(&first.jwks());
        let world = &world_of(&keys, engine);
        let client = registered(world, &json!({"jwksUri": keys.url()}));
        let prove = |signer: &Signer| show(world, &signer.assertion(&client, json!({})));
        prove(&first).expect(200);
        prove(&first).expect(200);
        assert_eq!(keys.asked(), 1);
        // The client has another key by now: it is missed, and looked for.
        keys.now(200, &second.jwks().to_string());
        prove(&second).expect(200);
        assert_eq!(keys.asked(), 2);
        // The one from before is gone with that, however good its signature is.
        refused(prove(&first));
        // Whoever makes up names of keys does not make the server ask each time.
        for _ in 0..20 {
            refused(prove(&third));
        }
        assert_eq!(keys.asked(), 2);
        prove(&second).expect(200);
    });
}

#[test]
fn many_who_prove_themselves_at_once_wait_for_one_answer() {
    on_each(|engine| {
        let signer = Signer::new("a");
        let keys = Keys::serve(&signer.jwks());
        let world = &world_of(&keys, engine);
        let client = registered(world, &json!({"jwksUri": keys.url()}));
        let assertions: Vec<String> = (0..8).map(|_| signer.assertion(&client, json!({}))).collect();
        thread::scope(|scope| {
            for assertion in &assertions {
                scope.spawn(move || show(world, assertion).expect(200));
            }
        });
        assert_eq!(keys.asked(), 1);
    });
}

#[test]
fn keys_that_cannot_be_had_are_told_of_and_not_asked_for_each_time() {
    let signer = Signer::new("a");
    let thousands = json!({"keys": vec![signer.jwks()["keys"][0].clone(); 3000]}).to_string();
    for (status, body, said) in [
        (500, "{}", "HTTP 500"),
        // Another address is not gone to.
        (302, "{}", "HTTP 302"),
        (200, "<html>", "no JSON"),
        (200, thousands.as_str(), "cannot be read"),
    ] {
        let keys = Keys::serve(&signer.jwks());
        let world = &world_of(&keys, crate::database::Engine::Sqlite);
        let client = registered(world, &json!({"jwksUri": keys.url()}));
        keys.now(status, body);
        for _ in 0..5 {
            let told = refused(show(world, &signer.assertion(&client, json!({}))));
            assert!(told.contains("could not be fetched") && told.contains(said), "{told}");
        }
        assert_eq!(keys.asked(), 1, "{said}");
        // Another client is not held up by that.
        let other = Keys::serve(&signer.jwks());
        let told = registered(world, &json!({"jwksUri": other.url()}));
        assert!(refused(show(world, &signer.assertion(&told, json!({})))).contains("fetches nothing"));
        assert_eq!(other.asked(), 0);
    }
    // Nobody is there.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let host = listener.local_addr().expect("an address").to_string();
    drop(listener);
    let gone = Keys { host: host.clone(), state: Keys::serve(&json!({})).state };
    let world = &world_of(&gone, crate::database::Engine::Sqlite);
    let client = registered(world, &json!({"jwksUri": gone.url()}));
    let told = refused(show(world, &signer.assertion(&client, json!({}))));
    assert!(told.contains("could not be fetched") && told.contains("no connection"), "{told}");
}

#[test]
fn a_set_without_a_key_that_fits_is_no_proof() {
    on_each(|engine| {
        let signer = Signer::new("a");
        let mut sealing = signer.jwks();
        sealing["keys"][0]["use"] = json!("enc");
        for set in [json!({}), json!({"keys": []}), json!({"keys": [{}]}), json!([]), sealing] {
            let keys = Keys::serve(&set);
            let world = &world_of(&keys, engine);
            let client = registered(world, &json!({"jwksUri": keys.url()}));
            refused(show(world, &signer.assertion(&client, json!({}))));
            assert!(keys.asked() <= 2);
        }
    });
}
