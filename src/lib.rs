//! Roster: the user directory of healthcare software.
//!
//! The rooms, in the order of their dependence; each uses those above it only.

pub mod error;

pub mod config;

pub mod fhirpath;

pub mod definitions;

pub mod resource;

pub mod search;

pub mod store;

pub mod repo;

pub mod identity;

pub mod events;

pub mod graphql;

pub mod demo;

pub mod http;

pub mod app;

pub mod command;
