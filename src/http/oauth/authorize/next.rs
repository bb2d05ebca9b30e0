//! The page that a sign-in has come to.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use super::request::Request;
use crate::error::{Error, Kind, Result};
use crate::http::extract;
use crate::http::oauth::cookie;
use crate::http::oauth::page::{self, Frame};
use crate::http::page::sentence;
use crate::http::reply::Failure;
use crate::identity::login::{Settled, Step};

/// Patients on a page.
const SHOWN: usize = 10;

/// What is said on top of a page.
#[derive(Default)]
pub(super) struct Said {
    pub error: Option<(Kind, String, &'static str)>,
    pub note: Option<&'static str>,
}

impl Said {
    /// An error that the user can do something about, at a field.
    pub fn of(error: &Error, field: &'static str) -> Self {
        let text = error.issues.first().map(|issue| sentence(&issue.text)).unwrap_or_default();
        Self { error: Some((error.kind, text, field)), note: None }
    }

    /// The words of an error.
    pub fn text(self) -> String {
        self.error.map(|(_, text, _)| text).unwrap_or_default()
    }
}

/// Gives the browser a sign-in of its own, and draws a page for it.
fn framed(
    request: &HttpRequest,
    asked: &Request,
    login: Option<&str>,
    said: Option<&Said>,
    draw: impl FnOnce(&Frame<'_>) -> HttpResponse,
) -> HttpResponse {
    let identity = &extract::state(request).identity;
    let browser = identity.new_browser(login);
    let token = identity.form_token(&browser);
    let error = said.and_then(|said| said.error.as_ref());
    let frame = Frame {
        request: &asked.text,
        token: &token,
        redirect_uri: &asked.redirect_uri,
        client: asked.client.name(),
        device: asked.device.as_ref().map(|device| device.user_code.as_str()),
        error: error.map(|(kind, text, field)| (*kind, text.as_str(), *field)),
        note: said.and_then(|said| said.note),
    };
    let mut reply = draw(&frame);
    // What does not fit into a header is not remembered.
    reply.add_cookie(&cookie::keep(request, &browser)).ok();
    reply
}

pub(super) fn keep(request: &HttpRequest, reply: &mut HttpResponse, login: Option<&str>) {
    let browser = extract::state(request).identity.new_browser(login);
    reply.add_cookie(&cookie::keep(request, &browser)).ok();
}

/// Who it is: by e-mail and password, or elsewhere. Where some e-mails lead elsewhere, the e-mail is asked for first.
pub(super) async fn ask_password(
    request: &HttpRequest,
    asked: &Request,
    email: &str,
    said: Option<&Said>,
) -> Result<HttpResponse> {
    let identity = &extract::state(request).identity;
    let welcome = asked.client.body.pointer("/signInForm/welcomeString").and_then(Value::as_str);
    let provider = identity.provider_of(&asked.client).await?.map(|provider| provider.name());
    let first = email.is_empty() && identity.asks_email_first(&asked.client.project_id).await?;
    Ok(framed(request, asked, None, said, |frame| match first {
        true => page::email(frame, welcome, provider.as_deref()),
        false => page::password(frame, welcome, email, provider.as_deref()),
    }))
}

/// Where another password is to be mailed to.
pub(super) fn ask_forgotten(
    request: &HttpRequest,
    asked: &Request,
    email: &str,
    said: Option<&Said>,
) -> HttpResponse {
    framed(request, asked, None, said, |frame| page::forgotten(frame, email))
}

/// The page of what is left to do.
pub(super) async fn show(
    request: &HttpRequest,
    asked: &Request,
    step: Step,
    said: Option<&Said>,
) -> Result<HttpResponse> {
    let login = step.login().to_owned();
    let draw: Box<dyn FnOnce(&Frame<'_>) -> HttpResponse> = match step {
        Step::Factor { methods, email, .. } => {
            Box::new(move |frame| page::factor(frame, &methods, email.as_deref()))
        }
        Step::Enroll { uri, qr, .. } => Box::new(move |frame| page::enroll(frame, &uri, qr.as_deref())),
        Step::Choose { memberships, .. } => Box::new(move |frame| page::memberships(frame, &memberships)),
        Step::Open { .. } | Step::Verify { .. } => {
            let text = "You have an account, but it is not a member here. Ask whoever runs this application.";
            return Ok(page::problem(text));
        }
        Step::Done { .. } => {
            let identity = &extract::state(request).identity;
            let Some(settled) = identity.settled(&login).await? else {
                return Ok(page::problem("This sign-in has ended. Begin again."));
            };
            if settled.lacks_patient {
                return ask_patient(request, asked, &login, settled, "", said).await;
            }
            let chooses =
                asked.client.body.pointer("/signInForm/showScopeSelection") == Some(&Value::Bool(true));
            Box::new(move |frame| page::consent(frame, &settled.who, &settled.scopes, chooses))
        }
    };
    Ok(framed(request, asked, Some(&login), said, draw))
}

/// Recovery codes, before it goes on.
pub(super) fn show_codes(
    request: &HttpRequest,
    asked: &Request,
    step: &Step,
    codes: &[String],
) -> HttpResponse {
    framed(request, asked, Some(step.login()), None, |frame| page::recovery(frame, codes))
}

/// Which patient it is about, of those that the user can see; the only one is not asked for.
pub(super) async fn ask_patient(
    request: &HttpRequest,
    asked: &Request,
    login: &str,
    settled: Settled,
    sought: &str,
    said: Option<&Said>,
) -> Result<HttpResponse> {
    let state = extract::state(request);
    let mut query = vec![("_count".to_owned(), (SHOWN + 1).to_string())];
    if !sought.is_empty() {
        query.push(("name".to_owned(), sought.replace(['\\', ',', '|', '$'], " ")));
    }
    let repo = state.engine.bind(settled.actor, "sign-in");
    let found = match repo.search("Patient", &query, false).await {
        Ok(found) => found.rows,
        // Who may see none has none to choose from.
        Err(error) if matches!(error.kind, Kind::Forbidden | Kind::Malformed) => Vec::new(),
        Err(error) => return Err(error),
    };
    let patients: Vec<Value> = found.iter().filter_map(|row| serde_json::from_str(&row.body).ok()).collect();
    let more = patients.len() > SHOWN;
    let shown = &patients[..patients.len().min(SHOWN)];
    Ok(framed(request, asked, Some(login), said, |frame| page::patients(frame, shown, sought, more)))
}

/// Tells a user what went wrong on the page where it did; what is no matter of his goes out as it is.
pub(super) fn curable(error: Error) -> std::result::Result<Error, Failure> {
    match error.kind {
        Kind::Malformed
        | Kind::Invalid
        | Kind::Unauthenticated
        | Kind::Limited
        | Kind::NotFound
        | Kind::Conflict => Ok(error),
        _ => Err(error.into()),
    }
}
