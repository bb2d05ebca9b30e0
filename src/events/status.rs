//! What the server sets of a subscription (<https://hl7.org/fhir/R4/valueset-subscription-status.html>): active once it
//! is set up, error while what it tells does not arrive, off when it has ended or was given up.

use std::sync::Arc;

use serde_json::Value;

use super::live::{Key, system};
use crate::error::{Kind, Result};
use crate::repo::Engine;
use crate::repo::subscription::{SUBSCRIPTION, Status};
use crate::resource;

/// So long may a text be that tells of a failure.
const LONGEST: usize = 1000;

/// Sets the status of a subscription, unless somebody else has set it to what `from` does not hold by now.
pub(super) async fn set(
    engine: &Arc<Engine>,
    (project, id): (i32, &str),
    from: &[Status],
    to: Status,
    error: Option<&str>,
) -> Result<()> {
    let repo = system(engine, project)?;
    let row = match repo.read(SUBSCRIPTION, id).await {
        Ok(row) => row,
        Err(error) if matches!(error.kind, Kind::NotFound | Kind::Deleted) => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut body: Value = resource::parse(row.body.as_bytes())?;
    let status = body.get("status").and_then(Value::as_str);
    if !from.iter().any(|from| status == Some(from.code())) {
        return Ok(());
    }
    if let Some(object) = body.as_object_mut() {
        object.insert("status".to_owned(), Value::from(to.code()));
        match error {
            Some(error) => {
                object
                    .insert("error".to_owned(), Value::from(error.chars().take(LONGEST).collect::<String>()));
            }
            None => {
                object.shift_remove("error");
            }
        }
    }
    match repo.update(SUBSCRIPTION, id, body, Some(row.version)).await {
        Ok(_) => Ok(()),
        // Somebody wrote it meanwhile; what he wrote comes by and is looked at then.
        Err(error) if matches!(error.kind, Kind::Precondition | Kind::Conflict | Kind::Deleted) => Ok(()),
        Err(error) if matches!(error.kind, Kind::Busy | Kind::Fault) => Err(error),
        // What is stored breaks the definitions of today; others are not to wait until somebody mends it.
        Err(error) => {
            tracing::warn!(%error, subscription = id, status = to.code(), "the status could not be set");
            Ok(())
        }
    }
}

/// For the log.
pub(super) fn name((project, rid): Key, id: &str) -> String {
    format!("{SUBSCRIPTION}/{id} ({project}, {rid})")
}
