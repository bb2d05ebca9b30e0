//! Service accounts: clients of an organization, which prove themselves by a secret or by a key.

mod change;
mod key;
mod read;
mod view;

pub(in crate::http) use change::{create_client, delete_client, update_client};
pub(in crate::http) use read::{client, client_json, clients};
