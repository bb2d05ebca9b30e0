//! Ids in the address and in bodies: of users and organizations a number or a guid. An organization is the caller's
//! project, or, for its admin, one of its children.

use std::sync::Arc;

use serde_json::Value;

use super::caller::Caller;
use super::record;
use crate::error::{Kind, Result, not_found};
use crate::repo::Repo;
use crate::store::Row;

/// An organization, and the repo to work in it with.
pub(super) struct Org {
    /// Id of the project.
    pub id: String,
    /// Its number: what they call `org_id`.
    pub number: i32,
    pub repo: Repo,
    /// Whether it is a child of the caller's project.
    pub below: bool,
}

impl Caller<'_> {
    /// The organization of the caller's own token.
    pub fn home(&self) -> Org {
        let actor = self.repo.actor();
        Org { id: actor.project_id.clone(), number: actor.project, repo: self.repo.clone(), below: false }
    }

    /// An organization by its number or guid; of others there are none.
    pub async fn org(&self, given: &str) -> Result<Org> {
        let missing = || not_found(format!("there is no organization '{given}' here")).at("org_id");
        let store = &self.repo.engine().store;
        let id = match given.parse::<i32>() {
            Ok(number) => store.id_of_project(number)?.ok_or_else(missing)?,
            Err(_) => given.to_ascii_lowercase(),
        };
        let home = self.home();
        if id == home.id {
            return Ok(home);
        }
        let repo = match self.identity().organization(&self.repo, &id).await {
            Err(error) if matches!(error.kind, Kind::NotFound | Kind::Forbidden) => return Err(missing()),
            repo => repo?,
        };
        Ok(Org { number: repo.actor().project, id, repo: repo.through("axway"), below: true })
    }

    /// The record of a user, by his number or guid.
    pub async fn user(&self, given: &str) -> Result<Arc<Row>> {
        let missing = || not_found(format!("there is no user '{given}' here")).at("user");
        let id = match given.parse::<i64>() {
            Ok(number) => self.repo.id_of("User", number).await?.ok_or_else(missing)?,
            Err(_) => given.to_ascii_lowercase(),
        };
        if self.person() == Some(id.as_str()) {
            return self.identity().own_record(&self.repo).await;
        }
        match self.repo.read("User", &id).await {
            Err(error) if matches!(error.kind, Kind::NotFound | Kind::Deleted) => Err(missing()),
            // He who sees nobody but himself is told of all others that they are not there.
            Err(error) if error.kind == Kind::Forbidden => Err(missing()),
            read => read,
        }
    }

    /// These users, as far as the caller sees them: first as his own, then as guests of the organization.
    pub async fn users(&self, org: &Org, ids: &[String]) -> Result<Vec<Arc<Row>>> {
        let mut found = match named(&self.repo, ids).await {
            // Who may not look for anybody sees himself.
            Err(error) if error.kind == Kind::Forbidden => match self.person() {
                Some(own) if ids.iter().any(|id| id == own) => {
                    vec![self.identity().own_record(&self.repo).await?]
                }
                _ => Vec::new(),
            },
            found => found?,
        };
        if org.below {
            let missing: Vec<String> =
                ids.iter().filter(|id| !found.iter().any(|row| row.id == **id)).cloned().collect();
            found.extend(named(&org.repo, &missing).await?);
        }
        Ok(found)
    }
}

/// Users by their ids, as many as there are.
async fn named(repo: &Repo, ids: &[String]) -> Result<Vec<Arc<Row>>> {
    let mut found = Vec::new();
    for ids in ids.chunks(100) {
        let asked = [("_id", ids.join(",")), ("_count", ids.len().to_string())];
        let asked = asked.map(|(name, value)| (name.to_owned(), value));
        found.extend(repo.search("User", &asked, false).await?.rows);
    }
    Ok(found)
}

impl Org {
    /// The record of the project, as much of it as the caller sees.
    pub async fn record(&self) -> Result<(Arc<Row>, Value)> {
        let row = self.repo.read("Project", &self.id).await?;
        let body = record::body(&row)?;
        Ok((row, body))
    }

    /// Everything of a type that a search finds, to its end.
    pub async fn all(&self, kind: &str, asked: &[(&str, String)]) -> Result<Vec<Arc<Row>>> {
        let mut wanted: Vec<(String, String)> =
            asked.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        wanted.push(("_count".to_owned(), self.repo.engine().limits.max_count.to_string()));
        let mut rows = Vec::new();
        loop {
            let found = self.repo.search(kind, &wanted, false).await?;
            rows.extend(found.rows);
            let Some(next) = found.next else { return Ok(rows) };
            wanted = crate::search::parameters::parse(&next)?;
        }
    }
}
