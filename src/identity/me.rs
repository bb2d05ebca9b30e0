//! Who one is: user, project, membership, profile, configuration and rights, all that a client shows of itself.

use serde_json::{Map, Value, json};

use super::Identity;
use super::account::{Account, parsed};
use super::member::{self, memberships};
use super::policy;
use crate::error::{Result, not_found, unauthenticated};
use crate::repo::policy::{ADMINISTRATION, Rule};
use crate::repo::{Actor, Rank, Repo};

/// What of a project its members see.
const PROJECT: [&str; 7] = ["name", "description", "strictMode", "superAdmin", "features", "owner", "site"];
const ADMINS: [&str; 2] = ["setting", "defaultProfile"];
const MEMBERSHIP: [&str; 8] =
    ["identifier", "user", "profile", "project", "admin", "active", "userName", "mfaRequired"];

impl Identity {
    pub async fn me(&self, repo: &Repo) -> Result<Value> {
        let actor = repo.actor();
        let ended = || unauthenticated("this session has ended");
        let project = member::awake(&self.engine, actor.project).await?.ok_or_else(ended)?;
        let membership = actor.membership.as_deref().ok_or_else(ended)?;
        let membership = member::Membership::read(&self.engine, membership).await?.ok_or_else(ended)?;
        let admin = actor.rank != Rank::Member;
        let mut me = Map::new();
        let account = match actor.reference.strip_prefix("User/") {
            Some(id) => Some(Account::read(&self.engine, id).await?.ok_or_else(ended)?),
            None => None,
        };
        if let Some(account) = &account {
            me.insert("user".into(), account.shown());
        }
        let shown: &[&str] =
            &if admin { [&PROJECT[..], &ADMINS[..]].concat() } else { PROJECT[..6].to_vec() };
        me.insert("project".into(), part(&project, shown));
        me.insert("membership".into(), part(&membership.body, &MEMBERSHIP));
        if let Some(profile) = self.profile(actor).await? {
            me.insert("profile".into(), profile);
        }
        let configured =
            membership.reference("userConfiguration").and_then(|one| one.strip_prefix("UserConfiguration/"));
        let config = match configured {
            Some(id) => self.of_project(actor, "UserConfiguration", id).await?,
            None => None,
        };
        me.insert("config".into(), config.unwrap_or_else(|| configuration(admin)));
        me.insert("accessPolicy".into(), self.effective(actor, &membership.body).await?);
        if let Some(account) = &account {
            let sessions = self.sessions_of(&account.row.id).await?;
            let own = memberships(&self.engine, &actor.reference, Some(actor.project)).await?;
            me.insert(
                "security".into(),
                json!({
                    "mfaEnrolled": !account.methods().is_empty(),
                    "recoveryCodes": account.recovery_codes(),
                    "sessions": sessions.iter().map(|session| session.shown()).collect::<Vec<Value>>(),
                    "memberships": own.iter().map(|one| part(&one.body, &MEMBERSHIP)).collect::<Vec<Value>>(),
                }),
            );
        }
        Ok(Value::Object(me))
    }

    /// What a page of sign-in shows of a client.
    pub async fn client_info(&self, id: &str) -> Result<Value> {
        let absent = || not_found("there is no such client");
        let row = member::living(&self.engine, "ClientApplication", id).await?.ok_or_else(absent)?;
        let client = parsed(&row)?;
        if client.get("status").is_some_and(|status| status != "active") {
            return Err(absent());
        }
        let mut shown = json!({ "projectId": self.engine.store.project_id(row.project)? });
        if let Some(form) = client.get("signInForm").and_then(Value::as_object) {
            form.iter().for_each(|(name, value)| shown[name] = value.clone());
        }
        Ok(shown)
    }

    async fn profile(&self, actor: &Actor) -> Result<Option<Value>> {
        let reference = actor.profile.as_deref().unwrap_or(&actor.reference);
        match reference.split_once('/') {
            Some(("User", _)) | None => Ok(None),
            Some((kind, id)) => self.of_project(actor, kind, id).await,
        }
    }

    /// A resource of the actor's own project.
    async fn of_project(&self, actor: &Actor, kind: &str, id: &str) -> Result<Option<Value>> {
        let row = member::living(&self.engine, kind, id).await?.filter(|row| row.project == actor.project);
        row.map(|row| parsed(&row)).transpose()
    }

    /// What all policies of the membership allow together, those that they are based on and the values of their
    /// variables among it; of an admin, what he has besides.
    async fn effective(&self, actor: &Actor, membership: &Value) -> Result<Value> {
        let mut shown = json!({ "resourceType": "AccessPolicy" });
        let all = policy::effective(&self.engine, actor, membership).await?;
        let Some(all) = all.filter(|_| actor.rank != Rank::SuperAdmin) else {
            shown["resource"] = match actor.rank {
                Rank::Member => json!([]),
                _ => json!([{ "resourceType": "*" }]),
            };
            return Ok(shown);
        };
        let mut resource: Vec<Value> = all.rules.iter().map(Rule::shown).collect();
        if actor.rank == Rank::ProjectAdmin {
            resource.extend(ADMINISTRATION.iter().map(|kind| json!({ "resourceType": kind })));
        }
        let (mut based_on, mut networks) = (Vec::new(), Vec::new());
        for policy in &all.policies {
            if let Some(id) = policy.get("id").and_then(Value::as_str) {
                based_on.push(json!({ "reference": format!("AccessPolicy/{id}") }));
            }
            networks
                .extend(policy.get("ipAccessRule").and_then(Value::as_array).into_iter().flatten().cloned());
        }
        for (name, list) in [("basedOn", based_on), ("resource", resource), ("ipAccessRule", networks)] {
            if name == "resource" || !list.is_empty() {
                shown[name] = Value::Array(list);
            }
        }
        Ok(shown)
    }
}

fn part(whole: &Value, shown: &[&str]) -> Value {
    let kept = |name: &&String| {
        matches!(name.as_str(), "resourceType" | "id" | "meta") || shown.contains(&name.as_str())
    };
    let object = whole.as_object();
    let part = object
        .into_iter()
        .flatten()
        .filter(|(name, _)| kept(name))
        .map(|(name, value)| (name.clone(), value.clone()));
    Value::Object(part.collect())
}

/// What a client shows to whoever has no configuration of his own.
fn configuration(admin: bool) -> Value {
    let link = |name: &str, target: &str| json!({ "name": name, "target": target });
    let people =
        ["Patient", "Practitioner", "Organization", "Group"].map(|kind| link(kind, &format!("/{kind}")));
    let mut menu = vec![json!({ "title": "Directory", "link": people })];
    if admin {
        let links = [
            link("Project", "/admin/project"),
            link("Users", "/User"),
            link("Members", "/ProjectMembership"),
            link("Clients", "/ClientApplication"),
            link("Access policies", "/AccessPolicy"),
        ];
        menu.push(json!({ "title": "Admin", "link": links }));
    }
    menu.push(json!({ "title": "Settings", "link": [link("Profile", "/settings/profile"), link("Security", "/security")] }));
    json!({ "resourceType": "UserConfiguration", "menu": menu })
}
