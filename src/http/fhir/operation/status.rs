//! `$status` of a SearchParameter (`fhir/operation/SearchParameter-status.json`): whether it can be asked, and
//! how far its indexing has come.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::input::Input;
use crate::http::reply::{Failure, fhir, ok};
use crate::http::{extract, negotiate};

pub(in crate::http) async fn parameter_status(
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    Input::of_address(&request)?.finish()?;
    let status = repo.parameter_status(&id).await?;
    let mut parameters = vec![
        json!({ "name": "url", "valueUri": status.url }),
        json!({ "name": "code", "valueCode": status.code }),
        json!({ "name": "state", "valueCode": status.state }),
    ];
    if let Some((done, total)) = status.progress {
        parameters.push(json!({ "name": "done", "valueInteger": integer(done) }));
        if total >= 0 {
            parameters.push(json!({ "name": "total", "valueInteger": integer(total) }));
        }
    }
    if let Some(reason) = status.reason {
        parameters.push(json!({ "name": "reason", "valueString": reason }));
    }
    let body = json!({ "resourceType": "Parameters", "parameter": parameters });
    Ok(fhir(&request, form, ok(), body.to_string().into_bytes()))
}

/// An integer of FHIR has 32 bits.
fn integer(count: i64) -> i64 {
    count.min(i64::from(i32::MAX))
}
