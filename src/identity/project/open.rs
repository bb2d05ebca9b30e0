//! A project with all the keys that its clients need: for applications, for an identity provider, for its owner.

use serde_json::{Value, json};

use super::{Made, NewProject};
use crate::error::{Error, Issue, Kind, Result, fault, malformed};
use crate::identity::account::{Account, folded};
use crate::identity::login::{Origin, Redeem, SignIn, Step};
use crate::identity::{Identity, acting, api_key};
use crate::repo::Repo;
use crate::repo::audit::{Act, Audit};

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Opening {
    pub name: String,
    /// Id of the project whose pool it draws from.
    pub parent: Option<String>,
    /// E-mail of a user of the server.
    pub owner: Option<String>,
    /// His: with it he signs in, and is made if he is not there.
    pub password: Option<String>,
}

/// What opens it; shown once.
pub struct Keys {
    pub made: Made,
    /// Of the client of applications.
    pub api_key: String,
    /// Of the client of an identity provider.
    pub scim_token: Option<String>,
    /// An access token of the owner, if he gave his password.
    pub owner_token: Option<String>,
}

impl Opening {
    pub fn parse(body: &Value) -> Result<Self> {
        let Some(object) = body.as_object() else {
            return Err(malformed("a project is asked for by a JSON object").coded("structure"));
        };
        let (mut opening, mut issues) = (Self::default(), Vec::new());
        for (name, value) in object {
            let Some(text) = value.as_str().map(str::trim).filter(|text| !text.is_empty()) else {
                issues.push(Issue::error("value", "this is a text").at(name));
                continue;
            };
            let text = text.to_owned();
            match name.as_str() {
                "name" => opening.name = text,
                "parent" => opening.parent = Some(text),
                "owner" => opening.owner = Some(text),
                // Blanks at its ends are part of it.
                "password" => opening.password = value.as_str().map(str::to_owned),
                _ => issues.push(Issue::error("not-supported", "this is not known here").at(name)),
            }
        }
        if opening.password.is_some() && opening.owner.is_none() {
            issues.push(Issue::error("required", "a password is somebody's").at("owner"));
        }
        match issues.is_empty() {
            true => Ok(opening),
            false => Err(Error::new(Kind::Malformed, issues)),
        }
    }
}

impl Keys {
    /// As a program takes them.
    pub fn rendered(&self) -> Value {
        json!({
            "project": self.made.project,
            "clientId": self.made.client_id,
            "apiKey": self.api_key,
            "ownerToken": self.owner_token,
            "scimToken": self.scim_token,
        })
    }
}

impl Identity {
    /// Makes a project in the name of whoever holds the repo, who looks after all of them.
    pub async fn open_project(&self, repo: &Repo, asked: &Opening, origin: Origin) -> Result<Keys> {
        if asked.name.is_empty() {
            return Err(malformed("a project has a name").coded("required").at("name"));
        }
        if let Some(parent) = &asked.parent {
            acting::in_name_of(repo).read("Project", parent).await?;
        }
        let owner = match &asked.owner {
            Some(email) => Some(self.owner(repo, asked, email, &origin).await?),
            None => None,
        };
        let wanted =
            NewProject { name: asked.name.clone(), parent: asked.parent.clone(), owner, provisioned: true };
        let audit = Audit::new("create-project", Act::Create).address(origin.address.clone());
        let made = self.new_project(repo, &wanted, audit).await?;
        let owner_token = match (&asked.owner, &asked.password) {
            (Some(email), Some(password)) => {
                Some(self.signed_in_token(email, password, &made.project, origin).await?)
            }
            _ => None,
        };
        Ok(Keys {
            api_key: api_key(&made.client_id, &made.client_secret),
            scim_token: made.provisioner.as_ref().map(|(client, secret)| api_key(client, secret)),
            owner_token,
            made,
        })
    }

    /// The id of the owner, who has proved himself if he is there and gave a password: keys that nobody will see are
    /// not to be made.
    async fn owner(&self, repo: &Repo, asked: &Opening, email: &str, origin: &Origin) -> Result<String> {
        let password = asked.password.as_deref();
        if let Some(account) = Account::by_email(&self.engine, &folded(email), None).await? {
            if let Some(password) = password {
                self.knows_password(&account, password, origin, "password").await?;
                if !account.methods().is_empty() {
                    let text = format!("{email} has a second factor, and signs in with it at the server");
                    return Err(malformed(text).coded("business-rule").at("password"));
                }
            }
            return Ok(account.row.id.clone());
        }
        let Some(password) = password else {
            let text = format!("there is no user {email} of the server; with a password he is made");
            return Err(malformed(text).coded("not-found").at("owner"));
        };
        let hash = self.new_password(password, &[email], "password").await?;
        let user = json!({ "resourceType": "User", "active": true, "email": email, "passwordHash": hash });
        let audit = Audit::new("create-user", Act::Create);
        Ok(acting::in_name_of(repo).audited(audit).create("User", user).await?.row.id.clone())
    }

    /// An access token of somebody who signs in to a project.
    async fn signed_in_token(
        &self,
        email: &str,
        password: &str,
        project: &str,
        origin: Origin,
    ) -> Result<String> {
        let asked = SignIn {
            email: email.to_owned(),
            password: password.to_owned(),
            project: Some(project.to_owned()),
            origin,
            ..SignIn::default()
        };
        match self.sign_in(asked).await? {
            Step::Done { code, .. } => {
                let asked = Redeem { code: &code, proven: true, ..Redeem::default() };
                Ok(self.redeem(&asked).await?.access)
            }
            _ => Err(fault("an owner without a second factor was asked for one")),
        }
    }
}
