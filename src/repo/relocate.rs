//! A record that moves to another project under its own id: gone from the one and there in the other at once.

use serde_json::Value;

use super::plan::{Missed, Plan};
use super::policy::Interaction;
use super::{Outcome, Repo, Written};
use crate::error::{Result, fault, forbidden};
use crate::resource;
use crate::store::{Row, Secret};

impl Repo {
    /// Puts `body` into the project that its meta names (for users: its `project`), and takes `old` away, with its
    /// secrets. `secrets` go along. Nothing where others wrote since `old` was read.
    pub async fn relocate(
        &self,
        kind: &str,
        old: &Row,
        body: Value,
        secrets: Vec<Secret>,
    ) -> Result<Option<Written>> {
        let resource = self.may(Interaction::Update, kind)?;
        if !self.actor.is_boundless() {
            return Err(forbidden("only the server moves this"));
        }
        let (project, checked) = {
            let mut body = body;
            let project = self.place(resource, &old.id, &mut body).await?;
            (project, self.lawful(resource, body, None, project)?)
        };
        // Who has been there before left a row behind.
        let number = self.engine.kind(kind)?;
        let trace = self.engine.store.fetch(project, number, &old.id).await?;
        let before: Option<Value> = match &trace {
            Some(trace) if !trace.deleted => Some(resource::parse(trace.body.as_bytes())?),
            _ => None,
        };
        let place = (project, old.id.as_str());
        let mut change = self.change(resource, place, checked, trace.as_deref(), before.as_ref())?;
        change.secrets.extend(secrets);
        let plans = vec![self.removal(resource, old)?, Plan::write(resource, change, Outcome::Updated)];
        match self.commit(plans, Vec::new()).await {
            Ok(written) => written.into_iter().last().map(Some).ok_or_else(|| fault("a move wrote nothing")),
            Err(Missed::Outrun) => Ok(None),
            Err(missed) => Err(missed.error()),
        }
    }
}
