//! The OAuth 2.0 endpoints (<https://www.rfc-editor.org/rfc/rfc6749>), and what OpenID Connect and SMART App Launch add
//! to them.

mod authorize;
mod client;
mod cookie;
mod describe;
mod device;
mod discovery;
mod form;
mod introspect;
mod jwks;
mod logout;
mod page;
mod refusal;
mod register;
mod revoke;
mod token;
mod userinfo;

pub(super) use authorize::{authorize, external, external_form, step};
pub(super) use cookie::departed;
pub(super) use describe::describe;
pub(super) use device::{device, device_authorization, told as told_device};
pub(super) use discovery::{authorization_server, protected_resource, smart, styles};
pub(super) use introspect::introspect;
pub(super) use jwks::jwks;
pub(super) use logout::logout;
pub(super) use page::style;
pub(super) use register::{change_registration, register, registration, unregister};
pub(super) use revoke::revoke;
pub(super) use token::{answer, token};
pub(super) use userinfo::userinfo;
