//! How a change is told in the words of a dialect: what is sent, and how it is signed. A room of `http` has one for its
//! topic; which changes are told, when and how often is the same for all.

use std::future::Future;
use std::pin::Pin;

use crate::error::Result;
use crate::identity::Identity;
use crate::repo::Repo;
use crate::repo::subscription::Topic;
use crate::store::{Place, Told};

/// A change that somebody is to be told of.
pub struct Change<'a> {
    /// The server itself, in the project of the subscription.
    pub repo: &'a Repo,
    pub identity: &'a Identity,
    pub line: &'a Told,
    /// Id of the subscription.
    pub subscription: &'a str,
    /// The events that it wants; none are all.
    pub events: &'a [String],
}

impl Change<'_> {
    /// Whether an event of this name is wanted.
    pub fn wanted(&self, event: &str) -> bool {
        self.events.is_empty() || self.events.iter().any(|one| one == event)
    }
}

/// What is sent of it.
pub struct Letter {
    pub media: &'static str,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

/// What comes of a change: nothing where it is none of the events that are wanted.
pub type Worded<'a> = Pin<Box<dyn Future<Output = Result<Option<Letter>>> + 'a>>;

pub trait Wording: Send + Sync {
    fn topic(&self) -> &'static Topic;

    /// What the dialect calls the event of a line, where it gives it an id of its own.
    fn event(&self, place: Place) -> Option<String>;

    fn word<'a>(&'a self, change: &'a Change<'a>) -> Worded<'a>;

    /// The header that proves a body by a secret, at this moment in milliseconds since 1970.
    fn sign(&self, secret: &[u8], now: i64, body: &[u8]) -> (&'static str, String);
}

/// Of these the one that tells of a topic.
pub fn wording_of(wordings: &'static [&'static dyn Wording], topic: &Topic) -> Option<&'static dyn Wording> {
    wordings.iter().copied().find(|wording| wording.topic().url == topic.url)
}

/// HMAC-SHA256 (<https://www.rfc-editor.org/rfc/rfc2104>) of several parts, one behind the other.
pub fn hmac(secret: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    use hmac::{Hmac, KeyInit, Mac};
    // A key may be of any length.
    let Ok(mut mac) = Hmac::<sha2::Sha256>::new_from_slice(secret) else { return Vec::new() };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

/// Bytes as text of base 16.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
