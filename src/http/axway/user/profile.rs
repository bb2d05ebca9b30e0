//! `PUT /user/profile/{user_id}`: what people say of themselves, and what an admin changes of a user of the pool.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::super::answer::one;
use super::super::asked::{Asked, Sent, wrong};
use super::super::caller::Caller;
use super::super::record::{body, extend, list, put, text};
use super::view::{LOCALES, shown};
use crate::error::{Result, forbidden, malformed};
use crate::http::origin;
use crate::http::reply::Failure;
use crate::store::Row;

const KNOWN: [&str; 13] = [
    "active",
    "current_password",
    "default_org",
    "firstname",
    "force_logout",
    "lastname",
    "locale",
    "login_org",
    "mfa",
    "password",
    "phone",
    "timezone",
    "username",
];
const SIGN_IN: [&str; 3] = ["last_logged", "default", "ask"];
const LONGEST: usize = 50;

pub(in crate::http) async fn profile(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let caller = Caller::of(&request).await?;
    let asked = Asked::read(&request, &[])?;
    let sent = Sent::read(&request, payload, &KNOWN).await?;
    let row = caller.user(caller.part("user_id")).await?;
    let own = caller.person() == Some(row.id.as_str());
    if !own {
        caller.administers()?;
    }
    let default = match sent.id("default_org")? {
        Some(given) => Some(caller.org(&given).await?.id),
        None => None,
    };
    // All that is wrong is found before anything is done.
    apply(&sent, default.as_deref(), &mut body(&row)?)?;
    for name in ["active", "mfa"].into_iter().filter(|name| own && sent.has(name)) {
        if !caller.repo.actor().administers() || name == "active" {
            return Err(forbidden("nobody changes this of himself").at(name).into());
        }
    }
    if let Some(password) = sent.secret("password")? {
        change_password(&caller, &row, own, sent.secret("current_password")?, password).await?;
    }
    let change = |user: &mut Value| apply(&sent, default.as_deref(), user);
    let identity = caller.identity();
    let row = match own && !sent.has("mfa") {
        true => identity.change_own(&caller.repo, caller.act("update"), &caller.origin(), change).await?,
        false => identity.change_user(&caller.repo, &row.id, caller.act("update"), change).await?,
    };
    if sent.flag("force_logout")? == Some(true) {
        for session in identity.sessions_of(&row.id).await? {
            identity.end_as(caller.repo.actor(), &session.id).await?;
        }
    }
    let row =
        if own && sent.flag("force_logout")? == Some(true) { row } else { caller.user(&row.id).await? };
    Ok(one(&asked, shown(&caller, &row).await?))
}

/// One's own by the password until now; of somebody else, as far as the project lets its admins choose.
async fn change_password(
    caller: &Caller<'_>,
    row: &Row,
    own: bool,
    old: Option<&str>,
    new: &str,
) -> Result<(), Failure> {
    if own {
        let missing =
            || malformed("the password until now is missing").coded("required").at("current_password");
        let origin = origin::origin(caller.request);
        let old = old.ok_or_else(missing)?;
        return Ok(caller.identity().change_password(caller.repo.actor(), old, new, &origin).await?);
    }
    let record = body(row)?;
    let email =
        text(&record, "email").ok_or_else(|| wrong("password", "this user has no e-mail to sign in by"))?;
    let project = Some(caller.repo.actor().project_id.as_str());
    let act = caller.act("set-password");
    caller.identity().give_password(&caller.repo, project, email, new, act).await?;
    Ok(())
}

/// Puts what was sent into a user. An empty text takes what was there away.
fn apply(sent: &Sent, default: Option<&str>, user: &mut Value) -> Result<()> {
    for (field, element) in [("firstname", "firstName"), ("lastname", "lastName"), ("timezone", "timezone")] {
        let Some(text) = sent.text(field)? else { continue };
        if field != "timezone" && text.chars().count() > LONGEST {
            return Err(wrong(field, "this has 50 characters at most"));
        }
        put(user, element, Some(text).filter(|text| !text.is_empty()));
    }
    if let Some(locale) = sent.text("locale")? {
        if !LOCALES.contains(&locale) {
            return Err(wrong("locale", "this is en-US, fr-FR, de-DE or pt-BR"));
        }
        let others = list(user, "preferredLanguage").iter().filter(|one| **one != locale).cloned();
        let all: Vec<Value> = std::iter::once(Value::from(locale)).chain(others).collect();
        user["preferredLanguage"] = all.into();
    }
    if let Some(place) = sent.text("login_org")? {
        if !SIGN_IN.contains(&place) {
            return Err(wrong("login_org", "this is last_logged, default or ask"));
        }
        extend(user, "sign-in-organization", vec![json!({ "valueCode": place })]);
    }
    if let Some(id) = default {
        let reference = json!({ "valueReference": { "reference": format!("Project/{id}") } });
        extend(user, "default-organization", vec![reference]);
    }
    if let Some(phone) = sent.text("phone")? {
        let mut telecom = list(user, "telecom").to_vec();
        telecom.retain(|one| one["system"] != "phone");
        if !phone.is_empty() {
            telecom.push(json!({ "system": "phone", "value": phone }));
        }
        put(user, "telecom", Some(telecom).filter(|all| !all.is_empty()));
    }
    if let Some(active) = sent.flag("active")? {
        user["active"] = active.into();
    }
    if let Some(required) = sent.flag("mfa")? {
        user["mfaRequired"] = required.into();
    }
    if let Some(name) = sent.text("username")? {
        return match user["email"] == name.to_lowercase() {
            true => Ok(()),
            false => Err(wrong("username", "this is the e-mail, which is not changed here")),
        };
    }
    Ok(())
}
