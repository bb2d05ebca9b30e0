//! The capability statement (<https://hl7.org/fhir/R4/http.html#capabilities>), for everybody.

use actix_web::http::header::{ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};
use sha2::{Digest, Sha256};

use crate::definitions::{Choices, capability_statement};
use crate::http::reply::{self, Failure, not_modified, ok};
use crate::http::{State, extract, negotiate};

/// What is the same as long as the server runs.
pub(in crate::http) struct Fixed {
    statement: reply::Fixed,
    etag: String,
}

impl Fixed {
    pub fn new(state: &State) -> Self {
        let choices = Choices { delete_many: state.engine.limits.delete_many };
        let statement = capability_statement(&state.engine.definitions(), &state.engine.base_url, choices)
            .to_string()
            .into_bytes();
        let digest: String =
            Sha256::digest(&statement).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { statement: reply::Fixed::new(statement), etag: format!("W/\"{digest}\"") }
    }
}

pub(in crate::http) async fn metadata(
    request: HttpRequest,
    fixed: web::Data<Fixed>,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let unchanged = extract::header(&request, &IF_NONE_MATCH)?.is_some_and(|tags| tags.contains(&fixed.etag));
    let mut reply = if unchanged { not_modified() } else { ok() };
    reply.insert_header((ETAG, fixed.etag.as_str()));
    if unchanged {
        return Ok(reply.finish());
    }
    Ok(fixed.statement.reply(&request, form, reply))
}
