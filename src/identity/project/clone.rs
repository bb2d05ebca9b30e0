//! A project's set-up under a new name: policies, clients and the like, with new ids and no people in it.

use std::collections::HashMap;

use serde_json::{Value, json};
use uuid::Uuid;

use super::super::acting::{self, in_name_of, reason};
use crate::error::{Result, malformed, too_large};
use crate::identity::Identity;
use crate::repo::audit::Audit;
use crate::repo::{Actor, Rank, Repo, absent};
use crate::resource::relink;

/// Types that a set-up consists of; what can be asked for besides is any other but those of people.
const SET_UP: [&str; 4] = ["AccessPolicy", "ClientApplication", "UserConfiguration", "SearchParameter"];
/// Never copied: people, and what only they have.
const PERSONAL: [&str; 6] =
    ["AuditEvent", "JsonWebKey", "Login", "Project", "ProjectMembership", "UserSecurityRequest"];
/// Resources of one copy at most: it is one transaction.
const MOST: usize = 5000;

impl Identity {
    /// Copies a project's set-up, or what `types` names of it. Gives the id of the copy.
    pub async fn clone_project(
        &self,
        repo: &Repo,
        project: &str,
        name: Option<&str>,
        types: &[String],
        audit: Audit,
    ) -> Result<String> {
        let own = in_name_of(repo);
        let number = self.engine.store.project_number(project)?.ok_or_else(|| absent("Project", project))?;
        let mut copy = acting::body(&*own.read("Project", project).await?)?;
        let inside = Actor {
            project: number,
            project_id: project.to_owned(),
            rank: Rank::ProjectAdmin,
            ..Actor::system()
        };
        let inside = repo.rebind(std::sync::Arc::new(inside));
        let kinds: Vec<&str> = match types.is_empty() {
            true => SET_UP.to_vec(),
            false => types.iter().map(String::as_str).collect(),
        };
        if let Some(kind) = kinds.iter().find(|kind| **kind == "User" || PERSONAL.contains(kind)) {
            let text = format!("{kind} is not copied to another project");
            return Err(malformed(text).coded("business-rule").at("resourceTypes"));
        }
        let mut found = Vec::new();
        for kind in kinds {
            inside.knows(kind)?;
            let mut asked = vec![("_count".to_owned(), "500".to_owned())];
            loop {
                let page = inside.search(kind, &asked, false).await?;
                for row in page.rows.iter().filter(|row| row.project == number) {
                    found.push((kind.to_owned(), row.id.clone(), acting::body(row)?));
                }
                if found.len() > MOST {
                    return Err(too_large(format!("more than {MOST} resources are not copied at once")));
                }
                let Some(next) = page.next else { break };
                asked = crate::search::parameters::parse(&next)?;
            }
        }
        let id = Uuid::now_v7().to_string();
        let mut ids = HashMap::from([(format!("Project/{project}"), format!("Project/{id}"))]);
        for (kind, old, _) in &found {
            ids.insert(format!("{kind}/{old}"), format!("{kind}/{}", Uuid::now_v7()));
        }
        if let Some(object) = copy.as_object_mut() {
            // Secrets, privileges and people stay where they are.
            for name in
                ["meta", "id", "owner", "secret", "systemSecret", "systemSetting", "superAdmin", "link"]
            {
                object.shift_remove(name);
            }
        }
        let called = copy.get("name").and_then(Value::as_str).unwrap_or("Project");
        copy["name"] = Value::from(name.map_or_else(|| format!("{called} (copy)"), str::to_owned));
        let definitions = own.definitions();
        let rename = |body: &mut Value| {
            relink(definitions, body, &mut |_, text| Ok::<_, crate::error::Error>(ids.get(text).cloned()))
        };
        rename(&mut copy)?;
        let mut entries = vec![acting::new("Project", &id, copy)];
        for (kind, old, mut body) in found {
            rename(&mut body)?;
            body["meta"] = json!({ "project": id });
            let fresh = ids.get(&format!("{kind}/{old}")).cloned().unwrap_or_default();
            let fresh = fresh.rsplit('/').next().unwrap_or_default();
            entries.push(acting::new(&kind, fresh, body));
        }
        let number = self.engine.store.number_project(&id)?;
        own.audited(audit.project(number)).transaction(entries).await.map_err(reason)?;
        Ok(id)
    }
}
