//! So many requests in so many seconds, from one address.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::Utc;

use crate::error::{Limit, Result, limited};

/// What requests are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bucket {
    /// Whatever begins a sign-in or makes an account.
    Login,
    /// All else.
    Auth,
}

impl Bucket {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Auth => "auth",
        }
    }
}

/// Counts that are kept before those that have run out are thrown away.
const CAPACITY: usize = 50_000;

/// The name of a rate, and whose requests are counted.
type Counted = (&'static str, String);
/// How many there were, and when it begins anew, in seconds.
type Used = (u32, i64);

#[derive(Default)]
pub(super) struct Rates {
    used: Mutex<HashMap<Counted, Used>>,
}

impl Rates {
    /// Takes one of `rate` in `period` seconds; nothing is counted where the rate is 0.
    pub fn take(&self, name: &'static str, key: &str, rate: u32, period: i64) -> Result<Option<Limit>> {
        if rate == 0 {
            return Ok(None);
        }
        let now = Utc::now().timestamp();
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() >= CAPACITY {
            used.retain(|_, (_, until)| *until > now);
        }
        let (count, until) = used.entry((name, key.to_owned())).or_insert((0, now + period));
        if *until <= now {
            (*count, *until) = (0, now + period);
        }
        let seconds = u64::try_from(*until - now).unwrap_or(0).max(1);
        if *count >= rate {
            return Err(limited("too many requests; wait", Limit { name, remaining: 0, seconds }));
        }
        *count += 1;
        Ok(Some(Limit { name, remaining: rate - *count, seconds }))
    }
}
