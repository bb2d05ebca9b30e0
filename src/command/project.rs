//! `roster project`: makes projects and lists them.

use clap::Subcommand;
use serde_json::{Value, json};

use super::Desk;
use crate::error::{Result, malformed};
use crate::identity::project::NewProject;
use crate::repo::audit::{Act, Audit};
use crate::search::{escape, parameters};

#[derive(Subcommand)]
pub enum Projects {
    /// Make a project, with a client of its own
    Add {
        /// Its name
        name: String,
        /// E-mail of a user of the server, who will be its admin
        #[arg(long, value_name = "EMAIL")]
        owner: Option<String>,
        /// The project whose users it draws from
        #[arg(long, value_name = "PROJECT")]
        parent: Option<String>,
        /// Print what a program needs rather than what a person does
        #[arg(long)]
        json: bool,
    },
    /// List them
    List {
        /// A line of JSON each
        #[arg(long)]
        json: bool,
    },
}

impl Projects {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        match self {
            Self::Add { name, owner, parent, json } => add(desk, name, owner, parent, json).await,
            Self::List { json } => list(desk, json).await,
        }
    }
}

async fn add(
    desk: &Desk,
    name: String,
    owner: Option<String>,
    parent: Option<String>,
    json: bool,
) -> Result<()> {
    let owner = match owner {
        Some(email) => {
            let missing = || malformed(format!("there is no user {email} of the server"));
            let asked = [("email:exact".to_owned(), escape(&email.to_lowercase()))];
            let found = desk.repo().search("User", &asked, false).await?.rows;
            Some(found.into_iter().find(|row| row.project == 0).ok_or_else(missing)?.id.clone())
        }
        None => None,
    };
    let parent = match parent {
        Some(parent) => Some(desk.project(&parent).await?),
        None => None,
    };
    let asked = NewProject { name, parent, owner };
    let audit = Audit::new("create-project", Act::Create);
    let made = desk.app.identity.new_project(&desk.repo(), &asked, audit).await?;
    if json {
        println!(
            "{}",
            json!({ "project": made.project, "clientId": made.client_id, "apiKey": made.client_secret })
        );
    } else {
        println!(
            "project        {}\nclient id      {}\nclient secret  {}   (not shown again)",
            made.project, made.client_id, made.client_secret
        );
    }
    Ok(())
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
