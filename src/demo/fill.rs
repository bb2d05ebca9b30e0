//! A demo project with people in it.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Population;
use crate::error::{Result, fault};
use crate::repo::{Actor, Engine, Repo};

/// Fixed, so that a second filling finds the first.
const PROJECT: &str = "00000000-0000-7000-8000-00000000de30";
const CLIENT: &str = "00000000-0000-7000-8000-00000000de31";
/// Resources of one commit.
const UNIT: u64 = 500;

/// How to get into the demo project, and somebody to look for.
pub struct Demo {
    pub project: String,
    pub client_id: String,
    pub client_secret: String,
    pub users: u64,
    pub email: String,
    pub external_id: String,
}

/// Makes the demo project where it is not there yet, gives its client a new secret, and fills it up to
/// `users` people. `progress` hears how many resources are done, and of how many.
pub async fn fill(engine: &Arc<Engine>, users: u64, mut progress: impl FnMut(u64, u64)) -> Result<Demo> {
    let repo = engine.bind(Arc::new(Actor::system()), "demo");
    let client_secret = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 24]>());
    open(&repo, &client_secret).await?;
    let population = Population::default();
    let number =
        engine.store.project_number(PROJECT)?.ok_or_else(|| fault("the demo project has no number"))?;
    let admin = Actor {
        project: number,
        project_id: PROJECT.to_owned(),
        reference: format!("ClientApplication/{CLIENT}"),
        membership: None,
        rank: crate::repo::Rank::ProjectAdmin,
        ..Actor::system()
    };
    let repo = engine.bind(Arc::new(admin), "demo");
    type Render = fn(&Population, u64) -> Value;
    let shares: [(&str, u64, Render); 4] = [
        ("User", users, Population::user),
        ("Practitioner", users / 10, Population::practitioner),
        ("Patient", users / 5, Population::patient),
        ("Organization", users.div_ceil(100), Population::organization),
    ];
    let whole: u64 = shares.iter().map(|(_, share, _)| share).sum();
    let mut done = 0;
    for (kind, share, render) in shares {
        let mut next = count(&repo, kind).await?.min(share);
        done += next;
        while next < share {
            let end = (next + UNIT).min(share);
            repo.import((next..end).map(|n| (kind, render(&population, n))).collect()).await?;
            done += end - next;
            next = end;
            progress(done, whole);
        }
    }
    if count(&repo, "Group").await? == 0 {
        group(&repo, &population, "Patient", "person").await?;
        group(&repo, &population, "Practitioner", "practitioner").await?;
    }
    engine.store.take_statistics()?;
    let sample = population.user(users / 2);
    let text = |name: &str| sample[name].as_str().unwrap_or_default().to_owned();
    Ok(Demo {
        project: PROJECT.to_owned(),
        client_id: CLIENT.to_owned(),
        client_secret,
        users: count(&repo, "User").await?,
        email: text("email"),
        external_id: text("externalId"),
    })
}

/// The project, its client and the client's membership.
async fn open(repo: &Repo, secret: &str) -> Result<()> {
    let client = json!({
        "resourceType": "ClientApplication",
        "id": CLIENT,
        "meta": { "project": PROJECT },
        "status": "active",
        "name": "Demo client",
        "secret": secret,
    });
    if repo.read("ClientApplication", CLIENT).await.is_ok() {
        return repo.update("ClientApplication", CLIENT, client, None).await.map(drop);
    }
    repo.engine().store.number_project(PROJECT)?;
    let reference = json!({ "reference": format!("ClientApplication/{CLIENT}") });
    let project = json!({ "resourceType": "Project", "id": PROJECT, "name": "Demo clinic", "active": true });
    let membership = json!({
        "resourceType": "ProjectMembership",
        "id": Uuid::now_v7().to_string(),
        "project": { "reference": format!("Project/{PROJECT}") },
        "user": reference,
        "profile": reference,
        "active": true,
        "admin": true,
    });
    let all = vec![("Project", project), ("ClientApplication", client), ("ProjectMembership", membership)];
    repo.import(all).await.map(drop)
}

async fn count(repo: &Repo, kind: &str) -> Result<u64> {
    let asked = [("_summary".to_owned(), "count".to_owned())];
    Ok(repo.search(kind, &asked, false).await?.total.unwrap_or_default())
}

/// A group of the first few of a type.
async fn group(repo: &Repo, population: &Population, of: &str, kind: &str) -> Result<()> {
    let asked = [("_count".to_owned(), "20".to_owned())];
    let members = repo.search(of, &asked, false).await?.rows;
    if members.is_empty() {
        return Ok(());
    }
    let members = members.iter().map(|row| format!("{of}/{}", row.id));
    repo.create("Group", population.group(0, kind, members)).await.map(drop)
}
