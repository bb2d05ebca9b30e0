//! Commands for people at a shell, beside a running server or without one: users, projects, keys, imports.

mod import;
mod keys;
mod project;
mod user;

use std::sync::Arc;

use clap::Subcommand;

pub use import::ImportUsers;
pub use keys::Keys;
pub use project::Projects;
pub use user::Users;

use crate::app::{self, App};
use crate::config::Config;
use crate::error::{Result, malformed};
use crate::identity::Bootstrap;
use crate::repo::{Actor, Repo};

#[derive(Subcommand)]
pub enum Administration {
    /// Users: add, list, disable, set their password, reset their second factors
    User {
        #[command(subcommand)]
        what: Users,
    },
    /// Projects: add, list
    Project {
        #[command(subcommand)]
        what: Projects,
    },
    /// Signing keys: rotate
    Keys {
        #[command(subcommand)]
        what: Keys,
    },
    /// Import users, with the password hashes they have
    ImportUsers(ImportUsers),
}

impl Administration {
    pub fn run(self, config: &Config) -> Result<()> {
        app::run(async {
            let desk = Desk { app: App::beside(config, Bootstrap::from_environment()).await? };
            let done = match self {
                Self::User { what } => what.run(&desk).await,
                Self::Project { what } => what.run(&desk).await,
                Self::Keys { what } => what.run(&desk).await,
                Self::ImportUsers(import) => import.run(&desk).await,
            };
            desk.app.engine.store.leave_word()?;
            done
        })
    }
}

/// What a command works with.
struct Desk {
    app: App,
}

impl Desk {
    /// The server's own repo.
    fn repo(&self) -> Repo {
        self.app.engine.bind(Arc::new(Actor::system()), "command")
    }

    /// The id of a project, by its id or, if only one has it, its name.
    async fn project(&self, named: &str) -> Result<String> {
        let repo = self.repo();
        if self.app.engine.store.project_number(named)?.is_some() && repo.read("Project", named).await.is_ok()
        {
            return Ok(named.to_owned());
        }
        let asked =
            [("name:exact".to_owned(), crate::search::escape(named)), ("_count".to_owned(), "2".to_owned())];
        let found = repo.search("Project", &asked, false).await?.rows;
        match found.as_slice() {
            [one] => Ok(one.id.clone()),
            [] => Err(malformed(format!("there is no project '{named}'"))),
            _ => Err(malformed(format!("several projects are called '{named}'; name the id"))),
        }
    }
}
