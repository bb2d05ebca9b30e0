//! The OAuth 2.0 endpoints (<https://www.rfc-editor.org/rfc/rfc6749>).

mod client;
mod discovery;
mod form;
mod jwks;
mod refusal;
mod token;

pub(super) use discovery::{authorization_server, protected_resource, smart, styles};
pub(super) use jwks::jwks;
pub(super) use token::token;
