//! A code of six digits that was mailed: good for ten minutes, five tries, once, and for what it was sent for.

use serde::{Deserialize, Serialize};

use crate::error::{Result, fault};
use crate::resource::secret;

const MINUTES: i64 = 10;
const TRIES: u32 = 5;

#[derive(Serialize, Deserialize)]
struct Kept {
    digest: String,
    /// Milliseconds since 1970.
    expires: i64,
    tries: u32,
}

/// What came of a try.
pub(in crate::identity) enum Tried {
    Right,
    /// Wrong; this is to be kept from now on, or nothing where the tries are used up.
    Wrong(Option<String>),
}

/// A new code, and what to keep of it. `place` is what it is for.
pub(in crate::identity) fn fresh(place: &str, now: i64) -> Result<(String, String)> {
    // Of a million; what the remainder favours does not matter among 2^64.
    let code = format!("{:06}", rand::random::<u64>() % 1_000_000);
    let kept =
        Kept { digest: secret::digest(&bound(place, &code))?, expires: now + MINUTES * 60_000, tries: 0 };
    Ok((code, serde_json::to_string(&kept).map_err(fault)?))
}

pub(in crate::identity) fn tried(kept: &str, place: &str, code: &str, now: i64) -> Tried {
    let Ok(mut kept) = serde_json::from_str::<Kept>(kept) else { return Tried::Wrong(None) };
    if now >= kept.expires {
        return Tried::Wrong(None);
    }
    if secret::matches(&bound(place, code.trim()), &kept.digest) {
        return Tried::Right;
    }
    kept.tries += 1;
    Tried::Wrong((kept.tries < TRIES).then(|| serde_json::to_string(&kept).ok()).flatten())
}

fn bound(place: &str, code: &str) -> String {
    format!("mailed code of {place}: {code}")
}
