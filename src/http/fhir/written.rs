//! The answer to a write (<https://hl7.org/fhir/R4/http.html#ops>): what came of it, and as much of the
//! resource as the client prefers.

use actix_web::{HttpRequest, HttpResponse};

use crate::error::{Issue, Severity};
use crate::http::extract::{Returns, prefer};
use crate::http::negotiate::Form;
use crate::http::reply::{created, fhir, ok, outcome, versioned};
use crate::repo::{Outcome, Repo, Written};

pub(super) fn written(
    request: &HttpRequest,
    form: Form,
    repo: &Repo,
    kind: &str,
    written: &Written,
) -> HttpResponse {
    let row = &written.row;
    let mut reply = match written.outcome {
        Outcome::Created => {
            let base = &repo.engine().base_url;
            created(&format!("{base}/{kind}/{}/_history/{}", row.id, row.version))
        }
        Outcome::Updated | Outcome::Unchanged => ok(),
    };
    versioned(&mut reply, row.version, row.updated);
    match prefer(request).returns {
        Returns::Representation => fhir(request, form, reply, row.body.as_bytes().to_vec()),
        Returns::Minimal => reply.finish(),
        Returns::Outcome => {
            let text = match written.outcome {
                Outcome::Created => "created",
                Outcome::Updated => "updated",
                Outcome::Unchanged => "nothing had changed; the version is the same",
            };
            let issue = Issue { severity: Severity::Information, ..Issue::error("informational", text) };
            fhir(request, form, reply, outcome(&[issue]).to_string().into_bytes())
        }
    }
}
