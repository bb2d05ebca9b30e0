//! Where the links in mail lead: a page to choose a password on, and one to confirm an e-mail. Opening a page changes
//! nothing, since mail programs open links, too; its form does.

mod describe;
mod page;

pub(super) use describe::describe;

use actix_web::{HttpRequest, HttpResponse, web};

use super::reply::Failure;
use super::{extract, parameters};
use crate::error::{Error, Kind, Result, malformed};
use crate::identity::request::{Held, Purpose};

type Place = web::Path<(String, String)>;

pub(super) async fn password(request: HttpRequest, place: Place) -> HttpResponse {
    match held(&request, &place, false).await {
        Ok(held) => page::password(held.purpose == Purpose::Invite, None),
        Err(error) => page::problem(&error),
    }
}

pub(super) async fn set_password(
    request: HttpRequest,
    place: Place,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let held = match held(&request, &place, false).await {
        Ok(held) => held,
        Err(error) => return Ok(page::problem(&error)),
    };
    let bytes = extract::bytes(&request, payload).await?;
    let form = std::str::from_utf8(&bytes).ok().and_then(|text| parameters::parse(text).ok());
    let password = form.and_then(|form| form.into_iter().find(|(name, _)| name == "password"));
    let invited = held.purpose == Purpose::Invite;
    let Some((_, password)) = password.filter(|(_, password)| !password.is_empty()) else {
        let error = malformed("Enter a password").coded("required").at("password");
        return Ok(page::password(invited, Some(&error)));
    };
    match extract::state(&request).identity.accept(&held, &password).await {
        Ok(()) => Ok(page::done("Your password is set", "You can sign in with it now.")),
        Err(error) if matches!(error.kind, Kind::Malformed | Kind::Invalid) => {
            Ok(page::password(invited, Some(&error)))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn email(request: HttpRequest, place: Place) -> HttpResponse {
    match held(&request, &place, true).await {
        Ok(held) => page::email(held.email.as_deref()),
        Err(error) => page::problem(&error),
    }
}

pub(super) async fn verify_email(request: HttpRequest, place: Place) -> Result<HttpResponse, Failure> {
    let verified = match held(&request, &place, true).await {
        Ok(held) => extract::state(&request).identity.verify_email(&held).await,
        Err(error) => Err(error),
    };
    match verified {
        Ok(()) => Ok(page::done("Your e-mail is confirmed", "You can close this window.")),
        Err(error) if error.kind == Kind::Malformed => Ok(page::problem(&error)),
        Err(error) => Err(error.into()),
    }
}

/// The request that the link names, if it is of the sort that the page is for.
async fn held(request: &HttpRequest, place: &Place, proof: bool) -> Result<Held, Error> {
    let held = extract::state(request).identity.hold(&place.0, &place.1).await?;
    match (held.purpose == Purpose::VerifyEmail) == proof {
        true => Ok(held),
        false => Err(malformed("Invalid request type").coded("invalid")),
    }
}
