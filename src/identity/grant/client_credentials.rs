//! A token for a client on its own (<https://www.rfc-editor.org/rfc/rfc6749#section-4.4>,
//! <https://hl7.org/fhir/smart-app-launch/STU2.2/backend-services.html>).

use serde_json::json;
use uuid::Uuid;

use super::refuse;
use crate::error::{Kind, Result};
use crate::identity::scope::{Context, Scopes, parse};
use crate::identity::token::{self, Claims};
use crate::identity::{Grant, Identity, Proved, client, named_id, system};
use crate::repo::Actor;

/// What a client may where neither it nor its record says what it wants.
const ALL: &str = "system/*.*";

impl Identity {
    /// A token for a client that proved itself.
    pub async fn client_credentials(&self, proved: &Proved, scope: Option<&str>) -> Result<Grant> {
        let Proved { client, proven, .. } = proved;
        let refused = client::refused;
        if !proven {
            return Err(refused());
        }
        if !client.grants("client_credentials") {
            return Err(refuse("unauthorized_client", "this client is not meant for this grant"));
        }
        let actor = client::actor(&self.engine, client.project, &client.id).await?.ok_or_else(refused)?;
        let scope = settle(client.narrow(scope)?, scope)?;
        let login_id = self.log_in(&actor, proved, &scope).await?;
        let lifetime = client.access_lifetime().unwrap_or(token::LIFETIME);
        let now = chrono::Utc::now().timestamp();
        let claims = Claims {
            iss: self.issuer.clone(),
            sub: client.id.clone(),
            client_id: client.id.clone(),
            project: actor.project_id.clone(),
            login_id,
            username: None,
            profile: None,
            scope: scope.clone(),
            iat: now,
            exp: now + lifetime,
            jti: Uuid::new_v4().to_string(),
        };
        self.keys.refresh().await?;
        let token = self.keys.sign(&claims)?;
        let profile = actor.profile.clone();
        Ok(Grant { token, expires_in: lifetime, scope, project: actor.project_id, profile })
    }

    /// Records the sign-in; the token lives as long as this record does. An assertion makes one record, wherever it is
    /// shown: its id says so.
    async fn log_in(&self, actor: &Actor, proved: &Proved, scope: &str) -> Result<String> {
        let reference = proved.client.reference();
        let mut login = json!({
            "resourceType": "Login",
            "meta": { "project": actor.project_id },
            "client": { "reference": reference },
            "project": { "reference": format!("Project/{}", actor.project_id) },
            "user": { "reference": reference },
            "authMethod": "client",
            "authTime": chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
            "scope": scope,
            "granted": true,
        });
        if let Some(membership) = &actor.membership {
            login["membership"] = json!({ "reference": format!("ProjectMembership/{membership}") });
        }
        if let Some(once) = &proved.once {
            let id = named_id(once);
            login["id"] = json!(id);
            return match system(&self.engine).import(vec![("Login", login)]).await {
                Ok(_) => Ok(id),
                Err(error) if error.kind == Kind::Conflict => Err(client::refused().because(error)),
                Err(error) => Err(error),
            };
        }
        Ok(system(&self.engine).create("Login", login).await?.row.id.clone())
    }
}

/// What the token is good for: everything, unless something is asked for or laid down.
fn settle(narrowed: Scopes, asked: Option<&str>) -> Result<String> {
    // Scopes of users that its record lays down are not to become everything.
    let laid_down = !narrowed.permissions.is_empty();
    let left = Scopes { words: Vec::new(), ..narrowed }.without(&[Context::Patient, Context::User]);
    let wanted = match asked {
        Some(asked) => laid_down || !parse(asked)?.permissions.is_empty(),
        None => laid_down,
    };
    if !left.is_empty() {
        Ok(left.to_string())
    } else if wanted {
        Err(refuse(
            "invalid_scope",
            "a client on its own gets scopes of system/, and of those what it may ask for",
        ))
    } else {
        Ok(ALL.to_owned())
    }
}
