//! Search by GET and by POST (<https://hl7.org/fhir/R4/http.html#search>).

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse, web};

use super::bundle::Bundle;
use super::subset::Subset;
use crate::error::malformed;
use crate::http::negotiate::{self, Form};
use crate::http::reply::{Failure, fhir, ok, outcome};
use crate::http::{extract, parameters};
use crate::repo::{Found, Repo};
use crate::search::Summary;

pub(in crate::http) async fn search(
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    let asked = parameters::parse(request.query_string())?;
    answer(&request, form, &repo, &path, &asked).await
}

/// Parameters of the address and of the form count alike.
pub(in crate::http) async fn search_by_post(
    request: HttpRequest,
    path: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    repo.knows(&path)?;
    let media = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let body = extract::bytes(&request, payload).await?;
    let is_form =
        media.split(';').next().is_some_and(|media| media.trim() == "application/x-www-form-urlencoded");
    let is_nothing = media.is_empty() && body.is_empty();
    if !(is_form || is_nothing) {
        return Err(Failure::unsupported_media("a search is posted as application/x-www-form-urlencoded"));
    }
    let mut asked = parameters::parse(request.query_string())?;
    let text = std::str::from_utf8(&body).map_err(|_| malformed("the form does not hold UTF-8"))?;
    asked.extend(parameters::parse(text)?);
    answer(&request, form, &repo, &path, &asked).await
}

async fn answer(
    request: &HttpRequest,
    form: Form,
    repo: &Repo,
    kind: &str,
    asked: &[(String, String)],
) -> Result<HttpResponse, Failure> {
    let lenient = extract::prefer(request).lenient.unwrap_or(extract::state(request).lenient);
    let found = repo.search(kind, asked, lenient).await?;
    let body = render(repo, kind, &found)?;
    Ok(fhir(request, form, ok(), body))
}

fn render(repo: &Repo, kind: &str, found: &Found) -> Result<Vec<u8>, Failure> {
    let address = format!("{}/{kind}", repo.engine().base_url);
    let link = |query: &str| if query.is_empty() { address.clone() } else { format!("{address}?{query}") };
    let first = found.query.self_link();
    let current = match &found.query.cursor {
        Some(cursor) => found.query.page_link(cursor),
        None => first.clone(),
    };
    let mut bundle = Bundle::new("searchset", found.total);
    bundle.link("self", &link(&current));
    if found.query.summary != Summary::Count && found.query.count > 0 {
        bundle.link("first", &link(&first));
        if let Some(previous) = &found.previous {
            bundle.link("previous", &link(previous));
        }
        if let Some(next) = &found.next {
            bundle.link("next", &link(next));
        }
    }
    let subset = match (&found.query.summary, found.query.elements.is_empty()) {
        (Summary::True, _) => Subset::Summary,
        (_, false) => Subset::Elements(found.query.elements.clone()),
        _ => Subset::All,
    };
    let definitions = repo.definitions();
    for row in &found.rows {
        let url = format!("{address}/{}", row.id);
        match subset {
            Subset::All => bundle.found(&url, row.body.as_bytes()),
            _ => bundle.found(&url, &subset.of(definitions, kind, &row.body)?),
        }
    }
    if !found.query.warnings.is_empty() {
        bundle.remark(&outcome(&found.query.warnings));
    }
    Ok(bundle.finish())
}
