//! What an admin does to a user as such: another e-mail, another pool.

mod email;
mod own;
mod rescope;
mod write;

pub use email::NewEmail;
pub use rescope::Pool;
pub(super) use write::written;

use std::sync::Arc;

use super::acting::in_name_of;
use crate::error::{Kind, Result, forbidden};
use crate::repo::{Repo, absent};
use crate::store::Row;

/// The whole record of a user that whoever holds the repo administers: one of the pool of his project; any, for a super
/// admin. Of others he is told what he is told of none, but of guests, whom he sees.
async fn administered(repo: &Repo, id: &str) -> Result<Arc<Row>> {
    if !repo.actor().administers() {
        return Err(forbidden("this is for the admin of the project"));
    }
    repo.read("User", id).await?;
    let row = match in_name_of(repo).read("User", id).await {
        Ok(row) => row,
        Err(error) if matches!(error.kind, Kind::Deleted | Kind::NotFound) => return Err(absent("User", id)),
        Err(error) => return Err(error),
    };
    match repo.actor().is_boundless() || row.project == repo.actor().project {
        true => Ok(row),
        false => Err(forbidden("this user is a guest: his record is not this project's to change")),
    }
}
