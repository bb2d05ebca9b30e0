//! Axway's Amplify platform (<https://platform.axway.com/api-docs>), beneath `/api/v1`: users, organizations, teams,
//! service accounts, sessions and activity as views of the records that FHIR serves.
//!
//! An organization is a project, and its `org_id` the project's number; a member is a membership, a role a policy, a team
//! a group, a service account a client. A `user_id` is the number of the user's record.

mod activity;
mod answer;
mod asked;
mod auth;
mod caller;
mod client;
mod describe;
mod org;
mod place;
mod record;
mod refusal;
mod role;
mod routes;
mod session;
mod team;
mod user;

pub(super) use describe::describe;
pub(super) use routes::routes;
