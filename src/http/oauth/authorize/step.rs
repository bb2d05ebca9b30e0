//! One step from page to page: what the form of a page does. Each carries the authorization request, which is proved
//! anew, and a token that only the browser it was made for can show.

use actix_web::{HttpRequest, HttpResponse, web};

use super::external::leave;
use super::next::{self, Said, curable};
use super::request::Request;
use super::{answer, cookie};
use crate::error::{Result, malformed};
use crate::http::oauth::form::{self, Form};
use crate::http::oauth::page;
use crate::http::oauth::refusal::{Refusal, refuse};
use crate::http::reply::Failure;
use crate::http::{extract, origin};
use crate::identity::Bucket;
use crate::identity::login::{SignIn, Step};

pub(in crate::http) async fn step(
    request: HttpRequest,
    payload: web::Payload,
) -> std::result::Result<HttpResponse, Failure> {
    let state = extract::state(&request);
    let form = match form::body(&request, payload).await {
        Ok(form) => form,
        Err(Refusal::Said { text, .. }) => return Ok(page::problem(&text)),
        Err(Refusal::Other(failure)) => return Err(failure),
    };
    let asked = match Request::read(state, form.get("request").unwrap_or_default()).await {
        Ok(asked) => asked,
        Err(bad) => return answer::bad(state, bad),
    };
    let Some(browser) = cookie::known(&request) else {
        return Ok(page::problem("Your browser has lost its cookie, or took too long. Begin again."));
    };
    if !form.get("token").is_some_and(|token| state.identity.is_form_token(&browser, token)) {
        return Ok(page::problem("This form is out of date: another page was opened since. Begin again."));
    }
    let what = form.get("do").unwrap_or_default();
    if let ("cancel", Some(device)) = (what, &asked.device) {
        return match state.identity.deny_device(device).await {
            Ok(()) => Ok(page::device_answered(asked.client.name(), false)),
            Err(error) => Ok(page::problem(&Said::of(&curable(error)?, "top").text())),
        };
    }
    if what == "cancel" {
        let refusal = refuse("access_denied", "the user did not allow it");
        return answer::refused(state, &asked.redirect_uri, asked.state.as_deref(), refusal);
    }
    // Some of these ask others over the network, or have mail sent.
    let begins = matches!(what, "email" | "password" | "provider" | "reset");
    let bucket = if begins { Bucket::Login } else { Bucket::Auth };
    let went = match state.identity.allow(bucket, &origin::network(&request)) {
        Ok(_) => take(&request, &asked, &form, what, browser.login.as_deref()).await,
        Err(error) => Err(error),
    };
    match went {
        Ok(reply) => Ok(reply),
        Err(error) => again(&request, &asked, &form, what, browser.login.as_deref(), &curable(error)?).await,
    }
}

async fn take(
    request: &HttpRequest,
    asked: &Request,
    form: &Form,
    what: &str,
    login: Option<&str>,
) -> Result<HttpResponse> {
    let state = extract::state(request);
    let identity = &state.identity;
    let origin = origin::origin(request);
    if what == "provider" {
        let none = || malformed("there is no other way to sign in here");
        let provider = identity.provider_of(&asked.client).await?.ok_or_else(none)?;
        return leave(request, asked, &provider, None).await;
    }
    let email = form.get("email").unwrap_or_default();
    if matches!(what, "email" | "password")
        && let Some(provider) = identity.provider_for(email, Some(&asked.client.project_id)).await?
    {
        return leave(request, asked, &provider, Some(email)).await;
    }
    if what == "email" {
        return next::ask_password(request, asked, email, None).await;
    }
    if what == "password" {
        let text = |name: &str| form.get(name).unwrap_or_default().to_owned();
        let sign_in = SignIn { email: text("email"), password: text("password"), ..asked.sign_in(origin) };
        let step = identity.sign_in(sign_in).await?;
        return go(request, asked, step).await;
    }
    let email = form.get("email").unwrap_or_default();
    match what {
        "begin" => return next::ask_password(request, asked, email, None).await,
        "forgot" => return Ok(next::ask_forgotten(request, asked, email, None)),
        "reset" => {
            identity.ask_reset(email, Some(&asked.client.project_id), None)?;
            // The same whether or not there is one.
            let said =
                Said { error: None, note: Some("If you have an account here, a link is on its way to you.") };
            return next::ask_password(request, asked, email, Some(&said)).await;
        }
        _ => {}
    }
    let login = login.ok_or_else(|| malformed("this sign-in has ended; begin again"))?;
    let needed = |name: &str, said: &str| form.get(name).map(str::trim).ok_or_else(|| malformed(said));
    match what {
        "factor" => {
            let code = needed("code", "a code is needed")?;
            let step = identity.verify_factor(login, code, &origin).await?;
            go(request, asked, step).await
        }
        "mail" => {
            identity.mail_factor(login).await?;
            let said = Said { error: None, note: Some("A code is on its way to you.") };
            next::show(request, asked, identity.step(login).await?, Some(&said)).await
        }
        "enroll" => {
            let code = needed("code", "a code is needed")?;
            let (step, codes) = identity.enroll_at_login(login, code, &origin).await?;
            Ok(next::show_codes(request, asked, &step, &codes))
        }
        "choose" => {
            let membership = needed("membership", "one of them is needed")?;
            let step = identity.choose(login, membership).await?;
            go(request, asked, step).await
        }
        "find" => {
            let settled = identity.settled(login).await?;
            let settled = settled.ok_or_else(|| malformed("this sign-in has ended; begin again"))?;
            let name = form.get("name").unwrap_or_default();
            next::ask_patient(request, asked, login, settled, name, None).await
        }
        "patient" => {
            let patient = needed("patient", "a patient is needed")?;
            let step = identity.choose_patient(login, patient).await?;
            go(request, asked, step).await
        }
        "consent" => agree(request, asked, form, login).await,
        _ => go(request, asked, identity.step(login).await?).await,
    }
}

/// The next page, and what the browser is known by at the next sign-in.
pub(super) async fn go(request: &HttpRequest, asked: &Request, step: Step) -> Result<HttpResponse> {
    let device = extract::state(request).identity.device(&step).await;
    let mut reply = next::show(request, asked, step, None).await?;
    if let Some(device) = device {
        // What does not fit into a header is not remembered.
        reply.add_cookie(&origin::remember(request, device)).ok();
    }
    Ok(reply)
}

/// The user allows it, or a part of it.
async fn agree(request: &HttpRequest, asked: &Request, form: &Form, login: &str) -> Result<HttpResponse> {
    let state = extract::state(request);
    let settled = state.identity.settled(login).await?;
    let settled = settled.ok_or_else(|| malformed("this sign-in has ended; begin again"))?;
    if settled.lacks_patient {
        return Err(malformed("a patient is needed"));
    }
    let scopes: Vec<&str> = form.beginning("scope-").map(|(_, scope)| scope).collect();
    // Without any permission the tokens would be as good as the user.
    let wanted = !settled.scopes.permissions.is_empty();
    let left = settled.scopes.permissions.iter().any(|one| scopes.contains(&one.to_string().as_str()));
    if scopes.is_empty() || (wanted && !left) {
        return Err(malformed("at least one kind of access is to be allowed; or else deny all of it"));
    }
    match state.identity.narrow(login, &scopes.join(" ")).await? {
        Step::Done { login, .. } if asked.device.is_some() => {
            if let Some(device) = &asked.device {
                state.identity.allow_device(device, &login).await?;
            }
            // The session is the device's: this browser is not in it.
            let mut reply = page::device_answered(asked.client.name(), true);
            next::keep(request, &mut reply, None);
            Ok(reply)
        }
        Step::Done { login, code } => {
            let mut reply = answer::code(state, asked, &code)
                .map_err(|_| malformed("the application cannot be reached at its address"))?;
            next::keep(request, &mut reply, Some(&login));
            Ok(reply)
        }
        step => next::show(request, asked, step, None).await,
    }
}

/// The page that the step came from, with what went wrong on top.
async fn again(
    request: &HttpRequest,
    asked: &Request,
    form: &Form,
    what: &str,
    login: Option<&str>,
    error: &crate::error::Error,
) -> std::result::Result<HttpResponse, Failure> {
    let field = match what {
        "factor" | "enroll" => "code",
        "email" | "password" | "reset" => "email",
        _ => "top",
    };
    let said = Said::of(error, field);
    if what == "reset" {
        return Ok(next::ask_forgotten(request, asked, form.get("email").unwrap_or_default(), Some(&said)));
    }
    let begins = matches!(what, "email" | "password" | "provider");
    let (Some(login), false) = (login, begins) else {
        let email = form.get("email").unwrap_or_default();
        return Ok(next::ask_password(request, asked, email, Some(&said)).await?);
    };
    match extract::state(request).identity.step(login).await {
        Ok(step) => Ok(next::show(request, asked, step, Some(&said)).await?),
        Err(error) => {
            let said = Said::of(&curable(error)?, "email");
            Ok(next::ask_password(request, asked, "", Some(&said)).await?)
        }
    }
}
