//! The capability statement (<https://hl7.org/fhir/R4/http.html#capabilities>), for everybody: nobody in
//! particular is told what all projects have, and whoever is known what his has.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::definitions::{Choices, capability_statement};
use crate::http::rendered::Documents;
use crate::http::reply::{FHIR_JSON, Failure};
use crate::http::{extract, negotiate};

pub(in crate::http) async fn metadata(
    request: HttpRequest,
    documents: web::Data<Documents>,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let engine = &extract::state(&request).engine;
    let definitions = match extract::caller(&request).await {
        Ok(repo) => repo.definitions().clone(),
        Err(_) => engine.definitions(),
    };
    let statement = documents.capabilities.of(&definitions, || {
        let choices = Choices { delete_many: engine.limits.delete_many };
        capability_statement(&definitions, &engine.base_url, choices)
    });
    statement.answer(&request, form, &FHIR_JSON)
}
