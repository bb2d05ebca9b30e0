//! Groups: the Groups of persons that are listed one by one, with users and other groups as their members.

mod draft;
mod read;
mod store;

pub(super) use read::{Team, of_users, shown, teams};
pub(super) use store::{create, delete, find, patch, replace, without_user};

/// The system of the identifier that is `externalId`.
pub(super) const EXTERNAL_ID: &str = "https://roster.dev/scim/external-id";
/// What a member of a group may be.
const MEMBERS: [&str; 2] = ["User", "Group"];
