//! Where a request comes from, and what its browser remembers of an earlier sign-in.

use std::net::{IpAddr, Ipv6Addr};

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::USER_AGENT;

use super::extract;
use crate::identity::login::Origin;

/// A browser is known for half a year.
const DAYS: i64 = 180;

/// The address of whoever asks: the peer, or what the trusted proxies in front say of it.
pub(super) fn address(request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr().map(|peer| peer.ip());
    let proxies = extract::state(request).proxies;
    if proxies == 0 {
        return peer;
    }
    let lines = request.headers().get_all("x-forwarded-for").filter_map(|line| line.to_str().ok());
    let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let told = hops.len().checked_sub(proxies).and_then(|place| hops.get(place));
    told.and_then(|hop| hop.parse().ok()).or(peer)
}

/// What limits are counted by: of IPv6, the network that one subscriber has.
pub(super) fn network(request: &HttpRequest) -> String {
    match address(request) {
        Some(IpAddr::V6(address)) if address.to_ipv4_mapped().is_none() => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
        }
        Some(address) => address.to_string(),
        None => String::new(),
    }
}

pub(super) fn origin(request: &HttpRequest) -> Origin {
    let agent = request.headers().get(USER_AGENT).and_then(|agent| agent.to_str().ok());
    Origin {
        address: Some(network(request)).filter(|address| !address.is_empty()),
        agent: agent.map(str::to_owned),
        device: request.cookie(name(request)).map(|cookie| cookie.value().to_owned()),
    }
}

/// What the browser shows the next time.
pub(super) fn remember(request: &HttpRequest, device: String) -> Cookie<'static> {
    let secure = is_secure(request);
    Cookie::build(name(request), device)
        .path("/")
        .http_only(true)
        .secure(secure)
        .same_site(if secure { SameSite::None } else { SameSite::Lax })
        .max_age(Duration::days(DAYS))
        .finish()
}

/// The prefix makes browsers take it from this host only, over TLS only
/// (<https://www.rfc-editor.org/rfc/rfc6265#section-4.1.2>).
fn name(request: &HttpRequest) -> &'static str {
    if is_secure(request) { "__Host-roster-device" } else { "roster-device" }
}

pub(super) fn is_secure(request: &HttpRequest) -> bool {
    extract::state(request).public_url.starts_with("https://")
}
