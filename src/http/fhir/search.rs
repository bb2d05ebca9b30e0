//! Search by GET and by POST (<https://hl7.org/fhir/R4/http.html#search>).

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse, web};

use super::bundle::{Bundle, Mode, Place};
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
    by_get(&request, Scope::Type(&path)).await
}

/// Parameters of the address and of the form count alike.
pub(in crate::http) async fn search_by_post(
    request: HttpRequest,
    path: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    by_post(&request, Scope::Type(&path), payload).await
}

pub(in crate::http) async fn search_all(request: HttpRequest) -> Result<HttpResponse, Failure> {
    by_get(&request, Scope::All).await
}

pub(in crate::http) async fn search_all_by_post(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    by_post(&request, Scope::All, payload).await
}

pub(in crate::http) async fn search_compartment(
    request: HttpRequest,
    path: web::Path<(String, String, String)>,
) -> Result<HttpResponse, Failure> {
    let (about, id, kind) = &*path;
    by_get(&request, Scope::Compartment { about, id, kind }).await
}

pub(in crate::http) async fn search_compartment_by_post(
    request: HttpRequest,
    path: web::Path<(String, String, String)>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let (about, id, kind) = &*path;
    by_post(&request, Scope::Compartment { about, id, kind }, payload).await
}

/// What is searched.
#[derive(Clone, Copy)]
enum Scope<'a> {
    Type(&'a str),
    All,
    /// What belongs to a resource; `kind` may be `*`.
    Compartment {
        about: &'a str,
        id: &'a str,
        kind: &'a str,
    },
}

impl Scope<'_> {
    /// Refuses what does not exist before a body is read.
    fn check(self, repo: &Repo) -> Result<(), Failure> {
        match self {
            Self::Type(kind) => repo.knows(kind)?,
            Self::All => {}
            Self::Compartment { about, kind, .. } => {
                repo.knows(about)?;
                if kind != "*" {
                    repo.knows(kind)?;
                }
            }
        }
        Ok(())
    }

    async fn search(self, repo: &Repo, asked: &[(String, String)], lenient: bool) -> Result<Found, Failure> {
        Ok(match self {
            Self::Type(kind) => repo.search(kind, asked, lenient).await?,
            Self::All => repo.search_all(None, asked, lenient).await?,
            Self::Compartment { about, id, kind: "*" } => {
                repo.search_all(Some((about, id)), asked, lenient).await?
            }
            Self::Compartment { about, id, kind } => {
                repo.search_within(Some((about, id)), kind, asked, lenient).await?
            }
        })
    }

    /// Below the base.
    fn path(self) -> String {
        match self {
            Self::Type(kind) => format!("/{kind}"),
            Self::All => String::new(),
            Self::Compartment { about, id, kind } => format!("/{about}/{id}/{kind}"),
        }
    }
}

async fn by_get(request: &HttpRequest, scope: Scope<'_>) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(request)?;
    let repo = extract::caller(request).await?;
    scope.check(&repo)?;
    let asked = parameters::parse(request.query_string())?;
    answer(request, form, &repo, scope, &asked).await
}

async fn by_post(
    request: &HttpRequest,
    scope: Scope<'_>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(request)?;
    let repo = extract::caller(request).await?;
    scope.check(&repo)?;
    let media = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let body = extract::bytes(request, payload).await?;
    let is_form =
        media.split(';').next().is_some_and(|media| media.trim() == "application/x-www-form-urlencoded");
    let is_nothing = media.is_empty() && body.is_empty();
    if !(is_form || is_nothing) {
        return Err(Failure::unsupported_media("a search is posted as application/x-www-form-urlencoded"));
    }
    let mut asked = parameters::parse(request.query_string())?;
    let text = std::str::from_utf8(&body).map_err(|_| malformed("the form does not hold UTF-8"))?;
    asked.extend(parameters::parse(text)?);
    answer(request, form, &repo, scope, &asked).await
}

async fn answer(
    request: &HttpRequest,
    form: Form,
    repo: &Repo,
    scope: Scope<'_>,
    asked: &[(String, String)],
) -> Result<HttpResponse, Failure> {
    let lenient = extract::prefer(request).lenient.unwrap_or(extract::state(request).lenient);
    let found = scope.search(repo, asked, lenient).await?;
    let body = render(repo, &scope.path(), &found)?;
    Ok(fhir(request, form, ok(), body))
}

fn render(repo: &Repo, path: &str, found: &Found) -> Result<Vec<u8>, Failure> {
    let base = &repo.engine().base_url;
    let link = |query: &str| {
        if query.is_empty() { format!("{base}{path}") } else { format!("{base}{path}?{query}") }
    };
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
        (Summary::Text, _) => Subset::Text,
        (Summary::Data, _) => Subset::Data,
        (_, false) => Subset::Elements(found.query.elements.clone()),
        _ => Subset::All,
    };
    let definitions = repo.definitions();
    let store = &repo.engine().store;
    for (rows, mode) in [(&found.rows, Mode::Match), (&found.included, Mode::Include)] {
        for alike in rows.chunk_by(|one, next| one.kind == next.kind) {
            let kind = store.kind_name(alike[0].kind).unwrap_or_default();
            let place = Place::of(base, kind);
            for row in alike {
                match subset {
                    Subset::All => bundle.found(&place, &row.id, row.body.as_bytes(), mode),
                    _ => bundle.found(&place, &row.id, &subset.of(definitions, kind, &row.body)?, mode),
                }
            }
        }
    }
    if !found.query.warnings.is_empty() {
        bundle.remark(&outcome(&found.query.warnings));
    }
    Ok(bundle.finish())
}
