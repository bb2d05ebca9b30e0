//! The authorization endpoint (<https://www.rfc-editor.org/rfc/rfc6749#section-3.1>,
//! <https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html>): a client sends its user here, who goes from page
//! to page, and comes back with a code.

mod answer;
mod external;
mod next;
mod request;
mod step;

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, web};

use super::refusal::{Refusal, refuse};
use super::{cookie, page};
use crate::http::reply::Failure;
use crate::http::{extract, origin};
use crate::identity::login::Step;
use crate::identity::{Bucket, Device};
pub(in crate::http) use external::{external, external_form};
use request::Request;
pub(in crate::http) use step::step;

pub(in crate::http) async fn authorize(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let state = extract::state(&request);
    state.identity.allow(Bucket::Auth, &origin::network(&request))?;
    let text = if request.method() == Method::POST {
        let bytes = extract::bytes(&request, payload).await?;
        String::from_utf8_lossy(&bytes).into_owned()
    } else {
        request.query_string().to_owned()
    };
    let asked = match Request::read(state, &text).await {
        Ok(asked) => asked,
        Err(bad) => return answer::bad(state, bad),
    };
    if asked.device.is_some() {
        // Its code is to be typed first.
        return Ok(page::problem("This address leads nowhere by itself."));
    }
    match begin(&request, &asked).await {
        Ok(reply) => Ok(reply),
        Err(refusal) => answer::refused(state, &asked.redirect_uri, asked.state.as_deref(), refusal),
    }
}

/// Whoever typed the code of a device signs in for it, whether or not his browser knows him.
pub(super) async fn begin_device(request: &HttpRequest, device: &Device) -> Result<HttpResponse, Failure> {
    let state = extract::state(request);
    let text = format!("device={}", state.identity.close_user_code(device)?);
    match Request::read(state, &text).await {
        Ok(asked) => Ok(next::ask_password(request, &asked, "", None).await?),
        Err(bad) => answer::bad(state, bad),
    }
}

/// Goes on from what the browser has been signed in to, or asks who it is.
async fn begin(request: &HttpRequest, asked: &Request) -> Result<HttpResponse, Refusal> {
    let state = extract::state(request);
    let fresh = asked.asks("login") || asked.asks("select_account");
    let known = cookie::known(request);
    if !fresh && let Some(login) = known.as_ref().and_then(|browser| browser.login.as_deref()) {
        let resumed =
            state.identity.resume(login, &asked.sign_in(origin::origin(request)), asked.max_age).await?;
        if let Some(resumed) = resumed {
            let is_agreed = resumed.agreed && !asked.asks("consent");
            if is_agreed && let Step::Done { login, code } = &resumed.step {
                let lacks = state.identity.settled(login).await?.is_none_or(|settled| settled.lacks_patient);
                if !lacks {
                    let mut reply = answer::code(state, asked, code)?;
                    next::keep(request, &mut reply, Some(login));
                    return Ok(reply);
                }
            }
            if asked.asks("none") {
                return Err(refuse("interaction_required", "the user has to be asked"));
            }
            return Ok(next::show(request, asked, resumed.step, None).await?);
        }
    }
    if asked.asks("none") {
        return Err(refuse("login_required", "nobody is signed in here"));
    }
    Ok(next::ask_password(request, asked, asked.login_hint.as_deref().unwrap_or_default(), None).await?)
}
