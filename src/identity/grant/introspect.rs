//! What a token is worth, told to whoever may know (<https://www.rfc-editor.org/rfc/rfc7662>), and its end
//! (<https://www.rfc-editor.org/rfc/rfc7009>).

use serde_json::{Value, json};

use crate::error::{Kind, Result};
use crate::identity::client::living;
use crate::identity::scope::patient;
use crate::identity::{Identity, account::Account};

impl Identity {
    /// The claims of an access token as they hold at this moment. Of a token of a project other than `project` nothing
    /// is told; of any, where that is nothing.
    pub async fn introspect(&self, token: &str, project: Option<&str>) -> Result<Value> {
        let inactive = || Ok(json!({ "active": false }));
        let actor = match self.authenticate(token).await {
            Ok(actor) => actor,
            Err(error) if error.kind == Kind::Fault => return Err(error),
            Err(_) => return inactive(),
        };
        let Ok(claims) = self.keys.verify(token, &self.issuer) else { return inactive() };
        if project.is_some_and(|project| project != claims.project) {
            return inactive();
        }
        let mut said = json!({
            "active": true,
            "iss": claims.iss,
            "sub": claims.sub,
            "aud": self.engine.base_url,
            "scope": claims.scope,
            "token_type": "Bearer",
            "iat": claims.iat,
            "exp": claims.exp,
            "jti": claims.jti,
            "login_id": claims.login_id,
        });
        let optional = [
            ("client_id", Some(claims.client_id).filter(|id| !id.is_empty())),
            ("username", claims.username),
            ("fhirUser", claims.profile.map(|profile| format!("{}/{profile}", self.engine.base_url))),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                said[name] = Value::from(value);
            }
        }
        let login = living(&self.engine, actor.project, "Login", &claims.login_id).await?;
        if let Some(login) = login
            && let Some(patient) = patient(&self.engine, &actor, &login).await?
        {
            said["patient"] = Value::from(patient.trim_start_matches("Patient/"));
        }
        Ok(said)
    }

    /// Ends the session of an access or refresh token that was given to this client. Whatever is no such token is
    /// passed over.
    pub async fn revoke_token(&self, token: &str, client: &str) -> Result<()> {
        match self.keys.verify(token, &self.issuer) {
            Ok(claims) if claims.client_id == client => self.end(&claims.login_id).await,
            Ok(_) => Ok(()),
            Err(_) => self.end_refresh(token, client).await,
        }
    }

    /// What a token tells of its user (<https://openid.net/specs/openid-connect-core-1_0.html#UserInfo>); nothing where
    /// it was not given for that.
    pub async fn user_info(&self, token: &str) -> Result<Option<Value>> {
        let actor = self.authenticate(token).await?;
        let claims = self.keys.verify(token, &self.issuer)?;
        let has = |name: &str| claims.scope.split(' ').any(|scope| scope == name);
        let Some(id) = actor.reference.strip_prefix("User/").filter(|_| has("openid")) else {
            return Ok(None);
        };
        let Some(account) = Account::read(&self.engine, id).await? else { return Ok(None) };
        let mut said = json!({ "sub": claims.sub });
        let mut tell = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                said[name] = Value::from(value);
            }
        };
        let own = |name: &str| account.text(name).map(str::to_owned);
        let profile = actor.profile.as_ref().map(|profile| format!("{}/{profile}", self.engine.base_url));
        if has("fhirUser") || has("profile") {
            tell("fhirUser", profile.clone());
        }
        if has("profile") {
            let names: Vec<String> = ["firstName", "lastName"].into_iter().filter_map(own).collect();
            let name = own("displayName").or_else(|| Some(names.join(" ")).filter(|name| !name.is_empty()));
            tell("profile", profile);
            tell("name", name);
            tell("given_name", own("firstName"));
            tell("family_name", own("lastName"));
            tell("zoneinfo", own("timezone"));
        }
        if has("email") && account.email().is_some() {
            tell("email", own("email"));
            said["email_verified"] = json!(account.body.get("emailVerified") == Some(&Value::Bool(true)));
        }
        Ok(Some(said))
    }
}
