//! Whether a client is who it says it is (<https://www.rfc-editor.org/rfc/rfc6749#section-2.3>).

use std::sync::LazyLock;

use super::Client;
use crate::error::{Error, Result, unauthenticated};
use crate::identity::Identity;
use crate::resource::secret;

/// Compared with when there is no such client, so that the answer takes as long.
static NOBODY: LazyLock<String> =
    LazyLock::new(|| secret::digest("a secret that nobody has been given").unwrap_or_default());
/// Secrets of a client that open the door; the second while it is being replaced.
const SECRETS: [&str; 2] = ["secret", "retiringSecret"];

/// What a client shows.
#[derive(Debug, Clone, Copy)]
pub enum Proof<'p> {
    /// Its id and no more.
    Nothing,
    /// Its secret in the body.
    Post(&'p str),
    /// Its secret by the scheme Basic.
    Basic(&'p str),
    /// A token that it signed (<https://www.rfc-editor.org/rfc/rfc7523#section-2.2>).
    Assertion(&'p str),
}

impl Proof<'_> {
    /// As `tokenEndpointAuthMethod` has it.
    fn method(self) -> &'static str {
        match self {
            Self::Nothing => "none",
            Self::Post(_) => "client_secret_post",
            Self::Basic(_) => "client_secret_basic",
            Self::Assertion(_) => "private_key_jwt",
        }
    }
}

/// A client, and how sure it is that it is the one.
pub struct Proved {
    pub client: Client,
    /// It showed more than its id.
    pub proven: bool,
    /// Names the token that it showed, so that none is taken twice.
    pub once: Option<String>,
}

pub(in crate::identity) fn refused() -> Error {
    unauthenticated("this client is not known, or it did not prove that it is the one")
        .coded("invalid_client")
}

impl Identity {
    /// The client of this id, if it shows what it has to. Without a proof it is only as good as its id: whoever calls
    /// decides whether that is enough.
    pub async fn prove(&self, id: Option<&str>, proof: Proof<'_>) -> Result<Proved> {
        let named = match proof {
            Proof::Assertion(token) => Some(super::assertion::subject(token)?),
            _ => None,
        };
        if let (Some(named), Some(id)) = (&named, id)
            && named != id
        {
            return Err(refused());
        }
        let id = named.as_deref().or(id).ok_or_else(refused)?;
        let client = Client::find(&self.engine, id).await?;
        let mut once = None;
        let right = match proof {
            Proof::Nothing => client.is_some(),
            Proof::Post(given) | Proof::Basic(given) => self.knows(client.as_ref(), given)?,
            Proof::Assertion(token) => match &client {
                Some(client) => {
                    once = Some(self.assertion(client, token).await?);
                    true
                }
                None => false,
            },
        };
        let client = client.filter(|_| right).ok_or_else(refused)?;
        if client.text("tokenEndpointAuthMethod").is_some_and(|method| method != proof.method()) {
            return Err(refused());
        }
        Ok(Proved { client, proven: !matches!(proof, Proof::Nothing), once })
    }

    fn knows(&self, client: Option<&Client>, given: &str) -> Result<bool> {
        let kept = match client {
            Some(client) => self.engine.store.secrets(client.row.project, client.row.rid)?,
            None => Vec::new(),
        };
        let mut right = false;
        for name in SECRETS {
            let kept = kept.iter().find(|(own, _)| own == name).map_or(NOBODY.as_str(), |(_, value)| value);
            right |= secret::matches(given, kept);
        }
        Ok(right)
    }

    /// The client of this id, as far as anybody may know of it.
    pub async fn client(&self, id: &str) -> Result<Option<Client>> {
        Client::find(&self.engine, id).await
    }
}
