//! `Patient/$everything` (<https://hl7.org/fhir/R4/patient-operation-everything.html>), by GET and by POST.

use actix_web::{HttpRequest, HttpResponse, web};

use super::input::Input;
use crate::error::Result;
use crate::http::fhir::bundle::{Bundle, Mode, Place};
use crate::http::reply::{Failure, fhir, ok};
use crate::http::{extract, negotiate};
use crate::repo::Repo;
use crate::repo::operation::{Everything, Record};
use crate::search::link;

pub(in crate::http) async fn everything_of_all(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    run(&request, payload, None).await
}

pub(in crate::http) async fn everything(
    request: HttpRequest,
    path: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    run(&request, payload, Some(&path)).await
}

async fn run(
    request: &HttpRequest,
    payload: web::Payload,
    id: Option<&str>,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(request)?;
    let repo = extract::caller(request).await?;
    let asked = asked(Input::read(request, payload, "resource").await?)?;
    let record = repo.everything(id, &asked).await?;
    let place = match id {
        Some(id) => format!("{}/Patient/{id}/$everything", repo.engine().base_url),
        None => format!("{}/Patient/$everything", repo.engine().base_url),
    };
    Ok(fhir(request, form, ok(), render(&repo, &place, &asked, &record)))
}

fn asked(mut input: Input) -> Result<Everything> {
    let asked = Everything {
        start: input.text("start")?,
        end: input.text("end")?,
        since: input.text("_since")?,
        types: input.texts("_type")?,
        count: input.count("_count")?,
        cursor: input.text(link::CURSOR)?,
    };
    input.finish()?;
    Ok(asked)
}

fn render(repo: &Repo, place: &str, asked: &Everything, record: &Record) -> Vec<u8> {
    let types = asked.types.join(",");
    let count = asked.count.map(|count| count.to_string()).unwrap_or_default();
    let page = |cursor: &str| {
        let given = [
            ("start", asked.start.as_deref().unwrap_or_default()),
            ("end", asked.end.as_deref().unwrap_or_default()),
            ("_since", asked.since.as_deref().unwrap_or_default()),
            ("_type", &types),
            ("_count", &count),
            (link::CURSOR, cursor),
        ];
        let query = link::query(given.into_iter().filter(|(_, value)| !value.is_empty()));
        if query.is_empty() { place.to_owned() } else { format!("{place}?{query}") }
    };
    let mut bundle = Bundle::new("searchset", None);
    bundle.link("self", &page(asked.cursor.as_deref().unwrap_or_default()));
    bundle.link("first", &page(""));
    if let Some(next) = &record.next {
        bundle.link("next", &page(next));
    }
    let engine = repo.engine();
    let (matches, included) = (record.patient.iter().chain(&record.found.rows), &record.found.included);
    let matches = matches.map(|row| (row, Mode::Match));
    for (row, mode) in matches.chain(included.iter().map(|row| (row, Mode::Include))) {
        let kind = engine.store.kind_name(row.kind).unwrap_or_default();
        bundle.found(&Place::of(&engine.base_url, kind), &row.id, row.body.as_bytes(), mode);
    }
    bundle.finish()
}
