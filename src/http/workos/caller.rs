//! Who calls: a client that is an admin of its project, by its key.

use actix_web::HttpRequest;
use actix_web::web::Payload;

use super::asked::{Asked, Parameters};
use super::refusal::Refusal;
use crate::error::forbidden;
use crate::http::{State, extract, origin};
use crate::identity::Identity;
use crate::repo::Repo;
use crate::repo::audit::{Act, Audit};

pub(super) struct Caller<'r> {
    pub request: &'r HttpRequest,
    pub state: &'r State,
    pub repo: Repo,
}

impl<'r> Caller<'r> {
    pub async fn of(request: &'r HttpRequest) -> Result<Self, Refusal> {
        let repo = extract::caller(request).await?.through("workos");
        let state = extract::state(request);
        let actor = repo.actor();
        if actor.is_boundless() {
            return Err(forbidden("This is spoken in one project: use a key of that project.").into());
        }
        if !actor.administers() {
            return Err(forbidden("This takes the key of an admin of the project.").into());
        }
        state.identity.allow_key(&actor.reference)?;
        Ok(Self { request, state, repo })
    }

    /// Of a request without parameters.
    pub async fn bare(request: &'r HttpRequest) -> Result<Self, Refusal> {
        let caller = Self::of(request).await?;
        Parameters::read(request)?.finish()?;
        Ok(caller)
    }

    /// Of a request with a body.
    pub async fn asks(request: &'r HttpRequest, payload: Payload) -> Result<(Self, Asked), Refusal> {
        let caller = Self::of(request).await?;
        Ok((caller, Asked::read(request, payload).await?))
    }

    pub fn identity(&self) -> &'r Identity {
        &self.state.identity
    }

    /// How an act of this request is recorded.
    pub fn act(&self, what: &'static str) -> Audit {
        let address = origin::address(self.request).map(|address| address.to_string());
        Audit::new(what, Act::Execute).address(address)
    }
}
