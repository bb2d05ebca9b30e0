//! What is left to do until somebody is in: a factor, a membership, or nothing.

use serde_json::{Value, json};

use super::Step;
use super::draft::{Draft, VERIFIES};
use crate::error::{Result, malformed};
use crate::identity::Identity;
use crate::identity::account::{Account, PENDING, parsed};
use crate::identity::factor::totp;
use crate::identity::member::{self, Membership, memberships};
use crate::store::Secret;

impl Identity {
    /// What is left to do, of a sign-in that is on its way.
    pub async fn step(&self, login: &str) -> Result<Step> {
        let draft = Draft::open(&self.engine, login).await?;
        let account = draft.account(&self.engine).await?;
        self.advance(draft, account).await
    }

    /// Goes on as far as nobody has to be asked, and writes that down.
    pub(super) async fn advance(&self, mut draft: Draft, account: Account) -> Result<Step> {
        let login = draft.id.clone();
        let verified = account.body.get("emailVerified") == Some(&Value::Bool(true));
        if self.settings.verified_sign_up && !verified && draft.text("authMethod") == Some("password") {
            if draft.secret(VERIFIES).is_some() || draft.secrets.iter().any(|kept| kept.name == VERIFIES) {
                draft.save(&self.engine).await?;
                return Ok(Step::Verify { login, user: account.row.id.clone() });
            }
            return Err(malformed("the e-mail is to be verified first").coded("business-rule").at("email"));
        }
        if let Some(step) = self.ask_factor(&draft, &account, account.must_have_factor()).await? {
            draft.save(&self.engine).await?;
            return Ok(step);
        }
        if draft.reference("membership").is_none() {
            let candidates = self.candidates(&draft).await?;
            match candidates.as_slice() {
                [] => {
                    draft.save(&self.engine).await?;
                    return Ok(Step::Open { login });
                }
                [only] => {
                    let project = self.engine.store.project_id(only.row.project)?;
                    draft.settle(&project, only);
                }
                many => {
                    draft.save(&self.engine).await?;
                    let mut memberships = Vec::with_capacity(many.len());
                    for one in many {
                        memberships.push(self.offered(one).await?);
                    }
                    return Ok(Step::Choose { login, memberships });
                }
            }
        }
        self.finish(draft, account).await
    }

    /// The membership is settled: what its project asks for, then the code.
    pub(super) async fn finish(&self, mut draft: Draft, account: Account) -> Result<Step> {
        let required = self.requires_factor_of(&draft, &account).await?;
        if let Some(step) = self.ask_factor(&draft, &account, required).await? {
            draft.save(&self.engine).await?;
            return Ok(step);
        }
        let code = draft.mint(self.settings.code_lifetime)?;
        let login = draft.id.clone();
        draft.save(&self.engine).await?;
        Ok(Step::Done { login, code })
    }

    /// The factor that is due before anything else.
    pub(super) async fn due(&self, draft: &Draft, account: &Account) -> Result<Option<Step>> {
        self.ask_factor(draft, account, account.must_have_factor()).await
    }

    /// The factor that is still to be proved or set up.
    async fn ask_factor(&self, draft: &Draft, account: &Account, required: bool) -> Result<Option<Step>> {
        if draft.is("mfaVerified") || !is_one_factor(draft) {
            return Ok(None);
        }
        let mut methods = account.methods();
        if draft.text("authMethod") == Some("magic-auth") {
            // Who reads the mail has proved no more by reading another.
            methods.retain(|method| *method != "email");
        }
        let login = draft.id.clone();
        if !methods.is_empty() {
            let email = account.email().map(masked);
            return Ok(Some(Step::Factor { login, methods, email }));
        }
        if !required {
            return Ok(None);
        }
        let (seed, _) = self.pending_seed(account).await?;
        let uri = totp::uri(&seed, &self.issuer_name(), account.email().unwrap_or(&account.row.id));
        Ok(Some(Step::Enroll { login, qr: totp::picture(&uri), uri, methods: vec!["totp"] }))
    }

    /// The seed that is being set up, made if there is none, and the account as it is by then.
    pub(in crate::identity) async fn pending_seed(&self, account: &Account) -> Result<(String, Account)> {
        let mut account = account.clone();
        for _ in 0..super::super::account::ATTEMPTS {
            if let Some(kept) = account.secret(PENDING) {
                return Ok((self.seal.open_text(kept, &account.reference())?, account));
            }
            let sealed = self.seal.close(&totp::seed(), &account.reference())?;
            let secret = Secret::set(PENDING, sealed).instead_of(None);
            account = match account.keep(&self.engine, vec![secret]).await? {
                Some(kept) => kept,
                None => Account::read(&self.engine, &account.row.id).await?.unwrap_or(account),
            };
        }
        Err(crate::error::busy("this account is changed by many at once; try again"))
    }

    pub fn issuer_name(&self) -> String {
        let url = url::Url::parse(&self.issuer).ok();
        url.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_else(|| "Roster".to_owned())
    }

    /// Whether a sign-in that is settled needs a second factor, and there is none to prove.
    pub(super) async fn lacks_factor(&self, draft: &Draft, account: &Account) -> Result<bool> {
        let by_one = !draft.is("mfaVerified") && is_one_factor(draft);
        Ok(by_one && account.methods().is_empty() && self.requires_factor_of(draft, account).await?)
    }

    /// Whether a second factor is required: of the user, of the member, or of all members.
    async fn requires_factor_of(&self, draft: &Draft, account: &Account) -> Result<bool> {
        if account.must_have_factor() {
            return Ok(true);
        }
        let member = draft.reference("membership").and_then(|one| one.strip_prefix("ProjectMembership/"));
        let member = match member {
            Some(id) => Membership::read(&self.engine, id).await?,
            None => None,
        };
        Ok(member.is_some_and(|member| member.wants_factor()) || self.project_wants_factor(draft).await?)
    }

    async fn project_wants_factor(&self, draft: &Draft) -> Result<bool> {
        let Some(id) = draft.reference("project").and_then(|project| project.strip_prefix("Project/")) else {
            return Ok(false);
        };
        let Some(number) = self.engine.store.project_number(id)? else { return Ok(false) };
        let project = member::awake(&self.engine, number).await?;
        let project = project.ok_or_else(|| malformed("this project sleeps").coded("login").at("login"))?;
        Ok(member::wants_factor(&project))
    }

    /// The memberships that the sign-in may be settled on.
    pub(super) async fn candidates(&self, draft: &Draft) -> Result<Vec<Membership>> {
        let user = draft.reference("user").unwrap_or_default();
        let project = match draft.reference("project").and_then(|project| project.strip_prefix("Project/")) {
            Some(id) => Some(self.engine.store.project_number(id)?.unwrap_or(-1)),
            None => None,
        };
        let mut found = memberships(&self.engine, user, project).await?;
        if let Some(kind) = draft.text("profileType") {
            let of_kind = |one: &Membership| {
                one.reference("profile").is_some_and(|profile| profile.split('/').next() == Some(kind))
            };
            found.retain(of_kind);
        }
        Ok(found)
    }

    /// A membership as it is shown to whoever chooses.
    async fn offered(&self, membership: &Membership) -> Result<Value> {
        let project = self.engine.store.project_id(membership.row.project)?;
        let name = member::awake(&self.engine, membership.row.project).await?;
        let name = name.and_then(|project| project.get("name").cloned());
        let mut offered = json!({
            "id": membership.row.id,
            "project": { "reference": format!("Project/{project}") },
        });
        if let Some(name) = name {
            offered["project"]["display"] = name;
        }
        for name in ["profile", "identifier"] {
            if let Some(value) = membership.body.get(name) {
                offered[name] = value.clone();
            }
        }
        if let Some(reference) = membership.reference("profile")
            && offered["profile"].get("display").is_none()
            && let Some((kind, id)) = reference.split_once('/')
            && let Some(row) = member::living(&self.engine, kind, id).await?
            && let Some(name) = display(&parsed(&row)?)
        {
            offered["profile"]["display"] = Value::from(name);
        }
        Ok(offered)
    }
}

/// Whether somebody has signed in by what is one factor alone. Of those who were signed in elsewhere, it is told if it was
/// by more.
fn is_one_factor(draft: &Draft) -> bool {
    matches!(draft.text("authMethod"), Some("password" | "magic-auth" | "external" | "exchange"))
}

/// The name of a profile.
fn display(profile: &Value) -> Option<String> {
    let name = profile.get("name")?.get(0)?;
    let given = name.get("given").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let words: Vec<&str> = given.chain(name.get("family").and_then(Value::as_str)).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// Enough of an e-mail to be recognised by its owner.
fn masked(email: &str) -> String {
    let (name, host) = email.split_once('@').unwrap_or((email, ""));
    format!("{}***@{host}", name.chars().take(1).collect::<String>())
}
