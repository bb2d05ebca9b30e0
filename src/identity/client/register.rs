//! Clients that register themselves (<https://www.rfc-editor.org/rfc/rfc7591>) and look after that
//! (<https://www.rfc-editor.org/rfc/rfc7592>). What they are given to do so is kept hashed, like their secrets.

use serde_json::{Map, Value, json};

use super::metadata::{metadata, record};
use super::{Client, refused};
use crate::error::{Result, unauthenticated};
use crate::identity::{Identity, random, system};
use crate::resource::secret;

/// Elements that a registration does not speak of stay as an admin has set them.
const OWN: [&str; 10] = [
    "name",
    "redirectUris",
    "postLogoutRedirectUris",
    "grantType",
    "responseType",
    "allowedScope",
    "jwks",
    "jwksUri",
    "tokenEndpointAuthMethod",
    "redirectUri",
];
const TOKEN: &str = "registrationToken";

impl Identity {
    /// Registers a client in a project. Gives what it is told, its secrets among that, once.
    pub async fn register_client(
        &self,
        project: &str,
        said: &Map<String, Value>,
        trusted: bool,
    ) -> Result<(String, Value)> {
        let elements = record(said, trusted)?;
        let (secret, token) = (by_secret(elements.get("tokenEndpointAuthMethod")).then(random), random());
        let mut body = json!({
            "resourceType": "ClientApplication",
            "meta": { "project": project },
            "status": "active",
            TOKEN: token,
        });
        if let Some(secret) = &secret {
            body["secret"] = json!(secret);
        }
        if let Some(body) = body.as_object_mut() {
            body.extend(elements);
        }
        let row = system(&self.engine).create("ClientApplication", body).await?.row;
        let client = Client::find(&self.engine, &row.id).await?.ok_or_else(refused)?;
        let mut told = self.registration(&client, &token);
        told["client_id_issued_at"] = json!(row.updated / 1000);
        if let Some(secret) = secret {
            told["client_secret"] = json!(secret);
            told["client_secret_expires_at"] = json!(0);
        }
        Ok((client.id, told))
    }

    /// The client whose registration this token looks after.
    pub async fn registered_client(&self, id: &str, token: &str) -> Result<Client> {
        let unknown = || unauthenticated("this is no token of a registration");
        let client = Client::find(&self.engine, id).await?.ok_or_else(unknown)?;
        let kept = self.engine.store.secrets(client.row.project, client.row.rid)?;
        let right = kept.iter().any(|(name, kept)| name == TOKEN && secret::matches(token, kept));
        if right { Ok(client) } else { Err(unknown()) }
    }

    /// What is registered.
    pub fn registration(&self, client: &Client, token: &str) -> Value {
        let mut told = metadata(&client.body);
        told["client_id"] = json!(client.id);
        told["registration_access_token"] = json!(token);
        told["registration_client_uri"] = json!(format!("{}/oauth2/register/{}", self.issuer, client.id));
        told
    }

    /// Replaces what is registered. Gives a secret where it proves itself by one from now on, and did not before; one
    /// from before opens nothing, since a client is held to its way of proving itself.
    pub async fn change_registration(
        &self,
        client: &Client,
        said: &Map<String, Value>,
    ) -> Result<(Client, Option<String>)> {
        // It becomes nothing that it was not allowed to be.
        let trusted = client.texts("grantType").contains(&"client_credentials");
        let elements = record(said, trusted)?;
        let needs = by_secret(elements.get("tokenEndpointAuthMethod"));
        let had = by_secret(client.body.get("tokenEndpointAuthMethod"));
        let fresh = (needs && !had).then(random);
        let mut body = client.body.clone();
        if let Some(body) = body.as_object_mut() {
            for name in OWN {
                body.shift_remove(name);
            }
            body.extend(elements);
            if let Some(secret) = &fresh {
                body.insert("secret".to_owned(), json!(secret));
            }
        }
        system(&self.engine).update("ClientApplication", &client.id, body, Some(client.row.version)).await?;
        let changed = Client::find(&self.engine, &client.id).await?.ok_or_else(refused)?;
        Ok((changed, fresh))
    }

    pub async fn unregister(&self, client: &Client) -> Result<()> {
        system(&self.engine).delete("ClientApplication", &client.id, None).await?;
        Ok(())
    }
}

/// Whether this way of proving itself needs a secret.
fn by_secret(way: Option<&Value>) -> bool {
    way.and_then(Value::as_str).is_some_and(|way| way.contains("secret"))
}
