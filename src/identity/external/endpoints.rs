//! Where an outside party is to be found: as it is configured, and for the rest as it says itself
//! (<https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig>).

use serde_json::Value;
use url::Url;

use super::Provider;
use crate::error::{Error, Kind, Result};
use crate::identity::Identity;

/// Addresses of a party. What is not there is not needed, or its absence is told when it is.
pub(super) struct Endpoints {
    authorize: Option<String>,
    token: Option<String>,
    jwks: Option<String>,
    pub user_info: Option<String>,
    /// It puts its name on every answer (<https://www.rfc-editor.org/rfc/rfc9207>).
    pub names_itself: bool,
}

impl Identity {
    pub(super) async fn endpoints(&self, provider: &Provider) -> Result<Endpoints> {
        let own = |name: &str| provider.text(name).map(str::to_owned);
        let mut found = Endpoints {
            authorize: own("authorizeUrl"),
            token: own("tokenUrl"),
            jwks: own("jwksUrl"),
            user_info: own("userInfoUrl"),
            names_itself: false,
        };
        let Some(issuer) = provider.text("issuer") else { return Ok(found) };
        if found.authorize.is_some() && found.token.is_some() && found.jwks.is_some() {
            return Ok(found);
        }
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let said = self.outgoing.document(&address, false).await.map_err(unreachable)?;
        let text = |name: &str| said.get(name).and_then(Value::as_str).map(str::to_owned);
        if text("issuer").as_deref() != Some(issuer) {
            return Err(provider.unfit("its configuration is of another issuer"));
        }
        found.authorize = found.authorize.or_else(|| text("authorization_endpoint"));
        found.token = found.token.or_else(|| text("token_endpoint"));
        found.jwks = found.jwks.or_else(|| text("jwks_uri"));
        found.user_info = found.user_info.or_else(|| text("userinfo_endpoint"));
        found.names_itself =
            said.get("authorization_response_iss_parameter_supported") == Some(&Value::Bool(true));
        Ok(found)
    }
}

impl Endpoints {
    /// Where browsers are sent.
    pub fn authorize(&self, provider: &Provider) -> Result<Url> {
        let url = self.authorize.as_deref().and_then(|url| Url::parse(url).ok());
        let url = url.filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host());
        url.ok_or_else(|| provider.unfit("it is not known where its users sign in"))
    }

    pub fn token(&self, provider: &Provider) -> Result<&str> {
        self.token.as_deref().ok_or_else(|| provider.unfit("it is not known where codes become tokens"))
    }

    pub fn jwks(&self, provider: &Provider) -> Result<&str> {
        self.jwks.as_deref().ok_or_else(|| provider.unfit("it is not known where its keys are"))
    }
}

/// That somebody else cannot be asked is no fault of the request, but nothing comes of it.
pub(super) fn unreachable(mut error: Error) -> Error {
    if error.kind == Kind::Invalid {
        error.kind = Kind::Malformed;
    }
    error
}
