//! The rows that hang on a resource: index, trigrams, credentials, events.

pub(super) mod insert;
pub(super) mod remove;
