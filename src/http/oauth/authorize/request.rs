//! An authorization request, proved (<https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1>): first the client and
//! where it wants the user sent, which must be what it registered, letter by letter; only then is anything sent there.

use url::Url;

use super::super::form::Form;
use super::super::refusal::{Refusal, refuse};
use crate::http::State;
use crate::identity::login::{Origin, SignIn};
use crate::identity::{Client, Device};

/// Schemes that lead into the browser itself.
const UNSAFE: [&str; 5] = ["javascript", "data", "vbscript", "file", "blob"];
/// Characters of what is only handed back.
const LONGEST: usize = 4096;

pub(super) struct Request {
    pub client: Client,
    pub redirect_uri: String,
    /// Whether the request itself names it.
    pub names_uri: bool,
    pub state: Option<String>,
    pub scope: String,
    pub nonce: Option<String>,
    pub prompt: Vec<String>,
    pub max_age: Option<i64>,
    pub login_hint: Option<String>,
    challenge: Option<(String, String)>,
    launch: Option<String>,
    /// The device without a browser that asks, if one does.
    pub device: Option<Device>,
    /// As it was sent.
    pub text: String,
}

/// Why a request goes no further.
pub(super) enum Bad {
    /// Nothing is sent anywhere: the user is told.
    Here(Refusal),
    /// The client is told.
    There { to: String, state: Option<String>, refusal: Refusal },
}

impl From<Refusal> for Bad {
    fn from(refusal: Refusal) -> Self {
        Self::Here(refusal)
    }
}

impl Request {
    pub async fn read(state: &State, text: &str) -> Result<Self, Bad> {
        let form = Form::parse(text)?;
        let unknown = || refuse("invalid_client", "there is no such application here");
        if let Some(sealed) = form.get("device") {
            return Ok(Self::of_device(state, sealed, text).await?);
        }
        let id = form.need("client_id")?;
        let client = state.identity.client(id).await.map_err(Refusal::from)?.ok_or_else(unknown)?;
        let redirect_uri = place(&client, form.get("redirect_uri"))?;
        let kept = |name: &str| form.get(name).map(str::to_owned);
        let mut request = Self {
            redirect_uri: redirect_uri.clone(),
            names_uri: form.get("redirect_uri").is_some(),
            state: kept("state"),
            scope: String::new(),
            nonce: kept("nonce"),
            prompt: form.get("prompt").unwrap_or_default().split(' ').map(str::to_owned).collect(),
            max_age: None,
            login_hint: kept("login_hint"),
            challenge: None,
            launch: kept("launch"),
            device: None,
            text: text.to_owned(),
            client,
        };
        match request.fill(state, &form).await {
            Ok(()) => Ok(request),
            Err(refusal) => Err(Bad::There { to: redirect_uri, state: request.state, refusal }),
        }
    }

    /// What a device asks for, for whoever has typed its code: nobody is sent anywhere afterwards.
    async fn of_device(state: &State, sealed: &str, text: &str) -> Result<Self, Refusal> {
        let over = || refuse("invalid_request", "no device waits for this any more; begin again there");
        let device = state.identity.sealed_device(sealed).await?.ok_or_else(over)?;
        let client = state.identity.client(&device.client).await?.ok_or_else(over)?;
        Ok(Self {
            redirect_uri: String::new(),
            names_uri: false,
            state: None,
            scope: device.scope.clone(),
            nonce: None,
            prompt: Vec::new(),
            max_age: None,
            login_hint: None,
            challenge: Some(state.identity.device_challenge(&device)),
            launch: None,
            device: Some(device),
            text: text.to_owned(),
            client,
        })
    }

    async fn fill(&mut self, state: &State, form: &Form) -> Result<(), Refusal> {
        if form.get("request").is_some() {
            return Err(refuse("request_not_supported", "requests are not taken as objects"));
        }
        if form.get("request_uri").is_some() {
            return Err(refuse("request_uri_not_supported", "requests are not fetched"));
        }
        if form.need("response_type")? != "code" {
            return Err(refuse("unsupported_response_type", "the response type is code"));
        }
        if form.get("response_mode").is_some_and(|mode| mode != "query") {
            return Err(refuse("invalid_request", "the response mode is query"));
        }
        if !self.client.grants("authorization_code") {
            return Err(refuse("unauthorized_client", "this client is not meant for this grant"));
        }
        for name in ["state", "nonce", "login_hint", "launch"] {
            if form.get(name).is_some_and(|text| text.len() > LONGEST || text.chars().any(char::is_control)) {
                return Err(refuse("invalid_request", format!("{name} is too long or no plain text")));
            }
        }
        let base = state.engine.base_url.as_str();
        if form.get("aud").is_some_and(|aud| aud.trim_end_matches('/') != base) {
            return Err(refuse("invalid_request", "aud is not the FHIR base of this server"));
        }
        self.max_age = match form.get("max_age") {
            None => None,
            Some(text) => {
                let age: Option<i64> = text.parse().ok().filter(|age| *age >= 0);
                Some(age.ok_or_else(|| refuse("invalid_request", "max_age is a number of seconds"))?)
            }
        };
        if self.asks("none") && self.prompt.len() > 1 {
            return Err(refuse("invalid_request", "the prompt none goes with no other"));
        }
        self.challenge = self.proof(form)?;
        self.scope = self.client.user_scope(form.get("scope"))?;
        if let Some(launch) = &self.launch
            && !state.identity.knows_launch(&self.client, launch).await?
        {
            return Err(refuse("invalid_request", "there is no such launch"));
        }
        Ok(())
    }

    /// The challenge of PKCE (<https://www.rfc-editor.org/rfc/rfc7636#section-4.3>).
    fn proof(&self, form: &Form) -> Result<Option<(String, String)>, Refusal> {
        let optional = self.client.is("pkceOptional");
        let Some(challenge) = form.get("code_challenge") else {
            if optional && form.get("code_challenge_method").is_none() {
                return Ok(None);
            }
            return Err(refuse("invalid_request", "code_challenge is missing"));
        };
        let legal = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        if !(43..=128).contains(&challenge.len()) || !challenge.chars().all(legal) {
            return Err(refuse("invalid_request", "code_challenge is no challenge"));
        }
        match form.get("code_challenge_method").unwrap_or("plain") {
            method @ "S256" => Ok(Some((challenge.to_owned(), method.to_owned()))),
            method @ "plain" if optional => Ok(Some((challenge.to_owned(), method.to_owned()))),
            _ => Err(refuse("invalid_request", "code_challenge_method is S256")),
        }
    }

    pub fn asks(&self, prompt: &str) -> bool {
        self.prompt.iter().any(|one| one == prompt)
    }

    /// As sign-in has it.
    pub fn sign_in(&self, origin: Origin) -> SignIn {
        SignIn {
            client: Some(self.client.id.clone()),
            scope: Some(self.scope.clone()),
            nonce: self.nonce.clone(),
            launch: self.launch.clone(),
            challenge: self.challenge.clone(),
            redirect_uri: Some(self.redirect_uri.clone()).filter(|_| self.names_uri),
            origin,
            ..SignIn::default()
        }
    }
}

/// Where the user is sent back to: what the client registered and nothing that resembles it
/// (<https://www.rfc-editor.org/rfc/rfc9700#section-2.1>).
fn place(client: &Client, named: Option<&str>) -> Result<String, Refusal> {
    let wrong = || refuse("invalid_request", "redirect_uri is not one that this application has registered");
    let registered = client.redirect_uris();
    let uri = match (named, registered.as_slice()) {
        (Some(named), all) if all.contains(&named) => named,
        (None, [only]) => only,
        _ => return Err(wrong()),
    };
    let url = Url::parse(uri).map_err(|_| wrong())?;
    let is_unsafe = UNSAFE.contains(&url.scheme()) || url.fragment().is_some();
    if is_unsafe || uri.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(wrong());
    }
    Ok(uri.to_owned())
}
