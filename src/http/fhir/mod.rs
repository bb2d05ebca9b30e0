//! The FHIR base: one file an interaction.

mod batch;
mod bundle;
mod create;
mod delete;
mod describe;
mod graphql;
mod history;
mod metadata;
mod operation;
mod patch;
mod read;
mod search;
mod subset;
mod update;
mod written;

pub(super) use batch::{Answer, Inner, Responses, batch};
pub(super) use create::create;
pub(super) use delete::{delete, delete_where};
pub(super) use describe::{describe, examples, parameters};
pub(super) use graphql::{graphql, graphql_by_post, graphql_of, graphql_of_by_post};
pub(super) use history::{history, history_of_all, history_of_type};
pub(super) use metadata::metadata;
pub(super) use operation::*;
pub(super) use patch::{patch, patch_where};
pub(super) use read::{read, vread};
pub(super) use search::{
    search, search_all, search_all_by_post, search_by_post, search_compartment, search_compartment_by_post,
};
pub(super) use update::{update, update_where};
