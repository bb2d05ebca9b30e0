//! Whom an outside identity is of: a user of a pool that its party speaks for, and nobody else.

use serde_json::Value;

use super::claims::Said;
use super::{Provider, Source};
use crate::error::{Error, Result, busy, malformed};
use crate::identity::account::{
    ATTEMPTS, Account, PASSKEYS, PASSWORD, PENDING, RECOVERY, SEED, STEP, folded,
};
use crate::identity::acting::{target, within};
use crate::identity::login::Place;
use crate::identity::{Identity, account::parsed};
use crate::repo::SESSIONS_SINCE;
use crate::store::Secret;

/// What a user proves himself by.
const PROOFS: [&str; 6] = [PASSWORD, PASSKEYS, SEED, PENDING, RECOVERY, STEP];

impl Identity {
    /// The user behind an outside identity, made if the configuration says so. The same words whoever is not found, so
    /// that no party learns of accounts of others.
    pub(super) async fn recognise(&self, provider: &Provider, said: &Said, place: &Place) -> Result<Account> {
        let email = said.email.as_deref().map(folded);
        if provider.source() == Source::Email && email.is_none() {
            let text = match said.unverified {
                true => "your e-mail is not verified there",
                false => "it does not tell your e-mail, or not that it is verified",
            };
            return Err(provider.unfit(text));
        }
        let found = match provider.source() {
            Source::Email if provider.text("identityMappingMode").is_none_or(|mode| mode == "user-email") => {
                self.by_email(provider, email.as_deref().unwrap_or_default()).await?
            }
            Source::Email => self.by_external_id(provider, email.as_deref(), place).await?,
            Source::Subject => self.by_external_id(provider, said.subject.as_deref(), place).await?,
            Source::FhirUser => self.by_profile(said.fhir_user.as_deref(), place).await?,
        };
        let speaks = |account: &Account| {
            let pool = account.row.project;
            let domain = account.email().and_then(|email| email.rsplit_once('@')).map(|(_, domain)| domain);
            provider.pools().contains(&pool)
                && (pool == 0 || place.pool.is_none_or(|place| place == pool))
                && provider.domain.as_deref().is_none_or(|own| domain == Some(own))
        };
        let account = match found {
            Some(account) if !speaks(&account) || !account.is_active() => return Err(unknown()),
            Some(account) => account,
            None => return self.newcomer(provider, said, place).await,
        };
        let proved = email.is_some() && account.email() == email.as_deref();
        let account = if proved { self.own_email(account).await? } else { account };
        self.make_member(provider, said, place, &account).await?;
        Ok(account)
    }

    async fn by_email(&self, provider: &Provider, email: &str) -> Result<Option<Account>> {
        for pool in provider.pools() {
            if let Some(account) = Account::in_pool(&self.engine, email, pool).await? {
                return Ok(Some(account));
            }
        }
        Ok(None)
    }

    async fn by_external_id(
        &self,
        provider: &Provider,
        id: Option<&str>,
        place: &Place,
    ) -> Result<Option<Account>> {
        let Some(id) = id else { return Err(provider.unfit("it does not tell who you are")) };
        let mode = provider.text("identityMappingMode");
        let asked = [("external-id:exact", id)];
        if mode != Some("user-external-id")
            && let Some(account) = self.member_by(place, &asked).await?
        {
            return Ok(Some(account));
        }
        if mode == Some("project-membership-external-id") {
            return Ok(None);
        }
        for pool in provider.pools() {
            if let Some(row) = within(&self.engine, pool, "User", &asked).await?.pop() {
                return Account::of(&self.engine, row).map(Some);
            }
        }
        Ok(None)
    }

    /// `fhirUser` is a reference, or its address here.
    async fn by_profile(&self, profile: Option<&str>, place: &Place) -> Result<Option<Account>> {
        let Some(profile) = profile else { return Ok(None) };
        let base = format!("{}/", self.engine.base_url);
        let reference = profile.strip_prefix(&base).unwrap_or(profile);
        if reference.split('/').count() != 2 {
            return Ok(None);
        }
        self.member_by(place, &[("profile", reference)]).await
    }

    /// The user of the only membership that a search finds in the project.
    async fn member_by(&self, place: &Place, asked: &[(&str, &str)]) -> Result<Option<Account>> {
        let Some(project) = &place.project else { return Ok(None) };
        let Some(number) = self.engine.store.project_number(project)? else { return Ok(None) };
        let found = within(&self.engine, number, "ProjectMembership", asked).await?;
        let [only] = found.as_slice() else { return Ok(None) };
        match target(&parsed(only)?, "user", "User") {
            Some(user) => Account::read(&self.engine, user).await,
            None => Ok(None),
        }
    }

    /// The e-mail is proved by this. Who made the account with it before, and may have been anybody, has no way in by what
    /// he has chosen.
    async fn own_email(&self, mut account: Account) -> Result<Account> {
        for _ in 0..ATTEMPTS {
            let before = account.body.get("emailVerified").and_then(Value::as_bool);
            if before == Some(true) {
                return Ok(account);
            }
            let mut body = account.body.clone();
            body["emailVerified"] = Value::Bool(true);
            let mut secrets = Vec::new();
            if before == Some(false) && PROOFS.iter().any(|name| account.secret(name).is_some()) {
                secrets.extend(PROOFS.map(Secret::forget));
                let now = chrono::Utc::now().timestamp_millis();
                secrets.push(Secret::set(SESSIONS_SINCE, now.to_string()));
                body["mfaEnrolled"] = Value::Bool(false);
                body.as_object_mut().map(|body| body.shift_remove("mfaMethod"));
                self.sessions.forget_all();
            }
            if let Some(changed) = account.change(&self.engine, body, secrets).await? {
                self.sessions.forget_all();
                return Ok(changed);
            }
            account = Account::read(&self.engine, &account.row.id).await?.ok_or_else(unknown)?;
        }
        Err(busy("this account is changed by many at once; try again"))
    }
}

pub(super) fn unknown() -> Error {
    malformed("nobody here is known by this identity; ask to be invited").coded("login")
}
