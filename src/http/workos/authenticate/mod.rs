//! `/user_management/authenticate`: an application that keeps the sign-in pages itself exchanges what people show for a
//! session. It shows its own secret along with it: this is no grant for clients that cannot keep one.

mod answer;
mod grant;

use actix_web::{HttpRequest, HttpResponse, web};

use super::asked::Asked;
use super::id;
use super::refusal::{Refusal, bad, oauth};
use crate::error::Kind;
use crate::http::{State, extract, origin};
use crate::identity::login::{Origin, SignIn};
use crate::identity::{Client, Identity, Proof, of_api_key};
use crate::repo::Repo;

/// An application at the counter.
struct Counter<'r> {
    state: &'r State,
    client: Client,
    /// It showed more than its id.
    proven: bool,
    repo: Repo,
    origin: Origin,
}

impl Counter<'_> {
    fn identity(&self) -> &Identity {
        &self.state.identity
    }

    /// A sign-in through this application.
    fn sign_in(&self) -> SignIn {
        SignIn {
            client: Some(self.client.id.clone()),
            remember: true,
            verifies: true,
            origin: self.origin.clone(),
            ..SignIn::default()
        }
    }

    fn needs_secret(&self) -> Result<(), Refusal> {
        match self.proven {
            true => Ok(()),
            false => {
                Err(oauth(Kind::Unauthenticated, "invalid_client", "This grant takes the client's secret."))
            }
        }
    }

    fn limit(&self, whose: &str) -> Result<(), Refusal> {
        Ok(self.identity().allow_person(&format!("{} {whose}", self.client.project_id))?)
    }
}

pub(in crate::http) async fn authenticate(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let mut asked = Asked::read(&request, payload).await?;
    let (client, secret) = (asked.needed("client_id"), asked.text("client_secret"));
    let grant = asked.needed("grant_type");
    let peer = origin::origin(&request);
    // The application speaks for a browser: where that is is what the session remembers.
    let origin = Origin {
        address: asked.text("ip_address").or(peer.address),
        agent: asked.text("user_agent").or(peer.agent),
        device: asked.text("device_id"),
    };
    asked.pass(&["signals_id", "radar_auth_attempt_id"]);
    if client.is_empty() || grant.is_empty() {
        return asked.finish().map(|()| HttpResponse::BadRequest().finish());
    }
    let state = extract::state(&request);
    let (client, proven) = prove(state, &client, secret.as_deref()).await?;
    let repo = state.identity.counter(&client, &extract::request_id(&request)).through("workos");
    let counter = Counter { state, client, proven, repo, origin };
    grant::take(&counter, &grant, asked).await
}

/// The client of an id, by its secret or by its whole key.
async fn prove(state: &State, given: &str, secret: Option<&str>) -> Result<(Client, bool), Refusal> {
    let refused = || {
        oauth(Kind::Unauthenticated, "invalid_client", "The client is not known, or its secret is another.")
    };
    let id = id::read("client", given).ok_or_else(refused)?;
    let secret = match secret.map(|secret| (secret, of_api_key(secret))) {
        // A key is the client's own only if it names it.
        Some((_, Some((named, secret)))) if named == id => Some(secret),
        Some((_, Some(_))) => return Err(refused()),
        Some((secret, None)) => Some(secret),
        None => None,
    };
    let proof = secret.map_or(Proof::Nothing, Proof::Post);
    let proved = state.identity.prove(Some(&id), proof).await.map_err(|error| match error.kind {
        Kind::Unauthenticated => refused(),
        _ => error.into(),
    })?;
    Ok((proved.client, proved.proven))
}

/// What was shown is wrong, in the words of WorkOS.
fn wrong() -> Refusal {
    bad("invalid_credentials", "The e-mail or the password is wrong.")
}
