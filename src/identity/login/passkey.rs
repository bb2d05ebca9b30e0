//! Passkeys of an account: made, listed, taken away, and signed in with.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Utc;
use serde_json::{Value, json};

use super::{SignIn, Step};
use crate::error::{Error, Result, busy, fault, malformed, not_found};
use crate::identity::Identity;
use crate::identity::access::person;
use crate::identity::account::{Account, PASSKEYS};
use crate::identity::factor::passkey::{Party, Passkey};
use crate::repo::Actor;
use crate::store::Secret;

/// Passkeys of one account.
const MOST: usize = 20;

impl Identity {
    /// What a browser is asked for a new passkey.
    pub async fn passkey_creation(&self, actor: &Actor) -> Result<Value> {
        let account = self.account(person(actor)?).await?;
        let email = account.email().unwrap_or(&account.row.id);
        let names: Vec<&str> =
            ["firstName", "lastName"].into_iter().filter_map(|name| account.text(name)).collect();
        let display = if names.is_empty() { email.to_owned() } else { names.join(" ") };
        let who = (account.row.id.as_str(), email, display.as_str());
        Ok(self.party()?.creation(&self.seal, who, &account.passkeys(), Utc::now().timestamp_millis()))
    }

    /// Keeps a passkey that a browser has made.
    pub async fn passkey_made(&self, actor: &Actor, credential: &Value, name: &str) -> Result<Value> {
        let account = self.account(person(actor)?).await?;
        let made = self.party()?.register(
            &self.seal,
            &account.row.id,
            credential,
            name,
            Utc::now().timestamp_millis(),
        )?;
        let mut keys = account.passkeys();
        if keys.iter().any(|key| key.id == made.id) {
            return Err(malformed("this passkey is registered already")
                .coded("duplicate")
                .at("credential.id"));
        }
        if keys.len() >= MOST {
            return Err(
                malformed(format!("an account has no more than {MOST} passkeys")).coded("business-rule")
            );
        }
        let shown = shown(&made);
        keys.push(made);
        self.keep_passkeys(&account, &keys).await?.ok_or_else(outrun)?;
        Ok(shown)
    }

    /// The passkeys of an account, as their owner sees them.
    pub async fn passkeys(&self, actor: &Actor) -> Result<Vec<Value>> {
        Ok(self.account(person(actor)?).await?.passkeys().iter().map(shown).collect())
    }

    pub async fn passkey_forget(&self, actor: &Actor, id: &str) -> Result<()> {
        let account = self.account(person(actor)?).await?;
        let mut keys = account.passkeys();
        let before = keys.len();
        keys.retain(|key| key.id != id);
        if keys.len() == before {
            return Err(not_found("there is no such passkey").at("id"));
        }
        self.keep_passkeys(&account, &keys).await?.map(drop).ok_or_else(outrun)
    }

    /// What a browser is asked to sign in with a passkey.
    pub fn passkey_request(&self) -> Result<Value> {
        Ok(self.party()?.request(&self.seal, Utc::now().timestamp_millis()))
    }

    /// Begins to sign in with a passkey.
    pub async fn passkey_sign_in(&self, credential: &Value, asked: SignIn) -> Result<Step> {
        let place = self.place(&asked).await?;
        let handle = credential.pointer("/response/userHandle").and_then(Value::as_str).unwrap_or_default();
        let handle = URL_SAFE_NO_PAD
            .decode(handle.trim_end_matches('='))
            .ok()
            .and_then(|id| String::from_utf8(id).ok());
        let handle = handle.ok_or_else(unknown)?;
        let account =
            Account::read(&self.engine, &handle).await?.filter(Account::is_active).ok_or_else(unknown)?;
        // A user of another project's pool is nobody here.
        if account.row.project != 0 && place.pool.is_some_and(|pool| pool != account.row.project) {
            return Err(unknown());
        }
        let mut keys = account.passkeys();
        let named = credential.get("id").and_then(Value::as_str).unwrap_or_default().trim_end_matches('=');
        let key = keys.iter_mut().find(|key| key.id == named).ok_or_else(unknown)?;
        *key = self.party()?.assert(&self.seal, key, credential, Utc::now().timestamp_millis())?;
        let account = self.keep_passkeys(&account, &keys).await?.ok_or_else(outrun)?;
        self.start(account, "passkey", &asked, place).await
    }

    async fn keep_passkeys(&self, account: &Account, keys: &[Passkey]) -> Result<Option<Account>> {
        let text = serde_json::to_string(keys).map_err(fault)?;
        let secret = Secret::set(PASSKEYS, text).instead_of(account.secret(PASSKEYS));
        account.keep(&self.engine, vec![secret]).await
    }

    fn party(&self) -> Result<Party> {
        Party::of(&self.issuer).ok_or_else(|| fault("the public address has no host"))
    }
}

fn shown(key: &Passkey) -> Value {
    json!({ "id": key.id, "name": key.name, "created": key.created })
}

fn unknown() -> Error {
    malformed("this passkey is not known here").coded("login").at("credential")
}

fn outrun() -> Error {
    busy("this account was changed at the same moment; try again")
}
