//! A member's password: an admin has a link mailed by which the member chooses another; where the project allows it, he
//! chooses one for a user of the project's own.

use std::sync::Arc;

use serde_json::Value;

use super::super::acting::{body, in_name_of, next, reason, text, within};
use super::super::request::{For, Purpose};
use super::super::{Template, Values, mail};
use super::Identity;
use crate::error::{Result, forbidden, malformed};
use crate::repo::Repo;
use crate::repo::audit::Audit;
use crate::store::Row;

/// The setting of a project by which its admins choose no passwords, if it is false.
const SETTING: &str = "adminSetPassword";

impl Identity {
    /// Mails a member the link to another password.
    pub async fn reset_member(&self, repo: &Repo, project: &str, id: &str, audit: Audit) -> Result<()> {
        let member = self.member(project, id).await?;
        let user = self.user_of(repo, &member).await?;
        let person = body(&user)?;
        let Some(email) = text(&person, "email") else {
            return Err(malformed("User does not have an email").coded("business-rule"));
        };
        let whom = For { user: &user.id, project: Some(project), email: Some(email), redirect: None };
        let issued = self.issue(Purpose::Reset, whom)?;
        let own = in_name_of(repo).audited(audit.project(member.project).entity(format!("User/{}", user.id)));
        own.import(vec![("UserSecurityRequest", issued.resource.clone())]).await?;
        let values = called(&person).with("link", issued.link).within(issued.lifetime);
        self.send(Some(project), Template::Reset, email, values).await
    }

    /// Gives the user of this e-mail a password: of a project's pool, or, for none, of the server's.
    pub async fn give_password(
        &self,
        repo: &Repo,
        project: Option<&str>,
        email: &str,
        password: &str,
        audit: Audit,
    ) -> Result<Arc<Row>> {
        let unknown = || malformed("User not found").coded("not-found").at("email");
        let (pool, home) = match project {
            Some(project) => {
                let number = self.engine.store.project_number(project)?.ok_or_else(unknown)?;
                (number, Some(body(&*in_name_of(repo).read("Project", project).await?)?))
            }
            None => (0, None),
        };
        if let Some(home) = home.as_ref().filter(|_| !repo.actor().is_boundless())
            && mail::entry(home, "setting", SETTING).as_deref() == Some("false")
        {
            return Err(forbidden("in this project everybody chooses his password himself"));
        }
        let email = email.to_lowercase();
        let found = within(&self.engine, pool, "User", &[("email:exact", &email)]).await?.pop();
        let user = found.ok_or_else(unknown)?;
        let mut person = body(&user)?;
        let mut words = vec![email.as_str()];
        words.extend(["firstName", "lastName"].iter().filter_map(|name| text(&person, name)));
        words.extend(home.as_ref().and_then(|home| text(home, "name")));
        let hash = self.new_password(password, &words, "password").await?;
        person["passwordHash"] = Value::from(hash);
        let own = in_name_of(repo).audited(match pool {
            0 => audit,
            pool => audit.project(pool),
        });
        own.transaction(vec![next("User", &user, person)]).await.map_err(reason)?;
        Ok(user)
    }
}

/// A mail to this person.
pub(in crate::identity) fn called(person: &Value) -> Values {
    let name = text(person, "displayName").map(str::to_owned).unwrap_or_else(|| {
        let names = ["firstName", "lastName"].iter().filter_map(|name| text(person, name));
        names.collect::<Vec<_>>().join(" ")
    });
    Values::of(&name)
}
