//! What stands around the users of a page: memberships, their policies, groups and open invitations, each looked up once
//! for all of them. What the caller may not search is left out of the view.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Value, json};

use crate::error::{Kind, Result};
use crate::http::truto::{all, found, list, parsed, policies, project, put, target, text};
use crate::repo::Repo;
use crate::store::Row;

pub(super) struct Around {
    /// By user.
    pub memberships: HashMap<String, Value>,
    /// Names by id.
    pub policies: HashMap<String, String>,
    /// By user.
    pub groups: HashMap<String, Vec<Value>>,
    /// Users who have not answered an invitation.
    pub invited: HashSet<String>,
    /// The project as organization, and as workspace.
    pub organization: Value,
    pub workspace: Value,
}

impl Around {
    pub async fn of(repo: &Repo, rows: &[Arc<Row>]) -> Result<Self> {
        let (organization, workspace) = home(repo).await?;
        let mut around = Self {
            memberships: HashMap::new(),
            policies: HashMap::new(),
            groups: HashMap::new(),
            invited: HashSet::new(),
            organization,
            workspace,
        };
        if rows.is_empty() {
            return Ok(around);
        }
        let users: Vec<String> = rows.iter().map(|row| format!("User/{}", row.id)).collect();
        let users = users.join(",");
        let own = ("project", format!("Project/{}", repo.actor().project_id));
        for row in
            all(repo, "ProjectMembership", &[("user", users.clone()), own, ("_sort", "_id".to_owned())])
                .await?
        {
            let membership = parsed(&row)?;
            if let Some(user) = membership.get("user").and_then(|user| target(user, "User")) {
                // Of several the first that lets him in.
                let kept = around.memberships.entry(user.to_owned()).or_insert_with(|| membership.clone());
                if !is_active(kept) && is_active(&membership) {
                    *kept = membership;
                }
            }
        }
        let named: HashSet<&str> = around.memberships.values().flat_map(policies).collect();
        if !named.is_empty() {
            let ids: Vec<&str> = named.into_iter().collect();
            for row in all(repo, "AccessPolicy", &[("_id", ids.join(","))]).await? {
                let policy = parsed(&row)?;
                let name = text(&policy, "name").or_else(|| text(&policy, "slug")).unwrap_or(&row.id);
                around.policies.insert(row.id.clone(), name.to_owned());
            }
        }
        around.add_groups(repo, &users).await?;
        let open = [("type", "invite"), ("used:not", "true"), ("revoked:not", "true")];
        let mut asked: Vec<(&str, String)> = open.map(|(name, value)| (name, value.to_owned())).into();
        asked.push(("user", users));
        for row in all(repo, "UserSecurityRequest", &asked).await? {
            let request = parsed(&row)?;
            around
                .invited
                .extend(request.get("user").and_then(|user| target(user, "User")).map(str::to_owned));
        }
        Ok(around)
    }

    async fn add_groups(&mut self, repo: &Repo, users: &str) -> Result<()> {
        for row in all(repo, "Group", &[("member", users.to_owned())]).await? {
            let body = parsed(&row)?;
            let mut group = json!({ "id": row.id });
            put(&mut group, "name", text(&body, "name"));
            group["organization"] = Value::from(repo.actor().project_id.as_str());
            let members =
                list(&body, "member").iter().filter_map(|member| target(member.get("entity")?, "User"));
            // A group may have members by the thousand; only those of the page are looked for afterwards.
            for user in members.collect::<HashSet<_>>() {
                if users.contains(user) {
                    self.groups.entry(user.to_owned()).or_default().push(group.clone());
                }
            }
        }
        Ok(())
    }
}

/// The caller's project, as far as he sees it.
async fn home(repo: &Repo) -> Result<(Value, Value)> {
    let id = repo.actor().project_id.as_str();
    let (mut organization, mut workspace) = (json!({ "id": id }), json!({ "id": id }));
    match found(repo, "Project", id).await {
        Ok(row) => {
            let body = parsed(&row)?;
            put(&mut organization, "name", text(&body, "name"));
            put(&mut workspace, "name", text(&body, "name"));
            workspace["organization"] = Value::from(project::owner(&row, &body));
        }
        Err(error) if matches!(error.kind, Kind::Forbidden | Kind::NotFound) => {}
        Err(error) => return Err(error),
    }
    Ok((organization, workspace))
}

pub(super) fn is_active(membership: &Value) -> bool {
    membership.get("active") != Some(&Value::Bool(false))
}
