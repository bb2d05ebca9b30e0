//! Somebody whom nobody knows yet becomes a member, where the project's configuration says as what.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::Provider;
use super::account::unknown;
use super::claims::Said;
use crate::error::{Error, Kind, Result, busy};
use crate::identity::account::{Account, folded};
use crate::identity::acting::within;
use crate::identity::login::Place;
use crate::identity::{Identity, member, system};
use crate::repo::access::by_default;
use crate::repo::audit::{Act, Audit};

impl Identity {
    /// Makes a user with a profile and a membership; all of it or nothing.
    pub(super) async fn newcomer(&self, provider: &Provider, said: &Said, place: &Place) -> Result<Account> {
        let Some((kind, project)) = self.welcomes(provider, place)? else { return Err(unknown()) };
        let email = said.email.as_deref().map(folded);
        let of_domain =
            |own: &String| email.as_deref().is_some_and(|email| email.ends_with(&format!("@{own}")));
        if !provider.domain.as_ref().is_none_or(of_domain) {
            return Err(unknown());
        }
        let by_id = matches!(provider.source(), super::Source::Subject);
        let external_id = said.subject.as_ref().filter(|_| by_id);
        if email.is_none() && external_id.is_none() {
            return Err(unknown());
        }
        let id = Uuid::now_v7().to_string();
        let mut user = json!({
            "resourceType": "User", "id": id, "active": true,
            "firstName": said.given.as_deref().unwrap_or("?"), "lastName": said.family.as_deref().unwrap_or("?"),
            "project": { "reference": format!("Project/{project}") },
        });
        if let Some(email) = &email {
            user["email"] = Value::from(email.as_str());
            user["emailVerified"] = Value::Bool(true);
        }
        if let Some(external_id) = external_id {
            user["externalId"] = Value::from(external_id.as_str());
        }
        let mut resources = vec![("User", user)];
        resources.extend(self.joining(&id, said, kind, provider, project).await?);
        let audit = Audit::new("register", Act::Create)
            .agent(format!("User/{id}"))
            .entity(provider.holder.as_str())
            .project(provider.project);
        match system(&self.engine).audited(audit).import(resources).await {
            Ok(_) => Account::read(&self.engine, &id).await?.ok_or_else(unknown),
            // Of two that come at once, one is made; or somebody else has this e-mail.
            Err(error) if error.kind == Kind::Conflict => Err(raced(error)),
            Err(error) => Err(error),
        }
    }

    /// Makes a member of a user who is none; who was one and is not any more stays out.
    pub(super) async fn make_member(
        &self,
        provider: &Provider,
        said: &Said,
        place: &Place,
        account: &Account,
    ) -> Result<()> {
        let Some((kind, project)) = self.welcomes(provider, place)? else { return Ok(()) };
        let user = [("user", account.reference())];
        let user = [(user[0].0, user[0].1.as_str())];
        if !within(&self.engine, provider.project, "ProjectMembership", &user).await?.is_empty() {
            return Ok(());
        }
        let resources = self.joining(&account.row.id, said, kind, provider, project).await?;
        let audit = Audit::new("register", Act::Create)
            .agent(account.reference())
            .entity(provider.holder.as_str())
            .project(provider.project);
        system(&self.engine).audited(audit).import(resources).await.map(drop)
    }

    /// As what, and where: the party's own project only, and not where it lets in nobody who was not invited.
    fn welcomes<'p>(&self, provider: &Provider, place: &'p Place) -> Result<Option<(&'static str, &'p str)>> {
        let kind = match provider.text("newMember") {
            Some("Patient") => "Patient",
            Some("Practitioner") => "Practitioner",
            _ => return Ok(None),
        };
        let Some(project) = place.project.as_deref().filter(|_| !provider.above) else { return Ok(None) };
        let is_own = self.engine.store.project_number(project)? == Some(provider.project);
        Ok(is_own.then_some((kind, project)))
    }

    async fn joining(
        &self,
        user: &str,
        said: &Said,
        kind: &'static str,
        provider: &Provider,
        project: &str,
    ) -> Result<Vec<(&'static str, Value)>> {
        let home = member::awake(&self.engine, provider.project).await?.ok_or_else(unknown)?;
        let [profile, membership] = [(); 2].map(|()| Uuid::now_v7().to_string());
        let mut person = json!({
            "resourceType": kind, "id": profile, "meta": { "project": project },
            "name": [{
                "given": [said.given.as_deref().unwrap_or("?")], "family": said.family.as_deref().unwrap_or("?"),
            }],
        });
        if let Some(email) = &said.email {
            person["telecom"] = json!([{ "system": "email", "value": folded(email) }]);
        }
        let mut member = Map::new();
        by_default(&home, kind, &mut member);
        let said = json!({
            "resourceType": "ProjectMembership", "id": membership, "active": true,
            "project": { "reference": format!("Project/{project}") },
            "user": { "reference": format!("User/{user}") },
            "profile": { "reference": format!("{kind}/{profile}") },
        });
        if let Value::Object(said) = said {
            member.extend(said);
        }
        Ok(vec![(kind, person), ("ProjectMembership", Value::Object(member))])
    }
}

fn raced(error: Error) -> Error {
    busy("this account is being made at the same moment, or its e-mail is somebody's already; try again")
        .because(error)
}
