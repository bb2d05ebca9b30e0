//! The second factor of a sign-in: a code of an app, of the mail, or of the recovery sheet.

use chrono::Utc;

use super::Origin;
use super::Step;
use super::draft::{Draft, MAILED};
use crate::error::{Error, Result, busy, malformed};
use crate::identity::Identity;
use crate::identity::account::{ATTEMPTS, Account, PENDING, RECOVERY, SEED, STEP};
use crate::identity::factor::{mail_code, recovery, totp};
use crate::store::Secret;

impl Identity {
    /// Proves the second factor.
    pub async fn verify_factor(&self, login: &str, token: &str, origin: &Origin) -> Result<Step> {
        let mut draft = Draft::open(&self.engine, login).await?;
        let account = draft.account(&self.engine).await?;
        if draft.is("mfaVerified") || account.methods().is_empty() {
            return Err(malformed("no second factor is asked for").coded("business-rule").at("login"));
        }
        let attempt = self.guard.begin_factor(&account, recovery::is_one(token), origin)?;
        if self.proves_mailed(&mut draft, &account, token).await? || self.takes(&account, token).await? {
            self.guard.succeeded(&self.engine, attempt);
            draft.set("mfaVerified", true);
            let account = draft.account(&self.engine).await?;
            return self.advance(draft, account).await;
        }
        self.guard.failed(&self.engine, attempt);
        Err(wrong_token())
    }

    /// Sets up the app that was asked for during the sign-in, and goes on.
    pub async fn enroll_at_login(
        &self,
        login: &str,
        token: &str,
        origin: &Origin,
    ) -> Result<(Step, Vec<String>)> {
        let mut draft = Draft::open(&self.engine, login).await?;
        let account = draft.account(&self.engine).await?;
        if !account.methods().is_empty() {
            return Err(malformed("a second factor is set up already").coded("business-rule").at("login"));
        }
        let attempt = self.guard.begin_factor(&account, false, origin)?;
        let codes = match self.enroll(&account, token).await {
            Ok(codes) => codes,
            Err(error) => {
                self.guard.failed(&self.engine, attempt);
                return Err(error);
            }
        };
        self.guard.succeeded(&self.engine, attempt);
        draft.set("mfaVerified", true);
        // Setting it up has ended whatever was signed in before this moment.
        draft.set("authTime", super::draft::now());
        let account = draft.account(&self.engine).await?;
        Ok((self.advance(draft, account).await?, codes))
    }

    /// Mails a code, which is kept with the sign-in that it is for.
    pub async fn mail_factor(&self, login: &str) -> Result<()> {
        let mut draft = Draft::open(&self.engine, login).await?;
        let account = draft.account(&self.engine).await?;
        if draft.is("mfaVerified") || !account.methods().contains(&"email") {
            return Err(malformed("no code by mail is asked for").coded("business-rule").at("login"));
        }
        self.guard.mail(&account.reference())?;
        let (code, kept) = mail_code::fresh(&draft.id, Utc::now().timestamp_millis())?;
        draft.secrets.push(Secret::set(MAILED, kept));
        draft.save(&self.engine).await?;
        let project = draft.reference("project").and_then(|project| project.strip_prefix("Project/"));
        self.mail_code(&account, project, &code).await
    }

    async fn proves_mailed(&self, draft: &mut Draft, account: &Account, token: &str) -> Result<bool> {
        let Some(kept) = draft.secret(MAILED).map(str::to_owned) else { return Ok(false) };
        if !account.methods().contains(&"email") {
            return Ok(false);
        }
        match mail_code::tried(&kept, &draft.id, token, Utc::now().timestamp_millis()) {
            mail_code::Tried::Right => {
                draft.secrets.push(Secret::forget(MAILED).instead_of(Some(&kept)));
                draft.save(&self.engine).await?;
                Ok(true)
            }
            mail_code::Tried::Wrong(left) => {
                let secret = match left {
                    Some(left) => Secret::set(MAILED, left),
                    None => Secret::forget(MAILED),
                };
                draft.secrets.push(secret.instead_of(Some(&kept)));
                draft.save(&self.engine).await?;
                Ok(false)
            }
        }
    }

    /// Whether a code of the app or of the recovery sheet is right; it is used up by that.
    pub(in crate::identity) async fn takes(&self, account: &Account, token: &str) -> Result<bool> {
        let mut account = account.clone();
        for _ in 0..ATTEMPTS {
            let Some(spent) = self.spend(&account, token)? else { return Ok(false) };
            match account.keep(&self.engine, vec![spent]).await? {
                Some(_) => return Ok(true),
                None => {
                    account = Account::read(&self.engine, &account.row.id).await?.ok_or_else(wrong_token)?
                }
            }
        }
        Err(busy("this account is changed by many at once; try again"))
    }

    /// What is to be kept once this code is used up; nothing if it is wrong.
    fn spend(&self, account: &Account, token: &str) -> Result<Option<Secret>> {
        if let Some(kept) = account.secret(RECOVERY)
            && recovery::is_one(token)
        {
            let left = recovery::used(kept, token);
            return Ok(left.map(|left| Secret::set(RECOVERY, left).instead_of(Some(kept))));
        }
        let Some(seed) = account.secret(SEED) else { return Ok(None) };
        let seed = self.seal.open_text(seed, &account.reference())?;
        let last = account.secret(STEP);
        let step = totp::step(
            &seed,
            token,
            Utc::now().timestamp(),
            last.and_then(|step| step.parse().ok()).unwrap_or(0),
        );
        Ok(step.map(|step| Secret::set(STEP, step.to_string()).instead_of(last)))
    }

    /// Makes the app whose first code this is the second factor. Gives the recovery codes, once.
    pub(in crate::identity) async fn enroll(&self, account: &Account, token: &str) -> Result<Vec<String>> {
        let Some(pending) = account.secret(PENDING) else {
            return Err(malformed("no app is being set up").coded("business-rule").at("token"));
        };
        let seed = self.seal.open_text(pending, &account.reference())?;
        let step = totp::step(&seed, token, Utc::now().timestamp(), 0).ok_or_else(wrong_token)?;
        let (codes, kept) = recovery::fresh()?;
        let mut body = account.body.clone();
        let mut methods: Vec<String> = account.methods().into_iter().map(str::to_owned).collect();
        methods.insert(0, "totp".to_owned());
        body["mfaMethod"] = methods.into();
        body["mfaEnrolled"] = true.into();
        body[SEED] = self.seal.close(&seed, &account.reference())?.into();
        let secrets = vec![
            Secret::forget(PENDING).instead_of(Some(pending)),
            Secret::set(RECOVERY, kept),
            Secret::set(STEP, step.to_string()),
        ];
        match account.change(&self.engine, body, secrets).await? {
            Some(_) => Ok(codes),
            None => Err(busy("this account was changed at the same moment; try again")),
        }
    }
}

pub(in crate::identity) fn wrong_token() -> Error {
    malformed("this code is wrong, used, or no longer good").coded("login").at("token")
}
