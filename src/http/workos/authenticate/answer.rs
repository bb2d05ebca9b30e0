//! What comes of a grant: tokens, or what is still to be done first, which are the 403s of this dialect.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use serde_json::{Value, json};

use super::super::refusal::{Refusal, bad, oauth, said};
use super::super::{factor, id, membership, user, verification};
use super::Counter;
use crate::error::Kind;
use crate::http::reply;
use crate::identity::application::Pending;
use crate::identity::login::{Redeem, Step, Tokens};
use crate::store::Row;

/// Seconds that a session's token is good for, where its client says nothing.
const LIFETIME: i64 = 300;

/// The organization that an invitation is to, given once somebody is in.
pub(super) type Invited = Option<super::super::invitation::Offer>;

/// Goes on with a sign-in as far as nobody has to be asked.
pub(super) async fn go_on(
    counter: &Counter<'_>,
    step: Step,
    invited: Invited,
) -> Result<HttpResponse, Refusal> {
    let step = counter.identity().let_in(&counter.repo, step).await.map_err(|error| match error.kind {
        Kind::Malformed => said(Kind::Forbidden, "access_denied", "This user may not sign in here."),
        _ => error.into(),
    })?;
    let wish = match (&step, invited) {
        (Step::Done { login, .. }, Some(offer)) => {
            let session = counter.identity().session(login).await?;
            let reference = session.pointer("/user/reference").and_then(Value::as_str).unwrap_or_default();
            offer.accept(counter.identity(), &counter.repo, reference.trim_start_matches("User/")).await?
        }
        _ => None,
    };
    give_for(counter, step, wish).await
}

/// Tokens for a sign-in that has nothing left to do, or the refusal that says what is left.
pub(super) async fn give_for(
    counter: &Counter<'_>,
    step: Step,
    wish: Option<String>,
) -> Result<HttpResponse, Refusal> {
    let identity = counter.identity();
    let pending = |login: &str, refresh: Option<String>| {
        identity.close_pending(&Pending { login: login.to_owned(), refresh })
    };
    match step {
        Step::Done { login, code } => {
            let session = identity.session(&login).await?;
            let user = session.pointer("/user/reference").and_then(Value::as_str).unwrap_or_default();
            let chosen = decide(counter, user.trim_start_matches("User/"), wish).await?;
            let Some(organization) = chosen else {
                return Err(choose(counter, user.trim_start_matches("User/"), pending(&login, None)?).await?);
            };
            let redeem = Redeem {
                code: &code,
                client: Some(&counter.client.id),
                proven: counter.proven,
                from_anywhere: true,
                ..Redeem::default()
            };
            let tokens = identity.redeem(&redeem).await?;
            finish(counter, tokens, organization).await
        }
        Step::Factor { login, .. } => {
            let (row, shown) = person(counter, &login).await?;
            let factors = factor::of(counter.identity(), &row).await?;
            Err(said(Kind::Forbidden, "mfa_challenge", "The user must prove a second factor.")
                .with("pending_authentication_token", json!(pending(&login, None)?))
                .with("authentication_factors", json!(factors))
                .with("user", shown))
        }
        Step::Enroll { login, .. } => {
            let (_, shown) = person(counter, &login).await?;
            Err(said(Kind::Forbidden, "mfa_enrollment", "The user must set up a second factor.")
                .with("pending_authentication_token", json!(pending(&login, None)?))
                .with("user", shown))
        }
        Step::Verify { login, user } => {
            let coded = verification::begin(counter.identity(), &counter.repo, &user).await?;
            Err(said(
                Kind::Forbidden,
                "email_verification_required",
                "The e-mail must be verified before the user signs in.",
            )
            .with("pending_authentication_token", json!(pending(&login, None)?))
            .with("email", json!(coded.text("email")))
            .with("email_verification_id", json!(id::show(id::VERIFICATION, &coded.id))))
        }
        Step::Open { .. } | Step::Choose { .. } => {
            Err(said(Kind::Forbidden, "access_denied", "This user may not sign in here."))
        }
    }
}

/// Tokens that are given already, once the organization is settled.
pub(super) async fn give(
    counter: &Counter<'_>,
    tokens: Tokens,
    wish: Option<String>,
) -> Result<HttpResponse, Refusal> {
    let identity = counter.identity();
    let session = identity.session(&tokens.login).await?;
    let user = session.pointer("/user/reference").and_then(Value::as_str).unwrap_or_default();
    let user = user.trim_start_matches("User/");
    match decide(counter, user, wish).await {
        Ok(Some(organization)) => finish(counter, tokens, organization).await,
        Ok(None) => {
            let pending = Pending { login: tokens.login.clone(), refresh: tokens.refresh.clone() };
            Err(choose(counter, user, identity.close_pending(&pending)?).await?)
        }
        Err(refusal) => Err(refusal),
    }
}

async fn person(counter: &Counter<'_>, login: &str) -> Result<(Arc<Row>, Value), Refusal> {
    let session = counter.identity().session(login).await?;
    let user = session.pointer("/user/reference").and_then(Value::as_str).unwrap_or_default();
    let row = counter.repo.read("User", user.trim_start_matches("User/")).await?;
    let shown = user::show(counter.identity(), &counter.repo, &row).await?;
    Ok((row, shown))
}

/// The memberships that a session may be for: id of the organization and the membership.
async fn open(counter: &Counter<'_>, user: &str) -> Result<Vec<(String, Arc<Row>)>, Refusal> {
    let mut open = Vec::new();
    for row in counter.identity().memberships_below(&counter.repo, user).await? {
        let body = crate::resource::parse(row.body.as_bytes())?;
        if membership::status(&body) == "active" {
            open.push((counter.repo.engine().store.project_id(row.project)?, row));
        }
    }
    Ok(open)
}

/// The organization: the one that is wished for, else the only one, else none. Nothing where there are several.
async fn decide(
    counter: &Counter<'_>,
    user: &str,
    wish: Option<String>,
) -> Result<Option<Option<String>>, Refusal> {
    let open = open(counter, user).await?;
    match (wish, open.as_slice()) {
        (Some(wish), open) if open.iter().any(|(id, _)| *id == wish) => Ok(Some(Some(wish))),
        (Some(_), _) => {
            Err(bad("invalid_organization_id", "The user is no active member of this organization."))
        }
        (None, []) => Ok(Some(None)),
        (None, [(only, _)]) => Ok(Some(Some(only.clone()))),
        (None, _) => Ok(None),
    }
}

/// The refusal that asks which organization is meant.
async fn choose(counter: &Counter<'_>, user: &str, pending: String) -> Result<Refusal, Refusal> {
    let mut organizations = Vec::new();
    for (id, _) in open(counter, user).await? {
        let (_, body) = counter.identity().organization_record(&counter.repo, &id).await?;
        organizations.push(json!({
            "id": id::show(id::ORGANIZATION, &id),
            "name": body.get("name").and_then(Value::as_str).unwrap_or_default(),
        }));
    }
    let row = counter.repo.read("User", user).await?;
    let shown = user::show(counter.identity(), &counter.repo, &row).await?;
    Ok(said(
        Kind::Forbidden,
        "organization_selection_required",
        "The user must choose an organization to finish their authentication.",
    )
    .with("pending_authentication_token", json!(pending))
    .with("organizations", json!(organizations))
    .with("user", shown))
}

/// As a sign-in is called here.
fn authentication_method(session: &Value) -> &'static str {
    match session.get("authMethod").and_then(Value::as_str) {
        Some("password") => "Password",
        Some("magic-auth") => "MagicAuth",
        Some("passkey") => "Passkey",
        _ => "ExternalAuth",
    }
}

/// The session as its client has it from now on.
pub(super) async fn finish(
    counter: &Counter<'_>,
    tokens: Tokens,
    organization: Option<String>,
) -> Result<HttpResponse, Refusal> {
    let identity = counter.identity();
    identity.turn_session(&tokens.login, organization.as_deref()).await?;
    let session = identity.session(&tokens.login).await?;
    let (row, shown) = person(counter, &tokens.login).await?;
    let access =
        identity.sign_session(&claims(counter, &session, &row, organization.as_deref()).await?).await?;
    let Some(refresh) = tokens.refresh else {
        return Err(oauth(Kind::Malformed, "invalid_grant", "This sign-in was not asked for to last."));
    };
    let mut body = json!({
        "user": shown,
        "access_token": access,
        "refresh_token": refresh,
        "authentication_method": authentication_method(&session),
    });
    if let Some(organization) = &organization {
        body["organization_id"] = Value::from(id::show(id::ORGANIZATION, organization));
    }
    Ok(reply::ok().insert_header((CACHE_CONTROL, "no-store")).json(body))
}

/// What the token of a session says.
async fn claims(
    counter: &Counter<'_>,
    session: &Value,
    user: &Row,
    organization: Option<&str>,
) -> Result<Value, Refusal> {
    let now = chrono::Utc::now().timestamp();
    let began = session.get("authTime").and_then(Value::as_str);
    let began = began.and_then(|text| chrono::DateTime::parse_from_rfc3339(text).ok());
    let mut claims = json!({
        "iss": counter.identity().issuer(),
        "sub": id::show(id::USER, &user.id),
        "sid": id::show(id::SESSION, session["id"].as_str().unwrap_or_default()),
        "jti": id::ulid(uuid::Uuid::now_v7()),
        "iat": now,
        "exp": now + counter.client.access_lifetime().unwrap_or(LIFETIME),
        "client_id": counter.client.id,
        "auth_time": began.map_or(now, |began| began.timestamp()),
    });
    let Some(organization) = organization else { return Ok(claims) };
    claims["org_id"] = Value::from(id::show(id::ORGANIZATION, organization));
    for (id, row) in open(counter, &user.id).await? {
        if id != organization {
            continue;
        }
        let body = crate::resource::parse(row.body.as_bytes())?;
        let (slugs, permissions) = membership::granted(counter.identity(), &row, &body).await?;
        claims["role"] = json!(slugs.first());
        claims["roles"] = json!(slugs);
        claims["permissions"] = json!(permissions);
    }
    Ok(claims)
}
