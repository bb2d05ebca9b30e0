//! The cookie of a browser that signs in: for this host only, over TLS only, out of reach of scripts and of other
//! sites' requests (<https://www.rfc-editor.org/rfc/rfc6265#section-4.1.2>). On plain http, which is for development,
//! its name goes without the prefix that demands TLS.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};

use crate::http::extract;
use crate::identity::browser::{Browser, KEPT};
use crate::identity::external;

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

fn away(request: &HttpRequest) -> (&'static str, bool) {
    let (_, secure) = name(request);
    (if secure { "__Host-roster-external" } else { "roster-external" }, secure)
}

/// What a browser that is sent to an outside party comes back with. Applications of other sites may send it there, too;
/// what it opens is bound to a `state` or a nonce.
pub(in crate::http) fn departed(request: &HttpRequest, value: String) -> Cookie<'static> {
    let (name, secure) = away(request);
    let site = if secure { SameSite::None } else { SameSite::Lax };
    let cookie = Cookie::build(name, value).path("/").http_only(true).secure(secure);
    cookie.same_site(site).max_age(Duration::seconds(external::KEPT)).finish()
}

/// What a browser has come back with.
pub(super) fn returned(request: &HttpRequest) -> Option<String> {
    request.cookie(away(request).0).map(|cookie| cookie.value().to_owned())
}

/// It is good once.
pub(super) fn arrived(request: &HttpRequest) -> Cookie<'static> {
    let (name, secure) = away(request);
    let cookie = Cookie::build(name, "").path("/").http_only(true).secure(secure);
    cookie.same_site(if secure { SameSite::None } else { SameSite::Lax }).max_age(Duration::ZERO).finish()
}
