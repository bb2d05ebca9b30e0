//! Somebody who is signed in already signs in to one more client, without another word
//! (<https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest>).

use chrono::Utc;

use super::draft::Draft;
use super::{SignIn, Step};
use crate::error::Result;
use crate::identity::Identity;
use crate::identity::member::{Membership, began, moment};

/// What another sign-in came to.
pub struct Resumed {
    pub step: Step,
    /// The same client was granted as much by the same session.
    pub agreed: bool,
}

impl Identity {
    /// Goes on from the session `login`, if it stands, is not older than `max_age` seconds, and is of the project that
    /// the client is of.
    pub async fn resume(&self, login: &str, asked: &SignIn, max_age: Option<i64>) -> Result<Option<Resumed>> {
        let Some(old) = Draft::read(&self.engine, login).await? else { return Ok(None) };
        let at = Utc::now().timestamp_millis();
        let too_old = max_age.is_some_and(|most| at - began(&old.body) > most.saturating_mul(1000));
        let has_ended = moment(&old.body, "expiresAt").is_some_and(|ends| at >= ends);
        if old.is_over() || !old.is("granted") || too_old || has_ended {
            return Ok(None);
        }
        let place = self.place(asked).await?;
        let Ok(account) = old.account(&self.engine).await else { return Ok(None) };
        let meant = match &place.project {
            Some(project) => self.engine.store.project_number(project)?,
            None => None,
        };
        if meant.is_none() || meant != old.stored_in() {
            return Ok(None);
        }
        let id = old.reference("membership").unwrap_or_default().trim_start_matches("ProjectMembership/");
        let membership = Membership::read(&self.engine, id).await?;
        let Some(membership) = membership.filter(|one| one.is_active() && one.is_of(&account.reference()))
        else {
            return Ok(None);
        };
        let mut draft = Draft::new(&account.reference(), old.text("authMethod").unwrap_or("password"));
        self.describe(&mut draft, asked, &place)?;
        for name in ["authTime", "mfaVerified"] {
            if let Some(value) = old.body.get(name) {
                draft.set(name, value.clone());
            }
        }
        draft.refer("basedOn", &format!("Login/{}", old.id));
        let project = self.engine.store.project_id(membership.row.project)?;
        draft.settle(&project, &membership);
        let granted: Vec<&str> = old.text("scope").unwrap_or_default().split(' ').collect();
        let agreed = old.reference("client") == draft.reference("client")
            && draft.text("scope").unwrap_or_default().split(' ').all(|scope| granted.contains(&scope));
        Ok(Some(Resumed { step: self.finish(draft, account).await?, agreed }))
    }
}
