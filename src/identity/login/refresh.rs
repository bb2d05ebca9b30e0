//! Refresh tokens: each is good once (<https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2>). The successor is
//! derived from it, so that who asks twice within the grace gets the same; one that comes later was stolen.

use chrono::Utc;

use super::Tokens;
use super::begin::SCOPE;
use super::draft::{Draft, PREVIOUS, REFRESH, now, parts};
use crate::error::{Error, Result, busy, malformed};
use crate::identity::Identity;
use crate::identity::account::ATTEMPTS;
use crate::identity::member::{self, moment};
use crate::identity::scope::part;
use crate::resource::secret;
use crate::store::Secret;

/// How many generations back a token is still recognised as one of the family.
const GENERATIONS: usize = 200;
const ROTATED: &str = "refreshSecretRotatedAt";

impl Identity {
    /// Exchanges a refresh token for new tokens, the access token with the part of the scope that is asked for; the
    /// refresh token keeps its own (<https://www.rfc-editor.org/rfc/rfc6749#section-6>). Fails as `redeem` does.
    pub async fn refresh(&self, token: &str, client: Option<&str>, scope: Option<&str>) -> Result<Tokens> {
        for _ in 0..ATTEMPTS {
            if let Some(tokens) = self.follow(token, client, scope).await? {
                return Ok(tokens);
            }
        }
        Err(busy("this token is refreshed by many at once; try again"))
    }

    /// Nothing where others were faster.
    async fn follow(&self, token: &str, client: Option<&str>, scope: Option<&str>) -> Result<Option<Tokens>> {
        let (id, random) = parts(token).ok_or_else(bad_token)?;
        let mut draft = Draft::read(&self.engine, id).await?.ok_or_else(bad_token)?;
        let current = draft.secret(REFRESH).ok_or_else(bad_token)?.to_owned();
        let bound = draft.reference("client").map(|client| client.trim_start_matches("ClientApplication/"));
        if bound != client {
            return Err(malformed("this token was given to another client").coded("login").at("client_id"));
        }
        let successor = self.successor(id, random);
        let at = Utc::now().timestamp_millis();
        // Beside the token itself: what is read of the record may be older than that.
        let previous = draft.secret(PREVIOUS).and_then(|kept| kept.split_once(':'));
        let rotated = previous.and_then(|(moment, _)| moment.parse::<i64>().ok());
        let is_current = secret::matches(random, &current);
        let is_previous = previous.is_some_and(|(_, previous)| secret::matches(random, previous));
        let graced = rotated.is_some_and(|rotated| at - rotated < self.settings.refresh_grace * 1000);
        if !(is_current || is_previous && graced) {
            if is_previous || self.is_ancestor(id, random, &current) {
                self.end_draft(&mut draft).await?;
            }
            return Err(bad_token());
        }
        if draft.is_over() {
            return Err(bad_token());
        }
        let lifetimes = self.lifetimes(&draft).await?;
        let used = rotated.unwrap_or_else(|| member::began(&draft.body));
        let idle = lifetimes.idle != 0 && at - used > lifetimes.idle * 1000;
        if idle || moment(&draft.body, "expiresAt").is_some_and(|ends| at >= ends) {
            self.end_draft(&mut draft).await?;
            return Err(malformed("this session has ended; sign in again")
                .coded("expired")
                .at("refresh_token"));
        }
        let account = draft.account(&self.engine).await.map_err(|_| bad_token())?;
        let project = draft.stored_in().ok_or_else(bad_token)?;
        let actor = member::actor(&self.engine, project, &draft.body).await?.ok_or_else(bad_token)?;
        let granted = draft.text("scope").unwrap_or(SCOPE);
        // Before the token is used up: whoever asked for too much may ask again.
        let scope = match scope {
            Some(asked) => part(granted, asked)?.ok_or_else(too_much)?,
            None => granted.to_owned(),
        };
        if self.lacks_factor(&draft, &account).await? {
            return Err(malformed("a second factor is required by now; sign in again")
                .coded("login")
                .at("refresh_token"));
        }
        if is_current {
            draft.set(ROTATED, now());
            draft.secrets.push(Secret::set(REFRESH, secret::digest(&successor)?).instead_of(Some(&current)));
            draft.secrets.push(Secret::set(PREVIOUS, format!("{at}:{current}")));
            match draft.save(&self.engine).await {
                Ok(()) => {}
                Err(error) if error.kind == crate::error::Kind::Conflict => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        let refresh = Some(format!("{id}.{successor}"));
        self.tokens(&draft, &account, &actor, (refresh, scope), &lifetimes).await.map(Some)
    }

    fn successor(&self, login: &str, random: &str) -> String {
        self.seal.derive(&["refresh", login, random])
    }

    /// Whether the token in use grew out of this one.
    fn is_ancestor(&self, login: &str, random: &str, current: &str) -> bool {
        let mut next = random.to_owned();
        (0..GENERATIONS).any(|_| {
            next = self.successor(login, &next);
            secret::matches(&next, current)
        })
    }
}

fn too_much() -> Error {
    malformed("a refresh gives no more than was granted").coded("invalid_scope").at("scope")
}

fn bad_token() -> Error {
    malformed("this refresh token is wrong, used, or no longer good").coded("login").at("refresh_token")
}
