//! Definitions beyond those that come with the server: a type of resource, `Ward`, by files alone.

use std::path::PathBuf;

/// The folder, as `--definitions` takes it.
pub fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/clinic"))
}

pub fn define(config: &mut roster::config::Config) {
    config.definitions.push(folder());
}
