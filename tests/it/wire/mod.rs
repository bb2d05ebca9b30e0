//! HTTP around FHIR: <https://www.rfc-editor.org/rfc/rfc9110>, <https://hl7.org/fhir/R4/http.html#general>.

mod address;
mod case;
mod cors;
mod encoding;
mod head;
mod raw;
mod refusal;
mod request_id;
