//! HTTP: bytes to calls, results to bytes. Every route of the server is on this page, or on that of its dialect.
//!
//! FHIR: <https://hl7.org/fhir/R4/http.html>. A handler reads what it needs through `extract`, calls the one
//! verb it is named after, and answers through `reply`.

mod admin;
mod auth;
mod axway;
mod commerce_layer;
mod cors;
mod dress;
mod extract;
mod fhir;
mod job;
mod layers;
mod mailed;
mod negotiate;
mod oauth;
mod openapi;
mod origin;
mod page;
mod record;
mod rendered;
mod reply;
mod route;
mod scim;
mod truto;
mod webhook;
mod websocket;
mod workos;

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::guard::fn_guard;
use actix_web::web::{self, ServiceConfig, scope};
use actix_web::{App, HttpServer};

use crate::config::Registration;
use crate::events::Events;
use crate::identity::Identity;
use crate::repo::Engine;
use crate::search::parameters;
pub use job::Jobs;
pub use openapi::describe;
use rendered::Documents;
use route::{nowhere, on};
pub use webhook::WORDINGS;
pub use workos::Answers;

/// What every handler can reach.
pub struct State {
    pub engine: Arc<Engine>,
    pub identity: Arc<Identity>,
    pub events: Arc<Events>,
    /// Address of the server as clients see it, without a slash at the end.
    pub public_url: String,
    /// Bytes of a request body at most.
    pub max_body: usize,
    /// Proxies in front that are trusted.
    pub proxies: usize,
    /// Who may register clients.
    pub registration: Registration,
    /// Id of the project they register in, where anybody may.
    pub registration_project: Option<String>,
    /// Whether unknown search parameters are ignored where the client does not say.
    pub lenient: bool,
    /// What is done in the background.
    pub jobs: Jobs,
    /// What was answered under which idempotency key.
    pub answers: Answers,
}

/// The routes.
fn routes(config: &mut ServiceConfig) {
    config
        .service(on("/", &["GET"]).get(page::welcome).done())
        .service(on("/README.md", &["GET"]).get(page::readme).done())
        .service(on("/openapi.json", &["GET"]).get(openapi::openapi).done())
        .service(on("/healthz", &["GET"]).get(page::health).done())
        .service(on("/readyz", &["GET"]).get(page::ready).done())
        .configure(workos::routes)
        .service(scope("/auth").configure(sign_in).default_service(web::to(nowhere)))
        .configure(authorization)
        .service(on("/websocket", &["GET"]).upgrade(websocket::open).done())
        .service(
            on("/setpassword/{request}/{secret}", &["GET", "POST"])
                .get(mailed::password)
                .post(mailed::set_password)
                .done(),
        )
        .service(
            on("/verifyemail/{request}/{secret}", &["GET", "POST"])
                .get(mailed::email)
                .post(mailed::verify_email)
                .done(),
        )
        .configure(axway::routes)
        .service(
            scope("/unified/user-directory")
                .wrap_fn(|request, service| dress::around(request, service, truto::dress))
                .configure(truto::routes)
                .default_service(web::to(nowhere)),
        )
        .service(
            scope("/webhook")
                .wrap_fn(|request, service| dress::around(request, service, truto::dress))
                .configure(truto::webhooks)
                .default_service(web::to(nowhere)),
        )
        .service(
            // After `/api/v1`, which is another room's.
            scope("/api")
                .wrap_fn(|request, service| dress::around(request, service, commerce_layer::dress))
                .configure(commerce_layer::routes)
                .default_service(web::to(nowhere)),
        )
        .service(scope("/admin").configure(administration).default_service(web::to(nowhere)))
        .service(
            scope("/fhir/R4")
                // In a place of their own: other requests are not compared with every one of them.
                .service(
                    scope("")
                        .guard(fn_guard(|asked| asked.head().uri.path().contains("/$")))
                        .configure(operations)
                        .default_service(web::to(nowhere)),
                )
                .service(on("/metadata", &["GET"]).get(fhir::metadata).done())
                .service(on("/.well-known/smart-configuration", &["GET"]).get(oauth::smart).done())
                .service(on("/_async/{job}", &["GET", "DELETE"]).get(job::status).delete(job::cancel).done())
                .service(
                    on("", &["GET", "POST"])
                        .later("GET")
                        .later("POST")
                        .get(fhir::search_all)
                        .post(fhir::batch)
                        .done(),
                )
                .service(
                    on("/", &["GET", "POST"])
                        .later("GET")
                        .later("POST")
                        .get(fhir::search_all)
                        .post(fhir::batch)
                        .done(),
                )
                .service(on("/_history", &["GET"]).get(fhir::history_of_all).done())
                .service(on("/_search", &["POST"]).later("POST").post(fhir::search_all_by_post).done())
                .service(
                    on("/{type}", &["GET", "POST", "PUT", "PATCH", "DELETE"])
                        .later("GET")
                        .get(fhir::search)
                        .post(fhir::create)
                        .put(fhir::update_where)
                        .patch(fhir::patch_where)
                        .delete(fhir::delete_where)
                        .done(),
                )
                .service(on("/{type}/_search", &["POST"]).later("POST").post(fhir::search_by_post).done())
                .service(on("/{type}/_history", &["GET"]).get(fhir::history_of_type).done())
                .service(
                    on("/{type}/{id}", &["GET", "PUT", "PATCH", "DELETE"])
                        .get(fhir::read)
                        .put(fhir::update)
                        .patch(fhir::patch)
                        .delete(fhir::delete)
                        .done(),
                )
                .service(on("/{type}/{id}/_history", &["GET"]).get(fhir::history).done())
                .service(on("/{type}/{id}/_history/{version}", &["GET"]).get(fhir::vread).done())
                .service(
                    on("/{type}/{id}/{kind}", &["GET"]).later("GET").get(fhir::search_compartment).done(),
                )
                .service(
                    on("/{type}/{id}/{kind}/_search", &["POST"])
                        .later("POST")
                        .post(fhir::search_compartment_by_post)
                        .done(),
                )
                .default_service(web::to(nowhere)),
        )
        .configure(scim::routes)
        .default_service(web::to(nowhere));
}

/// The routes of admins.
fn administration(config: &mut ServiceConfig) {
    config
        .service(on("/projects", &["POST"]).post(admin::open).done())
        .service(on("/projects/setpassword", &["POST"]).post(admin::set_password).done())
        .service(on("/projects/{id}", &["GET"]).get(admin::project).done())
        .service(on("/projects/{id}/settings", &["POST"]).post(admin::settings).done())
        .service(on("/projects/{id}/secrets", &["POST"]).post(admin::secrets).done())
        .service(on("/projects/{id}/sites", &["POST"]).post(admin::sites).done())
        .service(on("/projects/{id}/client", &["POST"]).post(admin::client).done())
        .service(on("/projects/{id}/bot", &["POST"]).post(admin::bot).done())
        .service(on("/projects/{id}/invite", &["POST"]).post(admin::invite).done())
        .service(on("/projects/{id}/members", &["GET"]).get(admin::members).done())
        .service(
            on("/projects/{id}/members/{member}", &["GET", "POST", "DELETE"])
                .get(admin::member)
                .post(admin::update)
                .delete(admin::remove)
                .done(),
        )
        .service(on("/projects/{id}/members/{member}/mfa/reset", &["POST"]).post(admin::reset_factor).done())
        .service(
            on("/projects/{id}/members/{member}/resetpassword", &["POST"]).post(admin::reset_password).done(),
        )
        .service(on("/super/setpassword", &["POST"]).post(admin::set_any_password).done())
        .service(on("/super/reindex", &["POST"]).later("POST").post(admin::reindex).done())
        .service(on("/super/{what}", &["POST"]).post(admin::not_offered).done());
}

/// The routes of sign-in.
fn sign_in(config: &mut ServiceConfig) {
    config
        .service(on("/method", &["POST"]).post(auth::method).done())
        .service(on("/external", &["GET", "POST"]).get(oauth::external).post(oauth::external_form).done())
        .service(on("/exchange", &["POST"]).post(auth::exchange).done())
        .service(on("/clientinfo/{client}", &["GET"]).get(auth::client_info).done())
        .service(on("/login", &["POST"]).post(auth::login).done())
        .service(on("/login/{login}", &["GET"]).get(auth::step).done())
        .service(on("/profile", &["POST"]).post(auth::profile).done())
        .service(on("/scope", &["POST"]).post(auth::narrow).done())
        .service(on("/magic/send", &["POST"]).post(auth::mail_code).done())
        .service(on("/magic/login", &["POST"]).post(auth::with_code).done())
        .service(on("/newuser", &["POST"]).post(auth::new_user).done())
        .service(on("/newproject", &["POST"]).post(auth::new_project).done())
        .service(on("/newpatient", &["POST"]).post(auth::new_patient).done())
        .service(on("/me", &["GET"]).get(auth::me).done())
        .service(on("/revoke", &["POST"]).post(auth::revoke).done())
        .service(on("/changepassword", &["POST"]).post(auth::change).done())
        .service(on("/resetpassword", &["POST"]).post(auth::reset).done())
        .service(on("/setpassword", &["POST"]).post(auth::set).done())
        .service(on("/verifyemail", &["POST"]).post(auth::verify_email).done())
        .service(on("/mfa/verify", &["POST"]).post(auth::verify).done())
        .service(on("/mfa/login-enroll", &["POST"]).post(auth::enroll_at_login).done())
        .service(on("/mfa/send-email", &["POST"]).post(auth::mail_factor).done())
        .service(on("/mfa/status", &["GET"]).get(auth::status).done())
        .service(on("/mfa/enroll", &["POST"]).post(auth::enroll).done())
        .service(on("/mfa/disable", &["POST"]).post(auth::disable).done())
        .service(on("/mfa/recovery", &["POST"]).post(auth::recovery).done())
        .service(on("/mfa/send-email-challenge", &["POST"]).post(auth::mail_own).done())
        .service(on("/passkey", &["GET"]).get(auth::list_passkeys).done())
        .service(on("/passkey/begin", &["POST"]).post(auth::begin_passkey).done())
        .service(on("/passkey/finish", &["POST"]).post(auth::finish_passkey).done())
        .service(on("/passkey/options", &["POST"]).post(auth::passkey_options).done())
        .service(on("/passkey/login", &["POST"]).post(auth::passkey_login).done())
        .service(on("/passkey/{passkey}", &["DELETE"]).delete(auth::delete_passkey).done());
}

/// The routes of OAuth 2.0, OpenID Connect and SMART App Launch.
fn authorization(config: &mut ServiceConfig) {
    config
        .service(on("/.well-known/jwks.json", &["GET"]).get(oauth::jwks).done())
        .service(on("/.well-known/openid-configuration", &["GET"]).get(oauth::authorization_server).done())
        .service(
            on("/.well-known/oauth-authorization-server", &["GET"]).get(oauth::authorization_server).done(),
        )
        .service(on("/.well-known/oauth-protected-resource", &["GET"]).get(oauth::protected_resource).done())
        .service(on("/.well-known/smart-configuration", &["GET"]).get(oauth::smart).done())
        .service(on("/.well-known/smart-styles.json", &["GET"]).get(oauth::styles).done())
        .service(
            on("/oauth2/authorize", &["GET", "POST"]).get(oauth::authorize).post(oauth::authorize).done(),
        )
        .service(on("/oauth2/step", &["POST"]).post(oauth::step).done())
        .service(on("/oauth2/device_authorization", &["POST"]).post(oauth::device_authorization).done())
        .service(on("/oauth2/device", &["GET", "POST"]).get(oauth::device).post(oauth::device).done())
        .service(on("/oauth2/style.css", &["GET"]).get(oauth::style).done())
        .service(on("/oauth2/register", &["POST"]).post(oauth::register).done())
        .service(
            on("/oauth2/register/{client}", &["GET", "PUT", "DELETE"])
                .get(oauth::registration)
                .put(oauth::change_registration)
                .delete(oauth::unregister)
                .done(),
        )
        .service(on("/oauth2/introspect", &["POST"]).post(oauth::introspect).done())
        .service(on("/oauth2/revoke", &["POST"]).post(oauth::revoke).done())
        .service(on("/oauth2/userinfo", &["GET", "POST"]).get(oauth::userinfo).post(oauth::userinfo).done())
        .service(on("/oauth2/logout", &["GET", "POST"]).get(oauth::logout).post(oauth::logout).done())
        .service(on("/oauth2/token", &["POST"]).post(oauth::token).done());
}

/// The routes of the operations: those that `fhir/operation` defines.
fn operations(config: &mut ServiceConfig) {
    config
        .service(on("/$meta", &["GET"]).get(fhir::meta_of_all).done())
        .service(on("/{type}/$meta", &["GET"]).get(fhir::meta_of_type).done())
        .service(on("/{type}/{id}/$meta", &["GET"]).get(fhir::meta).done())
        .service(on("/{type}/{id}/$meta-add", &["POST"]).post(fhir::meta_add).done())
        .service(on("/{type}/{id}/$meta-delete", &["POST"]).post(fhir::meta_delete).done())
        .service(on("/{type}/{id}/_history/{version}/$meta", &["GET"]).get(fhir::meta_of_version).done())
        .service(
            on("/{type}/{id}/_history/{version}/$meta-add", &["POST"]).post(fhir::meta_add_version).done(),
        )
        .service(
            on("/{type}/{id}/_history/{version}/$meta-delete", &["POST"])
                .post(fhir::meta_delete_version)
                .done(),
        )
        .service(
            on("/Patient/$everything", &["GET", "POST"])
                .later("GET")
                .later("POST")
                .get(fhir::everything_of_all)
                .post(fhir::everything_of_all)
                .done(),
        )
        .service(
            on("/Patient/{id}/$everything", &["GET", "POST"])
                .later("GET")
                .later("POST")
                .get(fhir::everything)
                .post(fhir::everything)
                .done(),
        )
        .service(on("/$expunge", &["POST"]).later("POST").post(fhir::expunge).done())
        .service(on("/{type}/$expunge", &["POST"]).later("POST").post(fhir::expunge).done())
        .service(on("/{type}/{id}/$expunge", &["POST"]).later("POST").post(fhir::expunge).done())
        .service(on("/$reindex", &["POST"]).later("POST").post(fhir::reindex).done())
        .service(on("/{type}/$reindex", &["POST"]).later("POST").post(fhir::reindex).done())
        .service(on("/{type}/{id}/$reindex", &["POST"]).later("POST").post(fhir::reindex).done())
        .service(on("/$graphql", &["GET", "POST"]).get(fhir::graphql).post(fhir::graphql_by_post).done())
        .service(
            on("/{type}/{id}/$graphql", &["GET", "POST"])
                .get(fhir::graphql_of)
                .post(fhir::graphql_of_by_post)
                .done(),
        )
        .service(on("/SearchParameter/{id}/$status", &["GET"]).get(fhir::parameter_status).done())
        .service(
            on("/Subscription/{id}/$deliveries", &["GET", "POST"])
                .get(fhir::deliveries)
                .post(fhir::deliveries)
                .done(),
        )
        .service(on("/Subscription/{id}/$replay", &["POST"]).post(fhir::replay).done())
        .service(on("/User/{id}/$update-email", &["POST"]).post(fhir::update_email).done())
        .service(on("/User/{id}/$rescope", &["POST"]).post(fhir::rescope).done())
        .service(on("/ClientApplication/{id}/$rotate-secret", &["POST"]).post(fhir::rotate_secret).done())
        .service(on("/Project/$init", &["POST"]).post(fhir::init).done())
        .service(on("/Project/{id}/$clone", &["POST"]).post(fhir::clone).done())
        .service(on("/{type}/$validate", &["POST"]).post(fhir::validate_new).done())
        .service(
            on("/{type}/{id}/$validate", &["GET", "POST"])
                .get(fhir::validate_stored)
                .post(fhir::validate_next)
                .done(),
        );
}

/// The application with its layers: what the server runs, and what the entries of a bundle are sent to.
fn app(
    state: web::Data<State>,
    documents: web::Data<Documents>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    App::new()
        .app_data(web::PayloadConfig::new(state.max_body))
        .app_data(state)
        .app_data(documents)
        .app_data(fhir::Inner::default())
        .wrap_fn(layers::around)
        .configure(routes)
}

/// A server on a listening socket. It stops on SIGINT and SIGTERM, after the requests in flight.
pub fn server(
    state: State,
    listener: TcpListener,
    workers: usize,
) -> std::io::Result<actix_web::dev::Server> {
    let documents = web::Data::new(Documents::default());
    let state = web::Data::new(state);
    let server = HttpServer::new(move || app(state.clone(), documents.clone()))
        .workers(workers)
        .keep_alive(Duration::from_secs(75))
        // A machine that is busy may take long to read what has come long ago.
        .client_request_timeout(Duration::from_secs(30))
        .shutdown_timeout(30)
        .listen(listener)?;
    Ok(server.run())
}
