//! A token of ours for one that is good for less (<https://www.rfc-editor.org/rfc/rfc8693#section-2>): of the same session,
//! ending with it, and no later than the first.

use chrono::Utc;
use uuid::Uuid;

use super::refuse;
use crate::error::{Error, Result};
use crate::identity::scope::{self, Context, Scopes};
use crate::identity::token::Claims;
use crate::identity::{Identity, Proved, client};

/// A token that is worth no more than another.
pub struct Narrowed {
    pub token: String,
    /// Seconds.
    pub expires_in: i64,
    pub scope: String,
}

impl Identity {
    /// Whether a token was signed here.
    pub async fn is_own(&self, token: &str) -> Result<bool> {
        self.keys.refresh().await?;
        let header = jsonwebtoken::decode_header(token).ok();
        Ok(header.and_then(|header| header.kid).is_some_and(|id| self.keys.find(&id).is_some()))
    }

    /// Gives a token for a part of what another one allows, to the client that holds it or to one of its project that
    /// proves itself.
    pub async fn narrow_token(&self, token: &str, proved: &Proved, asked: Option<&str>) -> Result<Narrowed> {
        let unacceptable = |error: Error| {
            let text = error.issues.first().map(|issue| issue.text.clone()).unwrap_or_default();
            if error.kind == crate::error::Kind::Unauthenticated {
                refuse("invalid_request", &text)
            } else {
                error
            }
        };
        let actor = self.authenticate(token).await.map_err(unacceptable)?;
        let old = self.keys.verify(token, &self.issuer).map_err(unacceptable)?;
        let client = &proved.client;
        let own = old.client_id == client.id;
        let proven_beside = proved.proven && client.project == actor.project;
        if !(own || proven_beside) {
            return Err(client::refused());
        }
        let person = actor.reference.starts_with("User/");
        let had = scope::parse(&old.scope)?;
        let mut scopes = match asked {
            Some(asked) => part(&had, scope::parse(asked)?, person)?,
            None => had,
        };
        // A client passes nothing on that it may not ask for itself.
        if let Some(bound) = client.bound()?.filter(|_| !own) {
            scopes = part(&bound, scopes, person)?;
        }
        let now = Utc::now().timestamp();
        let lifetime = client.access_lifetime().unwrap_or_else(|| self.settings.access());
        let exp = old.exp.min(now + lifetime);
        let scope = scopes.to_string();
        let claims = Claims { scope: scope.clone(), iat: now, exp, jti: Uuid::new_v4().to_string(), ..old };
        Ok(Narrowed { token: self.keys.sign(&claims)?, expires_in: exp - now, scope })
    }
}

/// What is asked for, if all of it is part of what there is.
fn part(had: &Scopes, asked: Scopes, person: bool) -> Result<Scopes> {
    if asked.is_empty() {
        return Err(refuse("invalid_scope", "nothing that is known here is asked for").at("scope"));
    }
    let strange = if person { &[Context::System][..] } else { &[Context::Patient, Context::User][..] };
    let is_strange = strange.iter().any(|one| asked.needs(*one) && !had.needs(*one));
    if is_strange || !had.cover(&asked) {
        return Err(refuse("invalid_scope", "this is more than the token is good for").at("scope"));
    }
    // Without any permission it would be as good as its holder: so it has those that there were.
    let permissions = if asked.permissions.is_empty() { had.permissions.clone() } else { asked.permissions };
    Ok(Scopes { words: asked.words, permissions })
}
