//! Users are made, changed and removed. A field that is left out stays as it is; `null` takes it away.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::super::asked::{Asked, Sent};
use super::super::caller::Caller;
use super::super::refusal::{Refusal, bad, said};
use super::metadata::{self, Changes};
use super::{addressed, answer, hash};
use crate::error::{Error, Kind};
use crate::http::reply;

/// What a request says of a user.
#[derive(Debug, Default)]
struct Said {
    email: Sent<String>,
    first: Sent<String>,
    last: Sent<String>,
    name: Sent<String>,
    verified: Sent<bool>,
    external: Sent<String>,
    locale: Sent<String>,
    metadata: Option<Option<Changes>>,
    password: Option<String>,
    /// Hash, its type, and where its salt goes.
    hash: (Option<String>, Option<String>, Option<String>),
}

/// What tells of the request rather than the user.
const CIRCUMSTANCES: [&str; 4] = ["ip_address", "user_agent", "signals_id", "radar_auth_attempt_id"];

impl Said {
    fn read(asked: &mut Asked, new: bool) -> Self {
        let mut said = Self {
            email: asked.sent("email"),
            first: asked.sent("first_name"),
            last: asked.sent("last_name"),
            name: asked.sent("name"),
            verified: asked.flag("email_verified"),
            external: asked.sent("external_id"),
            locale: None,
            metadata: metadata::sent(asked),
            password: asked.text("password"),
            hash: (
                asked.text("password_hash"),
                asked.text("password_hash_type"),
                asked.text("password_salt_position"),
            ),
        };
        if !new {
            said.locale = asked.sent("locale");
        }
        if let Some(Some(external)) = &said.external
            && (!external.is_ascii() || external.len() > 128)
        {
            asked.fault("external_id", "invalid_external_id", "external_id has up to 128 ASCII characters.");
        }
        if new && said.email.as_ref().and_then(Option::as_ref).is_none_or(String::is_empty) {
            asked.fault("email", "email_required", "email is required.");
        }
        if !new && matches!(&said.email, Some(None)) {
            asked.fault("email", "email_required", "email cannot be taken away.");
        }
        asked.pass(&CIRCUMSTANCES);
        said
    }

    /// What is to be kept of a password, if one is given.
    async fn secret(&self, caller: &Caller<'_>, user: &Value) -> Result<Option<String>, Refusal> {
        let (kept, kind, salt) = &self.hash;
        match (&self.password, kept) {
            (Some(_), Some(_)) => {
                Err(bad("password_and_password_hash_provided", "Give a password or a hash, not both."))
            }
            (Some(_), None) if kind.is_some() => {
                Err(bad("password_and_password_hash_type_provided", "A type is given of no hash."))
            }
            (_, None) if salt.is_some() => Err(bad(
                "password_salt_position_requires_password_hash",
                "A salt position is given of no hash.",
            )),
            (Some(password), None) => {
                let words: Vec<&str> = ["email", "firstName", "lastName"]
                    .iter()
                    .filter_map(|name| user[*name].as_str())
                    .collect();
                let made = caller.identity().new_password(password, &words, "password").await;
                made.map(Some).map_err(weak)
            }
            (None, Some(given)) => {
                let understood = hash::kept(given, kind.as_deref().unwrap_or_default(), salt.as_deref());
                let unknown =
                    || bad("invalid_password_hash", "The hash is not of its type, or of none that is known.");
                understood.map(Some).ok_or_else(unknown)
            }
            (None, None) => Ok(None),
        }
    }

    /// Puts it into a user.
    fn apply(&self, user: &mut Value, secret: Option<&str>) -> Result<(), Refusal> {
        let texts = [
            ("firstName", &self.first),
            ("lastName", &self.last),
            ("displayName", &self.name),
            ("externalId", &self.external),
        ];
        for (element, sent) in texts {
            match sent.as_ref().map(|text| text.as_deref().map(str::trim).filter(|text| !text.is_empty())) {
                None => {}
                Some(Some(text)) => user[element] = Value::from(text),
                Some(None) => drop(user.as_object_mut().map(|user| user.shift_remove(element))),
            }
        }
        // A name that is made of the other two says nothing of its own.
        let made = format!(
            "{} {}",
            user["firstName"].as_str().unwrap_or_default(),
            user["lastName"].as_str().unwrap_or_default()
        );
        if user["displayName"] == made.trim() {
            user.as_object_mut().map(|user| user.shift_remove("displayName"));
        }
        if let Some(Some(email)) = &self.email {
            let email = email.trim().to_lowercase();
            if user["email"] != email.as_str() {
                user["email"] = Value::from(email);
                user["emailVerified"] = Value::Bool(false);
            }
        }
        if let Some(verified) = self.verified {
            user["emailVerified"] = Value::Bool(verified.unwrap_or(false));
        }
        match &self.locale {
            None => {}
            Some(Some(locale)) => user["preferredLanguage"] = json!([locale]),
            Some(None) => drop(user.as_object_mut().map(|user| user.shift_remove("preferredLanguage"))),
        }
        if let Some(changes) = &self.metadata
            && !metadata::merge(user, changes.as_ref())
        {
            return Err(bad("invalid_metadata", "Metadata has 50 keys at most."));
        }
        if let Some(secret) = secret {
            user["passwordHash"] = Value::from(secret);
        }
        // What was read as absent was put there as null.
        if let Some(user) = user.as_object_mut() {
            user.retain(|_, value| !value.is_null());
        }
        Ok(())
    }
}

pub(in crate::http) async fn create(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    let told = Said::read(&mut asked, true);
    asked.finish()?;
    let mut user = json!({});
    told.apply(&mut user, None)?;
    if let Some(secret) = told.secret(&caller, &user).await? {
        user["passwordHash"] = Value::from(secret);
    }
    let made = caller.identity().create_user(&caller.repo, user, true, caller.act("create")).await;
    let row = made.map_err(|error| refused(error, true))?;
    answer(caller.identity(), &caller.repo, &row, true).await
}

pub(in crate::http) async fn update(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    let told = Said::read(&mut asked, false);
    asked.finish()?;
    let old = addressed(&request, &caller.repo).await?;
    let secret = told.secret(&caller, &crate::resource::parse(old.body.as_bytes())?).await?;
    let change = |user: &mut Value| told.apply(user, secret.as_deref()).map_err(Changing::Refused);
    let act = caller.act("update");
    let row = match caller.identity().change_user(&caller.repo, &old.id, act, change).await {
        Ok(row) => row,
        Err(Changing::Refused(refusal)) => return Err(refusal),
        Err(Changing::Failed(error)) => return Err(refused(error, false)),
    };
    answer(caller.identity(), &caller.repo, &row, false).await
}

pub(in crate::http) async fn delete(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::bare(&request).await?;
    let row = addressed(&request, &caller.repo).await?;
    let removed = caller.identity().remove_user(&caller.repo, &row.id, caller.act("delete")).await;
    removed.map_err(|error| match error.kind {
        Kind::Malformed => {
            said(Kind::Conflict, "user_deletion_not_allowed", "The owner of the project stays.")
        }
        _ => error.into(),
    })?;
    Ok(reply::no_content().finish())
}

/// Why a change was not made: by us, or further in.
enum Changing {
    Refused(Refusal),
    Failed(Error),
}

impl From<Error> for Changing {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// A password that is too easy to guess.
pub(in crate::http::workos) fn weak(error: Error) -> Refusal {
    match error.kind {
        Kind::Malformed | Kind::Invalid => {
            let errors: Vec<Value> = error
                .issues
                .iter()
                .map(|issue| json!({ "code": "password_too_weak", "message": issue.text }))
                .collect();
            bad("password_strength_error", "Password does not meet strength requirements.")
                .with("errors", json!(errors))
        }
        _ => error.into(),
    }
}

/// What is wrong with a user, in the codes of this dialect.
fn refused(error: Error, new: bool) -> Refusal {
    let place = error.issues.first().and_then(|issue| issue.expression.as_deref()).unwrap_or_default();
    let place = place.split('[').next().unwrap_or_default();
    let (code, message) = match (error.kind, place) {
        (Kind::Conflict, "User.email") if new => {
            let taken = json!([{ "code": "email_not_available", "message": "This email is not available." }]);
            return bad("user_creation_error", "Could not create user.").with("errors", taken);
        }
        (Kind::Conflict, "User.email") => ("email_not_available", "This email is not available."),
        (Kind::Conflict, "User.externalId") => {
            ("external_id_already_used", "This external_id is that of another user.")
        }
        (Kind::Invalid, "User.email") => ("invalid_email", "This is no e-mail address."),
        (Kind::Invalid, "User.preferredLanguage") => ("invalid_locale", "This is no locale."),
        _ => return error.into(),
    };
    said(Kind::Malformed, code, message)
}
