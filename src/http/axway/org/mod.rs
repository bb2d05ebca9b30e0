//! Organizations, and who belongs to them.

mod change;
mod list;
mod member;
mod people;
mod read;

pub(in crate::http) use change::{delete_org, update_org};
pub(in crate::http) use list::members;
pub(in crate::http) use member::{add_member, make_primary, member, remove_member, update_member};
pub(in crate::http) use read::org;

pub(super) use read::brief;
