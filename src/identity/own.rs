//! What people do about their own second factors while they are signed in.

use chrono::Utc;
use serde_json::{Value, json};

use super::access::{Factors, person};
use super::account::{ATTEMPTS, Account};
use super::factor::{mail_code, totp};
use super::login::{Origin, wrong_token};
use super::mail::Template;
use super::member::{self, memberships};
use super::{Identity, recovery_codes};
use crate::error::{Error, Result, busy, malformed};
use crate::repo::{Actor, SESSIONS_SINCE};
use crate::store::Secret;

/// A code that was mailed to prove that an address is at hand.
const MAILED: &str = "factorCode";
/// What may be set up.
const METHODS: [&str; 2] = ["totp", "email"];

impl Identity {
    /// Which factors there are, and how to set up the app.
    pub async fn factors(&self, actor: &Actor) -> Result<Value> {
        let account = self.account(person(actor)?).await?;
        let methods = account.methods();
        let mut status = json!({
            "enrolled": !methods.is_empty(),
            "enrolledMethods": methods,
            "allowedMethods": METHODS,
            "mfaRequired": self.requires_factor(&account).await?,
            "recoveryCodes": account.recovery_codes(),
        });
        if let Some(email) = account.email() {
            status["email"] = Value::from(email);
        }
        if !methods.contains(&"totp") {
            let (seed, account) = self.pending_seed(&account).await?;
            let uri = totp::uri(&seed, &self.issuer_name(), account.email().unwrap_or(&account.row.id));
            status["enrollQrCode"] = totp::picture(&uri).into();
            status["enrollUri"] = Value::from(uri);
        }
        Ok(status)
    }

    /// Sets up a factor that the token proves. Gives recovery codes, once.
    pub async fn add_factor(
        &self,
        actor: &Actor,
        method: &str,
        token: &str,
        origin: &Origin,
    ) -> Result<Vec<String>> {
        let account = self.account(person(actor)?).await?;
        if account.methods().contains(&method) {
            return Err(malformed("this factor is set up already").coded("business-rule").at("method"));
        }
        let attempt = self.guard.begin_factor(&account, false, origin)?;
        let added = match method {
            "totp" => self.enroll(&account, token).await,
            "email" => self.enroll_mail(&account, token).await,
            _ => Err(malformed("a second factor is totp or email").coded("value").at("method")),
        };
        match added {
            Ok(codes) => {
                self.guard.succeeded(&self.engine, attempt);
                self.stay(actor).await?;
                self.tell(&account, Template::FactorChanged, "added").await;
                Ok(codes)
            }
            Err(error) => {
                self.guard.failed(&self.engine, attempt);
                Err(error)
            }
        }
    }

    /// Takes a factor away, for whoever proves himself by one.
    pub async fn remove_factor(
        &self,
        actor: &Actor,
        method: &str,
        token: &str,
        origin: &Origin,
    ) -> Result<()> {
        let account = self.account(person(actor)?).await?;
        if account.methods().is_empty() {
            return Err(malformed("no second factor is set up").coded("business-rule").at("method"));
        }
        if account.methods().len() == 1 && self.requires_factor(&account).await? {
            let text = "the last second factor stays: one is required of this account";
            return Err(malformed(text).coded("business-rule").at("method"));
        }
        let attempt = self.guard.begin_factor(&account, super::factor::recovery::is_one(token), origin)?;
        if !self.takes(&account, token).await? && !self.takes_mailed(&account, token).await? {
            self.guard.failed(&self.engine, attempt);
            return Err(wrong_token());
        }
        self.guard.succeeded(&self.engine, attempt);
        let own = super::system(&self.engine);
        if self.take_factors(&own, &account.row.id, Factors::One(method)).await? == 0 {
            return Err(no_factor());
        }
        self.stay(actor).await
    }

    /// Whether whoever is signed in can prove himself by this code, of his app or mailed to him.
    pub async fn proves(&self, actor: &Actor, token: &str, origin: &Origin) -> Result<bool> {
        let account = self.account(person(actor)?).await?;
        let attempt = self.guard.begin_factor(&account, super::factor::recovery::is_one(token), origin)?;
        let right = self.takes(&account, token).await? || self.takes_mailed(&account, token).await?;
        match right {
            true => self.guard.succeeded(&self.engine, attempt),
            false => self.guard.failed(&self.engine, attempt),
        }
        Ok(right)
    }

    /// Takes the app away, for whoever proves himself by his password.
    pub async fn remove_app(&self, actor: &Actor, password: &str, origin: &Origin) -> Result<()> {
        let account = self.account(person(actor)?).await?;
        self.knows_password(&account, password, origin, "x-auth-password").await?;
        if account.methods().len() == 1 && self.requires_factor(&account).await? {
            let text = "the last second factor stays: one is required of this account";
            return Err(malformed(text).coded("business-rule"));
        }
        let own = super::system(&self.engine);
        if self.take_factors(&own, &account.row.id, Factors::One("totp")).await? == 0 {
            return Err(no_factor());
        }
        self.stay(actor).await
    }

    /// New recovery codes in the place of the old ones, for whoever proves himself by a factor.
    pub async fn renew_recovery(&self, actor: &Actor, token: &str, origin: &Origin) -> Result<Vec<String>> {
        let account = self.account(person(actor)?).await?;
        let attempt = self.guard.begin_factor(&account, false, origin)?;
        if !self.takes(&account, token).await? {
            self.guard.failed(&self.engine, attempt);
            return Err(wrong_token());
        }
        self.guard.succeeded(&self.engine, attempt);
        let (codes, secret) = recovery_codes()?;
        let account = self.account(person(actor)?).await?;
        account.keep(&self.engine, vec![secret]).await?.ok_or_else(|| busy("try again"))?;
        self.tell(&account, Template::FactorChanged, "given new recovery codes").await;
        Ok(codes)
    }

    /// Mails a code to whoever is signed in.
    pub async fn mail_own(&self, actor: &Actor) -> Result<()> {
        for _ in 0..ATTEMPTS {
            let account = self.account(person(actor)?).await?;
            if account.email().is_none() {
                return Err(malformed("this account has no e-mail").coded("business-rule"));
            }
            self.guard.mail(&account.reference())?;
            let (code, kept) = mail_code::fresh(&account.reference(), Utc::now().timestamp_millis())?;
            if account.keep(&self.engine, vec![Secret::set(MAILED, kept)]).await?.is_some() {
                return self.mail_code(&account, Some(&actor.project_id), &code).await;
            }
        }
        Err(busy("this account is changed by many at once; try again"))
    }

    async fn takes_mailed(&self, account: &Account, token: &str) -> Result<bool> {
        let Some(account) = Account::read(&self.engine, &account.row.id).await? else { return Ok(false) };
        let Some(kept) = account.secret(MAILED) else { return Ok(false) };
        let tried = mail_code::tried(kept, &account.reference(), token, Utc::now().timestamp_millis());
        let (right, secret) = match tried {
            mail_code::Tried::Right => (true, Secret::forget(MAILED)),
            mail_code::Tried::Wrong(Some(left)) => (false, Secret::set(MAILED, left)),
            mail_code::Tried::Wrong(None) => (false, Secret::forget(MAILED)),
        };
        let done = account.keep(&self.engine, vec![secret.instead_of(Some(kept))]).await?;
        Ok(right && done.is_some())
    }

    async fn enroll_mail(&self, account: &Account, token: &str) -> Result<Vec<String>> {
        if !self.takes_mailed(account, token).await? {
            return Err(wrong_token());
        }
        let account = self.account(&account.row.id).await?;
        let mut body = account.body.clone();
        let mut methods = account.methods();
        methods.push("email");
        body["mfaMethod"] = methods.into();
        body["mfaEnrolled"] = true.into();
        // The code came by mail to this very address.
        body["emailVerified"] = true.into();
        let now = Utc::now().timestamp_millis().to_string();
        let (codes, secret) = recovery_codes()?;
        let secrets = vec![Secret::set(SESSIONS_SINCE, now), secret];
        account
            .change(&self.engine, body, secrets)
            .await?
            .ok_or_else(|| busy("this account was changed at the same moment; try again"))?;
        Ok(codes)
    }

    /// His own session stays, where all others ended.
    async fn stay(&self, actor: &Actor) -> Result<()> {
        if let Some(login) = &actor.login {
            self.renew(login).await?;
        }
        self.sessions.forget_all();
        Ok(())
    }

    /// Whether somebody wants a second factor of him: he himself, a project of his, or as a member of it.
    async fn requires_factor(&self, account: &Account) -> Result<bool> {
        if account.must_have_factor() {
            return Ok(true);
        }
        for membership in memberships(&self.engine, &account.reference(), None).await? {
            if membership.wants_factor() {
                return Ok(true);
            }
            if member::awake(&self.engine, membership.row.project)
                .await?
                .is_some_and(|project| member::wants_factor(&project))
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// What is said where a factor is to go that there is none of.
pub(super) fn no_factor() -> Error {
    malformed("this is no second factor of the account").coded("business-rule").at("method")
}
