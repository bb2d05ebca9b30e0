//! Which outside party signs somebody in: the client's, that of its project, or the one for the domain of his e-mail.

use std::sync::Arc;

use serde_json::Value;

use super::Provider;
use crate::error::{Kind, Result, malformed};
use crate::identity::account::{folded, parsed};
use crate::identity::acting::within;
use crate::identity::login::SignIn;
use crate::identity::member::living;
use crate::identity::pool::root;
use crate::identity::{Client, Identity};
use crate::repo::{Engine, SERVER_PROJECT};
use crate::store::Row;

const DOMAINS: &str = "DomainConfiguration";

impl Provider {
    /// What a record names; nothing if it names none.
    async fn read(engine: &Arc<Engine>, kind: &str, row: Arc<Row>) -> Result<Option<Self>> {
        let mut body = parsed(&row)?;
        let said = body.get_mut("identityProvider").map(Value::take);
        let Some(said) = said.filter(Value::is_object) else { return Ok(None) };
        let home = living(engine, "Project", &engine.store.project_id(row.project)?).await?;
        let home = home.as_deref().map(parsed).transpose()?.unwrap_or_default();
        let above = home.get("superAdmin") == Some(&Value::Bool(true));
        let domain = body.get("domain").and_then(Value::as_str).map(str::to_owned);
        let holder = format!("{kind}/{}", row.id);
        let domain = domain.filter(|_| kind == DOMAINS);
        Ok(Some(Self { holder, project: row.project, above, domain, said, row }))
    }
}

impl Identity {
    /// Who signs in the users of a client, whatever their e-mail: as the client says, its project, or the project whose
    /// pool its users are in.
    pub async fn provider_of(&self, client: &Client) -> Result<Option<Provider>> {
        let row = Arc::clone(&client.row);
        if let Some(own) = Provider::read(&self.engine, "ClientApplication", row).await? {
            return Ok(Some(own));
        }
        let pool = root(&self.engine, &client.project_id).await?.id;
        for project in [&client.project_id, &pool] {
            if let Some(row) = living(&self.engine, "Project", project).await?
                && let Some(found) = Provider::read(&self.engine, "Project", row).await?
            {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Who signs in people with this e-mail: in the pool of a project first, then in that of the server.
    pub async fn provider_for(&self, email: &str, project: Option<&str>) -> Result<Option<Provider>> {
        let email = folded(email);
        let Some((_, domain)) = email.rsplit_once('@').filter(|(_, domain)| !domain.is_empty()) else {
            return Ok(None);
        };
        for place in self.domains_of(project).await? {
            if let Some(row) = within(&self.engine, place, DOMAINS, &[("domain", domain)]).await?.pop() {
                return Provider::read(&self.engine, DOMAINS, row).await;
            }
        }
        Ok(None)
    }

    /// The project that a sign-in is meant for.
    pub async fn project_of(&self, asked: &SignIn) -> Result<Option<String>> {
        Ok(self.place(asked).await?.project)
    }

    /// Whether anybody's e-mail leads elsewhere in this project.
    pub async fn asks_email_first(&self, project: &str) -> Result<bool> {
        for place in self.domains_of(Some(project)).await? {
            if !within(&self.engine, place, DOMAINS, &[("_count", "1")]).await?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Numbers of the projects whose domains count in a project, or where none is meant.
    async fn domains_of(&self, project: Option<&str>) -> Result<Vec<i32>> {
        let mut places = Vec::new();
        if let Some(project) = project {
            match root(&self.engine, project).await {
                Ok(root) => places.push(root.number),
                // Of a project that is not there nothing is told.
                Err(error) if matches!(error.kind, Kind::NotFound | Kind::Deleted) => {}
                Err(error) => return Err(error),
            }
        }
        places.extend(self.engine.store.project_number(SERVER_PROJECT)?);
        places.dedup();
        Ok(places)
    }

    /// The party that a record names by now.
    pub(super) async fn provider_at(&self, holder: &str) -> Result<Provider> {
        let gone = || malformed("this way to sign in is not there any more; begin again").coded("not-found");
        let (kind, id) = holder.split_once('/').ok_or_else(gone)?;
        let row = living(&self.engine, kind, id).await?.ok_or_else(gone)?;
        Provider::read(&self.engine, kind, row).await?.ok_or_else(gone)
    }
}
