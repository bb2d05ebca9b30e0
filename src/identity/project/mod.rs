//! Projects: made anew, copied, and what their admins set in them.

mod client;
mod clone;
mod create;
mod open;
mod rotate;
mod settings;
mod transfer;

pub use client::NewClient;
pub use create::{Made, NewProject};
pub use open::{Keys, Opening};
