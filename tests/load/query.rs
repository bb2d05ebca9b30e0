//! Searches with the answer that is right, asked once before they are timed.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use crate::client::{Connection, json, request};
use crate::script::Request;
use crate::team::MEMBERS;

/// What must come back.
pub enum Expected {
    /// This user and nobody else.
    User(String),
    /// So many users, in the order of their family names, all with this first name where it is given.
    Page { entries: usize, given: Option<String> },
    /// This group, and then its members.
    Team(String),
    /// At least one user, and only such as have this in a name.
    Named(String),
}

pub struct Search {
    pub path: String,
    pub expected: Expected,
}

/// Requests that are good to be timed, or why there are none.
pub enum Checked {
    Requests(Vec<Request>),
    Absent(String),
}

/// Asks everything once and looks at the answers. The first refusal says that the feature is absent; a wrong
/// answer is an error.
pub async fn check(connection: &mut Connection, token: &str, searches: Vec<Search>) -> Result<Checked> {
    let mut requests = Vec::with_capacity(searches.len());
    for Search { path, expected } in searches {
        let bytes = request("GET", &path, token, "", "");
        let (status, _, body) = connection.call(&bytes).await?;
        if matches!(status, 400 | 404 | 405 | 501) {
            return Ok(Checked::Absent(format!("the server answers {status} to {path}")));
        }
        ensure!(status == 200, "{path}: {status} {}", String::from_utf8_lossy(&body));
        expected.verify(&json(&body)?).with_context(|| path.clone())?;
        // Others may come into a page, or leave it, while others write; one hit stays one hit.
        let length = matches!(expected, Expected::User(_)).then_some(body.len());
        requests.push(Request { bytes, status: 200, length });
    }
    Ok(Checked::Requests(requests))
}

impl Expected {
    fn verify(&self, bundle: &Value) -> Result<()> {
        let none = Vec::new();
        let entries = bundle["entry"].as_array().unwrap_or(&none);
        let users: Vec<&Value> = entries.iter().map(|entry| &entry["resource"]).collect();
        let aside = usize::from(matches!(self, Self::Team(_)));
        ensure!(
            users.iter().skip(aside).all(|user| user["resourceType"] == "User"),
            "something else than users: {bundle}"
        );
        match self {
            Self::Team(id) => {
                ensure!(users.len() == 1 + MEMBERS, "{} entries: {bundle}", users.len());
                ensure!(users[0]["id"] == id.as_str(), "not the team {id}: {bundle}");
            }
            Self::User(id) => {
                ensure!(users.len() == 1 && users[0]["id"] == id.as_str(), "not exactly {id}: {bundle}");
            }
            Self::Page { entries, given } => {
                ensure!(users.len() == *entries, "{} entries, not {entries}", users.len());
                let initials: Vec<char> = users.iter().filter_map(|user| initial(user)).collect();
                ensure!(initials.is_sorted(), "not sorted by family name: {initials:?}");
                if let Some(given) = given {
                    let has = |user: &&Value| folded(&user["firstName"]).starts_with(&fold(given));
                    ensure!(users.iter().all(has), "not all are called {given}");
                }
            }
            Self::Named(part) => {
                ensure!(!users.is_empty(), "nobody has {part} in a name");
                let names = |user: &Value| {
                    ["firstName", "lastName", "displayName"].map(|name| folded(&user[name])).concat()
                };
                let odd = users.iter().find(|user| !names(user).contains(&fold(part)));
                ensure!(odd.is_none(), "no {part} in {odd:?}");
            }
        }
        Ok(())
    }
}

/// The first letter of a family name, where all would agree on its place: collations differ on the rest.
fn initial(user: &Value) -> Option<char> {
    user["lastName"]
        .as_str()?
        .chars()
        .next()
        .filter(char::is_ascii_alphabetic)
        .map(|c| c.to_ascii_lowercase())
}

fn folded(name: &Value) -> String {
    fold(name.as_str().unwrap_or_default())
}

/// Letters without case and marks, as a search by name sees them.
fn fold(name: &str) -> String {
    name.nfd().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
