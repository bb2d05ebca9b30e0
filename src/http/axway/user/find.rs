//! `GET /user` and `POST /user/query`: the users of the pool, and the guests of the project, by a part of their names or
//! e-mails, or by what they are known by.

use actix_web::{HttpRequest, HttpResponse, web};

use super::super::answer::page;
use super::super::asked::{Asked, Sent};
use super::super::caller::Caller;
use super::view::Users;
use crate::error::{Kind, Result};
use crate::http::reply::Failure;
use crate::search::escape;

const KNOWN: [&str; 5] = ["active", "email", "term", "user_guid", "user_id"];

pub(in crate::http) async fn users(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::of(&request).await?;
    let asked = Asked::read(&request, &KNOWN)?;
    let mut clauses = Vec::new();
    if let Some(term) = asked.text("term")? {
        clauses.extend(about(term));
    }
    let ids = [asked.texts("user_id"), asked.texts("user_guid")].concat();
    narrow(&caller, &mut clauses, &asked.texts("email"), &ids, asked.flag("active")?).await?;
    answer(&caller, &asked, clauses).await
}

pub(in crate::http) async fn query(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let caller = Caller::of(&request).await?;
    let asked = Asked::read(&request, &[])?;
    let sent = Sent::read(&request, payload, &KNOWN).await?;
    let mut clauses = Vec::new();
    if let Some(term) = sent.text("term")?.filter(|term| !term.is_empty()) {
        clauses.extend(about(term));
    }
    let emails: Vec<String> = sent.text("email")?.map(str::to_owned).into_iter().collect();
    let ids: Vec<String> = [sent.id("user_id")?, sent.id("user_guid")?].into_iter().flatten().collect();
    narrow(&caller, &mut clauses, &emails, &ids, sent.flag("active")?).await?;
    answer(&caller, &asked, clauses).await
}

/// Each word is a part of a name or of the e-mail.
fn about(term: &str) -> Vec<(String, String)> {
    term.split_whitespace()
        .map(|word| {
            let word = word.replace('\\', "\\\\").replace('"', "\\\"");
            ("_filter".to_owned(), format!("name co \"{word}\" or email co \"{word}\""))
        })
        .collect()
}

async fn narrow(
    caller: &Caller<'_>,
    clauses: &mut Vec<(String, String)>,
    emails: &[String],
    ids: &[String],
    active: Option<bool>,
) -> Result<()> {
    if !emails.is_empty() {
        let emails: Vec<String> = emails.iter().map(|email| escape(&email.to_lowercase())).collect();
        clauses.push(("email:exact".to_owned(), emails.join(",")));
    }
    let mut named = Vec::new();
    for id in ids {
        match caller.user(id).await {
            Ok(row) => named.push(row.id.clone()),
            Err(error) if error.kind == Kind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    if !ids.is_empty() {
        // Nobody has the empty id that is asked for where none of them is there.
        let named = if named.is_empty() { "none".to_owned() } else { named.join(",") };
        clauses.push(("_id".to_owned(), named));
    }
    match active {
        Some(true) => clauses.push(("active:not".to_owned(), "false".to_owned())),
        Some(false) => clauses.push(("active".to_owned(), "false".to_owned())),
        None => {}
    }
    Ok(())
}

async fn answer(
    caller: &Caller<'_>,
    asked: &Asked,
    clauses: Vec<(String, String)>,
) -> Result<HttpResponse, Failure> {
    let found = caller.repo.search_at("User", &clauses, asked.skip(), asked.limit).await?;
    let users = Users::of(caller, &caller.home(), &found.rows).await?;
    let shown: Result<Vec<_>> = found.rows.iter().map(|row| users.show(caller, row)).collect();
    let matched = usize::try_from(found.total.unwrap_or_default()).unwrap_or_default();
    Ok(page(asked, shown?, matched))
}
