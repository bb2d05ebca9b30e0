//! A route with the verbs it has; any other is answered with what it allows
//! (<https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6>).

use actix_web::guard::fn_guard;
use actix_web::http::Method;
use actix_web::web::{self, resource};
use actix_web::{FromRequest, Handler, HttpRequest, Resource, Responder};

use super::reply::Failure;
use super::{extract, job};
use crate::error::{Error, not_found, unsupported};

pub(super) struct On {
    resource: Resource,
    allow: &'static [&'static str],
}

/// `path`, which has the verbs in `allow`. A path with none is known to the standard and not offered here.
pub(super) fn on(path: &str, allow: &'static [&'static str]) -> On {
    On { resource: resource(path), allow }
}

impl On {
    /// The verb may be done in the background, where the client prefers that. Comes before the verb itself.
    pub fn later(self, verb: &'static str) -> Self {
        // Names of verbs are names of verbs.
        let verb = Method::from_bytes(verb.as_bytes()).unwrap_or_default();
        let route = web::method(verb).guard(fn_guard(job::is_preferred)).to(job::begin);
        Self { resource: self.resource.route(route), ..self }
    }

    /// GET, and HEAD with it.
    pub fn get<F, A>(self, handler: F) -> Self
    where
        F: Handler<A> + Copy,
        A: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        Self { resource: self.resource.route(web::get().to(handler)).route(web::head().to(handler)), ..self }
    }

    /// GET that opens a websocket; HEAD would have nothing to say.
    pub fn upgrade<F, A>(self, handler: F) -> Self
    where
        F: Handler<A>,
        A: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        Self { resource: self.resource.route(web::get().to(handler)), ..self }
    }

    pub fn post<F, A>(self, handler: F) -> Self
    where
        F: Handler<A>,
        A: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        Self { resource: self.resource.route(web::post().to(handler)), ..self }
    }

    pub fn put<F, A>(self, handler: F) -> Self
    where
        F: Handler<A>,
        A: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        Self { resource: self.resource.route(web::put().to(handler)), ..self }
    }

    pub fn patch<F, A>(self, handler: F) -> Self
    where
        F: Handler<A>,
        A: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        Self { resource: self.resource.route(web::patch().to(handler)), ..self }
    }

    pub fn delete<F, A>(self, handler: F) -> Self
    where
        F: Handler<A>,
        A: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        Self { resource: self.resource.route(web::delete().to(handler)), ..self }
    }

    pub fn done(self) -> Resource {
        let allow = self.allow;
        self.resource.default_service(web::to(move |request: HttpRequest| refuse(request, allow)))
    }
}

async fn refuse(request: HttpRequest, allow: &'static [&'static str]) -> Result<&'static str, Failure> {
    // A type that does not exist has no verbs at all.
    if let Some(kind) = request.match_info().get("type")
        && !extract::state(&request).engine.definitions().resources.contains_key(kind)
    {
        return Err(not_found(format!("there is no resource type '{kind}' here"))
            .coded("not-supported")
            .into());
    }
    let (method, path) = (request.method(), request.path());
    let is_offered = request.match_pattern().is_some_and(|pattern| pattern.contains('$'));
    if let Some(error) = operation(path).filter(|_| !is_offered) {
        return Err(error.into());
    }
    if allow.is_empty() {
        return Err(unsupported(format!("{method} {path} is not offered here")).into());
    }
    Err(Failure::wrong_verb(format!("{method} is not possible on {path}"), allow))
}

/// Where no route leads.
pub(super) async fn nowhere(request: HttpRequest) -> Result<&'static str, Failure> {
    let path = request.path();
    Err(operation(path).unwrap_or_else(|| not_found(format!("there is nothing at {path}"))).into())
}

/// What is said of an operation (<https://hl7.org/fhir/R4/operations.html>), if the path names one.
fn operation(path: &str) -> Option<Error> {
    let name = path.rsplit('/').next().filter(|name| name.starts_with('$'))?;
    Some(unsupported(format!("the operation {name} is not offered here")))
}
