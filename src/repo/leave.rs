//! What goes with a membership, however it is deleted: the sessions that were entered by it, and, with his last one, a
//! user of a project's own pool. All of it is one unit with the write that takes the membership away.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::conditional::Criteria;
use super::plan::{Missed, Plan};
use super::{Actor, Outcome, Rank, Repo};
use crate::error::{Error, Result, fault, malformed};
use crate::resource;
use crate::store::{Change, Guard};

const MEMBERSHIP: &str = "ProjectMembership";

impl Repo {
    /// What is to be done along with these plans, and on which condition.
    pub(super) async fn departures(&self, plans: &[Plan<'_>]) -> Result<(Vec<Plan<'_>>, Vec<Guard>), Missed> {
        let (mut along, mut guards) = (Vec::new(), Vec::new());
        // By user, the memberships that go.
        let mut leaving: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (place, plan) in plans.iter().enumerate() {
            let Some(change) = plan.change().filter(|change| change.deleted && plan.kind() == MEMBERSHIP)
            else {
                continue;
            };
            let refused = |error| Missed::Refused { place, error };
            let user = self.may_leave(change).await.map_err(refused)?;
            along.extend(self.sessions_of(change).await.map_err(refused)?);
            if let Some(id) = user.as_deref().and_then(|user| user.strip_prefix("User/")) {
                leaving.entry(id.to_owned()).or_default().push(change.id.clone());
            }
        }
        for (user, memberships) in leaving {
            let refused = |error| Missed::Refused { place: 0, error };
            let (plan, guard) = self.goes_too(plans, &user, &memberships).await.map_err(refused)?;
            along.extend(plan);
            guards.extend(guard);
        }
        Ok((along, guards))
    }

    /// Who leaves by this change. The owner of a project stays in it, and nobody takes himself out.
    async fn may_leave(&self, change: &Change) -> Result<Option<String>> {
        let store = &self.engine.store;
        let refused = |text: &str| Err::<_, Error>(malformed(text.to_owned()).coded("business-rule"));
        if self.actor.membership.as_deref() == Some(change.id.as_str()) {
            return refused("nobody removes himself");
        }
        let row = store.fetch(change.project, change.kind, &change.id).await?;
        let row = row.ok_or_else(|| fault("a membership that goes was never there"))?;
        if row.deleted {
            return Ok(None);
        }
        let body: Value = resource::parse(row.body.as_bytes())?;
        let named =
            |body: &Value, element: &str| body.get(element)?.get("reference")?.as_str().map(str::to_owned);
        let user = named(&body, "user");
        let id = store.project_id(change.project)?;
        let project = store.fetch(change.project, self.engine.kind("Project")?, &id).await?;
        let owner = match project.filter(|project| !project.deleted) {
            Some(project) => named(&resource::parse(project.body.as_bytes())?, "owner"),
            None => None,
        };
        match user.is_some() && owner == user {
            true => refused("Cannot delete the owner of the project"),
            false => Ok(user),
        }
    }

    /// Ends the sessions of a membership: of those that nobody ended, the newest, since older ones are over.
    async fn sessions_of(&self, change: &Change) -> Result<Vec<Plan<'_>>> {
        let login = self.resource_type("Login")?;
        let within = Actor { project: change.project, rank: Rank::ProjectAdmin, ..Actor::system() };
        let within = self.engine.bind(Arc::new(within), &self.request);
        let asked = [
            ("membership", format!("{MEMBERSHIP}/{}", change.id)),
            ("revoked:not", "true".to_owned()),
            ("_sort", "-auth-time".to_owned()),
            ("_count", self.engine.limits.max_count.to_string()),
        ];
        let asked = asked.map(|(name, value)| (name.to_owned(), value));
        let found = within.seek(None, "Login", &asked, false).await?;
        let ended = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        let mut plans = Vec::with_capacity(found.rows.len());
        for row in found.rows {
            let before: Value = resource::parse(row.body.as_bytes())?;
            let mut body = before.clone();
            body["revoked"] = Value::Bool(true);
            body["endedAt"] = Value::from(ended.as_str());
            plans.push(Plan::write(login, self.amendment(login, &row, &before, &body)?, Outcome::Updated));
        }
        Ok(plans)
    }

    /// The end of a user of a project's own pool who has no membership left, and the condition that it is so.
    async fn goes_too(
        &self,
        plans: &[Plan<'_>],
        user: &str,
        leaving: &[String],
    ) -> Result<(Option<Plan<'_>>, Option<Guard>)> {
        let server = self.for_server();
        let row = server.locate("User", user).await?;
        let Some(row) = row.filter(|row| !row.deleted && row.project != 0) else { return Ok((None, None)) };
        let reference = format!("User/{user}");
        // Who is taken away for himself, or joins elsewhere in the same unit, is no concern of ours.
        let is_settled = |plan: &Plan<'_>| {
            plan.change().is_some_and(|change| match plan.kind() {
                "User" => change.id == user,
                MEMBERSHIP if !change.deleted => {
                    let body: Option<Value> = resource::parse(change.body.as_bytes()).ok();
                    body.is_some_and(|body| {
                        body.pointer("/user/reference").and_then(Value::as_str) == Some(&reference)
                    })
                }
                _ => false,
            })
        };
        if plans.iter().any(is_settled) {
            return Ok((None, None));
        }
        let criteria = Criteria::parse(&format!("user={reference}"), "request")?;
        let (found, guard) = server.sought(MEMBERSHIP, &criteria, leaving.len() + 1).await?;
        let is_last = found.iter().all(|row| leaving.contains(&row.id));
        let resource = self.resource_type("User")?;
        let plan = if is_last { Some(self.removal(resource, &row)?) } else { None };
        Ok((plan, Some(guard)))
    }
}
