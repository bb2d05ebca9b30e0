//! Who calls: by a bearer token or a key, or by the cookie that a sign-in left; always somebody of one project.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;

use crate::error::forbidden;
use crate::http::reply::Failure;
use crate::http::{State, extract, origin};
use crate::identity::Identity;
use crate::identity::login::Origin;
use crate::repo::Repo;
use crate::repo::audit::{Act, Audit};

/// Name of the cookie of a session.
pub(super) const COOKIE: &str = "connect.sid";

pub(super) struct Caller<'r> {
    pub request: &'r HttpRequest,
    pub state: &'r State,
    pub repo: Repo,
}

impl<'r> Caller<'r> {
    pub async fn of(request: &'r HttpRequest) -> Result<Self, Failure> {
        // Only pages of this site send the cookie along (`login`), so it needs no further proof.
        let cookie = request.cookie(COOKIE).filter(|_| !request.headers().contains_key(AUTHORIZATION));
        let repo = match cookie {
            Some(cookie) => extract::of_token(request, cookie.value()).await?,
            None => extract::caller(request).await?,
        };
        Self::by(request, repo)
    }

    /// By a token that was made a moment ago.
    pub async fn of_token(request: &'r HttpRequest, token: &str) -> Result<Self, Failure> {
        Self::by(request, extract::of_token(request, token).await?)
    }

    fn by(request: &'r HttpRequest, repo: Repo) -> Result<Self, Failure> {
        if repo.actor().is_boundless() {
            let text = "this takes the key or the token of a project; a super admin belongs to none";
            return Err(forbidden(text).into());
        }
        Ok(Self { request, state: extract::state(request), repo: repo.through("axway") })
    }

    /// An admin of the project.
    pub async fn admin(request: &'r HttpRequest) -> Result<Self, Failure> {
        let caller = Self::of(request).await?;
        caller.administers()?;
        Ok(caller)
    }

    pub fn administers(&self) -> Result<(), Failure> {
        match self.repo.actor().administers() {
            true => Ok(()),
            false => Err(forbidden("this is for an administrator of the organization").into()),
        }
    }

    pub fn identity(&self) -> &'r Arc<Identity> {
        &self.state.identity
    }

    pub fn origin(&self) -> Origin {
        origin::origin(self.request)
    }

    /// The id of the person who calls; a service account is none.
    pub fn person(&self) -> Option<&str> {
        self.repo.actor().reference.strip_prefix("User/")
    }

    /// How an act of this request is recorded.
    pub fn act(&self, what: &'static str) -> Audit {
        let address = origin::address(self.request).map(|address| address.to_string());
        Audit::new(what, Act::Execute).address(address)
    }

    /// A part of the address.
    pub fn part(&self, name: &str) -> &'r str {
        self.request.match_info().get(name).unwrap_or_default()
    }
}
