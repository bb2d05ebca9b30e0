//! Users: read, found, changed and removed.

mod find;
mod organizations;
mod pref;
mod profile;
mod read;
mod remove;
pub(super) mod view;

pub(in crate::http) use find::{query, users};
pub(in crate::http) use organizations::organizations;
pub(in crate::http) use pref::pref;
pub(in crate::http) use profile::profile;
pub(in crate::http) use read::user;
pub(in crate::http) use remove::remove_user;

pub(super) use organizations::mine;
pub(super) use read::provided;
