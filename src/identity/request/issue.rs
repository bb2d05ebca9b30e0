//! A new secret for a user, and the link that carries it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Purpose;
use crate::error::Result;
use crate::identity::{Identity, system};
use crate::resource::secret;

/// A secret that was made for somebody. Shown to nobody else.
pub struct Issued {
    /// Of the UserSecurityRequest.
    pub id: String,
    pub secret: String,
    /// `BASE/setpassword/ID/SECRET`
    pub link: String,
    /// Seconds in which it is good; 0 for no limit.
    pub lifetime: u32,
    /// The UserSecurityRequest, still to be written where it was not created at once.
    pub resource: Value,
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Issued({})", self.id)
    }
}

/// For whom, where, and where to afterwards.
#[derive(Debug, Default, Clone, Copy)]
pub struct For<'a> {
    /// Id of the user.
    pub user: &'a str,
    /// Id of the project that it is about: its admin sees the record.
    pub project: Option<&'a str>,
    /// The e-mail that is to be proved.
    pub email: Option<&'a str>,
    pub redirect: Option<&'a str>,
}

impl Identity {
    /// Makes a secret up; its record is the caller's to write, in the transaction that it belongs to.
    pub fn issue(&self, purpose: Purpose, whom: For) -> Result<Issued> {
        let settings = self.mail.settings();
        // 192 bits.
        let secret = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 24]>());
        let id = Uuid::now_v7().to_string();
        let lifetime = purpose.lifetime(settings);
        let mut resource = json!({
            "resourceType": "UserSecurityRequest",
            "id": id,
            "type": purpose.code(),
            "user": { "reference": format!("User/{}", whom.user) },
            "secret": secret::digest(&secret)?,
            "used": false,
        });
        if let Some(project) = whom.project {
            resource["meta"] = json!({ "project": project });
            resource["project"] = json!({ "reference": format!("Project/{project}") });
        }
        if let Some(email) = whom.email {
            resource["email"] = Value::from(email);
        }
        if let Some(redirect) = whom.redirect {
            resource["redirectUri"] = Value::from(redirect);
        }
        if lifetime > 0 {
            let expires = Utc::now() + TimeDelta::seconds(lifetime.into());
            resource["expiresAt"] = Value::from(expires.to_rfc3339_opts(SecondsFormat::Millis, true));
        }
        let link = format!("{}{}/{id}/{secret}", settings.app_url, purpose.page());
        Ok(Issued { id, secret, link, lifetime, resource })
    }

    /// The same, written at once.
    pub async fn request(&self, purpose: Purpose, whom: For<'_>) -> Result<Issued> {
        let issued = self.issue(purpose, whom)?;
        system(&self.engine).import(vec![("UserSecurityRequest", issued.resource.clone())]).await?;
        Ok(issued)
    }
}
