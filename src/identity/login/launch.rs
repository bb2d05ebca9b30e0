//! The patient in view: of a launch that an EHR began, or chosen on the way in
//! (<https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html#launch-context>).

use std::sync::Arc;

use serde_json::json;

use super::Step;
use super::draft::Draft;
use crate::error::{Result, malformed};
use crate::identity::client::living;
use crate::identity::scope::{Context, Scopes, parse};
use crate::identity::{Client, Identity, member, system};
use crate::repo::Actor;

/// A sign-in that is settled but for the consent.
pub struct Settled {
    pub actor: Arc<Actor>,
    /// As he knows himself.
    pub who: String,
    pub scopes: Scopes,
    /// Scopes speak of a patient, and nobody has said which.
    pub lacks_patient: bool,
}

impl Identity {
    /// Whether there is such a launch in the client's project.
    pub async fn knows_launch(&self, client: &Client, launch: &str) -> Result<bool> {
        let found = living(&self.engine, client.project, "SmartAppLaunch", launch).await?;
        Ok(found.is_some())
    }

    /// Who signs in, and with what; nothing as long as no membership is settled.
    pub async fn settled(&self, login: &str) -> Result<Option<Settled>> {
        let draft = Draft::open(&self.engine, login).await?;
        let Some(project) = draft.stored_in().filter(|_| draft.reference("membership").is_some()) else {
            return Ok(None);
        };
        let account = draft.account(&self.engine).await?;
        let Some(actor) = member::actor(&self.engine, project, &draft.body).await? else { return Ok(None) };
        let scopes = parse(draft.text("scope").unwrap_or_default())?;
        let is_patient = actor.profile.as_deref().is_some_and(|profile| profile.starts_with("Patient/"));
        let wants = scopes.has("launch/patient") || scopes.needs(Context::Patient);
        let lacks_patient = wants && !is_patient && draft.reference("launch").is_none();
        let who = account.email().unwrap_or(&actor.reference).to_owned();
        Ok(Some(Settled { actor: Arc::new(actor), who, scopes, lacks_patient }))
    }

    /// Puts a patient in view that whoever signs in can read.
    pub async fn choose_patient(&self, login: &str, patient: &str) -> Result<Step> {
        let unknown = || malformed("there is no such patient for you").coded("not-found").at("patient");
        let settled = self.settled(login).await?.ok_or_else(unknown)?;
        let project = settled.actor.project_id.clone();
        let row = self.engine.bind(settled.actor, "identity").read("Patient", patient).await;
        let row = row.map_err(|error| unknown().because(error))?;
        let launch = json!({
            "resourceType": "SmartAppLaunch",
            "meta": { "project": project },
            "patient": { "reference": format!("Patient/{}", row.id) },
        });
        let launch = system(&self.engine).create("SmartAppLaunch", launch).await?;
        let mut draft = Draft::open(&self.engine, login).await?;
        draft.refer("launch", &format!("SmartAppLaunch/{}", launch.row.id));
        let account = draft.account(&self.engine).await?;
        self.finish(draft, account).await
    }
}
