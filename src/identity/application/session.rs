//! The organization that a session is for, written down with it.

use serde_json::{Value, json};

use crate::error::{Error, Result, busy, malformed};
use crate::identity::account::ATTEMPTS;
use crate::identity::acting;
use crate::identity::member::living;
use crate::identity::{Identity, system};
use crate::repo::Retain;

const ORGANIZATION: &str = "https://roster.dev/fhir/StructureDefinition/login-organization";

impl Identity {
    /// The record of a session.
    pub async fn session(&self, login: &str) -> Result<Value> {
        let row = living(&self.engine, "Login", login).await?.ok_or_else(over)?;
        let mut body = acting::body(&row)?;
        body["id"] = Value::from(row.id.as_str());
        Ok(body)
    }

    /// Id of the organization that a session is for.
    pub fn organization_of(session: &Value) -> Option<&str> {
        let all = session.get("extension")?.as_array()?;
        let one = all.iter().find(|one| one["url"] == ORGANIZATION)?;
        one.pointer("/valueReference/reference")?.as_str()?.strip_prefix("Project/")
    }

    /// From now on a session is for this organization, or for none.
    pub async fn turn_session(&self, login: &str, organization: Option<&str>) -> Result<()> {
        for _ in 0..ATTEMPTS {
            let row = living(&self.engine, "Login", login).await?.ok_or_else(over)?;
            let mut body = acting::body(&row)?;
            if Self::organization_of(&body) == organization {
                return Ok(());
            }
            let mut all = body.get("extension").and_then(Value::as_array).cloned().unwrap_or_default();
            all.retain(|one| one["url"] != ORGANIZATION);
            all.extend(organization.map(|id| {
                json!({ "url": ORGANIZATION, "valueReference": { "reference": format!("Project/{id}") } })
            }));
            match all.is_empty() {
                true => drop(body.as_object_mut().map(|body| body.shift_remove("extension"))),
                false => body["extension"] = Value::Array(all),
            }
            if system(&self.engine).retain("Login", &row, body, Vec::new(), Retain::Amended).await?.is_some()
            {
                return Ok(());
            }
        }
        Err(busy("this session is changed by many at once; try again"))
    }
}

fn over() -> Error {
    malformed("there is no such session, or it is over").coded("not-found")
}
