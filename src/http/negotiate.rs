//! In what form to answer (<https://hl7.org/fhir/R4/http.html#mime-type>): JSON, pretty or not, or not at all.

use actix_web::HttpRequest;
use actix_web::http::header::ACCEPT;

use super::parameters;
use super::reply::Failure;

/// The form of an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Form {
    pub pretty: bool,
}

/// What the request accepts; 406 if that is nothing we have.
pub(super) fn form(request: &HttpRequest) -> Result<Form, Failure> {
    let query = request.query_string();
    let mut form = Form::default();
    let mut named = None;
    if query.contains("_format") || query.contains("_pretty") {
        for (name, value) in parameters::parse(query)? {
            match name.as_str() {
                "_format" => named = Some(value),
                "_pretty" => form.pretty = value == "true",
                _ => {}
            }
        }
    }
    let acceptable = match named {
        // A plus sign may have come as a space.
        Some(name) => is_json(&name.replace(' ', "+")) || name == "json",
        None => {
            let mut values =
                request.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok()).peekable();
            values.peek().is_none() || values.flat_map(|value| value.split(',')).any(accepts)
        }
    };
    if acceptable {
        Ok(form)
    } else {
        Err(Failure::not_acceptable("answers come as application/fhir+json only"))
    }
}

/// Whether one range of an Accept header takes JSON.
fn accepts(range: &str) -> bool {
    let refused = range.split(';').skip(1).any(|parameter| {
        let weight = parameter.trim().strip_prefix("q=").map(str::parse::<f32>);
        matches!(weight, Some(Ok(weight)) if weight <= 0.0)
    });
    !refused && (is_json(range) || matches!(essence(range).as_str(), "*/*" | "application/*" | "text/*"))
}

fn is_json(media: &str) -> bool {
    let version =
        media.split(';').skip(1).find_map(|parameter| parameter.trim().strip_prefix("fhirVersion="));
    matches!(essence(media).as_str(), "application/fhir+json" | "application/json" | "text/json")
        && version.is_none_or(|version| version == "4.0" || version.starts_with("4.0."))
}

fn essence(media: &str) -> String {
    media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
