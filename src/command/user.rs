//! `roster user`: adds users, lists them, and helps those who cannot get in.

use std::io::{BufRead, IsTerminal};
use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::Desk;
use crate::error::{Result, fault, malformed};
use crate::identity::invite::Invite;
use crate::repo::audit::{Act, Audit};
use crate::search::{escape, parameters};
use crate::store::Row;

#[derive(Subcommand)]
pub enum Users {
    /// Add a user: with --project a member of it, else one of the server's pool
    Add(Add),
    /// List users
    List {
        /// Those of its pool only
        #[arg(long, value_name = "PROJECT")]
        project: Option<String>,
        /// A line of JSON each
        #[arg(long)]
        json: bool,
    },
    /// Let a user in no more; his sessions end
    Disable {
        #[command(flatten)]
        who: Who,
        /// Let him in again
        #[arg(long)]
        undo: bool,
    },
    /// Give a user another password, read from standard input; his sessions end
    SetPassword {
        #[command(flatten)]
        who: Who,
    },
    /// Take the second factors of a user away, and his passkeys; his sessions end
    ResetMfa {
        #[command(flatten)]
        who: Who,
    },
}

#[derive(Args)]
pub struct Add {
    /// His e-mail
    email: String,
    #[arg(long, default_value = "New", value_name = "NAME")]
    first_name: String,
    #[arg(long, default_value = "User", value_name = "NAME")]
    last_name: String,
    /// Id or name of the project
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
    /// Patient or Practitioner
    #[arg(long = "as", default_value = "Practitioner", value_name = "KIND")]
    kind: String,
    /// In the pool of the server, although he is a member of a project
    #[arg(long)]
    server: bool,
    /// As an admin of the project
    #[arg(long)]
    admin: bool,
    /// Read a password from standard input, rather than show a link to choose one by
    #[arg(long)]
    password_stdin: bool,
    /// Mail the link
    #[arg(long)]
    send: bool,
    /// Print what a program needs
    #[arg(long)]
    json: bool,
}

/// A user, by e-mail or id.
#[derive(Args)]
pub struct Who {
    /// E-mail or id
    user: String,
    /// Id or name of the project whose pool he is in; the server's, if not given
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
}

impl Users {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let identity = &desk.app.identity;
        match self {
            Self::Add(add) => add.run(desk).await,
            Self::List { project, json } => list(desk, project.as_deref(), json).await,
            Self::Disable { who, undo } => {
                let row = who.find(desk).await?;
                let mut user: Value = serde_json::from_str(&row.body).map_err(fault)?;
                user["active"] = Value::Bool(undo);
                let audit = about(if undo { "enable-user" } else { "disable-user" }, &row);
                desk.repo().audited(audit).update("User", &row.id, user, Some(row.version)).await?;
                println!("{}", row.id);
                Ok(())
            }
            Self::SetPassword { who } => {
                let row = who.find(desk).await?;
                let repo = desk.repo().audited(about("set-password", &row));
                identity.set_password(&repo, &row.id, &password()?, "password").await?;
                println!("{}", row.id);
                Ok(())
            }
            Self::ResetMfa { who } => {
                let row = who.find(desk).await?;
                let audit = about("reset-factor", &row);
                let gone = identity.drop_factors(&desk.repo().audited(audit.clone()), &row.id).await?;
                if gone == 0 {
                    desk.repo().record(audit).await?;
                }
                println!("{}: {}", row.id, if gone == 0 { "had none" } else { "taken away" });
                Ok(())
            }
        }
    }
}

impl Add {
    async fn run(self, desk: &Desk) -> Result<()> {
        let password = if self.password_stdin { Some(password()?) } else { None };
        let Some(project) = &self.project else {
            let mut user = json!({
                "resourceType": "User", "active": true, "email": self.email,
                "firstName": self.first_name, "lastName": self.last_name,
            });
            if let Some(password) = password {
                let words = [self.email.as_str(), &self.first_name, &self.last_name];
                user["passwordHash"] =
                    Value::from(desk.app.identity.new_password(&password, &words, "password").await?);
            }
            let audit = Audit::new("create-user", Act::Create);
            let row = desk.repo().audited(audit).create("User", user).await?.row;
            self.say(&row.id, None, None);
            return Ok(());
        };
        let project = desk.project(project).await?;
        let mut body = json!({
            "resourceType": self.kind,
            "firstName": self.first_name,
            "lastName": self.last_name,
            "email": self.email,
            "scope": if self.server { "server" } else { "project" },
            "sendEmail": self.send,
            "admin": self.admin,
        });
        if let Some(password) = password {
            body["password"] = Value::from(password);
        }
        let asked = Invite::parse(&body)?;
        let audit = Audit::new("invite", Act::Execute);
        let invited = desk.app.identity.invite(&desk.repo(), &project, &asked, audit).await?;
        let membership: Value = serde_json::from_str(&invited.membership.body).map_err(fault)?;
        let user = membership.pointer("/user/reference").and_then(Value::as_str).unwrap_or_default();
        self.say(user.trim_start_matches("User/"), Some(&invited.membership.id), invited.link.as_deref());
        match invited.unsent {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    fn say(&self, user: &str, membership: Option<&str>, link: Option<&str>) {
        if self.json {
            println!("{}", json!({ "user": user, "membership": membership, "link": link }));
            return;
        }
        println!("user        {user}");
        if let Some(membership) = membership {
            println!("membership  {membership}");
        }
        if let Some(link) = link {
            println!("link        {link}   (not shown again)");
        }
    }
}

impl Who {
    async fn find(&self, desk: &Desk) -> Result<Arc<Row>> {
        let store = &desk.app.engine.store;
        let pool = match &self.project {
            Some(project) => {
                let pool = desk.app.identity.pool(&desk.project(project).await?).await?;
                store.project_number(&pool)?.unwrap_or_default()
            }
            None => 0,
        };
        let by = if self.user.contains('@') { "email:exact" } else { "_id" };
        let value = if self.user.contains('@') { self.user.to_lowercase() } else { self.user.clone() };
        let found = desk.repo().search("User", &[(by.to_owned(), escape(&value))], false).await?.rows;
        // An id is nobody else's.
        let fits = |row: &&Arc<Row>| row.project == pool || (by == "_id" && self.project.is_none());
        let found = found.iter().find(fits).cloned();
        found.ok_or_else(|| malformed(format!("there is no user {} in this pool", self.user)))
    }
}

fn about(what: &'static str, row: &Row) -> Audit {
    let audit = Audit::new(what, Act::Update).entity(format!("User/{}", row.id));
    if row.project == 0 { audit } else { audit.project(row.project) }
}

/// The first line of standard input.
fn password() -> Result<String> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        eprintln!("Password (it is shown as you type it):");
    }
    let mut line = String::new();
    stdin.lock().read_line(&mut line).map_err(fault)?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    if password.is_empty() { Err(malformed("standard input holds no password")) } else { Ok(password) }
}

async fn list(desk: &Desk, project: Option<&str>, json: bool) -> Result<()> {
    let mut asked = vec![("_count".to_owned(), "500".to_owned())];
    if let Some(project) = project {
        asked.push(("project".to_owned(), format!("Project/{}", desk.project(project).await?)));
    }
    loop {
        let page = desk.repo().search("User", &asked, false).await?;
        for row in &page.rows {
            let user: Value = serde_json::from_str(&row.body).map_err(fault)?;
            let text = |name: &str| user[name].as_str().unwrap_or_default().to_owned();
            let active = user["active"] != Value::Bool(false);
            if json {
                println!(
                    "{}",
                    json!({
                        "user": row.id, "email": user["email"], "externalId": user["externalId"],
                        "firstName": user["firstName"], "lastName": user["lastName"], "active": active,
                        "project": user.pointer("/project/reference"),
                    })
                );
            } else {
                let state = if active { "" } else { "  (disabled)" };
                println!("{}  {}  {} {}{state}", row.id, text("email"), text("firstName"), text("lastName"));
            }
        }
        let Some(next) = page.next else { return Ok(()) };
        asked = parameters::parse(&next)?;
    }
}
