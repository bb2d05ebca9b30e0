//! What is not FHIR: a page for people, and answers for whatever watches the server.

mod describe;

pub(super) use describe::describe;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, ContentType};
use actix_web::{HttpResponse, web};

use super::{State, reply};

const WELCOME: &str = include_str!("welcome.html");
const README: &str = include_str!("../../../README.md");

/// What runs here, and how to begin.
pub(super) async fn welcome(state: web::Data<State>) -> HttpResponse {
    let address = escaped(&state.public_url);
    let page = WELCOME.replace("{{address}}", &address).replace("{{version}}", env!("CARGO_PKG_VERSION"));
    reply::ok()
        .content_type(ContentType::html())
        .insert_header((
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
        ))
        .body(page)
}

/// The README, as it was when the server was built.
pub(super) async fn readme() -> HttpResponse {
    reply::ok().content_type("text/markdown; charset=utf-8").body(README)
}

/// The process lives.
pub(super) async fn health() -> HttpResponse {
    reply::ok().content_type(ContentType::plaintext()).insert_header((CACHE_CONTROL, "no-store")).body("ok\n")
}

/// The database answers.
pub(super) async fn ready(state: web::Data<State>) -> HttpResponse {
    let store = &state.engine.store;
    let answers = store.offload(|store| store.ping()).await.is_ok();
    let (mut reply, text) = if answers {
        (reply::ok(), "ready\n")
    } else {
        (reply::unavailable(), "the database does not answer\n")
    };
    reply.content_type(ContentType::plaintext()).insert_header((CACHE_CONTROL, "no-store")).body(text)
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// What is said of an error, as people are used to read it.
pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.chars().map(|char| if char.is_control() { ' ' } else { char });
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
