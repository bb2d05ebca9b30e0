//! The capability statement (<https://hl7.org/fhir/R4/http.html#capabilities>), for everybody: nobody in
//! particular is told what all projects have, and whoever is known what his has.

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::http::header::{ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};
use sha2::{Digest, Sha256};

use crate::definitions::{Choices, Definitions, capability_statement};
use crate::http::reply::{self, Failure, not_modified, ok};
use crate::http::{State, extract, negotiate};

/// Projects with search parameters of their own whose statements are kept.
const KEPT: usize = 16;

/// Statements, each the same as long as the definitions that it was made from.
#[derive(Default)]
pub(in crate::http) struct Statements(Mutex<Vec<Arc<Statement>>>);

struct Statement {
    definitions: Arc<Definitions>,
    body: reply::Fixed,
    etag: String,
}

impl Statements {
    fn of(&self, state: &State, definitions: &Arc<Definitions>) -> Arc<Statement> {
        let known = |kept: &[Arc<Statement>]| {
            kept.iter().find(|one| Arc::ptr_eq(&one.definitions, definitions)).map(Arc::clone)
        };
        if let Some(statement) = known(&self.0.lock().unwrap_or_else(PoisonError::into_inner)) {
            return statement;
        }
        let statement = Arc::new(Statement::new(state, definitions));
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push(Arc::clone(&statement));
        statement
    }
}

impl Statement {
    fn new(state: &State, definitions: &Arc<Definitions>) -> Self {
        let choices = Choices { delete_many: state.engine.limits.delete_many };
        let statement =
            capability_statement(definitions, &state.engine.base_url, choices).to_string().into_bytes();
        let digest: String =
            Sha256::digest(&statement).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let (definitions, body) = (Arc::clone(definitions), reply::Fixed::new(statement));
        Self { definitions, body, etag: format!("W/\"{digest}\"") }
    }
}

pub(in crate::http) async fn metadata(
    request: HttpRequest,
    statements: web::Data<Statements>,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let state = extract::state(&request);
    let statement = match extract::caller(&request).await {
        Ok(repo) => statements.of(state, repo.definitions()),
        Err(_) => statements.of(state, &state.engine.definitions()),
    };
    let unchanged =
        extract::header(&request, &IF_NONE_MATCH)?.is_some_and(|tags| tags.contains(&statement.etag));
    let mut reply = if unchanged { not_modified() } else { ok() };
    reply.insert_header((ETAG, statement.etag.as_str()));
    if unchanged {
        return Ok(reply.finish());
    }
    Ok(statement.body.reply(&request, form, reply))
}
