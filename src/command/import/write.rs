//! A batch of people into the store: all at once, or, where one is refused, in halves until it is alone.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use super::super::Desk;
use super::row::Person;
use crate::error::{Error, Kind, Result, fault, malformed};
use crate::repo::Repo;
use crate::repo::access::by_default;

pub(super) struct Writer {
    repo: Repo,
    project: String,
    /// The project whose pool its users are of.
    pool: String,
    /// The Project.
    home: Value,
    profile: Profile,
    seed: u128,
    dry: bool,
}

/// What they become besides users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Profile {
    Of(&'static str),
    Member,
    Nobody,
}

/// What came of a batch.
#[derive(Default)]
pub(super) struct Done {
    pub taken: u64,
    pub there: u64,
    pub refused: Vec<(u64, String, Error)>,
}

type Numbered = (u64, Person);

impl Writer {
    pub async fn new(desk: &Desk, project: &str, kind: &str, seed: u128, dry: bool) -> Result<Self> {
        let profile = match kind.to_ascii_lowercase().as_str() {
            "practitioner" => Profile::Of("Practitioner"),
            "patient" => Profile::Of("Patient"),
            "member" => Profile::Member,
            "nobody" => Profile::Nobody,
            _ => {
                return Err(malformed(format!(
                    "--as is Practitioner, Patient, member or nobody, not '{kind}'"
                )));
            }
        };
        let repo = desk.repo();
        let home = serde_json::from_str(&repo.read("Project", project).await?.body).map_err(fault)?;
        let pool = desk.app.identity.pool(project).await?;
        Ok(Self { repo, project: project.to_owned(), pool, home, profile, seed, dry })
    }

    /// `redone`: a run that was killed may have written these already.
    pub async fn write(&self, people: Vec<Numbered>, redone: bool) -> Result<Done> {
        let mut done = Done::default();
        let mut left = Vec::with_capacity(people.len());
        for (number, person) in people {
            if redone && self.repo.read("User", &self.id(number, "User")).await.is_ok() {
                done.there += 1;
            } else {
                left.push((number, person));
            }
        }
        let mut open = vec![left];
        while let Some(part) = open.pop() {
            if part.is_empty() {
                continue;
            }
            let resources =
                part.iter().flat_map(|(number, person)| self.resources(*number, person)).collect();
            let tried = match self.dry {
                true => self.repo.rehearse(resources).await,
                false => self.repo.import(resources).await.map(drop),
            };
            match tried {
                Ok(()) => done.taken += part.len() as u64,
                Err(error) if matches!(error.kind, Kind::Fault | Kind::Busy) => return Err(error),
                Err(error) if part.len() == 1 => {
                    let one = part.into_iter().zip([error]);
                    done.refused.extend(one.map(|((number, person), error)| (number, person.email, error)));
                }
                Err(_) => {
                    let mut first = part;
                    let second = first.split_off(first.len() / 2);
                    // The first half comes first: of two with one e-mail the earlier is taken.
                    open.push(second);
                    open.push(first);
                }
            }
        }
        Ok(done)
    }

    fn resources(&self, number: u64, person: &Person) -> Vec<(&'static str, Value)> {
        let id = self.id(number, "User");
        let home = json!({ "reference": format!("Project/{}", self.project) });
        let mut user = person.user.clone();
        user["id"] = Value::from(id.as_str());
        user["project"] = json!({ "reference": format!("Project/{}", self.pool) });
        let mut resources = vec![("User", user)];
        let mut membership = json!({
            "resourceType": "ProjectMembership",
            "id": self.id(number, "ProjectMembership"),
            "project": home,
            "user": { "reference": format!("User/{id}") },
            "active": true,
        });
        match self.profile {
            Profile::Nobody => return resources,
            Profile::Member => {}
            Profile::Of(kind) => {
                let profile = self.id(number, kind);
                membership["profile"] = json!({ "reference": format!("{kind}/{profile}") });
                if let Some(membership) = membership.as_object_mut() {
                    by_default(&self.home, kind, membership);
                }
                resources.push((kind, self.profile(kind, &profile, person)));
            }
        }
        resources.push(("ProjectMembership", membership));
        resources
    }

    fn profile(&self, kind: &str, id: &str, person: &Person) -> Value {
        let mut profile = json!({ "resourceType": kind, "id": id, "meta": { "project": self.project } });
        let mut name = json!({});
        if let Some(first) = person.text("firstName") {
            name["given"] = json!([first]);
        }
        if let Some(last) = person.text("lastName") {
            name["family"] = Value::from(last);
        }
        if name.as_object().is_some_and(|name| !name.is_empty()) {
            profile["name"] = json!([name]);
        }
        if let Some(email) = person.text("email") {
            profile["telecom"] = json!([{ "system": "email", "use": "work", "value": email }]);
        }
        profile
    }

    /// The same for a row each time: of the moment of the seed, and a digest.
    fn id(&self, number: u64, kind: &str) -> String {
        let digest = Sha256::new()
            .chain_update(self.seed.to_be_bytes())
            .chain_update(number.to_be_bytes())
            .chain_update(kind)
            .finalize();
        let mut bytes = [0; 10];
        bytes.copy_from_slice(&digest[..10]);
        // In the order of the rows, which is kind to the indexes.
        let moment = (self.seed >> 80) as u64 + number / 1000;
        let id: Uuid = Builder::from_unix_timestamp_millis(moment, &bytes).into_uuid();
        id.to_string()
    }
}
