//! Signing in and out: `POST /auth/login`, `POST /auth/deviceauth` for the second factor, `GET /auth/logout`. The cookie
//! holds the access token, or while a second factor is missing the name of the sign-in that waits for it.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::super::answer::one;
use super::super::asked::{Asked, Sent};
use super::super::caller::{COOKIE, Caller};
use super::super::record::text;
use super::session::session;
use crate::error::{Result, forbidden, unauthenticated};
use crate::http::reply::Failure;
use crate::http::{extract, origin};
use crate::identity::Bucket;
use crate::identity::login::{Redeem, SignIn, Step};

/// In front of the name of a sign-in that is not done.
const WAITING: &str = "waiting.";

pub(in crate::http) async fn login(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, &["grant"])?;
    let identity = &extract::state(&request).identity;
    identity.allow(Bucket::Login, &origin::network(&request))?;
    let known = ["from", "org_hint", "password", "provider_guid", "username"];
    let sent = Sent::read(&request, payload, &known).await?;
    let email = sent.needed("username")?.to_owned();
    let hint = sent.id("org_hint")?;
    let project = super::project(&request, sent.text("provider_guid")?, hint.as_deref()).await?;
    let sign_in = SignIn {
        email,
        password: sent.secret("password")?.unwrap_or_default().to_owned(),
        project,
        origin: origin::origin(&request),
        ..SignIn::default()
    };
    let step = identity.sign_in(sign_in).await.map_err(|error| match error.issues.first() {
        Some(issue) if issue.code == "login" => unauthenticated(issue.text.clone()),
        _ => error,
    })?;
    go_on(&request, &asked, step, sent.text("from")?).await
}

/// The code of an app, of the mail, or of the recovery sheet, for the sign-in in the cookie.
pub(in crate::http) async fn device_auth(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, &["grant"])?;
    let identity = &extract::state(&request).identity;
    identity.allow(Bucket::Auth, &origin::network(&request))?;
    let sent = Sent::read(&request, payload, &["code", "remember"]).await?;
    let remember = sent.flag("remember")? == Some(true);
    let code = sent.id("code")?.unwrap_or_default();
    let step = identity.verify_factor(&waiting(&request)?, &code, &origin::origin(&request)).await?;
    let device = if remember { identity.device(&step).await } else { None };
    let mut answer = go_on(&request, &asked, step, None).await?;
    if let Some(device) = device {
        // What does not fit into a header is not remembered.
        answer.add_cookie(&origin::remember(&request, device)).ok();
    }
    Ok(answer)
}

/// Mails the code that the sign-in in the cookie waits for.
pub(in crate::http) async fn resend(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, &[])?;
    let identity = &extract::state(&request).identity;
    identity.allow(Bucket::Auth, &origin::network(&request))?;
    identity.mail_factor(&waiting(&request)?).await?;
    Ok(one(&asked, Value::Null))
}

fn waiting(request: &HttpRequest) -> Result<String> {
    let cookie = request.cookie(COOKIE);
    let name = cookie.as_ref().and_then(|cookie| cookie.value().strip_prefix(WAITING));
    name.map(str::to_owned).ok_or_else(|| unauthenticated("no sign-in waits for a code"))
}

/// What is left to do, or the session.
async fn go_on(
    request: &HttpRequest,
    asked: &Asked,
    step: Step,
    from: Option<&str>,
) -> Result<HttpResponse, Failure> {
    let identity = &extract::state(request).identity;
    let step = match step {
        // Which organization he is in may be chosen by `org_hint`; else it is the first one that he came to.
        Step::Choose { login, memberships } => {
            let first = memberships.first().and_then(|one| text(one, "id")).unwrap_or_default().to_owned();
            identity.choose(&login, &first).await?
        }
        step => step,
    };
    match step {
        Step::Done { code, .. } => {
            let redeem = Redeem { code: &code, proven: true, ..Redeem::default() };
            let tokens = identity.redeem(&redeem).await?;
            let caller = Caller::of_token(request, &tokens.access).await?;
            let mut told = session(&caller, from).await?;
            for name in ["email", "firstname", "lastname"] {
                told[name] = told["user"][name].clone();
            }
            let ends = chrono::Utc::now().timestamp_millis() + tokens.expires_in * 1000;
            told["expiry"] = super::super::record::moment(ends).into();
            let mut answer = one(asked, told);
            answer.add_cookie(&cookie(request, tokens.access)).ok();
            Ok(answer)
        }
        Step::Factor { login, methods, .. } => {
            let way = if methods.contains(&"totp") { "app" } else { "email" };
            let mut answer = one(asked, json!({ "deviceAuthRequired": way }));
            answer.add_cookie(&cookie(request, format!("{WAITING}{login}"))).ok();
            Ok(answer)
        }
        Step::Enroll { .. } => {
            let text = "a second factor has to be set up first; that is done on the pages of this server";
            Err(forbidden(text).into())
        }
        // No membership, or something that is to be proved first and has no place in this protocol.
        _ => Err(forbidden("this sign-in does not lead into an organization").into()),
    }
}

/// Only this site's own pages send it along, and no script reads it.
fn cookie(request: &HttpRequest, value: String) -> Cookie<'static> {
    Cookie::build(COOKIE, value)
        .path("/api/v1")
        .http_only(true)
        .secure(origin::is_secure(request))
        .same_site(SameSite::Strict)
        .finish()
}

/// Ends the session of the request. A service account has none.
pub(in crate::http) async fn logout(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::of(&request).await?;
    let asked = Asked::read(&request, &["msg", "redirect"])?;
    if let Some(login) = caller.person().and(caller.repo.actor().login.as_deref()) {
        caller.identity().end_as(caller.repo.actor(), login).await?;
    }
    let mut answer = one(&asked, asked.text("redirect")?.unwrap_or_default().into());
    let mut gone = cookie(&request, String::new());
    gone.make_removal();
    answer.add_cookie(&gone).ok();
    Ok(answer)
}
