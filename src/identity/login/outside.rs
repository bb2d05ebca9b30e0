//! Signing in whom an outside party has signed in: from there on as everybody else.

use super::begin::Place;
use super::draft::Draft;
use super::{Redeem, SignIn, Step, Tokens};
use crate::error::{Error, Kind, Result, malformed};
use crate::identity::account::Account;
use crate::identity::{Identity, system};

/// What is known of a sign-in elsewhere.
pub(in crate::identity) struct Outside {
    /// The id of the Login, where it may be had once only.
    pub id: Option<String>,
    /// A second factor was shown there.
    pub factor: bool,
}

impl Identity {
    /// A Login for somebody who was recognised.
    pub(in crate::identity) async fn start_outside(
        &self,
        account: Account,
        method: &str,
        asked: &SignIn,
        place: Place,
        outside: Outside,
    ) -> Result<Step> {
        let once = outside.id.is_some();
        let draft = self.outside(&account, method, asked, &place, outside).await?;
        let step = self.advance(draft, account).await;
        step.map_err(|error| if once && error.kind == Kind::Conflict { used() } else { error })
    }

    /// The same all the way to tokens: nobody can be asked anything.
    pub(in crate::identity) async fn enter_outside(
        &self,
        account: Account,
        asked: &SignIn,
        place: Place,
        outside: Outside,
        membership: Option<&str>,
    ) -> Result<Tokens> {
        let mut draft = self.outside(&account, "exchange", asked, &place, outside).await?;
        if self.due(&draft, &account).await?.is_some() {
            return Err(lacks_factor());
        }
        let candidates = self.candidates(&draft).await?;
        let chosen = match (membership, candidates.as_slice()) {
            (Some(id), all) => all.iter().find(|one| one.row.id == id),
            (None, [only]) => Some(only),
            (None, []) => None,
            (None, _) => {
                let text = "this user is a member in more than one way; name one in membership";
                return Err(malformed(text).coded("multiple-matches").at("membership"));
            }
        };
        let chosen =
            chosen.ok_or_else(|| malformed("this user is no member here").coded("login").at("membership"))?;
        let project = self.engine.store.project_id(chosen.row.project)?;
        draft.settle(&project, chosen);
        let client = asked.client.as_deref();
        match self.finish(draft, account).await? {
            Step::Done { code, .. } => {
                let redeem = Redeem { code: &code, client, proven: true, ..Redeem::default() };
                self.redeem(&redeem).await
            }
            _ => Err(lacks_factor()),
        }
    }

    async fn outside(
        &self,
        account: &Account,
        method: &str,
        asked: &SignIn,
        place: &Place,
        outside: Outside,
    ) -> Result<Draft> {
        let mut draft = Draft::new(&account.reference(), method);
        if let Some(id) = outside.id {
            // It may have been in another project since.
            match system(&self.engine).read("Login", &id).await {
                Err(error) if error.kind == Kind::NotFound => draft.id = id,
                Err(error) if error.kind == Kind::Fault => return Err(error),
                _ => return Err(used()),
            }
        }
        self.describe(&mut draft, asked, place)?;
        if outside.factor {
            draft.set("mfaVerified", true);
        }
        Ok(draft)
    }
}

fn used() -> Error {
    malformed("this sign-in was used already; begin again").coded("login").at("state")
}

fn lacks_factor() -> Error {
    malformed("a second factor is needed, for which somebody has to be asked: sign in on the page instead")
        .coded("login")
}
