//! What a request to `/auth` brings: a JSON object, read field by field, and the limit that it counts for.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use crate::error::{Issue, Limit, Severity, malformed};
use crate::http::reply::{self, Failure};
use crate::http::{State, extract, negotiate, origin};
use crate::identity::Bucket;
use crate::identity::login::{Origin, SignIn, Step};
use crate::repo::Repo;

/// Characters of a field at most.
const LONGEST: usize = 8192;

pub(super) struct Asked<'r> {
    pub request: &'r HttpRequest,
    pub state: &'r State,
    pub origin: Origin,
    body: Map<String, Value>,
    limit: Option<Limit>,
}

impl<'r> Asked<'r> {
    /// Counts a request, and reads its body.
    pub async fn read(
        request: &'r HttpRequest,
        payload: web::Payload,
        bucket: Bucket,
    ) -> Result<Self, Failure> {
        let mut asked = Self::bare(request, bucket)?;
        let media =
            request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !negotiate::is_json(media) {
            return Err(Failure::unsupported_media("the body is sent as application/json"));
        }
        let bytes = extract::bytes(request, payload).await?;
        asked.body = match serde_json::from_slice(&bytes) {
            Ok(Value::Object(body)) => body,
            _ => return Err(malformed("the body is no JSON object").into()),
        };
        Ok(asked)
    }

    /// The same, of somebody who is signed in.
    pub async fn of_caller(request: &'r HttpRequest, payload: web::Payload) -> Result<(Repo, Self), Failure> {
        let repo = extract::caller(request).await?;
        Ok((repo, Self::read(request, payload, Bucket::Auth).await?))
    }

    /// Counts a request that has no body.
    pub fn bare(request: &'r HttpRequest, bucket: Bucket) -> Result<Self, Failure> {
        let state = extract::state(request);
        let limit = state.identity.allow(bucket, &origin::network(request))?;
        Ok(Self { request, state, origin: origin::origin(request), body: Map::new(), limit })
    }

    /// A text, if it is there: an empty one is none.
    pub fn text(&self, name: &str) -> Result<Option<&str>, Failure> {
        text(&self.body, name)
    }

    pub fn needed(&self, name: &str) -> Result<&str, Failure> {
        let missing = || Failure::from(malformed(format!("{name} is missing")).coded("required").at(name));
        self.text(name)?.ok_or_else(missing)
    }

    pub fn value(&self, name: &str) -> Option<&Value> {
        self.body.get(name)
    }

    /// The fields that every way to sign in has in common.
    pub fn sign_in(&self) -> Result<SignIn, Failure> {
        sign_in(&self.body, self.origin.clone())
    }

    /// All that was sent.
    pub fn fields(&self) -> &Map<String, Value> {
        &self.body
    }

    /// What is left to do to sign in.
    pub async fn step(&self, step: Step) -> HttpResponse {
        self.step_with(step, None).await
    }

    /// The same, and something besides.
    pub async fn step_with(&self, step: Step, more: Option<(&str, Value)>) -> HttpResponse {
        let device = self.state.identity.device(&step).await;
        let mut body = match step {
            Step::Done { login, code } => json!({ "login": login, "code": code }),
            Step::Choose { login, memberships } => json!({ "login": login, "memberships": memberships }),
            Step::Factor { login, methods, email } => {
                json!({ "login": login, "mfaRequired": true, "mfaMethods": methods, "email": email })
            }
            Step::Enroll { login, uri, qr, methods } => json!({
                "login": login, "mfaEnrollRequired": true, "enrollUri": uri, "enrollQrCode": qr, "allowedMfaMethods": methods,
            }),
            Step::Open { login } | Step::Verify { login, .. } => json!({ "login": login }),
        };
        if let Some((name, value)) = more {
            body[name] = value;
        }
        let mut response = self.json(&body);
        if let Some(device) = device {
            // What does not fit into a header is not remembered.
            response.add_cookie(&origin::remember(self.request, device)).ok();
        }
        response
    }

    pub fn json(&self, body: &Value) -> HttpResponse {
        let mut reply = reply::ok();
        if let Some(limit) = self.limit {
            reply.insert_header(reply::rate(limit));
        }
        reply.insert_header((CACHE_CONTROL, "no-store")).json(body)
    }

    /// It is done.
    pub fn done(&self) -> HttpResponse {
        let issue = Issue { severity: Severity::Information, ..Issue::error("informational", "done") };
        let mut outcome = reply::outcome(&[issue]);
        outcome["id"] = Value::from("ok");
        self.json(&outcome)
    }
}

fn text<'b>(body: &'b Map<String, Value>, name: &str) -> Result<Option<&'b str>, Failure> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) if text.len() <= LONGEST => Ok(Some(text)),
        Some(_) => Err(malformed("this is a text of moderate length").coded("value").at(name).into()),
    }
}

/// A sign-in, of the fields that say what it is for.
pub(in crate::http) fn sign_in(body: &Map<String, Value>, origin: Origin) -> Result<SignIn, Failure> {
    let own = |name| Ok::<_, Failure>(text(body, name)?.map(str::to_owned));
    let challenge = match (text(body, "codeChallenge")?, text(body, "codeChallengeMethod")?) {
        (None, None) => None,
        (Some(challenge), method) => Some((challenge.to_owned(), method.unwrap_or("plain").to_owned())),
        (None, Some(_)) => {
            return Err(malformed("there is a method and no challenge")
                .coded("value")
                .at("codeChallenge")
                .into());
        }
    };
    Ok(SignIn {
        email: own("email")?.unwrap_or_default(),
        password: own("password")?.unwrap_or_default(),
        project: own("projectId")?,
        client: own("clientId")?,
        resource_type: own("resourceType")?,
        scope: own("scope")?,
        nonce: own("nonce")?,
        launch: own("launch")?,
        challenge,
        redirect_uri: None,
        remember: body.get("remember") == Some(&Value::Bool(true)),
        verifies: false,
        origin,
    })
}
