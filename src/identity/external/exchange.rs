//! A token of an outside party becomes tokens of ours (<https://www.rfc-editor.org/rfc/rfc8693#section-2>).

use serde_json::{Map, Value};

use super::Provider;
use super::claims::Said;
use super::endpoints::Endpoints;
use crate::error::{Result, malformed};
use crate::identity::login::{Outside, SignIn, Tokens};
use crate::identity::{Client, Identity};

/// What sort of token it is said to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    Id,
    Access,
}

/// A token that is shown, and by whom.
pub struct Foreign<'f> {
    pub token: &'f str,
    pub kind: Token,
    pub client: &'f Client,
    /// Whether the client has proved that it is that one.
    pub proven: bool,
    /// Id of the membership to act by, where there are several.
    pub membership: Option<&'f str>,
}

impl Identity {
    /// Signs somebody in whom the client's party has signed in already.
    pub async fn exchange(&self, given: &Foreign<'_>, asked: SignIn) -> Result<Tokens> {
        let none =
            || malformed("this client has no identity provider").coded("not-supported").at("client_id");
        let provider = self.provider_of(given.client).await?.ok_or_else(none)?;
        let went = self.exchanged(given, &provider, &asked).await;
        if let Err(error) = &went {
            self.record_failure(&provider, &asked, error).await;
        }
        went
    }

    async fn exchanged(&self, given: &Foreign<'_>, provider: &Provider, asked: &SignIn) -> Result<Tokens> {
        let place = self.place(asked).await?;
        let endpoints = self.endpoints(provider).await?;
        let said = match given.kind {
            Token::Id => {
                let names = ["clientId", "audience"].into_iter().filter_map(|name| provider.text(name));
                let audience: Vec<String> = names.map(str::to_owned).collect();
                let mut said = Said::default();
                said.add(&self.signed_claims(provider, &endpoints, given.token, &audience).await?);
                said
            }
            Token::Access => self.said_at(given, provider, &endpoints).await?,
        };
        let account = self.recognise(provider, &said, &place).await?;
        let outside = Outside { id: None, factor: said.factor };
        self.enter_outside(account, asked, place, outside, given.membership).await
    }

    /// Asks the party. An access token of any application would open its answer, so that first it is to be known that
    /// this one was given to ours (<https://www.rfc-editor.org/rfc/rfc9700#section-2.3>).
    async fn said_at(&self, given: &Foreign<'_>, provider: &Provider, endpoints: &Endpoints) -> Result<Said> {
        let mut said = Said::default();
        let is_signed = jsonwebtoken::decode_header(given.token).is_ok();
        if is_signed && provider.text("issuer").is_some() {
            // Whom it names is judged once it is known to be true.
            let audience = named(given.token);
            let claims = self.signed_claims(provider, endpoints, given.token, &audience).await?;
            if !is_ours(provider, &claims) {
                return Err(provider.unfit("the token was given to another application"));
            }
            said.subject = text(&claims, "sub");
        } else if !given.proven && !provider.is("anyAudience") {
            let text = "the token does not say which application it was given to; the client has to prove itself, \
                        or its provider be configured with anyAudience";
            return Err(provider.unfit(text));
        }
        let told = self.told(endpoints, provider, given.token).await?;
        if said.subject.is_some() && text(&told, "sub") != said.subject {
            return Err(provider.unfit("what it tells is of another user than its token"));
        }
        said.add(&told);
        Ok(said)
    }
}

/// Whether an access token is meant for what is configured as our audience, or was given to us.
fn is_ours(provider: &Provider, claims: &Map<String, Value>) -> bool {
    let meant = audiences(claims);
    let is_meant = |name: &str| provider.text(name).is_some_and(|own| meant.iter().any(|one| one == own));
    let party = ["azp", "client_id"].into_iter().find_map(|name| claims.get(name));
    let given = match party {
        Some(party) => party.as_str().is_some_and(|party| provider.text("clientId") == Some(party)),
        None => is_meant("clientId"),
    };
    is_meant("audience") || given
}

fn audiences(claims: &Map<String, Value>) -> Vec<String> {
    let texts = |one: &Value| one.as_str().map(str::to_owned);
    match claims.get("aud") {
        Some(Value::Array(all)) => all.iter().filter_map(texts).collect(),
        Some(one) => texts(one).into_iter().collect(),
        None => Vec::new(),
    }
}

/// The audiences of a token, not proved.
fn named(token: &str) -> Vec<String> {
    let claims = jsonwebtoken::dangerous::insecure_decode_claims::<Map<String, Value>>(token);
    claims.map(|claims| audiences(&claims)).unwrap_or_default()
}

fn text(claims: &Map<String, Value>, name: &str) -> Option<String> {
    claims.get(name).and_then(Value::as_str).map(str::to_owned)
}
