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

/// Seconds that a code is good for.
const CODE: i64 = 600;

/// What such objects have in common.
async fn render(repo: &Repo, coded: &Coded, object: &str, word: &str) -> Result<Value, Refusal> {
    Ok(json!({
        "object": object,
        "id": id::show(word, &coded.id),
        "user_id": id::show(id::USER, coded.target("user").unwrap_or_default()),
        "email": coded.text("email").unwrap_or_default(),
        "expires_at": moment::instant(&coded.body, "expiresAt"),
        "created_at": moment::created(repo, &coded.row).await?,
        "updated_at": moment::text(coded.row.updated),
    }))
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
