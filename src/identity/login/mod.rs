//! The way from an e-mail to tokens, kept in a Login: who it is, by which factors, as which member, with what scope.
//!
//! A Login that is on its way lies outside of all projects, or in the one that was asked for; once the membership is
//! settled it lies in that one's project, where its admin finds it.

mod begin;
mod choose;
mod draft;
mod end;
mod factor;
mod hint;
mod launch;
mod magic;
mod outside;
mod passkey;
mod redeem;
mod refresh;
mod resume;
mod step;

use serde_json::Value;

pub(super) use begin::{Place, address, digest as challenge_of, wrong};
pub use end::Session;
pub(super) use factor::wrong_token;
pub use launch::Settled;
pub(super) use outside::Outside;
pub use resume::Resumed;

/// How somebody signs in.
#[derive(Debug, Default, Clone)]
pub struct SignIn {
    pub email: String,
    pub password: String,
    /// Id of the project asked for; `new` for one that is still to be made.
    pub project: Option<String>,
    /// Id of the client that he comes through.
    pub client: Option<String>,
    /// Type of the profile asked for.
    pub resource_type: Option<String>,
    pub scope: Option<String>,
    pub nonce: Option<String>,
    /// Reference of a SmartAppLaunch.
    pub launch: Option<String>,
    /// PKCE challenge and its method.
    pub challenge: Option<(String, String)>,
    /// Where the client wants the code sent, of the authorization request.
    pub redirect_uri: Option<String>,
    pub remember: bool,
    /// He may prove his e-mail on the way, where that is asked for.
    pub verifies: bool,
    pub origin: Origin,
}

/// Where a request comes from.
#[derive(Debug, Default, Clone)]
pub struct Origin {
    pub address: Option<String>,
    pub agent: Option<String>,
    /// What this browser was given at an earlier sign-in.
    pub device: Option<String>,
}

/// What is left to do.
#[derive(Debug, Clone)]
pub enum Step {
    /// Nothing: the code is exchanged for tokens.
    Done { login: String, code: String },
    /// One of these memberships is to be chosen.
    Choose { login: String, memberships: Vec<Value> },
    /// A second factor is to be proved.
    Factor { login: String, methods: Vec<&'static str>, email: Option<String> },
    /// A second factor is to be set up first.
    Enroll { login: String, uri: String, qr: Option<String>, methods: Vec<&'static str> },
    /// There is no membership: a project is to be made or joined.
    Open { login: String },
    /// The e-mail is to be verified first.
    Verify { login: String, user: String },
}

impl Step {
    pub fn login(&self) -> &str {
        match self {
            Self::Done { login, .. }
            | Self::Choose { login, .. }
            | Self::Factor { login, .. }
            | Self::Enroll { login, .. }
            | Self::Verify { login, .. }
            | Self::Open { login } => login,
        }
    }
}

/// A code that is exchanged.
#[derive(Debug, Default, Clone)]
pub struct Redeem<'r> {
    pub code: &'r str,
    pub verifier: Option<&'r str>,
    pub client: Option<&'r str>,
    /// Whether the client has proved that it is that one, by a secret or key.
    pub proven: bool,
    pub redirect_uri: Option<&'r str>,
    /// It is shown by a client that never says where the code was sent; PKCE or its secret stand in for that.
    pub from_anywhere: bool,
}

/// What a session is worth to a client (<https://www.rfc-editor.org/rfc/rfc6749#section-5.1>).
#[derive(Debug, Clone)]
pub struct Tokens {
    pub access: String,
    pub refresh: Option<String>,
    pub id_token: Option<String>,
    /// Seconds.
    pub expires_in: i64,
    pub scope: String,
    /// `Project/ID`
    pub project: String,
    /// `Practitioner/ID` and the like.
    pub profile: Option<String>,
    pub patient: Option<String>,
    pub encounter: Option<String>,
    /// What else is in view, as `fhirContext` has it.
    pub context: Option<Value>,
    /// Id of the Login.
    pub login: String,
}
