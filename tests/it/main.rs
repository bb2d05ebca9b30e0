//! Everything that can be tested of the server, in one binary: what needs a database runs on both.

/// A test whose body is given a fresh world, once on SQLite and once on PostgreSQL.
macro_rules! on_both {
    ($name:ident, |$world:ident| $body:expr) => {
        on_both!($name, |_config| (), |$world| $body);
    };
    // A server that is configured otherwise.
    ($name:ident, |$config:ident| $change:expr, |$world:ident| $body:expr) => {
        mod $name {
            #[expect(clippy::allow_attributes, reason = "a body may need nothing from around it")]
            #[allow(unused_imports)]
            use super::*;
            use crate::database::Engine;
            use crate::world::World;

            fn body($world: &World) {
                $body
            }

            fn on(engine: Engine) {
                body(&World::with(engine, |$config| $change));
            }

            #[test]
            fn sqlite() {
                on(Engine::Sqlite);
            }

            #[test]
            fn postgres() {
                on(Engine::Postgres);
            }
        }
    };
}

/// The same with a database alone, empty.
macro_rules! on_each_database {
    ($name:ident, |$database:ident| $body:expr) => {
        mod $name {
            #[expect(clippy::allow_attributes, reason = "a body may need nothing from around it")]
            #[allow(unused_imports)]
            use super::*;
            use crate::database::{Database, Engine};

            fn body($database: &Database) {
                $body
            }

            #[test]
            fn sqlite() {
                body(&Database::empty(Engine::Sqlite));
            }

            #[test]
            fn postgres() {
                body(&Database::empty(Engine::Postgres));
            }
        }
    };
}

mod admin;
mod agreement;
mod auth;
mod axway;
mod client;
mod clients;
mod clinic;
mod commerce_layer;
mod coverage;
mod crash;
mod database;
mod definitions;
mod definitions_dir;
mod derived;
mod described;
mod dialects;
mod dns;
mod events;
mod examples;
mod fhir;
mod fhirpath;
mod fuzz;
mod oauth;
mod one_store;
mod operations;
mod package;
mod paging;
mod parameter;
mod patch;
mod people;
mod policy;
mod process;
mod profile_property;
mod resource;
mod sample;
mod schema;
mod scim;
mod search;
mod secrets;
mod server;
mod start;
mod tenancy;
mod tidy;
mod truto;
mod validation;
mod wire;
mod workos;
mod world;
