//! Axway's Amplify platform (<https://platform.axway.com/api-docs>), beneath `/api/v1`: users, organizations, teams,
//! service accounts, sessions and activity as views of the records that FHIR serves.

mod answer;
mod asked;
mod auth;
mod describe;
mod refusal;

pub(super) use auth::password_policy;
pub(super) use describe::describe;
pub(super) use refusal::dress;
