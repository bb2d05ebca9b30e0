//! Devices without a browser (<https://www.rfc-editor.org/rfc/rfc8628>): what one asks for is a UserSecurityRequest in the
//! project of its client, until somebody types its code on a page of the server and allows it, or denies it. Its id is
//! derived from that code, which is so found without being kept; the device's own code is kept as a digest.

use std::sync::Arc;

use chrono::{SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::refuse;
use crate::error::{Error, Kind, Result, busy, fault, malformed};
use crate::identity::acting::{self, in_name_of, reason};
use crate::identity::login::{Redeem, Step, Tokens, challenge_of};
use crate::identity::member::{living, moment};
use crate::identity::{Client, Identity, named_id, random, system};
use crate::repo::Retain;
use crate::resource::secret;
use crate::store::Row;

/// As `grant_type` and a client's `grantType` have it.
pub const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
const REQUEST: &str = "UserSecurityRequest";
const TYPE: &str = "device";
/// Seconds between two looks of the device.
const INTERVAL: i64 = 5;
/// Seconds for which a code that people type is good at most: it is a short one.
const LONGEST: i64 = 3600;
/// No vowels, so that no words come of it (<https://www.rfc-editor.org/rfc/rfc8628#section-6.1>).
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
const LENGTH: usize = 8;
const ATTEMPTS: usize = 8;
/// Place that a user code is sealed for, between one page and the next.
const PLACE: &str = "user code";

/// What a device is told.
pub struct Codes {
    pub device: String,
    pub user: String,
    /// Seconds.
    pub lifetime: i64,
    pub interval: i64,
}

/// What a device asks for, as whoever typed its code is asked.
pub struct Device {
    /// Id of the client.
    pub client: String,
    pub scope: String,
    /// As the device shows it.
    pub user_code: String,
    row: Arc<Row>,
    body: Value,
}

/// What a device learns when it looks.
pub enum Polled {
    Given(Box<Tokens>),
    Pending,
    /// It looks too often.
    Slow,
    Denied,
    Expired,
}

impl Polled {
    /// The word for it, where it is no tokens (<https://www.rfc-editor.org/rfc/rfc8628#section-3.5>).
    pub fn refusal(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Given(_) => None,
            Self::Pending => Some(("authorization_pending", "nobody has allowed it yet")),
            Self::Slow => Some(("slow_down", "wait five seconds longer between two looks")),
            Self::Denied => Some(("access_denied", "it was denied")),
            Self::Expired => Some(("expired_token", "this took too long; begin again")),
        }
    }
}

impl Identity {
    /// A device of a client begins.
    pub async fn ask_device(&self, client: &Client, scope: &str, request: &str) -> Result<Codes> {
        let repo = in_name_of(&self.counter(client, request));
        for _ in 0..ATTEMPTS {
            let letters = rand::random::<[u64; LENGTH]>().map(|one| LETTERS[(one % 20) as usize]);
            let code = shown(&letters.map(char::from).iter().collect::<String>());
            let id = self.device_id(&code);
            let random = random();
            let lifetime = self.settings.device_lifetime.clamp(0, LONGEST);
            let expires = Utc::now() + TimeDelta::seconds(lifetime);
            let body = json!({
                "resourceType": REQUEST,
                "meta": { "project": client.project_id },
                "type": TYPE,
                "project": { "reference": format!("Project/{}", client.project_id) },
                "requester": { "reference": client.reference() },
                "scope": scope,
                "secret": secret::digest(&random)?,
                "used": false,
                "expiresAt": expires.to_rfc3339_opts(SecondsFormat::Millis, true),
            });
            match repo.transaction(vec![acting::new(REQUEST, &id, body)]).await.map_err(reason) {
                Ok(_) => {
                    let device = format!("{id}.{random}");
                    return Ok(Codes { device, user: code, lifetime, interval: INTERVAL });
                }
                // The code was given out before.
                Err(error) if matches!(error.kind, Kind::Conflict | Kind::Precondition) => {}
                Err(error) => return Err(error),
            }
        }
        Err(busy("no code is to be had at this moment; try again"))
    }

    /// What is behind a code that somebody typed, as long as it waits for an answer.
    pub async fn device_of(&self, typed: &str) -> Result<Option<Device>> {
        let code = shown(typed);
        if code.len() != LENGTH + 1 {
            return Ok(None);
        }
        let Some(row) = living(&self.engine, REQUEST, &self.device_id(&code)).await? else { return Ok(None) };
        let body = acting::body(&row)?;
        let client = acting::target(&body, "requester", "ClientApplication");
        let (Some(client), true) = (client, is_open(&body)) else { return Ok(None) };
        let scope = body.get("scope").and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Some(Device { client: client.to_owned(), scope, user_code: code, row, body }))
    }

    /// The same code for the next page, so that nobody tries codes there.
    pub fn close_user_code(&self, device: &Device) -> Result<String> {
        Ok(self.seal.close(&device.user_code, PLACE)?.trim_start_matches("sealed:").to_owned())
    }

    pub async fn sealed_device(&self, sealed: &str) -> Result<Option<Device>> {
        match self.seal.open_text(&format!("sealed:{sealed}"), PLACE) {
            Ok(code) => self.device_of(&code).await,
            Err(_) => Ok(None),
        }
    }

    /// What a sign-in for a device is bound to: no other exchange has the verifier.
    pub fn device_challenge(&self, device: &Device) -> (String, String) {
        (challenge_of(&self.device_verifier(&device.row.id)), "S256".to_owned())
    }

    /// Whoever signed in allows it.
    pub async fn allow_device(&self, device: &Device, login: &str) -> Result<()> {
        let session = self.session(login).await?;
        let mut body = device.body.clone();
        body["login"] = json!({ "reference": format!("Login/{login}") });
        body["user"] = session.get("user").cloned().ok_or_else(|| fault("a sign-in of nobody"))?;
        self.answer_device(device, body).await
    }

    pub async fn deny_device(&self, device: &Device) -> Result<()> {
        let mut body = device.body.clone();
        body["revoked"] = Value::Bool(true);
        self.answer_device(device, body).await
    }

    async fn answer_device(&self, device: &Device, body: Value) -> Result<()> {
        let repo = system(&self.engine);
        match repo.retain(REQUEST, &device.row, body, Vec::new(), Retain::Version).await? {
            Some(_) => Ok(()),
            None => Err(malformed("this was answered already").coded("conflict")),
        }
    }

    /// A device looks whether it may come in. What is wrong with its code is said as `invalid_grant`.
    pub async fn poll_device(&self, client: &Client, code: &str) -> Result<Polled> {
        let wrong = || refuse("invalid_grant", "this code is wrong, used, or another client's");
        let (id, random) = code.split_once('.').ok_or_else(wrong)?;
        let row = living(&self.engine, REQUEST, id).await?.ok_or_else(wrong)?;
        let body = acting::body(&row)?;
        let kept = self.engine.store.secrets(row.project, row.rid)?;
        let kept = kept.iter().find(|(name, _)| name == "secret").ok_or_else(wrong)?;
        let own = acting::target(&body, "requester", "ClientApplication") == Some(client.id.as_str());
        let is = |name: &str| body.get(name) == Some(&Value::Bool(true));
        if body["type"] != TYPE || !own || !secret::matches(random, &kept.1) || is("used") {
            return Err(wrong());
        }
        if is("revoked") {
            return Ok(Polled::Denied);
        }
        if is_over(&body) {
            return Ok(Polled::Expired);
        }
        let Some(login) = acting::target(&body, "login", "Login").map(str::to_owned) else {
            // One look in the interval, and one that came a little early.
            return Ok(match self.guard.take("device", id, 2, 2 * INTERVAL - 1) {
                Ok(_) => Polled::Pending,
                Err(_) => Polled::Slow,
            });
        };
        let mut body = body;
        body["used"] = Value::Bool(true);
        let used = system(&self.engine).retain(REQUEST, &row, body, Vec::new(), Retain::Version).await?;
        used.ok_or_else(wrong)?;
        let ended = |error: Error| match error.kind {
            Kind::Malformed | Kind::NotFound | Kind::Unauthenticated => wrong(),
            _ => error,
        };
        let Step::Done { code, .. } = self.step(&login).await.map_err(ended)? else { return Err(wrong()) };
        let verifier = self.device_verifier(id);
        let redeem = Redeem {
            code: &code,
            verifier: Some(&verifier),
            client: Some(&client.id),
            proven: true,
            redirect_uri: None,
            from_anywhere: true,
        };
        Ok(Polled::Given(Box::new(self.redeem(&redeem).await.map_err(ended)?)))
    }

    /// No digest of a code that is so short: only whoever has the server's key can go through all of them.
    fn device_id(&self, code: &str) -> String {
        named_id(&self.seal.derive(&["user code", code]))
    }

    fn device_verifier(&self, id: &str) -> String {
        self.seal.derive(&["device verifier", id])
    }
}

/// A code as it is shown, whatever stands between its letters, in either case.
fn shown(typed: &str) -> String {
    let upper = typed.chars().map(|char| char.to_ascii_uppercase());
    let letters: String =
        upper.filter(|char| u8::try_from(*char).is_ok_and(|byte| LETTERS.contains(&byte))).collect();
    match letters.split_at_checked(LENGTH / 2) {
        Some((head, tail)) => format!("{head}-{tail}"),
        None => letters,
    }
}

fn is_over(body: &Value) -> bool {
    moment(body, "expiresAt").is_none_or(|ends| ends <= Utc::now().timestamp_millis())
}

/// Whether it waits for somebody's answer.
fn is_open(body: &Value) -> bool {
    let is = |name: &str| body.get(name) == Some(&Value::Bool(true));
    body["type"] == TYPE && !is("used") && !is("revoked") && body.get("login").is_none() && !is_over(body)
}
