//! The grants, one by one.

use actix_web::HttpResponse;

use super::super::asked::Asked;
use super::super::refusal::{Refusal, bad, oauth};
use super::super::{id, invitation};
use super::answer::{give, give_for, go_on};
use super::{Counter, wrong};
use crate::error::{Error, Kind};
use crate::identity::application::{CodeKind, Pending, Tried};
use crate::identity::login::{Redeem, SignIn, Step};
use crate::identity::{DEVICE, Polled};

const MAGIC: &str = "urn:workos:oauth:grant-type:magic-auth:code";
const VERIFY: &str = "urn:workos:oauth:grant-type:email-verification:code";
const TOTP: &str = "urn:workos:oauth:grant-type:mfa-totp";
const SELECT: &str = "urn:workos:oauth:grant-type:organization-selection";

pub(super) async fn take(counter: &Counter<'_>, grant: &str, asked: Asked) -> Result<HttpResponse, Refusal> {
    if !matches!(grant, "refresh_token" | "authorization_code" | DEVICE) {
        counter.needs_secret()?;
    }
    match grant {
        "password" => password(counter, asked).await,
        "authorization_code" => code(counter, asked).await,
        "refresh_token" => refresh(counter, asked).await,
        DEVICE => device(counter, asked).await,
        MAGIC => magic(counter, asked).await,
        VERIFY => verify(counter, asked).await,
        TOTP => totp(counter, asked).await,
        SELECT => select(counter, asked).await,
        _ => Err(oauth(Kind::Malformed, "unsupported_grant_type", "This grant is not offered here.")),
    }
}

/// What a step of a sign-in failed by, where it is no matter of the server.
fn denied(error: Error) -> Refusal {
    match error.kind {
        Kind::Malformed | Kind::Invalid | Kind::NotFound | Kind::Unauthenticated => wrong(),
        _ => error.into(),
    }
}

fn stale(error: Error) -> Refusal {
    match error.kind {
        Kind::Malformed | Kind::Invalid | Kind::NotFound => {
            bad("invalid_pending_authentication_token", "The sign-in is over, or this is no token of one.")
        }
        _ => error.into(),
    }
}

fn ungranted(error: Error) -> Refusal {
    match error.kind {
        Kind::Malformed | Kind::Invalid | Kind::NotFound | Kind::Unauthenticated => {
            oauth(Kind::Malformed, "invalid_grant", "The code or token is wrong, used, or no longer good.")
        }
        _ => error.into(),
    }
}

async fn password(counter: &Counter<'_>, mut asked: Asked) -> Result<HttpResponse, Refusal> {
    let (email, password) = (asked.needed("email"), asked.needed("password"));
    let token = asked.text("invitation_token");
    asked.finish()?;
    counter.limit(&email.to_lowercase())?;
    let sign_in = SignIn { email: email.clone(), password, ..counter.sign_in() };
    let invited = invitation::offered(counter.identity(), &counter.repo, token.as_deref(), &email).await?;
    let step = counter.identity().sign_in(sign_in).await.map_err(denied)?;
    go_on(counter, step, invited).await
}

/// A device looks whether somebody has allowed it.
async fn device(counter: &Counter<'_>, mut asked: Asked) -> Result<HttpResponse, Refusal> {
    let code = asked.needed("device_code");
    asked.finish()?;
    let polled = counter.identity().poll_device(&counter.client, &code).await.map_err(ungranted)?;
    if let Some((code, text)) = polled.refusal() {
        return Err(oauth(Kind::Malformed, code, text));
    }
    match polled {
        Polled::Given(tokens) => give(counter, *tokens, None).await,
        _ => Err(oauth(Kind::Malformed, "authorization_pending", "Nobody has allowed it yet.")),
    }
}

async fn magic(counter: &Counter<'_>, mut asked: Asked) -> Result<HttpResponse, Refusal> {
    let (email, code) = (asked.needed("email"), asked.needed("code"));
    let token = asked.text("invitation_token");
    asked.finish()?;
    let email = email.trim().to_lowercase();
    counter.limit(&email)?;
    let identity = counter.identity();
    let invited = invitation::offered(identity, &counter.repo, token.as_deref(), &email).await?;
    let coded = identity.last_code(&counter.repo, CodeKind::MagicAuth, ("email:exact", &email)).await?;
    let Some(coded) = coded else { return Err(wrong_code(Tried::Wrong)) };
    match identity.try_code(&coded, &code).await? {
        Tried::Right => {}
        tried => return Err(wrong_code(tried)),
    }
    let user = coded.target("user").unwrap_or_default();
    // He has read the mail that the code was in.
    invitation::prove_email(identity, &counter.repo, user, &email).await?;
    let sign_in = SignIn { email, ..counter.sign_in() };
    let step = identity.sign_in_proved(user, "magic-auth", &sign_in).await.map_err(denied)?;
    go_on(counter, step, invited).await
}

/// What is wrong with a code.
pub(in crate::http::workos) fn wrong_code(tried: Tried) -> Refusal {
    match tried {
        Tried::Used => bad("one_time_code_previously_used", "The code was used before."),
        Tried::Expired => bad("one_time_code_expired", "The code is no longer good."),
        Tried::Spent => bad("one_time_code_too_many_attempts", "The code was tried too often."),
        Tried::Wrong | Tried::Right => bad("invalid_one_time_code", "The code is wrong."),
    }
}

fn pending(counter: &Counter<'_>, token: &str) -> Result<Pending, Refusal> {
    let pending = counter.identity().open_pending(token).map_err(stale)?;
    counter.limit(&pending.login)?;
    Ok(pending)
}

/// Fails unless a sign-in is one of this application's.
async fn own(counter: &Counter<'_>, login: &str) -> Result<serde_json::Value, Refusal> {
    let session = counter.identity().session(login).await.map_err(stale)?;
    let client = session.pointer("/client/reference").and_then(serde_json::Value::as_str);
    match client == Some(counter.client.reference().as_str()) {
        true => Ok(session),
        false => {
            Err(bad("invalid_pending_authentication_token", "This is a sign-in of another application."))
        }
    }
}

async fn verify(counter: &Counter<'_>, mut asked: Asked) -> Result<HttpResponse, Refusal> {
    let (code, token) = (asked.needed("code"), asked.needed("pending_authentication_token"));
    asked.finish()?;
    let pending = pending(counter, &token)?;
    let session = own(counter, &pending.login).await?;
    let identity = counter.identity();
    let user = session.pointer("/user/reference").and_then(serde_json::Value::as_str).unwrap_or_default();
    let coded = identity.last_code(&counter.repo, CodeKind::VerifyEmail, ("user", user)).await?;
    let Some(coded) = coded else { return Err(wrong_code(Tried::Wrong)) };
    match identity.try_code(&coded, &code).await? {
        Tried::Right => {}
        tried => return Err(wrong_code(tried)),
    }
    let email = coded.text("email").unwrap_or_default();
    invitation::prove_email(identity, &counter.repo, user.trim_start_matches("User/"), email).await?;
    let step = identity.step(&pending.login).await.map_err(stale)?;
    go_on(counter, step, None).await
}

async fn totp(counter: &Counter<'_>, mut asked: Asked) -> Result<HttpResponse, Refusal> {
    let (code, token) = (asked.needed("code"), asked.needed("pending_authentication_token"));
    let challenge = asked.needed("authentication_challenge_id");
    asked.finish()?;
    let pending = pending(counter, &token)?;
    let session = own(counter, &pending.login).await?;
    let identity = counter.identity();
    let unknown = || bad("invalid_one_time_code", "The challenge is not of this sign-in, or it is over.");
    let id = id::read(id::CHALLENGE, &challenge).ok_or_else(unknown)?;
    let coded = identity.code(&counter.repo, CodeKind::Challenge, &id).await.map_err(|_| unknown())?;
    if coded.body.pointer("/user/reference") != session.pointer("/user/reference")
        || coded.is("used")
        || coded.is_expired()
    {
        return Err(unknown());
    }
    let step = identity.step(&pending.login).await.map_err(stale)?;
    let proved = match step {
        Step::Enroll { .. } => {
            identity.enroll_at_login(&pending.login, &code, &counter.origin).await.map(|(step, _)| step)
        }
        Step::Factor { .. } => identity.verify_factor(&pending.login, &code, &counter.origin).await,
        step => Ok(step),
    };
    let step = proved.map_err(|error| match error.kind {
        Kind::Malformed => wrong_code(Tried::Wrong),
        _ => error.into(),
    })?;
    identity.use_challenge(&coded).await?;
    go_on(counter, step, None).await
}

async fn select(counter: &Counter<'_>, mut asked: Asked) -> Result<HttpResponse, Refusal> {
    let (organization, token) =
        (asked.needed("organization_id"), asked.needed("pending_authentication_token"));
    asked.finish()?;
    let pending = pending(counter, &token)?;
    own(counter, &pending.login).await?;
    let wish = id::read(id::ORGANIZATION, &organization).unwrap_or_default();
    match &pending.refresh {
        Some(refresh) => {
            let tokens =
                counter.identity().refresh(refresh, Some(&counter.client.id), None).await.map_err(stale)?;
            give(counter, tokens, Some(wish)).await
        }
        None => {
            let step = counter.identity().step(&pending.login).await.map_err(stale)?;
            give_for(counter, step, Some(wish)).await
        }
    }
}

async fn code(counter: &Counter<'_>, mut asked: Asked) -> Result<HttpResponse, Refusal> {
    let (code, verifier) = (asked.needed("code"), asked.text("code_verifier"));
    let token = asked.text("invitation_token");
    asked.finish()?;
    if token.is_some() {
        let text =
            "An invitation is accepted by itself, or by a password or a code, not along with this grant.";
        return Err(oauth(Kind::Malformed, "invalid_request", text));
    }
    let redeem = Redeem {
        code: &code,
        verifier: verifier.as_deref(),
        client: Some(&counter.client.id),
        proven: counter.proven,
        redirect_uri: None,
        from_anywhere: true,
    };
    let tokens = counter.identity().redeem(&redeem).await.map_err(ungranted)?;
    give(counter, tokens, None).await
}

async fn refresh(counter: &Counter<'_>, mut asked: Asked) -> Result<HttpResponse, Refusal> {
    let (token, organization) = (asked.needed("refresh_token"), asked.text("organization_id"));
    asked.finish()?;
    // A client that has a secret shows it; one that has none is known by its id.
    let tokens =
        counter.identity().refresh(&token, Some(&counter.client.id), None).await.map_err(ungranted)?;
    let session = counter.identity().session(&tokens.login).await?;
    let wish = match organization {
        Some(given) => Some(id::read(id::ORGANIZATION, &given).unwrap_or_default()),
        None => crate::identity::Identity::organization_of(&session).map(str::to_owned),
    };
    match wish {
        Some(wish) => give(counter, tokens, Some(wish)).await,
        None => super::answer::finish(counter, tokens, None).await,
    }
}
