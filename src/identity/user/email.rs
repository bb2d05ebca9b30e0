//! `$update-email`: another e-mail for a user, in his record and, if that is wanted, in his profiles. The new address is
//! to be verified, the old one is told.

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::acting::{self, body, in_name_of, reason};
use super::super::membership::called;
use super::super::request::{For, Purpose};
use super::super::{Identity, Template};
use super::administered;
use crate::error::{Error, Kind, Result, busy, fault, malformed};
use crate::repo::Repo;
use crate::repo::audit::{Act, Audit};
use crate::repo::bundle::{Done, Entry};
use crate::store::Row;

const ATTEMPTS: usize = 8;

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct NewEmail {
    pub email: String,
    pub profiles: bool,
    /// It is known to be his.
    pub trusted: bool,
    pub send: bool,
}

impl Identity {
    /// Gives the user as he is then, and why he was not told, if so.
    pub async fn update_email(
        &self,
        repo: &Repo,
        id: &str,
        asked: &NewEmail,
        audit: Audit,
    ) -> Result<(Arc<Row>, Option<Error>)> {
        for _ in 0..ATTEMPTS {
            let row = administered(repo, id).await?;
            let before = body(&row)?;
            let old = acting::text(&before, "email").map(str::to_owned);
            let email = super::super::account::folded(&asked.email);
            if old.as_deref() == Some(email.as_str()) {
                return Err(malformed("this is the e-mail until now").coded("business-rule").at("email"));
            }
            let mut next = before.clone();
            next["email"] = Value::from(email.as_str());
            if !asked.trusted {
                next["emailVerified"] = Value::Bool(false);
            }
            let home = (row.project != 0).then(|| self.engine.store.project_id(row.project)).transpose()?;
            let home = home.as_deref();
            let mut entries = vec![acting::next("User", &row, next)];
            let mut issued = None;
            if !asked.trusted {
                let whom = For { user: id, project: home, email: Some(&email), redirect: None };
                let made = self.issue(Purpose::VerifyEmail, whom)?;
                entries.push(acting::new("UserSecurityRequest", &made.id, made.resource.clone()));
                issued = Some(made);
            }
            let own = in_name_of(repo);
            if asked.profiles {
                entries.extend(profiles(&own, id, old.as_deref(), &email).await?);
            }
            let audit = Audit { act: Act::Update, ..audit.clone() };
            let written = match own.audited(audit).transaction(entries).await.map_err(reason) {
                Ok(done) => match done.into_iter().next() {
                    Some(Done::Written(written)) => written.row,
                    _ => return Err(fault("an e-mail was not written")),
                },
                Err(error) if error.kind == Kind::Precondition => continue,
                Err(error) => return Err(error),
            };
            let mut unsent = None;
            if let Some(issued) = issued.filter(|_| asked.send) {
                let values = called(&before).with("link", issued.link).within(issued.lifetime);
                unsent = self.send(home, Template::VerifyEmail, &email, values).await.err();
            }
            if let Some(old) = old {
                // Whether the old address still works is of no consequence.
                let values = called(&before).with("email", email);
                self.send(home, Template::EmailChanged, &old, values).await.ok();
            }
            return Ok((written, unsent));
        }
        Err(busy("this user is changed by many at once; try again"))
    }
}

/// The profiles of a user with the new address at work and the old one of the past.
async fn profiles(own: &Repo, user: &str, old: Option<&str>, new: &str) -> Result<Vec<Entry>> {
    let asked = [("user".to_owned(), format!("User/{user}")), ("_count".to_owned(), "100".to_owned())];
    let mut entries: Vec<Entry> = Vec::new();
    let mut seen = Vec::new();
    for membership in own.search("ProjectMembership", &asked, false).await?.rows {
        let membership = body(&membership)?;
        let profile = membership.pointer("/profile/reference").and_then(Value::as_str).unwrap_or_default();
        let Some((kind @ ("Patient" | "Practitioner" | "RelatedPerson"), id)) = profile.split_once('/')
        else {
            continue;
        };
        if seen.contains(&profile.to_owned()) {
            continue;
        }
        seen.push(profile.to_owned());
        let Ok(row) = own.read(kind, id).await else { continue };
        let mut next = body(&row)?;
        let mut telecom = next.get("telecom").and_then(Value::as_array).cloned().unwrap_or_default();
        for point in &mut telecom {
            let value = point.get("value").and_then(Value::as_str).map(str::to_lowercase);
            if point.get("system") == Some(&Value::from("email")) && value.as_deref() == old && old.is_some()
            {
                point["use"] = Value::from("old");
            }
        }
        telecom.push(json!({ "system": "email", "use": "work", "value": new }));
        next["telecom"] = Value::Array(telecom);
        entries.push(acting::next(kind, &row, next));
    }
    Ok(entries)
}
