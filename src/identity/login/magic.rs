//! Signing in by a code that was mailed: no password, the same answer for everybody, no account made.

use std::sync::Arc;

use chrono::Utc;

use super::begin::{Place, address, wrong};
use super::{SignIn, Step};
use crate::error::{Result, busy};
use crate::identity::Identity;
use crate::identity::account::{ATTEMPTS, Account};
use crate::identity::factor::mail_code;
use crate::store::Secret;

/// A code that was mailed to sign in with.
const CODE: &str = "magicCode";

impl Identity {
    /// Mails a code, if there is somebody to mail it to. That is done after the answer, so that the time tells nothing.
    pub async fn magic(self: &Arc<Self>, asked: &SignIn) -> Result<()> {
        let email = address(&asked.email)?;
        self.guard.mail(&email)?;
        let place = self.place(asked).await?;
        let identity = Arc::clone(self);
        tokio::spawn(async move {
            if let Err(error) = identity.mail_magic(&email, &place).await {
                tracing::warn!(%error, "a code to sign in with was not sent");
            }
        });
        Ok(())
    }

    async fn mail_magic(&self, email: &str, place: &Place) -> Result<()> {
        for _ in 0..ATTEMPTS {
            let found = Account::by_email(&self.engine, email, place.pool).await?.filter(Account::is_active);
            let Some(found) = found else { return Ok(()) };
            let (code, kept) = mail_code::fresh(&found.reference(), Utc::now().timestamp_millis())?;
            if let Some(found) = found.keep(&self.engine, vec![Secret::set(CODE, kept)]).await? {
                return self.mail_code(&found, place.project.as_deref(), &code).await;
            }
        }
        Err(busy("this account is changed by many at once; try again"))
    }

    /// Begins to sign in with such a code.
    pub async fn sign_in_by_mail(&self, code: &str, asked: SignIn) -> Result<Step> {
        let email = address(&asked.email)?;
        let place = self.place(&asked).await?;
        let account = Account::by_email(&self.engine, &email, place.pool).await?.filter(Account::is_active);
        let attempt = self.guard.begin(account.as_ref(), &format!("{email} by mail"), &asked.origin)?;
        let mut account = account;
        for _ in 0..ATTEMPTS {
            let Some(found) = account else { break };
            let Some(kept) = found.secret(CODE) else { break };
            let (right, secret) =
                match mail_code::tried(kept, &found.reference(), code, Utc::now().timestamp_millis()) {
                    mail_code::Tried::Right => (true, Secret::forget(CODE)),
                    mail_code::Tried::Wrong(Some(left)) => (false, Secret::set(CODE, left)),
                    mail_code::Tried::Wrong(None) => (false, Secret::forget(CODE)),
                };
            match found.keep(&self.engine, vec![secret.instead_of(Some(kept))]).await? {
                Some(found) if right => {
                    self.guard.succeeded(&self.engine, attempt);
                    return self.start(found, "magic-auth", &asked, place).await;
                }
                Some(_) => break,
                None => account = Account::read(&self.engine, &found.row.id).await?,
            }
        }
        self.guard.failed(&self.engine, attempt);
        Err(wrong())
    }
}
