//! GraphQL over resources (<https://hl7.org/fhir/R4/graphql.html>, <https://spec.graphql.org/October2021/>).
//!
//! The schema is a view of the definitions (`schema`). A query is compiled against it into a plan, or into
//! every reason why it cannot be (`compile`); the plan is carried out level by level, all reads and searches
//! of a level together and all through the repo of whoever asks (`run`).

mod compile;
mod cursor;
mod document;
mod fault;
mod introspection;
mod limit;
mod plan;
mod run;
mod schema;
mod variables;

use std::sync::Arc;

use serde_json::{Map, Value};

pub use fault::{Fault, Step};

use crate::error::{Error, Kind, Result};
use crate::repo::Repo;
use plan::Plan;
use schema::Schema;

/// A query as it was sent.
#[derive(Debug, Default)]
pub struct Request {
    pub query: String,
    pub variables: Map<String, Value>,
    /// Which of several operations is meant.
    pub operation: Option<String>,
}

/// What a query starts from.
#[derive(Debug, Clone)]
pub enum Start {
    /// The whole server: fields are reads and searches.
    System,
    /// One resource: fields are its elements.
    Resource { kind: String, id: String },
}

/// What came of a query that could be carried out.
#[derive(Debug)]
pub struct Response {
    /// JSON, null where an error spoiled it.
    pub data: String,
    pub faults: Vec<Fault>,
}

/// Why nothing was carried out.
#[derive(Debug)]
pub struct Refusal {
    pub kind: Kind,
    pub faults: Vec<Fault>,
}

/// Answers a query on behalf of the actor of the repo. Nothing is read before the query is understood.
pub async fn execute(repo: &Repo, request: Request, start: Start) -> Result<Result<Response, Refusal>> {
    if let Start::Resource { kind, .. } = &start
        && let Err(error) = repo.knows(kind)
    {
        return Ok(Err(refused(&error)));
    }
    let (own, from) = (repo.clone(), start.clone());
    let compiled = repo.engine().store.offload(move |_| Ok(understand(&own, &request, &from))).await?;
    let plan = match compiled {
        Ok(plan) => Arc::new(plan),
        Err(faults) => return Ok(Err(Refusal { kind: Kind::Malformed, faults })),
    };
    let row = match &start {
        Start::System => None,
        Start::Resource { kind, id } => match repo.read(kind, id).await {
            Ok(row) => Some(row),
            Err(error) => return Ok(Err(refused(&error))),
        },
    };
    run::run(repo, plan, row).await
}

fn refused(error: &Error) -> Refusal {
    Refusal { kind: error.kind, faults: fault::of(error) }
}

fn understand(repo: &Repo, request: &Request, start: &Start) -> Result<Plan, Vec<Fault>> {
    let document = document::parse(&request.query)?;
    let schema = match start {
        Start::System => Schema::of_system(repo.definitions()),
        Start::Resource { kind, .. } => Schema::of_resource(repo.definitions(), kind),
    };
    compile::compile(&schema, &document, request, &repo.options(false, None))
}
