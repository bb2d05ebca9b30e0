//! The OAuth 2.0 endpoints (<https://www.rfc-editor.org/rfc/rfc6749>).

mod jwks;
mod token;

pub(super) use jwks::jwks;
pub(super) use token::token;
