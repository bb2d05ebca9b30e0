//! The history of a resource (<https://hl7.org/fhir/R4/http.html#history>).

use actix_web::{HttpRequest, HttpResponse, web};

use super::bundle::Bundle;
use crate::error::{Error, Issue, Kind, Result};
use crate::http::reply::{Failure, fhir, ok};
use crate::http::{extract, negotiate, parameters};

struct Page {
    count: usize,
    before: Option<i64>,
    /// `_count` as given, for the links.
    given: Option<String>,
}

pub(in crate::http) async fn history(
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    let (kind, id) = path.into_inner();
    let limits = repo.engine().limits;
    let page = asked(request.query_string(), limits.default_count, limits.max_count)?;
    let history = repo.history(&kind, &id, page.before, page.count).await?;
    let address = format!("{}/{kind}/{id}", repo.engine().base_url);
    let link = |before: Option<i64>| {
        let count = page.given.as_ref().map(|count| format!("_count={count}"));
        let cursor = before.map(|before| format!("_cursor={before}"));
        let query: Vec<String> = count.into_iter().chain(cursor).collect();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{address}/_history{mark}{}", query.join("&"))
    };
    let mut bundle = Bundle::new("history", None);
    bundle.link("self", &link(page.before));
    bundle.link("first", &link(None));
    if let (true, Some(last)) = (history.more, history.versions.last()) {
        bundle.link("next", &link(Some(last.version)));
    }
    for version in &history.versions {
        bundle.version(&address, &kind, &id, version);
    }
    Ok(fhir(&request, form, ok(), bundle.finish()))
}

fn asked(query: &str, default_count: usize, max_count: usize) -> Result<Page> {
    let mut page = Page { count: default_count, before: None, given: None };
    let mut issues = Vec::new();
    for (name, value) in parameters::parse(query)? {
        match name.as_str() {
            "_format" | "_pretty" => {}
            "_count" => match value.parse::<usize>() {
                Ok(count) if count > 0 => {
                    page.count = count.min(max_count);
                    page.given = Some(value);
                }
                _ => {
                    issues.push(Issue::error("value", "a page has a positive number of entries").at("_count"))
                }
            },
            "_cursor" => match value.parse() {
                Ok(before) if before > 0 => page.before = Some(before),
                _ => issues.push(Issue::error("value", "this cursor cannot be read").at("_cursor")),
            },
            _ => issues
                .push(Issue::error("not-supported", "this parameter is not offered on a history").at(name)),
        }
    }
    if issues.is_empty() { Ok(page) } else { Err(Error::new(Kind::Malformed, issues)) }
}
