//! Invitations: a person becomes a member of a project, with a user in a pool and a profile in the project. All of it
//! is one transaction; of many that invite the same person at once, one makes the member and the others find him.

mod access;
mod ask;
mod carry_out;
mod person;

pub use ask::{Invite, Scope};

use std::sync::Arc;

use super::request::Issued;
use crate::error::Error;
use crate::store::Row;

/// What came of an invitation.
#[derive(Debug)]
pub struct Invited {
    pub membership: Arc<Row>,
    /// For whoever asked that no mail be sent, where the new user is the project's own: what it would have said.
    pub link: Option<String>,
    /// The invitation stands, but nobody was told.
    pub unsent: Option<Error>,
}

/// What has been made up, before the mail goes out.
struct Made {
    membership: Arc<Row>,
    /// Whom to tell, in which name.
    email: Option<String>,
    name: String,
    /// Where the user has yet to choose a password.
    issued: Option<Issued>,
    /// Whether he was a member before and nothing is new.
    known: bool,
}
