//! An invitation is carried out: looked up, made up and written at once, begun anew where others were faster.

use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Invite, Invited, Made, Scope, access, person};
use crate::error::{Error, Kind, Result, busy, conflict, fault, malformed};
use crate::identity::acting::{self, body, in_name_of, reason, within};
use crate::identity::request::{For, Purpose};
use crate::identity::{Identity, Template, Values, pool};
use crate::repo::access::by_default;
use crate::repo::audit::Audit;
use crate::repo::bundle::Done;
use crate::repo::{Repo, Written, absent};
use crate::store::Row;

/// Whoever loses the race starts over with what the winner wrote, this often.
const ATTEMPTS: usize = 12;
/// Keys that somebody else may have taken a moment ago, for the same person.
const TAKEN: [&str; 4] =
    ["User.email", "User.externalId", "ProjectMembership.externalId", "ProjectMembership.userName"];
const MEMBER: &str = "User is already a member of this project";

impl Identity {
    /// Invites into a project (given by its id), in the name of whoever holds the repo.
    pub async fn invite(&self, repo: &Repo, project: &str, invite: &Invite, audit: Audit) -> Result<Invited> {
        let number = self.engine.store.project_number(project)?;
        let number = number.ok_or_else(|| absent("Project", project))?;
        let home = body(&*in_name_of(repo).read("Project", project).await?)?;
        access::must_be_awake(&home)?;
        access::must_exist(&self.engine, number, &invite.membership).await?;
        let hash = match &invite.password {
            Some(password) => Some(self.chosen(password, invite, &home).await?),
            None => None,
        };
        let repo = in_name_of(repo).audited(audit.project(number));
        let mut last = None;
        for _ in 0..ATTEMPTS {
            match self.attempt(&repo, (number, project), &home, invite, hash.as_deref()).await {
                Ok(made) => return Ok(self.announce(project, invite, made).await),
                // Begun anew; what stays in the way is no race.
                Err(Setback::Again(error)) => last = Some(error),
                Err(Setback::Refused(error)) => return Err(error),
            }
        }
        match last {
            Some(error) if error.kind == Kind::Conflict => Err(error),
            _ => Err(busy("this person is invited by many at once; try again")),
        }
    }

    async fn attempt(
        &self,
        repo: &Repo,
        (number, project): (i32, &str),
        home: &Value,
        invite: &Invite,
        hash: Option<&str>,
    ) -> Result<Made, Setback> {
        let engine = &self.engine;
        let root = pool::root(engine, project).await?;
        let at = if invite.scope == Scope::Server { 0 } else { root.number };
        let user = person::user(engine, number, at, invite).await?;
        let known = match &user {
            Some(user) => person::memberships(engine, number, &user.id, invite.kind).await?,
            None => Vec::new(),
        };
        if let Some(first) = known.first()
            && !invite.force
        {
            let user = user.as_deref().ok_or_else(|| fault("a member without a user"))?;
            return self.renew_member(repo, project, invite, user, first).await;
        }
        let mut entries = Vec::new();
        if let Some(user) = &user {
            // He must not be taken away at the same moment.
            entries.push(acting::expect("User", &[("_id", &user.id)], &[&user.id], MEMBER)?);
        }
        let user_id = user.as_ref().map_or_else(|| Uuid::now_v7().to_string(), |user| user.id.clone());
        let mut issued = None;
        if user.is_none() {
            let pool = (invite.scope == Scope::Project).then_some(root.id.as_str());
            entries.push(acting::new("User", &user_id, person::new_user(invite, pool, hash)));
            if hash.is_none() && invite.email.is_some() {
                issued = Some(self.issue(Purpose::Invite, whom(&user_id, project, invite))?);
            }
        } else if let (Some(user), Some(true)) = (&user, invite.mfa_required)
            && at == number
        {
            let mut changed = body(user)?;
            changed["mfaRequired"] = Value::Bool(true);
            entries.push(acting::next("User", user, changed));
        }
        let profile =
            person::profile(engine, number, invite, user.as_ref().map(|user| user.id.as_str())).await?;
        let profile = match profile {
            Some(profile) => profile,
            None => {
                self.patient_exists(number, invite).await?;
                let id = Uuid::now_v7().to_string();
                entries.push(acting::new(invite.kind, &id, person::new_profile(invite, project)));
                format!("{}/{id}", invite.kind)
            }
        };
        if !invite.force {
            let (user, project) = (format!("User/{user_id}"), format!("Project/{project}"));
            let asked = [("user", user.as_str()), ("project", project.as_str())];
            entries.push(acting::expect("ProjectMembership", &asked, &[], MEMBER)?);
        }
        let mut membership = invite.membership.clone();
        by_default(home, invite.kind, &mut membership);
        let mut membership = Value::Object(membership);
        membership["resourceType"] = Value::from("ProjectMembership");
        membership["project"] = json!({ "reference": format!("Project/{project}") });
        membership["user"] = json!({ "reference": format!("User/{user_id}") });
        membership["profile"] = json!({ "reference": profile });
        if membership.get("active").is_none() {
            membership["active"] = Value::Bool(true);
        }
        if repo.actor().reference.contains('/') {
            membership["invitedBy"] = json!({ "reference": repo.actor().reference });
        }
        let id = Uuid::now_v7().to_string();
        let place = entries.len();
        entries.push(acting::new("ProjectMembership", &id, membership));
        if let Some(issued) = &issued {
            entries.push(acting::new("UserSecurityRequest", &issued.id, issued.resource.clone()));
        }
        let done = repo.transaction(entries).await.map_err(|failed| Setback::of(reason(failed)))?;
        Ok(Made {
            membership: written(done, place)?,
            email: invite.email.clone(),
            name: invite.name(),
            issued,
            known: user.is_some() && hash.is_none(),
        })
    }

    /// He is a member already: with `upsert` as the invitation has it, else a conflict.
    async fn renew_member(
        &self,
        repo: &Repo,
        project: &str,
        invite: &Invite,
        user: &Row,
        old: &Arc<Row>,
    ) -> Result<Made, Setback> {
        if !invite.upsert {
            return Err(Setback::Refused(conflict(MEMBER).coded("duplicate").at("email")));
        }
        let mut membership = body(old)?;
        if let Some(profile) = &invite.profile
            && membership.pointer("/profile/reference").and_then(Value::as_str) != Some(profile)
        {
            let text = format!("{MEMBER} with a different profile");
            return Err(Setback::Refused(conflict(text).coded("duplicate").at("profile")));
        }
        for (name, value) in &invite.membership {
            membership[name] = value.clone();
        }
        // Who has not accepted yet is told again.
        let waits = !self
            .engine
            .store
            .secret_names(user.project, user.rid)?
            .iter()
            .any(|name| name == "passwordHash");
        let email = acting::text(&body(user)?, "email").map(str::to_owned);
        let mut entries = vec![acting::next("ProjectMembership", old, membership)];
        let mut issued = None;
        if waits && email.is_some() && invite.email.is_some() {
            let made = self.issue(Purpose::Invite, whom(&user.id, project, invite))?;
            entries.push(acting::new("UserSecurityRequest", &made.id, made.resource.clone()));
            issued = Some(made);
        }
        let done = repo.transaction(entries).await.map_err(|failed| Setback::of(reason(failed)))?;
        let known = issued.is_none();
        // Nothing is said to who knows already.
        let email = email.filter(|_| !known);
        Ok(Made { membership: written(done, 0)?, email, name: invite.name(), issued, known })
    }

    async fn patient_exists(&self, project: i32, invite: &Invite) -> Result<()> {
        let Some(patient) = invite.patient.as_deref() else { return Ok(()) };
        let id = patient.strip_prefix("Patient/").unwrap_or_default();
        if !id.is_empty() && !within(&self.engine, project, "Patient", &[("_id", id)]).await?.is_empty() {
            return Ok(());
        }
        Err(malformed(format!("there is no {patient} in this project")).coded("not-found").at("patient"))
    }

    /// The mail, once all is written.
    async fn announce(&self, project: &str, invite: &Invite, made: Made) -> Invited {
        let mut invited = Invited { membership: made.membership, link: None, unsent: None };
        let Some(email) = made.email else { return invited };
        if !invite.send {
            let own = invite.scope == Scope::Project;
            invited.link = made.issued.filter(|_| own).map(|issued| issued.link);
            return invited;
        }
        let values = Values::of(&made.name);
        let (template, values) = match made.issued {
            Some(issued) => {
                (Template::Invite, values.with("link", issued.link.clone()).within(issued.lifetime))
            }
            None if made.known => {
                (Template::Welcome, values.with("link", self.mail.settings().app_url.clone()))
            }
            // The password came with the invitation; who invited tells it.
            None => return invited,
        };
        invited.unsent = self.send(Some(project), template, &email, values).await.err();
        invited
    }

    async fn chosen(&self, password: &str, invite: &Invite, home: &Value) -> Result<String> {
        let mut words = vec![invite.first.as_str(), invite.last.as_str()];
        words.extend(invite.email.as_deref());
        words.extend(acting::text(home, "name"));
        self.new_password(password, &words, "password").await
    }
}

fn whom<'a>(user: &'a str, project: &'a str, invite: &'a Invite) -> For<'a> {
    For { user, project: Some(project), email: invite.email.as_deref(), redirect: None }
}

fn written(mut done: Vec<Done>, place: usize) -> Result<Arc<Row>, Setback> {
    match done.swap_remove(place) {
        Done::Written(Written { row, .. }) => Ok(row),
        _ => Err(Setback::Refused(fault("an invitation wrote no membership"))),
    }
}

/// Why an attempt came to nothing.
enum Setback {
    /// Others wrote meanwhile what it was made up from.
    Again(Error),
    Refused(Error),
}

impl Setback {
    fn of(error: Error) -> Self {
        let at = |place: &&str| error.issues.iter().any(|issue| issue.expression.as_deref() == Some(*place));
        let raced = match error.kind {
            Kind::Precondition => true,
            Kind::Conflict => TAKEN.iter().any(at) || error.issues.iter().any(|issue| issue.text == MEMBER),
            _ => false,
        };
        if raced { Self::Again(error) } else { Self::Refused(error) }
    }
}

impl From<Error> for Setback {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}
