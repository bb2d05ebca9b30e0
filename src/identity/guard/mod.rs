//! Against guessing: waits that grow with each failure, of an account and of an address, and limits of requests
//! (<https://pages.nist.gov/800-63-4/sp800-63b.html#throttle>).
//!
//! Nobody is locked out by others for ever: a browser that the account is known to has failures of its own to make, a
//! recovery code and a reset have ways of their own, and waits have an end. All is kept in memory; the failures of an
//! account are kept with it, too, so that a restart forgets none.

mod device;
mod failures;
mod rate;

use std::sync::Arc;

use chrono::Utc;
use serde_json::{Value, json};

use super::account::{Account, FAILURES};
use super::factor::Seal;
use super::login::Origin;
use crate::config::SignIn;
use crate::error::{Limit, Result, limited};
use crate::repo::Engine;
use crate::repo::audit::{Act, Audit};
use crate::store::Secret;
use failures::Failures;
use rate::Rates;

pub use rate::Bucket;

/// Watches over all that can be guessed.
pub(super) struct Guard {
    settings: Arc<SignIn>,
    seal: Seal,
    accounts: Failures,
    addresses: Failures,
    rates: Rates,
}

/// A try that has begun.
pub(super) struct Attempt {
    /// What failures are counted for.
    key: String,
    address: Option<String>,
    account: Option<Account>,
}

impl Guard {
    pub fn new(settings: &Arc<SignIn>, seal: &Seal) -> Arc<Self> {
        let longest = settings.wait_at_most().as_secs();
        Arc::new(Self {
            accounts: Failures::new(settings.free_failures, settings.most_failures, longest),
            addresses: Failures::new(settings.free_failures_address, 0, longest),
            rates: Rates::default(),
            settings: Arc::clone(settings),
            seal: seal.clone(),
        })
    }

    /// Before a password is looked at. Says the same of accounts that do not exist.
    pub fn begin(&self, account: Option<&Account>, email: &str, origin: &Origin) -> Result<Attempt> {
        let known = account.is_some_and(|account| self.knows(account, origin));
        // Failures are those of the account, where there is one: it may be tried by way of several projects.
        let whose = account.map_or_else(|| format!("nobody {email}"), Account::reference);
        let key = match (known, &origin.device) {
            (true, Some(device)) => format!("{whose} at {device}"),
            _ => whose,
        };
        self.admit(key, account, origin, !known)
    }

    /// Before a code is looked at. Recovery codes are counted by themselves: they must work while others are waited for.
    pub fn begin_factor(&self, account: &Account, recovery: bool, origin: &Origin) -> Result<Attempt> {
        let kind = if recovery { "recovery" } else { "factor" };
        self.admit(format!("{} {kind}", account.reference()), Some(account), origin, false)
    }

    fn admit(&self, key: String, account: Option<&Account>, origin: &Origin, kept: bool) -> Result<Attempt> {
        let now = Utc::now().timestamp_millis();
        // Whoever has another password by now begins anew.
        let forgiven = account.map_or(0, Account::sessions_since);
        self.accounts.forgive_before(&key, forgiven);
        if kept
            && let Some((count, last)) = account.and_then(|account| account.secret(FAILURES)).and_then(read)
            && last > forgiven
        {
            self.accounts.recall(&key, count, last);
        }
        let wait = self.accounts.wait(&key, now).max(match &origin.address {
            Some(address) => self.addresses.wait(address, now),
            None => 0,
        });
        if wait > 0 {
            let limit = Limit { name: "failures", remaining: 0, seconds: wait };
            return Err(limited("too many tries have failed; wait, or reset the password", limit));
        }
        let account = account.filter(|_| kept).cloned();
        Ok(Attempt { key, address: origin.address.clone(), account })
    }

    /// It was wrong. What is kept is written after the answer, so that the time tells nothing.
    pub fn failed(&self, engine: &Arc<Engine>, attempt: Attempt) {
        let now = Utc::now().timestamp_millis();
        let count = self.accounts.failed(&attempt.key, now);
        if let Some(address) = &attempt.address {
            self.addresses.failed(address, now);
        }
        if let Some(account) = attempt.account.filter(|_| self.settings.free_failures > 0) {
            let kept = Secret::set(FAILURES, json!([count, now]).to_string());
            let audit = Audit::new("login", Act::Execute).failed().agent(account.reference());
            self.record(engine, audit.address(attempt.address).project(account.row.project));
            self.write(engine, account, kept);
        }
    }

    fn record(&self, engine: &Arc<Engine>, audit: Audit) {
        let engine = Arc::clone(engine);
        tokio::spawn(async move {
            if let Err(error) = super::system(&engine).record(audit).await {
                tracing::warn!(%error, "a failed sign-in was not recorded");
            }
        });
    }

    /// It was right: the failures before it are forgiven.
    pub fn succeeded(&self, engine: &Arc<Engine>, attempt: Attempt) {
        self.accounts.forgive(&attempt.key);
        if let Some(account) = attempt.account.filter(|account| account.secret(FAILURES).is_some()) {
            self.write(engine, account, Secret::forget(FAILURES));
        }
    }

    /// A reset of the password opens the door again.
    pub fn forgive(&self, account: &Account) {
        self.accounts.forgive(&account.reference());
    }

    fn write(&self, engine: &Arc<Engine>, account: Account, kept: Secret) {
        let engine = Arc::clone(engine);
        tokio::spawn(async move {
            if let Err(error) = account.keep(&engine, vec![kept]).await {
                tracing::debug!(%error, "the failures of an account were not kept");
            }
        });
    }

    /// One more request of a sort from an address.
    pub fn request(&self, bucket: Bucket, address: &str) -> Result<Option<Limit>> {
        let rate = match bucket {
            Bucket::Login => self.settings.login_rate,
            Bucket::Auth => self.settings.auth_rate,
        };
        self.rates.take(bucket.name(), address, rate, 60)
    }

    /// One more of what is counted under a name, of so many in so many seconds.
    pub fn take(&self, name: &'static str, whose: &str, rate: u32, seconds: i64) -> Result<()> {
        self.rates.take(name, whose, rate, seconds).map(drop)
    }

    /// One more mail to an account, or to an address that has none.
    pub fn mail(&self, whose: &str) -> Result<()> {
        self.rates.take("mails", whose, self.settings.mail_rate, 3600).map(drop)
    }

    /// What a browser shows the next time, so that it is known.
    pub fn device(&self, account: &Account) -> String {
        device::fresh(&self.seal, &account.reference())
    }

    fn knows(&self, account: &Account, origin: &Origin) -> bool {
        origin
            .device
            .as_deref()
            .is_some_and(|device| device::is_known(&self.seal, &account.reference(), device))
    }
}

fn read(kept: &str) -> Option<(u32, i64)> {
    let kept: Value = serde_json::from_str(kept).ok()?;
    Some((u32::try_from(kept.get(0)?.as_u64()?).ok()?, kept.get(1)?.as_i64()?))
}
