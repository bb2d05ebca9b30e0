//! `roster project`: makes projects and lists them.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::Desk;
use crate::error::{Result, malformed};
use crate::identity::api_key;
use crate::identity::login::{Redeem, SignIn, Step};
use crate::identity::project::NewProject;
use crate::repo::audit::{Act, Audit};
use crate::search::{escape, parameters};

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
        let owner = match &self.owner {
            Some(email) => Some(self.owner(desk, email).await?),
            None => None,
        };
        let parent = match &self.parent {
            Some(parent) => Some(desk.project(parent).await?),
            None => None,
        };
        let asked = NewProject { name: self.name.clone(), parent, owner, provisioned: true };
        let audit = Audit::new("create-project", Act::Create);
        let made = desk.app.identity.new_project(&desk.repo(), &asked, audit).await?;
        let token = match (&self.owner, &self.password) {
            (Some(email), Some(password)) => Some(token(desk, email, password, &made.project).await?),
            _ => None,
        };
        let key = api_key(&made.client_id, &made.client_secret);
        let scim = made.provisioner.as_ref().map(|(client, secret)| api_key(client, secret));
        if self.json {
            let printed = json!({
                "project": made.project, "clientId": made.client_id, "apiKey": key,
                "ownerToken": token, "scimToken": scim,
            });
            println!("{printed}");
            return Ok(());
        }
        println!("project        {}", made.project);
        println!("client id      {}", made.client_id);
        println!("client secret  {}   (not shown again)", made.client_secret);
        println!("API key        {key}   (the same as one bearer token)");
        if let Some(scim) = scim {
            println!("SCIM token     {scim}   (not shown again)");
        }
        if let Some(token) = token {
            println!("owner's token  {token}");
        }
        Ok(())
    }

    /// The id of the owner.
    async fn owner(&self, desk: &Desk, email: &str) -> Result<String> {
        let asked = [("email:exact".to_owned(), escape(&email.to_lowercase()))];
        let found = desk.repo().search("User", &asked, false).await?.rows;
        if let Some(row) = found.into_iter().find(|row| row.project == 0) {
            return Ok(row.id.clone());
        }
        let Some(password) = &self.password else {
            return Err(malformed(format!(
                "there is no user {email} of the server; with --password he is made"
            )));
        };
        let hash = desk.app.identity.new_password(password, &[email], "password").await?;
        let user = json!({ "resourceType": "User", "active": true, "email": email, "passwordHash": hash });
        let audit = Audit::new("create-user", Act::Create);
        Ok(desk.repo().audited(audit).create("User", user).await?.row.id.clone())
    }
}

/// An access token of somebody who signs in to a project.
async fn token(desk: &Desk, email: &str, password: &str, project: &str) -> Result<String> {
    let asked = SignIn {
        email: email.to_owned(),
        password: password.to_owned(),
        project: Some(project.to_owned()),
        ..SignIn::default()
    };
    match desk.app.identity.sign_in(asked).await? {
        Step::Done { code, .. } => {
            let asked = Redeem { code: &code, proven: true, ..Redeem::default() };
            Ok(desk.app.identity.redeem(&asked).await?.access)
        }
        _ => Err(malformed(format!("{email} has a second factor, and signs in with it at the server"))),
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
