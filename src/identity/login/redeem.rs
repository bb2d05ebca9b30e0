//! A code becomes tokens, once (<https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3>); a code that comes again ends
//! what grew out of it (<https://www.rfc-editor.org/rfc/rfc9700#section-2.1.1>).

use chrono::{Duration, SecondsFormat, Utc};
use serde_json::Value;
use subtle::ConstantTimeEq;

use super::begin::{SCOPE, digest};
use super::draft::{CODE, Draft, REFRESH, REMEMBER, parts};
use super::{Redeem, Tokens};
use crate::error::{Error, Kind, Result, malformed};
use crate::identity::Identity;
use crate::identity::client::seconds;
use crate::identity::keys::LONGEST;
use crate::identity::member::{self, living};
use crate::identity::token::{self, Claims, IdClaims};
use crate::repo::Rank;
use crate::resource::secret;
use crate::store::Secret;

impl Identity {
    /// Exchanges a code for tokens. Fails with `Kind::Malformed`: to OAuth that is `invalid_grant`, but
    /// `invalid_request` where the place of the issue is a parameter that is missing.
    pub async fn redeem(&self, asked: &Redeem<'_>) -> Result<Tokens> {
        let (id, random) = parts(asked.code).ok_or_else(bad_code)?;
        let mut draft = Draft::read(&self.engine, id).await?.ok_or_else(bad_code)?;
        let kept = draft.secret(CODE).and_then(|kept| kept.split_once(':')).ok_or_else(bad_code)?;
        let expires: i64 = kept.0.parse().map_err(|_| bad_code())?;
        if !secret::matches(random, kept.1) {
            return Err(bad_code());
        }
        if draft.is("granted") {
            // Somebody else has it, too.
            self.end_draft(&mut draft).await?;
            return Err(malformed("this code was used before; the session that grew out of it is ended")
                .coded("login")
                .at("code"));
        }
        if draft.is_over() || Utc::now().timestamp_millis() >= expires {
            return Err(bad_code());
        }
        let client = draft.reference("client").map(|client| client.trim_start_matches("ClientApplication/"));
        if client != asked.client {
            return Err(malformed("this code was given to another client").coded("login").at("client_id"));
        }
        let elsewhere = draft.text("redirectUri").is_some_and(|uri| asked.redirect_uri != Some(uri));
        if elsewhere && !asked.from_anywhere {
            return Err(malformed("redirect_uri is not that of the authorization request")
                .coded("value")
                .at("redirect_uri"));
        }
        self.prove_challenge(&draft, asked).await?;
        self.grant(draft).await
    }

    /// <https://www.rfc-editor.org/rfc/rfc7636#section-4.6>
    async fn prove_challenge(&self, draft: &Draft, asked: &Redeem<'_>) -> Result<()> {
        let wrong =
            || malformed("the code verifier does not belong to the code").coded("login").at("code_verifier");
        let missing = || malformed("a code verifier is missing").coded("required").at("code_verifier");
        match (draft.text("codeChallenge"), asked.verifier.filter(|verifier| !verifier.is_empty())) {
            (Some(challenge), Some(verifier)) => {
                let made = digest(verifier);
                if bool::from(made.as_bytes().ct_eq(challenge.as_bytes())) { Ok(()) } else { Err(wrong()) }
            }
            (Some(_), None) => Err(missing()),
            // A verifier for nothing: somebody took the challenge away on its way.
            (None, Some(_)) => Err(wrong()),
            (None, None) if asked.proven => Ok(()),
            (None, None) => match asked.client {
                Some(client) if self.goes_without_pkce(client).await? => Ok(()),
                _ => Err(missing()),
            },
        }
    }

    async fn goes_without_pkce(&self, client: &str) -> Result<bool> {
        let Some(row) = living(&self.engine, "ClientApplication", client).await? else { return Ok(false) };
        Ok(super::super::account::parsed(&row)?.get("pkceOptional") == Some(&Value::Bool(true)))
    }

    /// Marks the sign-in as granted, and gives its tokens.
    async fn grant(&self, mut draft: Draft) -> Result<Tokens> {
        let account = draft.account(&self.engine).await?;
        let project = draft.stored_in().ok_or_else(bad_code)?;
        let ended = || malformed("this sign-in was revoked").coded("login").at("code");
        let actor = member::actor(&self.engine, project, &draft.body).await?.ok_or_else(ended)?;
        let now = Utc::now();
        let lifetimes = self.lifetimes(&draft).await?;
        let scope = draft.text("scope").unwrap_or(SCOPE).to_owned();
        let asks = scope.split(' ').any(|scope| matches!(scope, "offline" | "offline_access"));
        let mut refresh = None;
        // Whoever rules all projects signs in again.
        if (asks || draft.secret(REMEMBER).is_some()) && actor.rank != Rank::SuperAdmin {
            let random = crate::identity::random();
            draft.secrets.push(Secret::set(REFRESH, secret::digest(&random)?));
            refresh = Some(format!("{}.{random}", draft.id));
        }
        draft.set("granted", true);
        draft.record("login");
        draft.set("superAdmin", actor.rank == Rank::SuperAdmin);
        let ends = if refresh.is_some() { lifetimes.session } else { lifetimes.access };
        if ends != 0 {
            let ends = now + Duration::seconds(ends);
            draft.set("expiresAt", ends.to_rfc3339_opts(SecondsFormat::Millis, true));
        }
        // Of two who come with the same code at once, one is too late.
        draft
            .save(&self.engine)
            .await
            .map_err(|error| if error.kind == Kind::Conflict { bad_code() } else { error })?;
        self.tokens(&draft, &account, &actor, (refresh, scope), &lifetimes).await
    }

    /// The tokens of a session that stands: a refresh token, if it has one, and the scope of the others.
    pub(super) async fn tokens(
        &self,
        draft: &Draft,
        account: &super::super::account::Account,
        actor: &crate::repo::Actor,
        (refresh, scope): (Option<String>, String),
        lifetimes: &Lifetimes,
    ) -> Result<Tokens> {
        let now = Utc::now().timestamp();
        let membership = actor.membership.as_deref().unwrap_or_default();
        let membership = member::Membership::read(&self.engine, membership).await?;
        let profile = membership.and_then(|one| one.reference("profile").map(str::to_owned));
        let client = draft
            .reference("client")
            .map(|client| client.trim_start_matches("ClientApplication/").to_owned());
        let claims = Claims {
            iss: self.issuer.clone(),
            sub: account.row.id.clone(),
            client_id: client.clone().unwrap_or_default(),
            project: actor.project_id.clone(),
            login_id: draft.id.clone(),
            username: Some(account.email().unwrap_or(&account.row.id).to_owned()),
            profile: profile.clone(),
            scope: scope.clone(),
            iat: now,
            exp: now + lifetimes.access,
            jti: uuid::Uuid::new_v4().to_string(),
        };
        let has = |name: &str| scope.split(' ').any(|scope| scope == name);
        let id_token = match has("openid") {
            false => None,
            true => Some(
                self.keys.sign_id(&IdClaims {
                    iss: self.issuer.clone(),
                    sub: account.row.id.clone(),
                    aud: client.clone().unwrap_or_else(|| self.issuer.clone()),
                    client_id: client.unwrap_or_default(),
                    login_id: draft.id.clone(),
                    iat: now,
                    exp: now + token::LIFETIME,
                    auth_time: member::began(&draft.body) / 1000,
                    nonce: draft.text("nonce").map(str::to_owned),
                    fhir_user: profile
                        .as_ref()
                        .filter(|_| has("fhirUser") || has("profile"))
                        .map(|profile| format!("{}/fhir/R4/{profile}", self.issuer)),
                    email: account.email().filter(|_| has("email")).map(str::to_owned),
                    email_verified: has("email")
                        .then(|| account.body.get("emailVerified") == Some(&Value::Bool(true))),
                })?,
            ),
        };
        let (mut patient, mut encounter, mut context) = (None, None, None);
        if let Some(launch) =
            draft.reference("launch").and_then(|launch| launch.strip_prefix("SmartAppLaunch/"))
            && let Some(row) = living(&self.engine, "SmartAppLaunch", launch)
                .await?
                .filter(|row| row.project == actor.project)
        {
            let body = super::super::account::parsed(&row)?;
            let id =
                |name: &str| Some(body.get(name)?.get("reference")?.as_str()?.rsplit('/').next()?.to_owned());
            (patient, encounter) = (id("patient"), id("encounter"));
            context = body.get("fhirContext").cloned();
        }
        if patient.is_none() {
            patient =
                profile.as_deref().and_then(|profile| profile.strip_prefix("Patient/")).map(str::to_owned);
        }
        Ok(Tokens {
            access: self.keys.sign(&claims)?,
            refresh,
            id_token,
            expires_in: lifetimes.access,
            scope,
            project: format!("Project/{}", actor.project_id),
            profile,
            patient,
            encounter,
            context,
            login: draft.id.clone(),
        })
    }

    /// How long things live: as the settings say, or the client for itself.
    pub(super) async fn lifetimes(&self, draft: &Draft) -> Result<Lifetimes> {
        let mut lifetimes = Lifetimes {
            access: self.settings.access(),
            idle: self.settings.session_idle,
            session: self.settings.session_lifetime,
        };
        if let Some(client) =
            draft.reference("client").and_then(|client| client.strip_prefix("ClientApplication/"))
            && let Some(row) = living(&self.engine, "ClientApplication", client).await?
        {
            let body = super::super::account::parsed(&row)?;
            let named = |name: &str| body.get(name).and_then(Value::as_str).and_then(seconds);
            lifetimes.access =
                named("accessTokenLifetime").map_or(lifetimes.access, |access| access.max(301));
            lifetimes.idle = named("refreshTokenLifetime").unwrap_or(lifetimes.idle);
        }
        // No token outlives the key that it is signed with.
        lifetimes.access = lifetimes.access.min(LONGEST / 1000);
        Ok(lifetimes)
    }
}

/// Seconds.
pub(super) struct Lifetimes {
    pub access: i64,
    pub idle: i64,
    pub session: i64,
}

fn bad_code() -> Error {
    malformed("this code is wrong, used, or no longer good").coded("login").at("code")
}
