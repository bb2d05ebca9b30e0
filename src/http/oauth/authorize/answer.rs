//! The way back to the client (<https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2>), with the name of who sends
//! (<https://www.rfc-editor.org/rfc/rfc9207>).

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, REFERRER_POLICY};
use url::Url;

use super::super::refusal::{Refusal, legal};
use super::request::{Bad, Request};
use crate::error::fault;
use crate::http::State;
use crate::http::oauth::page;
use crate::http::reply::{self, Failure};

fn back(to: &str, state: &State, pairs: &[(&str, &str)]) -> Result<HttpResponse, Failure> {
    let mut url = Url::parse(to).map_err(fault)?;
    url.query_pairs_mut().extend_pairs(pairs).append_pair("iss", &state.public_url);
    Ok(reply::see_other(url.as_str())
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .finish())
}

pub(super) fn code(state: &State, request: &Request, code: &str) -> Result<HttpResponse, Failure> {
    let mut pairs = vec![("code", code)];
    pairs.extend(request.state.as_deref().map(|state| ("state", state)));
    back(&request.redirect_uri, state, &pairs)
}

/// Tells the client that this comes to nothing.
pub(super) fn refused(
    state: &State,
    to: &str,
    own: Option<&str>,
    refusal: Refusal,
) -> Result<HttpResponse, Failure> {
    match refusal {
        Refusal::Other(failure) => Err(failure),
        // A device waits, and looks by itself.
        Refusal::Said { text, .. } if to.is_empty() => Ok(page::problem(&text)),
        Refusal::Said { code, text } => {
            let text = legal(&text);
            let mut pairs = vec![("error", code), ("error_description", text.as_str())];
            pairs.extend(own.map(|state| ("state", state)));
            back(to, state, &pairs)
        }
    }
}

/// Tells whoever may be told.
pub(super) fn bad(state: &State, bad: Bad) -> Result<HttpResponse, Failure> {
    match bad {
        Bad::There { to, state: own, refusal } => refused(state, &to, own.as_deref(), refusal),
        Bad::Here(Refusal::Other(failure)) => Err(failure),
        Bad::Here(Refusal::Said { text, .. }) => Ok(page::problem(&text)),
    }
}
