//! What people do about their own access: passwords, proofs of e-mail, factors; and what is told to them of it.

use std::sync::Arc;

use serde_json::{Value, json};

use super::account::{Account, PASSKEYS, PASSWORD, PENDING, RECOVERY, SEED, STEP};
use super::login::{Origin, Step};
use super::mail::{Template, Values};
use super::member::{began, memberships};
use super::password::{Person, Verdict, acceptable, judge};
use super::request::{For, Held, Purpose};
use super::{Identity, account, guard, member};
use crate::error::{Limit, Result, busy, forbidden, malformed, not_found};
use crate::repo::{Actor, Repo};
use crate::store::Secret;

/// Which second factors of an account are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Factors<'f> {
    /// `totp` or `email`.
    One(&'f str),
    /// Those, and the passkeys.
    All,
}

impl Identity {
    /// One more request of a sort from an address.
    pub fn allow(&self, bucket: guard::Bucket, address: &str) -> Result<Option<Limit>> {
        self.guard.request(bucket, address)
    }

    /// One more request by a key.
    pub fn allow_key(&self, whose: &str) -> Result<()> {
        self.guard.take("api-key", whose, self.settings.key_rate, 60)
    }

    /// One more code of a device that is typed at an address (<https://www.rfc-editor.org/rfc/rfc8628#section-5.1>).
    pub fn allow_user_code(&self, address: &str) -> Result<()> {
        self.guard.take("user-code", address, self.settings.user_code_rate, 300)
    }

    /// One more attempt of a person to sign in through an application.
    pub fn allow_person(&self, whose: &str) -> Result<()> {
        self.guard.take("authenticate", whose, self.settings.person_rate, 60)
    }

    /// What the browser of whoever signed in shows the next time.
    pub async fn device(&self, step: &Step) -> Option<String> {
        let Step::Done { login, .. } = step else { return None };
        let row = member::living(&self.engine, "Login", login).await.ok()??;
        let login = account::parsed(&row).ok()?;
        let user = login.pointer("/user/reference")?.as_str()?.strip_prefix("User/")?;
        let account = Account::read(&self.engine, user).await.ok()??;
        Some(self.guard.device(&account))
    }

    pub(super) async fn account(&self, user: &str) -> Result<Account> {
        let account = Account::read(&self.engine, user.trim_start_matches("User/")).await?;
        account.filter(Account::is_active).ok_or_else(|| not_found("there is no such user"))
    }

    /// Fails unless a password is good enough for this user.
    pub(super) async fn fit(&self, account: &Account, password: &str, place: &str) -> Result<()> {
        let mut texts: Vec<String> = ["email", "firstName", "lastName", "displayName"]
            .into_iter()
            .filter_map(|name| account.text(name).map(str::to_owned))
            .collect();
        for membership in memberships(&self.engine, &account.reference(), None).await? {
            let project = member::awake(&self.engine, membership.row.project).await?;
            texts.extend(project.and_then(|project| project.get("name")?.as_str().map(str::to_owned)));
        }
        judge(&self.settings, password, &Person::of(texts.iter().map(String::as_str)), place)
    }

    /// Gives a user another password, and ends his sessions: by a repo of the server's, which may be one that records it.
    pub async fn set_password(&self, repo: &Repo, user: &str, password: &str, place: &str) -> Result<()> {
        let account = self.account(user).await?;
        self.fit(&account, password, place).await?;
        let hash = self.passwords.hash(password).await?;
        for _ in 0..account::ATTEMPTS {
            let account = self.account(user).await?;
            let mut body = account.body.clone();
            body[PASSWORD] = Value::from(hash.as_str());
            let secrets = vec![Secret::forget(account::FAILURES)];
            if account.change_by(repo, body, secrets).await?.is_some() {
                self.guard.forgive(&account);
                self.sessions.forget_all();
                return Ok(());
            }
        }
        Err(busy("this account is changed by many at once; try again"))
    }

    /// What to keep of a password that somebody chooses for a new account.
    pub async fn new_password(&self, password: &str, words: &[&str], place: &str) -> Result<String> {
        judge(&self.settings, password, &Person::of(words.iter().copied()), place)?;
        self.passwords.hash(password).await
    }

    /// Changes the password of whoever knows it. His session stays; all others end.
    pub async fn change_password(&self, actor: &Actor, old: &str, new: &str, origin: &Origin) -> Result<()> {
        let account = self.account(person(actor)?).await?;
        self.knows_password(&account, old, origin, "oldPassword").await?;
        if old == new {
            return Err(malformed("this is the password until now").coded("business-rule").at("newPassword"));
        }
        self.set_password(&super::system(&self.engine), &account.row.id, new, "newPassword").await?;
        if let Some(login) = &actor.login {
            self.renew(login).await?;
        }
        self.tell(&account, Template::PasswordChanged, "").await;
        Ok(())
    }

    /// Fails unless this is the password of an account; counts what is wrong.
    pub(super) async fn knows_password(
        &self,
        account: &Account,
        password: &str,
        origin: &Origin,
        place: &str,
    ) -> Result<()> {
        acceptable(password, place)?;
        let attempt = self.guard.begin(Some(account), account.email().unwrap_or_default(), origin)?;
        if self.passwords.verify(password, account.secret(PASSWORD)).await? == Verdict::Wrong {
            self.guard.failed(&self.engine, attempt);
            return Err(malformed("this is not the password until now").coded("login").at(place));
        }
        self.guard.succeeded(&self.engine, attempt);
        Ok(())
    }

    /// Fails unless somebody signed in a moment ago, or proves himself once more.
    pub async fn fresh(&self, actor: &Actor, password: Option<&str>, origin: &Origin) -> Result<()> {
        let account = self.account(person(actor)?).await?;
        if let Some(password) = password {
            return self.knows_password(&account, password, origin, "password").await;
        }
        let since = match &actor.login {
            Some(login) => member::living(&self.engine, "Login", login)
                .await?
                .map(|row| account::parsed(&row))
                .transpose()?,
            None => None,
        };
        let age = chrono::Utc::now().timestamp_millis() - since.as_ref().map_or(0, began);
        if self.settings.fresh_sign_in > 0 && age > self.settings.fresh_sign_in * 1000 {
            let text = "this needs a sign-in of a moment ago: send the password along, or sign in again";
            return Err(forbidden(text).coded("login").at("password"));
        }
        Ok(())
    }

    /// The session survives what ends all others.
    pub(super) async fn renew(&self, login: &str) -> Result<()> {
        use crate::repo::Retain;
        let Some(row) = member::living(&self.engine, "Login", login).await? else { return Ok(()) };
        let mut body = account::parsed(&row)?;
        body["authTime"] = json!(chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true));
        super::system(&self.engine).retain("Login", &row, body, Vec::new(), Retain::Amended).await.map(drop)
    }

    /// Mails a link to another password, if there is somebody to mail it to. That is done after the answer, so that the
    /// time tells nothing.
    pub fn ask_reset(
        self: &Arc<Self>,
        email: &str,
        project: Option<&str>,
        redirect: Option<&str>,
    ) -> Result<()> {
        let email = super::login::address(email)?;
        self.guard.mail(&format!("reset {email}"))?;
        let (identity, owned) = (Arc::clone(self), |text: Option<&str>| text.map(str::to_owned));
        let (project, redirect) = (owned(project), owned(redirect));
        tokio::spawn(async move {
            if let Err(error) = identity.mail_reset(&email, project.as_deref(), redirect.as_deref()).await {
                tracing::warn!(%error, "a link to another password was not sent");
            }
        });
        Ok(())
    }

    async fn mail_reset(&self, email: &str, project: Option<&str>, redirect: Option<&str>) -> Result<()> {
        let pool = match project {
            Some(project) => super::pool::root(&self.engine, project).await?.number,
            None => 0,
        };
        // Whoever would be let in by this e-mail.
        let account = Account::by_email(&self.engine, email, Some(pool)).await?;
        let Some(account) = account.filter(Account::is_active) else { return Ok(()) };
        let whom = For { user: &account.row.id, project, email: Some(email), redirect };
        let issued = self.request(Purpose::Reset, whom).await?;
        let name = account.text("firstName").unwrap_or(email);
        let values = Values::of(name).with("link", issued.link).within(issued.lifetime);
        self.send(project, Template::Reset, email, values).await
    }

    /// Another password by a link that was mailed.
    pub async fn accept(&self, held: &Held, password: &str) -> Result<()> {
        self.accept_as(held, password, &[]).await
    }

    /// The same, by somebody who says along with it how he is called: elements of User and their texts.
    pub async fn accept_as(&self, held: &Held, password: &str, called: &[(&str, &str)]) -> Result<()> {
        if held.purpose == Purpose::VerifyEmail {
            return Err(malformed("Invalid request type").coded("invalid").at("id"));
        }
        let account = self.account(&held.user).await?;
        self.fit(&account, password, "password").await?;
        let hash = self.passwords.hash(password).await?;
        let mut body = account.body.clone();
        body[PASSWORD] = Value::from(hash);
        for (name, value) in called {
            body[*name] = Value::from(*value);
        }
        // The link came by mail to this very address.
        if held.email.as_deref().is_none_or(|email| Some(email) == account.email())
            && account.email().is_some()
        {
            body["emailVerified"] = Value::Bool(true);
        }
        self.spend_with(held, &account, body).await?;
        self.guard.forgive(&account);
        account.keep_no_failures(&self.engine).await;
        self.sessions.forget_all();
        self.tell(&account, Template::PasswordChanged, "").await;
        Ok(())
    }

    /// The e-mail is proved by a link that was mailed to it.
    pub async fn verify_email(&self, held: &Held) -> Result<()> {
        if held.purpose != Purpose::VerifyEmail {
            return Err(malformed("Invalid request type").coded("invalid").at("id"));
        }
        let account = self.account(&held.user).await?;
        if held.email.as_deref().is_some_and(|email| Some(email) != account.email()) {
            return Err(malformed("this was asked for another e-mail").coded("invalid").at("id"));
        }
        let mut body = account.body.clone();
        body["emailVerified"] = Value::Bool(true);
        self.spend_with(held, &account, body).await
    }

    /// Writes a user and marks the request as used, both or neither.
    async fn spend_with(&self, held: &Held, account: &Account, body: Value) -> Result<()> {
        use crate::repo::bundle::{Action, Condition, Entry, Target};
        let entry = Entry {
            full_url: None,
            action: Action::Update {
                kind: "User".to_owned(),
                target: Target::Id(account.row.id.clone()),
                body,
                condition: Condition::Version(account.row.version),
            },
        };
        let done = super::system(&self.engine).transaction(vec![held.spent(), entry]).await;
        done.map(drop).map_err(|failed| match failed.error.kind {
            crate::error::Kind::Precondition => malformed("Already used").coded("invalid"),
            _ => failed.error,
        })
    }

    /// Takes second factors away and ends the sessions, by a repo of the server's, which may be one that records it.
    /// Gives how many there were.
    pub(super) async fn take_factors(&self, repo: &Repo, user: &str, which: Factors<'_>) -> Result<usize> {
        for _ in 0..account::ATTEMPTS {
            let account = self.account(user).await?;
            let (methods, passkeys) = (account.methods(), account.passkeys());
            let (gone, left): (Vec<&str>, Vec<&str>) = methods
                .into_iter()
                .partition(|method| which == Factors::All || which == Factors::One(method));
            let gone_keys = if which == Factors::All { passkeys.len() } else { 0 };
            let many = gone.len() + gone_keys;
            if many == 0 {
                return Ok(0);
            }
            let mut body = account.body.clone();
            body["mfaEnrolled"] = Value::Bool(!left.is_empty());
            let now = chrono::Utc::now().timestamp_millis().to_string();
            let mut secrets = vec![Secret::set(crate::repo::SESSIONS_SINCE, now)];
            if gone.contains(&"totp") {
                secrets.extend([SEED, PENDING, RECOVERY, STEP].map(Secret::forget));
            }
            if gone_keys > 0 {
                secrets.push(Secret::forget(PASSKEYS));
            }
            match left.is_empty() {
                true => {
                    body.as_object_mut().map(|body| body.shift_remove("mfaMethod"));
                }
                false => body["mfaMethod"] = left.into(),
            }
            if account.change_by(repo, body, secrets).await?.is_some() {
                self.sessions.forget_all();
                self.tell(&account, Template::FactorChanged, "removed").await;
                return Ok(many);
            }
        }
        Err(busy("this account is changed by many at once; try again"))
    }

    pub(super) async fn mail_code(&self, account: &Account, project: Option<&str>, code: &str) -> Result<()> {
        let Some(email) = account.email() else { return Ok(()) };
        let values = Values::of(account.text("firstName").unwrap_or(email)).with("code", code).within(600);
        self.send(project, Template::Code, email, values).await
    }

    /// Tells somebody that his access was changed. That a mail does not get out changes nothing.
    pub(super) async fn tell(&self, account: &Account, template: Template, change: &str) {
        let Some(email) = account.email() else { return };
        let values = Values::of(account.text("firstName").unwrap_or(email)).with("change", change);
        let project = match account.row.project {
            0 => None,
            project => self.engine.store.project_id(project).ok(),
        };
        self.send(project.as_deref(), template, email, values).await.ok();
    }
}

/// The id of the user who acts.
pub(super) fn person(actor: &Actor) -> Result<&str> {
    actor.reference.strip_prefix("User/").ok_or_else(|| forbidden("only people have this"))
}
