//! `roster project`: makes projects and lists them.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::Desk;
use crate::error::Result;
use crate::identity::login::Origin;
use crate::identity::project::Opening;
use crate::search::parameters;

#[derive(Subcommand)]
pub enum Projects {
    /// Make a project, with a client of its own
    Add(Add),
    /// List them
    List {
        /// A line of JSON each
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
pub struct Add {
    /// Its name
    name: String,
    /// E-mail of a user of the server, who will be its admin
    #[arg(long, value_name = "EMAIL")]
    owner: Option<String>,
    /// His password: with it he signs in, and is made if he is not there yet
    #[arg(long, value_name = "PASSWORD", requires = "owner")]
    password: Option<String>,
    /// The project whose users it draws from
    #[arg(long, value_name = "PROJECT")]
    parent: Option<String>,
    /// Print what a program needs rather than what a person does
    #[arg(long)]
    json: bool,
}

impl Projects {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        match self {
            Self::Add(add) => add.run(desk).await,
            Self::List { json } => list(desk, json).await,
        }
    }
}

impl Add {
    async fn run(self, desk: &Desk) -> Result<()> {
        let parent = match &self.parent {
            Some(parent) => Some(desk.project(parent).await?),
            None => None,
        };
        let Self { name, owner, password, .. } = self;
        let asked = Opening { name, parent, owner, password };
        let keys = desk.app.identity.open_project(&desk.repo(), &asked, Origin::default()).await?;
        if self.json {
            println!("{}", keys.rendered());
            return Ok(());
        }
        println!("project        {}", keys.made.project);
        println!("client id      {}", keys.made.client_id);
        println!("client secret  {}   (not shown again)", keys.made.client_secret);
        println!("API key        {}   (both as one bearer token)", keys.api_key);
        if let Some(token) = keys.scim_token {
            println!("SCIM token     {token}   (not shown again)");
        }
        if let Some(token) = keys.owner_token {
            println!("owner's token  {token}");
        }
        Ok(())
    }
}

async fn list(desk: &Desk, json: bool) -> Result<()> {
    let mut asked = vec![("_count".to_owned(), "200".to_owned())];
    loop {
        let page = desk.repo().search("Project", &asked, false).await?;
        for row in &page.rows {
            let project: Value = serde_json::from_str(&row.body).map_err(crate::error::fault)?;
            let name = project["name"].as_str().unwrap_or_default();
            let active = project["active"] != Value::Bool(false);
            if json {
                let parent = project.pointer("/parent/reference").cloned().unwrap_or_default();
                println!(
                    "{}",
                    json!({ "project": row.id, "name": name, "active": active, "parent": parent })
                );
            } else {
                println!("{}  {}{}", row.id, name, if active { "" } else { "  (asleep)" });
            }
        }
        let Some(next) = page.next else { return Ok(()) };
        asked = parameters::parse(&next)?;
    }
}
