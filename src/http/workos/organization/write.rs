//! Organizations are made, changed and closed.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::super::asked::{Asked, Sent};
use super::super::caller::Caller;
use super::super::record::{self, extend};
use super::super::refusal::{Refusal, bad};
use super::super::user::metadata::{self, Changes};
use super::{EXTERNAL, METADATA, OUTSIDERS, STRIPE, addressed, domain, show};
use crate::http::reply;
use crate::identity::organization::Organization;

/// Keys of metadata at most.
const MOST: usize = 50;

/// What a request says of an organization.
struct Said {
    name: Sent<String>,
    outsiders: Sent<bool>,
    /// Names and whether they are known to be the organization's.
    domains: Option<Vec<(String, bool)>>,
    metadata: Option<Option<Changes>>,
    external: Sent<String>,
    stripe: Sent<String>,
}

impl Said {
    fn read(asked: &mut Asked, new: bool) -> Self {
        let said = Self {
            name: asked.sent("name"),
            outsiders: asked.flag("allow_profiles_outside_organization"),
            domains: domains(asked),
            metadata: metadata::sent(asked),
            external: asked.sent("external_id"),
            stripe: asked.sent("stripe_customer_id"),
        };
        let named =
            said.name.as_ref().map(|name| name.as_deref().is_some_and(|name| !name.trim().is_empty()));
        if !named.unwrap_or(!new) {
            asked.fault("name", "required", "name is required.");
        }
        if let Some(Some(external)) = &said.external
            && (!external.is_ascii() || external.len() > 128)
        {
            asked.fault("external_id", "invalid_external_id", "external_id has up to 128 ASCII characters.");
        }
        said
    }

    fn apply(&self, project: &mut Value) -> Result<(), Refusal> {
        if let Some(Some(name)) = &self.name {
            project["name"] = Value::from(name.trim());
        }
        if let Some(outsiders) = self.outsiders {
            set(project, OUTSIDERS, "valueBoolean", outsiders.map(Value::from));
        }
        if let Some(customer) = &self.stripe {
            set(
                project,
                STRIPE,
                "valueString",
                customer.as_deref().filter(|one| !one.is_empty()).map(Value::from),
            );
        }
        if let Some(external) = &self.external {
            let mut all = project.get("identifier").and_then(Value::as_array).cloned().unwrap_or_default();
            all.retain(|one| one["system"] != EXTERNAL);
            let given = external.as_deref().filter(|one| !one.is_empty());
            all.extend(given.map(|value| json!({ "system": EXTERNAL, "value": value })));
            put(project, "identifier", all);
        }
        if let Some(changes) = &self.metadata {
            let mut kept = super::metadata(project).as_object().cloned().unwrap_or_default();
            match changes {
                None => kept.clear(),
                Some(changes) => {
                    for (key, value) in changes {
                        match value {
                            Some(value) => drop(kept.insert(key.clone(), Value::from(value.as_str()))),
                            None => drop(kept.shift_remove(key)),
                        }
                    }
                }
            }
            if kept.len() > MOST {
                return Err(bad("invalid_metadata", "Metadata has 50 keys at most."));
            }
            let text = (!kept.is_empty()).then(|| Value::from(Value::Object(kept).to_string()));
            extend(project, METADATA, "valueString", text);
        }
        Ok(())
    }

    /// Fails where another organization has the customer's id.
    async fn free(&self, caller: &Caller<'_>, own: Option<&str>) -> Result<(), Refusal> {
        let Some(Some(external)) = &self.external else { return Ok(()) };
        let found = caller.identity().organizations_with(&caller.repo, EXTERNAL, external).await?;
        match found.iter().any(|row| Some(row.id.as_str()) != own) {
            true => Err(bad("external_id_already_used", "This external_id is that of another organization.")),
            false => Ok(()),
        }
    }
}

/// `domain_data` with states, or the older `domains`, which are verified.
fn domains(asked: &mut Asked) -> Option<Vec<(String, bool)>> {
    let plain = asked.texts("domains").map(|all| all.into_iter().map(|name| (name, true)).collect());
    let Some(Some(data)) = asked.take("domain_data") else { return plain };
    let read = |one: &Value| {
        let state = one.get("state").and_then(Value::as_str).unwrap_or("pending");
        let known = matches!(state, "pending" | "verified");
        one.get("domain")
            .and_then(Value::as_str)
            .filter(|_| known)
            .map(|name| (name.to_owned(), state == "verified"))
    };
    let all: Option<Vec<(String, bool)>> = data.as_array().and_then(|data| data.iter().map(read).collect());
    if all.is_none() {
        asked.fault(
            "domain_data",
            "invalid_value",
            "domain_data is a list of domain and state, which is pending or verified.",
        );
    }
    all
}

fn set(project: &mut Value, name: &str, kind: &str, value: Option<Value>) {
    let mut all = project.get("setting").and_then(Value::as_array).cloned().unwrap_or_default();
    all.retain(|one| one["name"] != name);
    all.extend(value.map(|value| json!({ "name": name, kind: value })));
    put(project, "setting", all);
}

fn put(body: &mut Value, name: &str, all: Vec<Value>) {
    match all.is_empty() {
        true => drop(body.as_object_mut().map(|body| body.shift_remove(name))),
        false => body[name] = Value::Array(all),
    }
}

/// The records of domains, each checked.
fn records(domains: &[(String, bool)], organization: &str) -> Result<Vec<Value>, Refusal> {
    let invalid = |name: &str| bad("invalid_domain", format!("'{name}' is no name of a domain."));
    domains
        .iter()
        .map(|(name, verified)| domain::body(name, organization, *verified).ok_or_else(|| invalid(name)))
        .collect()
}

pub(in crate::http) async fn create(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    let said = Said::read(&mut asked, true);
    asked.finish()?;
    said.free(&caller, None).await?;
    let mut body = json!({});
    said.apply(&mut body)?;
    let id = uuid::Uuid::now_v7().to_string();
    let records = records(said.domains.as_deref().unwrap_or_default(), &id)?;
    // Its domains are its own before it is there; whatever fails gives them back.
    let mut kept = Vec::new();
    for record in records {
        match domain::keep(&caller.repo, record).await {
            Ok(row) => kept.push(row.id.clone()),
            Err(refusal) => {
                release(&caller, &kept).await?;
                return Err(refusal);
            }
        }
    }
    let asked = Organization { id, body };
    match caller.identity().new_organization(&caller.repo, asked, caller.act("create")).await {
        Ok(row) => Ok(reply::made().json(show(&caller.repo, &row).await?)),
        Err(error) => {
            release(&caller, &kept).await?;
            Err(error.into())
        }
    }
}

async fn release(caller: &Caller<'_>, domains: &[String]) -> Result<(), Refusal> {
    for id in domains {
        caller.repo.delete("Basic", id, None).await?;
    }
    Ok(())
}

pub(in crate::http) async fn update(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Refusal> {
    let (caller, mut asked) = Caller::asks(&request, payload).await?;
    let said = Said::read(&mut asked, false);
    asked.finish()?;
    let row = addressed(&request, &caller).await?;
    said.free(&caller, Some(&row.id)).await?;
    if let Some(domains) = &said.domains {
        let records = records(domains, &row.id)?;
        let reference = format!("Project/{}", row.id);
        let known = record::DOMAIN.about(&caller.repo, &[reference]).await?;
        for one in &known {
            let body = crate::resource::parse(one.body.as_bytes())?;
            if records.iter().all(|new| record::value(new) != record::value(&body)) {
                caller.repo.delete("Basic", &one.id, None).await?;
            }
        }
        for new in records {
            let (state, verified) =
                (record::extension(&new, domain::STATE).cloned(), domain::is_verified(&new));
            let kept = domain::keep(&caller.repo, new).await?;
            let mut body = crate::resource::parse(kept.body.as_bytes())?;
            let stays = verified && domain::is_verified(&body);
            if !stays && record::extension(&body, domain::STATE) != state.as_ref() {
                extend(&mut body, domain::STATE, "valueCode", state);
                caller.repo.update("Basic", &kept.id, body, Some(kept.version)).await?;
            }
        }
    }
    let change = |project: &mut Value| said.apply(project);
    let row =
        caller.identity().change_organization(&caller.repo, &row.id, caller.act("update"), change).await?;
    Ok(reply::ok().json(show(&caller.repo, &row).await?))
}

pub(in crate::http) async fn delete(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::bare(&request).await?;
    let row = addressed(&request, &caller).await?;
    for one in record::DOMAIN.about(&caller.repo, &[format!("Project/{}", row.id)]).await? {
        caller.repo.delete("Basic", &one.id, None).await?;
    }
    // Nobody signs in to what sleeps, and its external id is free again.
    let close = |project: &mut Value| -> Result<(), Refusal> {
        project["active"] = Value::Bool(false);
        let mut all = project.get("identifier").and_then(Value::as_array).cloned().unwrap_or_default();
        all.retain(|one| one["system"] != EXTERNAL);
        put(project, "identifier", all);
        Ok(())
    };
    caller.identity().change_organization(&caller.repo, &row.id, caller.act("delete"), close).await?;
    Ok(reply::no_content().finish())
}
