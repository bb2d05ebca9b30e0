//! The cookie of a browser that signs in: for this host only, over TLS only, out of reach of scripts and of other
//! sites' requests (<https://www.rfc-editor.org/rfc/rfc6265#section-4.1.2>). On plain http, which is for development,
//! its name goes without the prefix that demands TLS.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};

use crate::http::extract;
use crate::identity::browser::{Browser, KEPT};

fn name(request: &HttpRequest) -> (&'static str, bool) {
    let secure = extract::state(request).public_url.starts_with("https://");
    (if secure { "__Host-roster" } else { "roster" }, secure)
}

/// The browser behind a request, if it was here before.
pub(super) fn known(request: &HttpRequest) -> Option<Browser> {
    let cookie = request.cookie(name(request).0)?;
    extract::state(request).identity.browser(cookie.value())
}

pub(super) fn keep(request: &HttpRequest, browser: &Browser) -> Cookie<'static> {
    let (name, secure) = name(request);
    let cookie = Cookie::build(name, browser.cookie.clone()).path("/").http_only(true).secure(secure);
    cookie.same_site(SameSite::Lax).max_age(Duration::seconds(KEPT)).finish()
}

pub(super) fn forget(request: &HttpRequest) -> Cookie<'static> {
    let (name, secure) = name(request);
    let cookie = Cookie::build(name, "").path("/").http_only(true).secure(secure);
    cookie.same_site(SameSite::Lax).max_age(Duration::ZERO).finish()
}
