//! `roster keys`: the keys that tokens are signed with.

use clap::Subcommand;

use super::Desk;
use crate::error::Result;

#[derive(Subcommand)]
pub enum Keys {
    /// Sign with a new key from now on; tokens signed with the old one stay good until they expire
    Rotate,
}

impl Keys {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        match self {
            Self::Rotate => {
                let id = desk.app.identity.rotate().await?;
                println!("{id}");
                Ok(())
            }
        }
    }
}
