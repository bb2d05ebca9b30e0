//! In what form to answer (<https://hl7.org/fhir/R4/http.html#mime-type>): JSON, pretty or not, or not at all.

use actix_web::HttpRequest;
use actix_web::http::header::ACCEPT;

use super::parameters;
use super::reply::Failure;

/// The names JSON goes by. Whoever takes one of them is answered by the first.
const NAMES: [&str; 3] = ["application/fhir+json", "application/json", "text/json"];

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
                "_format" if value.is_empty() => {}
                "_format" => named = Some(value),
                "_pretty" => form.pretty = value == "true",
                _ => {}
            }
        }
    }
    let acceptable = match named {
        // A plus sign may have come as a space.
        Some(name) => name == "json" || is_json(&name.replace("fhir json", "fhir+json")),
        None => accepted(request),
    };
    if acceptable {
        Ok(form)
    } else {
        Err(Failure::not_acceptable("answers come as application/fhir+json only"))
    }
}

/// Whether a media type is JSON of this version of FHIR.
pub(super) fn is_json(media: &str) -> bool {
    NAMES.iter().any(|name| essence(media).eq_ignore_ascii_case(name)) && is_of_version(media)
}

/// By <https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1>: of the ranges that a type falls under, the
/// narrowest decides.
fn accepted(request: &HttpRequest) -> bool {
    let values = || {
        let all = request.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok());
        all.flat_map(|value| value.split(',')).filter(|range| !range.trim().is_empty())
    };
    if values().next().is_none() {
        return true;
    }
    NAMES.iter().any(|name| {
        let ranges = values().filter_map(|range| narrowness(range, name).map(|narrow| (narrow, range)));
        ranges.max_by_key(|(narrow, _)| *narrow).is_some_and(|(_, range)| is_wanted(range))
    })
}

/// How narrow a range is around a media type; nothing if that is outside.
fn narrowness(range: &str, name: &str) -> Option<u8> {
    let essence = essence(range);
    if essence.eq_ignore_ascii_case(name) {
        return is_of_version(range).then_some(2);
    }
    match essence.strip_suffix("/*")? {
        "*" => Some(0),
        family => name.split('/').next().is_some_and(|own| family.eq_ignore_ascii_case(own)).then_some(1),
    }
}

fn is_wanted(range: &str) -> bool {
    let weight = parameter(range, "q").map(str::parse::<f32>);
    !matches!(weight, Some(Ok(weight)) if weight <= 0.0)
}

fn is_of_version(media: &str) -> bool {
    parameter(media, "fhirVersion").is_none_or(|version| version == "4.0" || version.starts_with("4.0."))
}

fn parameter<'m>(media: &'m str, name: &str) -> Option<&'m str> {
    media.split(';').skip(1).find_map(|parameter| {
        let (found, value) = parameter.split_once('=')?;
        found.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
    })
}

fn essence(media: &str) -> &str {
    media.split(';').next().unwrap_or_default().trim()
}
