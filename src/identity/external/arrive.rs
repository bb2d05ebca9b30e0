//! The way back: the browser is the one that left, and comes once; its code becomes tokens, and those become a sign-in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::Utc;
use serde_json::{Map, Value};
use subtle::ConstantTimeEq;
use ureq::http::Request;
use url::form_urlencoded::{Serializer, byte_serialize};

use super::claims::Said;
use super::depart::{COOKIE, Errand, KEPT, STATE};
use super::endpoints::{Endpoints, unreachable};
use super::{Provider, Source};
use crate::error::{Error, Result, malformed};
use crate::identity::login::{Outside, SignIn, Step};
use crate::identity::{Identity, named_id, system};
use crate::repo::audit::{Act, Audit};

/// Somebody who has come back.
pub struct Return {
    pub errand: Errand,
    id: String,
    holder: String,
}

impl Identity {
    /// Whoever comes with this state, if his browser was sent away with it.
    pub fn returned(&self, cookie: Option<&str>, state: &str) -> Result<Return> {
        let lost = || {
            let text =
                "this browser was not sent there, or took too long, or has come back before; begin again";
            malformed(text).coded("login").at("state")
        };
        let open = |sealed: &str, place: &str| -> Option<Map<String, Value>> {
            // Only what was sealed is opened.
            let sealed = Some(sealed).filter(|sealed| sealed.starts_with("sealed:"))?;
            serde_json::from_str(&self.seal.open_text(sealed, place).ok()?).ok()
        };
        let text = |map: &Map<String, Value>, name: &str| Some(map.get(name)?.as_str()?.to_owned());
        let kept = cookie.and_then(|cookie| open(cookie, COOKIE)).ok_or_else(lost)?;
        let (id, holder) = text(&kept, "id").zip(text(&kept, "holder")).ok_or_else(lost)?;
        if kept.get("until").and_then(Value::as_i64).is_none_or(|until| Utc::now().timestamp() >= until) {
            return Err(lost());
        }
        let errand = match open(state, STATE) {
            Some(sent) if text(&sent, "id").as_ref() == Some(&id) => {
                match (text(&sent, "page"), sent.get("app")) {
                    (Some(page), _) => Errand::Page(page),
                    (None, Some(Value::Object(fields))) => Errand::App(fields.clone()),
                    _ => return Err(lost()),
                }
            }
            Some(_) => return Err(lost()),
            // The nonce and the verifier are this browser's all the same.
            None if kept.get("open") == Some(&Value::Bool(true)) => {
                Errand::App(serde_json::from_str(state).map_err(|_| lost())?)
            }
            None => return Err(lost()),
        };
        Ok(Return { errand, id, holder })
    }

    /// Goes on with the code that the party gave. `issuer` is the name that it put on its answer.
    pub async fn arrive(
        &self,
        back: &Return,
        code: &str,
        issuer: Option<&str>,
        asked: SignIn,
    ) -> Result<Step> {
        let provider = self.provider_at(&back.holder).await?;
        let went = self.admit(back, &provider, code, issuer, &asked).await;
        if let Err(error) = &went {
            self.record_failure(&provider, &asked, error).await;
        }
        went
    }

    async fn admit(
        &self,
        back: &Return,
        provider: &Provider,
        code: &str,
        issuer: Option<&str>,
        asked: &SignIn,
    ) -> Result<Step> {
        let now = Utc::now().timestamp();
        if !self.replays.is_new(&format!("external|{}", back.id), now + KEPT, now) {
            return Err(malformed("this sign-in was used already; begin again").coded("login").at("state"));
        }
        let place = self.place(asked).await?;
        let said = self.said(back, provider, code, issuer).await?;
        let account = self.recognise(provider, &said, &place).await?;
        // The name makes it one sign-in, wherever it is shown again.
        let outside = Outside { id: Some(named_id(&format!("external|{}", back.id))), factor: said.factor };
        self.start_outside(account, "external", asked, place, outside).await
    }

    /// What the party says of whoever it gave this code.
    async fn said(
        &self,
        back: &Return,
        provider: &Provider,
        code: &str,
        issuer: Option<&str>,
    ) -> Result<Said> {
        let endpoints = self.endpoints(provider).await?;
        // <https://www.rfc-editor.org/rfc/rfc9207#section-2.4>
        let own = provider.text("issuer");
        let is_named =
            if endpoints.names_itself { issuer == own } else { issuer.is_none_or(|it| own == Some(it)) };
        if !is_named {
            return Err(provider.unfit("the answer is of another issuer"));
        }
        let tokens = self.tokens_for(provider, &endpoints, code, &self.verifier(&back.id)).await?;
        let token = |name: &str| tokens.get(name).and_then(Value::as_str);
        let mut said = Said::default();
        if own.is_some() {
            let missing = || provider.unfit("it gave no id token");
            let client = provider.text("clientId").unwrap_or_default().to_owned();
            let claims = self
                .signed_claims(provider, &endpoints, token("id_token").ok_or_else(missing)?, &[client])
                .await?;
            let nonce = claims.get("nonce").and_then(Value::as_str).unwrap_or_default();
            if !bool::from(nonce.as_bytes().ct_eq(self.nonce(&back.id).as_bytes())) {
                return Err(provider.unfit("the token is of another sign-in"));
            }
            if !is_presented_by_us(provider, &claims) {
                return Err(provider.unfit("the token was given to another application"));
            }
            said.add(&claims);
        }
        let lacks =
            provider.source() == Source::Email && said.email.is_none() && endpoints.user_info.is_some();
        if provider.text("userInfoUrl").is_some() || lacks {
            let missing = || provider.unfit("it gave no access token");
            let claims = self.told(&endpoints, provider, token("access_token").ok_or_else(missing)?).await?;
            // What is told of somebody else is not his.
            if said.subject.is_some() && claims.get("sub").and_then(Value::as_str) != said.subject.as_deref()
            {
                return Err(provider.unfit("what it tells is of another user than its token"));
            }
            said.add(&claims);
        }
        Ok(said)
    }

    /// <https://openid.net/specs/openid-connect-core-1_0.html#TokenRequest>
    async fn tokens_for(
        &self,
        provider: &Provider,
        endpoints: &Endpoints,
        code: &str,
        verifier: &str,
    ) -> Result<Value> {
        let client = provider.text("clientId").unwrap_or_default();
        let secret = provider.secret(&self.engine)?;
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &self.callback());
        if provider.uses_pkce() {
            form.append_pair("code_verifier", verifier);
        }
        let mut request = Request::post(endpoints.token(provider)?);
        let by_post = provider.text("tokenAuthMethod") == Some("client_secret_post");
        match secret {
            Some(secret) if !by_post => {
                let part = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
                let basic = STANDARD.encode(format!("{}:{}", part(client), part(&secret)));
                request = request.header("authorization", format!("Basic {basic}"));
            }
            Some(secret) => {
                form.append_pair("client_id", client).append_pair("client_secret", &secret);
            }
            None => {
                form.append_pair("client_id", client);
            }
        }
        self.outgoing.send(request, Some(form.finish())).await.map_err(unreachable)
    }

    /// A sign-in that failed is recorded where the party is configured.
    pub(super) async fn record_failure(&self, provider: &Provider, asked: &SignIn, error: &Error) {
        let text = error.issues.first().map(|issue| issue.text.as_str()).unwrap_or_default();
        let audit = Audit::new("login", Act::Execute)
            .failed()
            .told(text.chars().filter(|char| !char.is_control()).take(500).collect::<String>())
            .agent("somebody from outside")
            .address(asked.origin.address.as_deref())
            .entity(provider.holder.as_str())
            .project(provider.project);
        if let Err(error) = system(&self.engine).record(audit).await {
            tracing::warn!(%error, "a failed sign-in was not recorded");
        }
    }
}

/// Of several audiences, the one that the token was given to is named
/// (<https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation>, 4 and 5).
fn is_presented_by_us(provider: &Provider, claims: &Map<String, Value>) -> bool {
    let several = claims.get("aud").and_then(Value::as_array).is_some_and(|all| all.len() > 1);
    match claims.get("azp") {
        None => !several,
        Some(party) => party.as_str() == provider.text("clientId"),
    }
}
