//! The patient of a launch, to whom scopes of `patient/` are bound
//! (<https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html#launch-context>).

use std::sync::Arc;

use serde_json::Value;

use crate::error::Result;
use crate::identity::client::living;
use crate::repo::{Actor, Engine};

/// `Patient/…`: whom the launch names, or else the member himself, if he is a patient.
pub(in crate::identity) async fn patient(
    engine: &Arc<Engine>,
    actor: &Actor,
    login: &Value,
) -> Result<Option<String>> {
    let launch = login.pointer("/launch/reference").and_then(Value::as_str);
    if let Some(id) = launch.and_then(|launch| launch.strip_prefix("SmartAppLaunch/")) {
        let launch = living(engine, actor.project, "SmartAppLaunch", id).await?;
        let named =
            launch.as_ref().and_then(|launch| launch.pointer("/patient/reference")).and_then(Value::as_str);
        if let Some(named) = named.filter(|named| named.starts_with("Patient/")) {
            return Ok(Some(named.to_owned()));
        }
    }
    Ok(actor.profile.clone().filter(|profile| profile.starts_with("Patient/")))
}
