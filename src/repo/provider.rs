//! Who signs people in from outside: only admins say so, and what is shown to that party is kept with the credentials.
//!
//! A secret stays with whom it was given for: if the address that it is sent to changes, it is forgotten.

use serde_json::Value;

use super::prepare::Checked;
use super::{Rank, Repo};
use crate::error::{Result, forbidden, invalid};
use crate::store::Secret;

/// Types that name such a party.
pub(super) const HOLDERS: [&str; 3] = ["ClientApplication", "DomainConfiguration", "Project"];
const ELEMENT: &str = "identityProvider";
/// What our secret with the party is kept under.
pub const PROVIDER_SECRET: &str = "identityProvider.clientSecret";
const KEY: &str = "identityProvider.userInfoApiKey";
/// Where a secret goes to.
const BOUND: [(&str, &[&str]); 2] =
    [(PROVIDER_SECRET, &["issuer", "clientId", "tokenUrl"]), (KEY, &["userInfoUrl"])];

/// Whether a secret is one of ours with such a party.
pub(super) fn is_of_provider(name: &str) -> bool {
    BOUND.iter().any(|(own, _)| *own == name)
}

impl Repo {
    /// Holds a body that is about to be stored to these laws.
    pub(super) fn keep_provider(&self, kind: &str, checked: &mut Checked, old: Option<&Value>) -> Result<()> {
        let new = checked.body.get(ELEMENT);
        let before = old.and_then(|old| old.get(ELEMENT));
        let given = |name: &str| checked.secrets.iter().any(|secret| secret.name == name);
        let changed = new != before || BOUND.iter().any(|(name, _)| given(name));
        if changed && self.actor.rank == Rank::Member {
            return Err(forbidden("only an admin may change this element").at(format!("{kind}.{ELEMENT}")));
        }
        let mode = new.and_then(|new| new.get("userInfoMode"));
        if changed && (mode.is_some_and(|mode| mode == "gcip") || given(KEY)) {
            let place = if given(KEY) { "userInfoApiKey" } else { "userInfoMode" };
            return Err(invalid("users are asked for as OpenID Connect has it, and no other way")
                .coded("not-supported")
                .at(format!("{kind}.{ELEMENT}.{place}")));
        }
        if before.is_some() {
            let part = |of: Option<&Value>, name: &str| of.and_then(|of| of.get(name)).cloned();
            let stale = |(name, bound): &&(&str, &[&str])| {
                !given(name) && bound.iter().any(|one| part(new, one) != part(before, one))
            };
            let stale: Vec<Secret> =
                BOUND.iter().filter(stale).map(|(name, _)| Secret::forget(name)).collect();
            checked.secrets.extend(stale);
        }
        Ok(())
    }
}
