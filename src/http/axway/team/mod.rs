//! Teams: groups of the people and service accounts of an organization.

mod change;
mod member;
mod place;
mod read;
mod view;

pub(in crate::http) use change::{create_team, delete_team, update_team};
pub(in crate::http) use member::{add_to_team, change_in_team, leave_team, team_members};
pub(in crate::http) use read::{team, teams};

pub(super) use place::{join, leave, of_member, places};
pub(super) use read::accessible;
pub(super) use view::{tagged, tags};
