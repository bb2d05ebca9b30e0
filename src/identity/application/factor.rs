//! The second factor of a user, an authenticator app, as an application sets it up and asks for it in his name.

use chrono::Utc;

use super::Coded;
use crate::error::{Error, Kind, Result, busy, conflict, malformed};
use crate::identity::access::Factors;
use crate::identity::account::{ATTEMPTS, Account, PENDING, RECOVERY, SEED, STEP};
use crate::identity::acting::in_name_of;
use crate::identity::factor::{recovery, totp};
use crate::identity::login::Origin;
use crate::identity::{Identity, system};
use crate::repo::audit::Audit;
use crate::repo::{Repo, Retain};
use crate::store::Secret;

/// When an application began to set it up, in milliseconds since 1970.
const SINCE: &str = "factorSince";

/// An authenticator app.
#[derive(Debug, Clone)]
pub struct App {
    /// A code of it was seen: from then on it is asked for.
    pub proved: bool,
    pub since: Option<i64>,
}

/// What it is set up by; shown once.
#[derive(Debug, Clone)]
pub struct Seed {
    pub secret: String,
    pub uri: String,
    /// The same as a picture, in an address of its own.
    pub picture: Option<String>,
    pub issuer: String,
    pub account: String,
}

impl Identity {
    /// The app of a user, if there is one or one is being set up.
    pub async fn app(&self, user: &str) -> Result<Option<App>> {
        let account = self.account(user).await?;
        let since = account.secret(SINCE).and_then(|since| since.parse().ok());
        let proved = account.secret(SEED).is_some();
        let begun = since.is_some() && account.secret(PENDING).is_some();
        Ok((proved || begun).then_some(App { proved, since }))
    }

    /// Begins to set an app up.
    pub async fn begin_app(&self, user: &str, issuer: Option<&str>, name: Option<&str>) -> Result<Seed> {
        for _ in 0..ATTEMPTS {
            let account = self.account(user).await?;
            if account.secret(SEED).is_some() {
                return Err(conflict("the user has an authenticator app already").coded("duplicate"));
            }
            let secret = totp::seed();
            let sealed = self.seal.close(&secret, &account.reference())?;
            let now = Utc::now().timestamp_millis().to_string();
            let secrets = vec![Secret::set(PENDING, sealed), Secret::set(SINCE, now)];
            if account.keep(&self.engine, secrets).await?.is_some() {
                let own = self.issuer_name();
                let issuer = issuer.unwrap_or(&own).to_owned();
                let name = name.or(account.email()).unwrap_or(&account.row.id).to_owned();
                let uri = totp::uri(&secret, &issuer, &name);
                return Ok(Seed { picture: totp::picture(&uri), secret, uri, issuer, account: name });
            }
        }
        Err(busy("this account is changed by many at once; try again"))
    }

    /// Whether a code is one of the user's app. The first of one that is being set up sets it up.
    pub async fn prove_app(&self, user: &str, code: &str, origin: &Origin) -> Result<bool> {
        let account = self.account(user).await?;
        let attempt = self.guard.begin_factor(&account, recovery::is_one(code), origin)?;
        let right = match account.secret(SEED) {
            Some(_) => self.takes(&account, code).await?,
            None => match self.enroll(&account, code).await {
                Ok(_) => true,
                Err(error) if error.kind == Kind::Malformed => false,
                Err(error) => return Err(error),
            },
        };
        match right {
            true => self.guard.succeeded(&self.engine, attempt),
            false => self.guard.failed(&self.engine, attempt),
        }
        self.sessions.forget_all();
        Ok(right)
    }

    /// Takes the app away, or stops setting it up.
    pub async fn drop_app(&self, repo: &Repo, user: &str, audit: Audit) -> Result<()> {
        let account = self.account(user).await?;
        if account.secret(SEED).is_some() {
            let own =
                in_name_of(repo).audited(audit.entity(format!("User/{user}")).project(repo.actor().project));
            self.take_factors(&own, user, Factors::One("totp")).await?;
        }
        for _ in 0..ATTEMPTS {
            let account = self.account(user).await?;
            let secrets = [PENDING, RECOVERY, STEP, SINCE].map(Secret::forget).to_vec();
            if account.keep(&self.engine, secrets).await?.is_some() {
                return Ok(());
            }
        }
        Err(busy("this account is changed by many at once; try again"))
    }

    /// A challenge was answered: it is not answered again.
    pub async fn use_challenge(&self, coded: &Coded) -> Result<()> {
        let mut body = coded.body.clone();
        body["used"] = true.into();
        let done = system(&self.engine)
            .retain("UserSecurityRequest", &coded.row, body, Vec::new(), Retain::Version)
            .await?;
        let used = || -> Error { malformed("the challenge was answered before").coded("conflict") };
        done.map(drop).ok_or_else(used)
    }

    /// The moment before which no session of a user counts, where there is one.
    pub async fn sessions_since(&self, user: &str) -> Result<Option<i64>> {
        let account = Account::read(&self.engine, user).await?;
        Ok(account.map(|account| account.sessions_since()).filter(|since| *since > 0))
    }
}
