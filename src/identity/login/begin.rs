//! The beginning: e-mail and password (<https://pages.nist.gov/800-63-4/sp800-63b.html#password>).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::draft::{Draft, REMEMBER, VERIFIES};
use super::{SignIn, Step};
use crate::error::{Error, Result, malformed};
use crate::identity::account::{Account, PASSWORD, folded};
use crate::identity::member::living;
use crate::identity::password::{Verdict, acceptable};
use crate::identity::pool::root;
use crate::identity::{Client, Identity, scope};
use crate::store::Secret;

/// What is asked for where nothing is.
pub(super) const SCOPE: &str = "openid";

impl Identity {
    /// Begins to sign in with e-mail and password. Nobody learns whether the account exists.
    pub async fn sign_in(&self, asked: SignIn) -> Result<Step> {
        let email = address(&asked.email)?;
        if asked.password.is_empty() {
            return Err(malformed("a password is missing").coded("required").at("password"));
        }
        acceptable(&asked.password, "password")?;
        let place = self.place(&asked).await?;
        let account = Account::by_email(&self.engine, &email, place.pool).await?;
        let attempt = self.guard.begin(account.as_ref(), &email, &asked.origin)?;
        let kept = account.as_ref().and_then(|account| account.secret(PASSWORD));
        let verdict = self.passwords.verify(&asked.password, kept).await?;
        let Some(mut account) = account.filter(|account| account.is_active() && verdict != Verdict::Wrong)
        else {
            self.guard.failed(&self.engine, attempt);
            return Err(wrong());
        };
        // Where too many sign in, that is left to the next time: this one has stood in line already.
        if verdict == Verdict::Outdated
            && let Ok(hash) = self.passwords.hash(&asked.password).await
        {
            // Who was faster has written the same.
            let kept = account.keep(&self.engine, vec![Secret::set(PASSWORD, hash)]).await?;
            account = kept.unwrap_or(account);
        }
        // With a second factor still to come, the count goes on.
        if account.methods().is_empty() {
            self.guard.succeeded(&self.engine, attempt);
        }
        self.start(account, "password", &asked, place).await
    }

    /// A Login for somebody whose first factor is proved.
    pub(in crate::identity) async fn start(
        &self,
        account: Account,
        method: &str,
        asked: &SignIn,
        place: Place,
    ) -> Result<Step> {
        let mut draft = Draft::new(&account.reference(), method);
        self.describe(&mut draft, asked, &place)?;
        self.advance(draft, account).await
    }

    pub(super) fn describe(&self, draft: &mut Draft, asked: &SignIn, place: &Place) -> Result<()> {
        draft.set("scope", place.scope.as_str());
        if let Some(client) = &asked.client {
            draft.refer("client", &format!("ClientApplication/{client}"));
        }
        if let Some(project) = &place.project {
            draft.refer("project", &format!("Project/{project}"));
        }
        if let Some(kind) = &asked.resource_type {
            if !self.engine.definitions().resources.contains_key(kind) {
                return Err(malformed(format!("there is no type '{kind}'"))
                    .coded("value")
                    .at("resourceType"));
            }
            draft.set("profileType", kind.as_str());
        }
        for (name, value) in [
            ("nonce", &asked.nonce),
            ("remoteAddress", &asked.origin.address),
            ("userAgent", &asked.origin.agent),
            ("redirectUri", &asked.redirect_uri),
        ] {
            if let Some(value) = value.as_deref().filter(|value| !value.is_empty()) {
                draft.set(
                    name,
                    value.chars().filter(|char| !char.is_control()).take(1000).collect::<String>(),
                );
            }
        }
        if let Some(launch) = &asked.launch {
            draft
                .refer("launch", &format!("SmartAppLaunch/{}", launch.trim_start_matches("SmartAppLaunch/")));
        }
        if let Some((challenge, method)) = &asked.challenge {
            self.challenge(draft, challenge, method, place)?;
        }
        if asked.verifies {
            draft.secrets.push(Secret::set(VERIFIES, "true"));
        }
        if asked.remember {
            draft.secrets.push(Secret::set(REMEMBER, "true"));
        }
        Ok(())
    }

    /// <https://www.rfc-editor.org/rfc/rfc7636#section-4.2>
    fn challenge(&self, draft: &mut Draft, challenge: &str, method: &str, place: &Place) -> Result<()> {
        let legal = |char: char| char.is_ascii_alphanumeric() || "-._~".contains(char);
        if !(43..=128).contains(&challenge.len()) || !challenge.chars().all(legal) {
            let text = "a code challenge has 43 to 128 letters, digits and -._~";
            return Err(malformed(text).coded("value").at("codeChallenge"));
        }
        match method {
            "S256" => {}
            "plain" if place.plain => {}
            "plain" => {
                let text = "the code challenge method is S256; this client may not use plain";
                return Err(malformed(text).coded("value").at("codeChallengeMethod"));
            }
            _ => {
                let text = "the code challenge method is S256";
                return Err(malformed(text).coded("value").at("codeChallengeMethod"));
            }
        }
        // A plain challenge is its verifier, and admins read Logins; its digest serves as well.
        let kept = if method == "plain" { digest(challenge) } else { challenge.to_owned() };
        draft.set("codeChallenge", kept);
        draft.set("codeChallengeMethod", "S256");
        Ok(())
    }

    /// The project that is meant, by its own name or by the client's, and the pool to look in.
    pub(in crate::identity) async fn place(&self, asked: &SignIn) -> Result<Place> {
        let plain = self.settings.plain_pkce && asked.client.is_none();
        let wanted = asked.scope.as_deref().map(str::trim).filter(|scope| !scope.is_empty());
        let mut place = Place { project: None, pool: None, plain, scope: wanted.unwrap_or(SCOPE).to_owned() };
        scope::parse(&place.scope)?;
        let named = asked.project.as_deref().filter(|project| *project != "new");
        if let Some(client) = &asked.client {
            let unknown = || malformed("there is no such client").coded("not-found").at("clientId");
            let row = living(&self.engine, "ClientApplication", client).await?.ok_or_else(unknown)?;
            let body = super::super::account::parsed(&row)?;
            if body.get("status").is_some_and(|status| status != "active") {
                return Err(unknown());
            }
            let project = self.engine.store.project_id(row.project)?;
            if named.is_some_and(|named| named != project) {
                return Err(malformed("the client is of another project").coded("value").at("clientId"));
            }
            place.plain = body.get("pkceOptional") == Some(&Value::Bool(true));
            place.pool = Some(root(&self.engine, &project).await?.number);
            place.project = Some(project);
            place.scope =
                Client::find(&self.engine, client).await?.ok_or_else(unknown)?.user_scope(wanted)?;
        } else if let Some(named) = named {
            let unknown = || malformed("there is no such project").coded("not-found").at("projectId");
            self.engine.store.project_number(named)?.ok_or_else(unknown)?;
            place.pool = Some(root(&self.engine, named).await.map_err(|_| unknown())?.number);
            place.project = Some(named.to_owned());
        }
        Ok(place)
    }
}

/// The challenge of a verifier (<https://www.rfc-editor.org/rfc/rfc7636#section-4.2>).
pub(in crate::identity) fn digest(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

/// Where somebody signs in.
pub(in crate::identity) struct Place {
    pub project: Option<String>,
    /// Number of the project whose pool its users are in.
    pub pool: Option<i32>,
    /// Whether PKCE `plain` is taken here.
    pub plain: bool,
    /// What of the scope asked for may be had here.
    pub scope: String,
}

/// An e-mail that looks like one, as pools have it.
pub(in crate::identity) fn address(email: &str) -> Result<String> {
    let email = folded(email);
    let shaped = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    if !shaped || email.len() > 320 || email.chars().any(|char| char.is_whitespace() || char.is_control()) {
        return Err(malformed("an e-mail address is needed").coded("value").at("email"));
    }
    Ok(email)
}

/// The same words whatever was wrong.
pub(in crate::identity) fn wrong() -> Error {
    malformed("the e-mail or the password is wrong").coded("login")
}
