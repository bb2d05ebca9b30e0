//! How far the indexing of a search parameter has come, for those who may read its definition
//! (<https://hl7.org/fhir/R4/searchparameter.html>).

use std::sync::Arc;

use serde_json::Value;

use super::catalogue::Compiled;
use crate::error::Result;
use crate::repo::Repo;
use crate::resource;
use crate::store::{State, Store};

/// What is to be said of a SearchParameter.
#[derive(Debug, PartialEq, Eq)]
pub struct Status {
    pub url: String,
    pub code: String,
    /// `active`: it can be asked. `indexing`, `failed`, or `inactive` where it is not to be asked.
    pub state: &'static str,
    /// Resources that are done, and all of them, while there is something to do.
    pub progress: Option<(i64, i64)>,
    /// Why it failed.
    pub reason: Option<String>,
}

impl Repo {
    pub async fn parameter_status(&self, id: &str) -> Result<Status> {
        let row = self.read("SearchParameter", id).await?;
        let body: Value = resource::parse(row.body.as_bytes())?;
        let engine = Arc::clone(&self.engine);
        let look = move |store: &Store| engine.refresh().and_then(|()| store.progress());
        let progress = self.engine.store.offload(look).await?;
        let catalogue = self.engine.catalogue.load_full();
        let own =
            |one: &&Arc<Compiled>| (one.parameter.project, one.parameter.id.as_str()) == (row.project, id);
        let is_over = |one: &&Arc<Compiled>| matches!(one.parameter.state, State::Retiring | State::Removing);
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (url, code) = (text("url"), text("code"));
        let mut status = Status { url, code, state: "inactive", progress: None, reason: None };
        let Some(one) = catalogue.compiled.iter().filter(own).rfind(|one| !is_over(one)) else {
            return Ok(status);
        };
        (status.state, status.progress, status.reason) = match (one.parameter.state, &one.problem) {
            (_, Some(problem)) => ("failed", None, Some(problem.clone())),
            (State::Indexing, None) => {
                let own = progress.iter().find(|(number, ..)| *number == one.parameter.number);
                let done = own.map_or_else(|| one.indexing.get(), |(_, done, total)| (*done, *total));
                ("indexing", Some(done), None)
            }
            (State::Active, None) => ("active", None, None),
            _ => ("failed", None, Some(one.parameter.reason.clone())),
        };
        Ok(status)
    }
}
