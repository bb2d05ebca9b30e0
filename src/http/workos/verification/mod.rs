//! Codes and tokens that prove an e-mail or open an account: verification and change of an e-mail, sign-in by mail, another
//! password. Each is mailed, and shown to the application as well.

mod email;
mod magic;
mod password;

use serde_json::{Value, json};

pub(in crate::http) use email::{change_confirm, change_send, confirm, read, send};
pub(in crate::http) use magic::{create as magic, read as read_magic};
pub(in crate::http) use password::{confirm as reset, create as begin_reset, read as read_reset};

use super::refusal::Refusal;
use super::{id, moment};
use crate::identity::Identity;
use crate::identity::application::{CodeKind, Coded, Of};
use crate::repo::Repo;
use crate::store::Row;

/// Seconds that a code is good for.
const CODE: i64 = 600;

/// A version of a code or token, as it is told of: without what it is.
pub(super) fn told(row: &Row, body: &Value, kind: &str, created: i64) -> Value {
    let (object, word) = match kind {
        "magic-auth" => ("magic_auth", id::MAGIC),
        "reset" => ("password_reset", id::RESET),
        _ => ("email_verification", id::VERIFICATION),
    };
    let user = body.pointer("/user/reference").and_then(Value::as_str).unwrap_or_default();
    let mut shown = json!({
        "object": object,
        "id": id::show(word, &row.id),
        "user_id": id::show(id::USER, user.trim_start_matches("User/")),
        "email": body.get("email").and_then(Value::as_str).unwrap_or_default(),
        "expires_at": moment::instant(body, "expiresAt"),
        "created_at": moment::text(created),
        "updated_at": moment::text(row.updated),
    });
    if object == "password_reset" {
        shown.as_object_mut().map(|shown| shown.shift_remove("updated_at"));
    }
    shown
}

async fn render(repo: &Repo, coded: &Coded) -> Result<Value, Refusal> {
    let created = repo.created(std::slice::from_ref(&coded.row)).await?.pop().unwrap_or(coded.row.updated);
    Ok(told(&coded.row, &coded.body, coded.text("type").unwrap_or_default(), created))
}

/// Mails a new code to the e-mail of a user.
pub(super) async fn begin(identity: &Identity, repo: &Repo, user: &str) -> Result<Coded, Refusal> {
    let row = repo.read("User", user).await?;
    let body = crate::resource::parse(row.body.as_bytes())?;
    let email = body.get("email").and_then(Value::as_str).unwrap_or_default();
    identity.allow_mail("email-verification", &format!("{} {email}", repo.actor().project_id))?;
    let of = Of { user: Some(user), email: Some(email), lifetime: CODE, ..Of::default() };
    let coded = identity.new_code(repo, CodeKind::VerifyEmail, of).await?;
    mail(identity, repo, CodeKind::VerifyEmail, &coded).await;
    Ok(coded)
}

/// The application can read what did not get out.
pub(super) async fn mail(identity: &Identity, repo: &Repo, kind: CodeKind, coded: &Coded) {
    if let Err(error) = identity.mail_coded(repo, kind, coded).await {
        tracing::warn!(%error, id = coded.id, "a code of an application was not mailed");
    }
}
