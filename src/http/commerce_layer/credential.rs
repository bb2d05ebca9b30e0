//! API credentials are ClientApplications with a secret, which is shown when they are made, and never again.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::asked::Asked;
use super::document::Document;
use super::kind::CREDENTIALS;
use super::sent::Sent;
use super::{ATTEMPTS, administers, asked, audit, caller, id, read, role, told};
use crate::error::{Error, Issue, Kind, busy};
use crate::http::extract;
use crate::http::record::{all, found, parsed};
use crate::http::reply::{Failure, created, no_content, ok};
use crate::identity::project::NewClient;
use crate::repo::Repo;
use crate::repo::audit::Act;
use crate::repo::bundle::{Action, Condition, Entry, Target};
use crate::store::Row;

pub(in crate::http) async fn create_credential(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    let asked = Asked::of_one(&CREDENTIALS, asked(&request)?)?;
    let written = (&["name", "kind", "redirect_uri"][..], &["organization", "role"][..]);
    let sent = Sent::read(&request, payload, &CREDENTIALS, None, written).await?;
    administers(&repo)?;
    let project = repo.actor().project_id.clone();
    sent.stays_in(&project)?;
    let uri = sent.text("redirect_uri").flatten();
    let fault = |text: &str, place: &str| {
        Failure::from(
            Error::new(Kind::Invalid, vec![Issue::error("value", text)])
                .at(format!("/data/attributes/{place}")),
        )
    };
    match (sent.needed("kind")?, uri) {
        ("integration", None) | ("webapp", Some(_)) => {}
        ("integration", Some(_)) => return Err(fault("an integration has none", "redirect_uri")),
        ("webapp", None) => return Err(fault("can't be blank", "redirect_uri")),
        _ => return Err(fault("there are integration and webapp here", "kind")),
    }
    let policy = match sent.relation("role").flatten() {
        Some(id) => {
            role::access(&repo, id).await?;
            Some(format!("AccessPolicy/{id}"))
        }
        None => None,
    };
    let client = NewClient {
        name: sent.needed("name")?.to_owned(),
        redirect_uris: uri.map(str::to_owned).into_iter().collect(),
        policy,
        ..NewClient::default()
    };
    let identity = &extract::state(&request).identity;
    let (client, secret) =
        identity.new_client(&repo, &project, &client, audit(&request, "create-client", Act::Create)).await?;
    let id = client["id"].as_str().unwrap_or_default().to_owned();
    let mut row = found(&repo, "ClientApplication", &id).await?;
    if sent.attributes.keys().any(|name| super::kept::NAMES.contains(&name.as_str())) {
        let mut body = parsed(&row)?;
        sent.write_record(&mut body, &[]);
        row = repo.update("ClientApplication", &id, body, None).await?.row;
    }
    let document = Document::new(&repo, &asked, &extract::state(&request).public_url);
    let place = format!("{}/api_credentials/{id}", document.base);
    let mut document = document.one(&CREDENTIALS, Some(&row)).await?;
    if let Some(shown) = document.pointer_mut("/data/attributes/client_secret") {
        *shown = Value::from(secret);
    }
    Ok(told(&request, created(&place), &document))
}

pub(in crate::http) async fn update_credential(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    let asked = Asked::of_one(&CREDENTIALS, asked(&request)?)?;
    let written = (&["name", "redirect_uri"][..], &["role"][..]);
    let sent = Sent::read(&request, payload, &CREDENTIALS, Some(id(&request)), written).await?;
    if sent.attributes.contains_key("name") {
        sent.needed("name")?;
    }
    let access = match sent.relation("role") {
        Some(Some(role)) => Some(role::access(&repo, role).await?),
        Some(None) => Some(Value::Null),
        None => None,
    };
    for _ in 0..ATTEMPTS {
        let row = read::read(&repo, &CREDENTIALS, id(&request)).await?;
        let mut client = parsed(&row)?;
        sent.write_record(&mut client, &[("name", "name")]);
        if let (Some(uri), Some(client)) = (sent.text("redirect_uri"), client.as_object_mut()) {
            client.shift_remove("redirectUri");
            client.shift_remove("redirectUris");
            if let Some(uri) = uri {
                client.insert("redirectUris".to_owned(), json!([uri]));
            }
        }
        let mut entries = vec![replacement("ClientApplication", &row, client)];
        if let Some(access) = &access {
            for member in members(&repo, &row).await? {
                let mut membership = parsed(&member)?;
                if let Some(membership) = membership.as_object_mut() {
                    membership.shift_remove("accessPolicy");
                    membership.shift_remove("access");
                    if !access.is_null() {
                        membership.insert("access".to_owned(), access.clone());
                    }
                }
                entries.push(replacement("ProjectMembership", &member, membership));
            }
        }
        match repo.transaction(entries).await {
            Ok(_) => {
                let row = found(&repo, "ClientApplication", &row.id).await?;
                let document = Document::new(&repo, &asked, &extract::state(&request).public_url);
                return Ok(told(&request, ok(), &document.one(&CREDENTIALS, Some(&row)).await?));
            }
            Err(failed) if failed.error.kind == Kind::Precondition => {}
            Err(failed) => return Err(failed.error.into()),
        }
    }
    Err(busy("this credential is changed by many at once; try again").into())
}

/// The client goes with its membership and with what members were given in it, and its tokens end.
pub(in crate::http) async fn delete_credential(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    extract::no_parameters(&request)?;
    let row = read::read(&repo, &CREDENTIALS, id(&request)).await?;
    let mut entries = vec![removal("ClientApplication", &row)];
    entries.extend(members(&repo, &row).await?.iter().map(|member| removal("ProjectMembership", member)));
    let reference = format!("ClientApplication/{}", row.id);
    for member in all(&repo, "ProjectMembership", &[("application", reference.clone())]).await? {
        let mut membership = parsed(&member)?;
        super::application::without(&mut membership, |one| one["client"]["reference"] == reference.as_str());
        entries.push(replacement("ProjectMembership", &member, membership));
    }
    repo.transaction(entries).await.map_err(|failed| failed.error)?;
    Ok(no_content().finish())
}

async fn members(repo: &Repo, client: &Row) -> Result<Vec<std::sync::Arc<Row>>, Failure> {
    Ok(all(repo, "ProjectMembership", &[("user", format!("ClientApplication/{}", client.id))]).await?)
}

fn replacement(kind: &str, old: &Row, body: Value) -> Entry {
    let (target, condition) = (Target::Id(old.id.clone()), Condition::Version(old.version));
    Entry { full_url: None, action: Action::Update { kind: kind.to_owned(), target, body, condition } }
}

fn removal(kind: &str, old: &Row) -> Entry {
    let target = Target::Id(old.id.clone());
    Entry {
        full_url: None,
        action: Action::Delete { kind: kind.to_owned(), target, if_match: Some(old.version) },
    }
}
