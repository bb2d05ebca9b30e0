//! The answer to a write (<https://hl7.org/fhir/R4/http.html#ops>): what came of it, and as much of the
//! resource as the client prefers.

use actix_web::{HttpRequest, HttpResponse};

use crate::error::{Issue, Severity};
use crate::http::extract::{Returns, prefer};
use crate::http::negotiate::Form;
use crate::http::reply::{created, fhir, found, ok, outcome, versioned};
use crate::repo::{Outcome, Repo, Written};

pub(super) fn written(
    request: &HttpRequest,
    form: Form,
    repo: &Repo,
    kind: &str,
    written: &Written,
) -> HttpResponse {
    let row = &written.row;
    let location = || format!("{}/{kind}/{}/_history/{}", repo.engine().base_url, row.id, row.version);
    let mut reply = match written.outcome {
        Outcome::Created => created(&location()),
        Outcome::Found => found(&location()),
        Outcome::Updated | Outcome::Unchanged | Outcome::Deleted => ok(),
    };
    versioned(&mut reply, row.version, row.updated);
    match prefer(request).returns {
        Returns::Representation => fhir(request, form, reply, row.body.as_bytes().to_vec()),
        Returns::Minimal => reply.finish(),
        Returns::Outcome => {
            let said = outcome(&[remark(written.outcome)]);
            fhir(request, form, reply, said.to_string().into_bytes())
        }
    }
}

/// What is said of a write to whoever prefers words.
pub(super) fn remark(outcome: Outcome) -> Issue {
    let text = match outcome {
        Outcome::Created => "created",
        Outcome::Updated => "updated",
        Outcome::Found => "there is one already; nothing was created",
        Outcome::Deleted => "deleted",
        Outcome::Unchanged => "nothing had changed; the version is the same",
    };
    Issue { severity: Severity::Information, ..Issue::error("informational", text) }
}
