//! Service accounts are made, changed and removed. What is made up here, a secret or a private key, is shown once.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use super::super::answer::{done, one};
use super::super::asked::{Asked, Sent, wrong};
use super::super::caller::Caller;
use super::super::place::Org;
use super::super::record::{put, text};
use super::super::role::Access;
use super::super::team;
use super::key;
use super::view::{memberships, named, shown, signs};
use crate::error::{Result, malformed};
use crate::http::reply::Failure;
use crate::identity::project::NewClient;

const KNOWN: [&str; 10] = [
    "description",
    "generateKey",
    "name",
    "org_guid",
    "publicKey",
    "roles",
    "secret",
    "tags",
    "teams",
    "type",
];
/// Characters of a secret at least, and at most.
const SECRET: std::ops::RangeInclusive<usize> = 16..=256;

/// What a service account proves itself by, as it was sent.
#[derive(Default)]
struct Proof {
    secret: Option<String>,
    jwks: Option<String>,
    /// The private key of a pair that was made here.
    private: Option<String>,
}

impl Proof {
    fn read(sent: &Sent) -> Result<Self> {
        let secret = sent.secret("secret")?.map(str::to_owned);
        if secret.as_ref().is_some_and(|secret| !SECRET.contains(&secret.chars().count())) {
            return Err(wrong("secret", "a secret has 16 to 256 characters"));
        }
        let (given, make) = (sent.text("publicKey")?, sent.flag("generateKey")? == Some(true));
        if [secret.is_some(), given.is_some(), make].iter().filter(|way| **way).count() > 1 {
            return Err(wrong("publicKey", "a secret is given, or a key, or one is to be made"));
        }
        let mut proof = Self { secret, ..Self::default() };
        if let Some(pem) = given {
            proof.jwks = Some(key::read(pem)?);
        }
        if make {
            let (public, private) = key::make()?;
            (proof.jwks, proof.private) = (Some(key::read(&public)?), Some(private));
        }
        Ok(proof)
    }
}

pub(in crate::http) async fn create_client(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let caller = Caller::admin(&request).await?;
    let asked = Asked::read(&request, &[])?;
    let sent = Sent::read(&request, payload, &KNOWN).await?;
    let org = caller.org(sent.needed("org_guid")?).await?;
    let proof = Proof::read(&sent)?;
    match sent.needed("type")? {
        "secret" if proof.jwks.is_some() => {
            return Err(wrong("type", "with a key it is a certificate").into());
        }
        "certificate" if proof.jwks.is_none() => {
            let text = "a public key is missing, or the wish that one be made";
            return Err(malformed(text).coded("required").at("publicKey").into());
        }
        "secret" | "certificate" => {}
        _ => return Err(wrong("type", "this is secret or certificate").into()),
    }
    let access = Access::of(&caller, &org, &sent.texts("roles")?.unwrap_or_default()).await?;
    let places = team::places(&org, &sent).await?;
    let tags = sent.texts("tags")?.unwrap_or_default();
    let mut tagged = serde_json::json!({});
    team::tagged(&mut tagged, &tags)?;
    let given = proof.secret.is_some();
    let new = NewClient {
        name: sent.needed("name")?.to_owned(),
        description: sent.text("description")?.filter(|text| !text.is_empty()).map(str::to_owned),
        admin: access.admin,
        roles: access.policies,
        secret: proof.secret,
        jwks: proof.jwks,
        tags: tagged.pointer("/meta/tag").cloned(),
        ..NewClient::default()
    };
    let act = caller.act("create-client");
    let (client, secret) = caller.identity().new_client(&org.repo, &org.id, &new, act).await?;
    let id = text(&client, "id").unwrap_or_default();
    team::join(&org, &places, &format!("ClientApplication/{id}")).await?;
    let mut told = view(&caller, &org, id).await?;
    if new.jwks.is_none() && !given {
        told["secret"] = secret.into();
    }
    put_private(&mut told, proof.private);
    Ok(one(&asked, told))
}

pub(in crate::http) async fn update_client(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let caller = Caller::admin(&request).await?;
    let asked = Asked::read(&request, &[])?;
    let known: Vec<&str> = KNOWN.into_iter().filter(|name| !matches!(*name, "org_guid" | "type")).collect();
    let sent = Sent::read(&request, payload, &known).await?;
    let (org, row) = named(&caller, caller.part("client_id")).await?;
    let proof = Proof::read(&sent)?;
    let access = match sent.texts("roles")? {
        Some(roles) => Some(Access::of(&caller, &org, &roles).await?),
        None => None,
    };
    let places = team::places(&org, &sent).await?;
    if sent.has("name") {
        sent.needed("name")?;
    }
    let tags = sent.texts("tags")?;
    let change = |client: &mut Value| {
        if let Some(name) = sent.text("name")? {
            client["name"] = name.into();
        }
        if let Some(description) = sent.text("description")? {
            put(client, "description", Some(description).filter(|text| !text.is_empty()));
        }
        let other = "a service account goes on proving itself in the way that it was made with";
        if let Some(secret) = &proof.secret {
            if signs(client) {
                return Err(wrong("secret", other));
            }
            client["secret"] = secret.as_str().into();
        }
        if let Some(jwks) = &proof.jwks {
            if !signs(client) {
                return Err(wrong("publicKey", other));
            }
            client["jwks"] = jwks.as_str().into();
        }
        if let Some(tags) = &tags {
            team::tagged(client, tags)?;
        }
        Ok(())
    };
    caller.identity().change_client(&org.repo, &row.id, caller.act("update-client"), change).await?;
    let reference = format!("ClientApplication/{}", row.id);
    if let Some(access) = access
        && let Some((member, mut next)) = memberships(&org, std::slice::from_ref(&row)).await?.remove(&row.id)
    {
        access.give(&mut next);
        let repo = org.repo.audited(caller.act("update-member"));
        repo.update("ProjectMembership", &member.id, next, Some(member.version)).await?;
    }
    if sent.has("teams") {
        team::leave(&org, &reference).await?;
        team::join(&org, &places, &reference).await?;
    }
    let mut told = view(&caller, &org, &row.id).await?;
    put_private(&mut told, proof.private);
    Ok(one(&asked, told))
}

async fn view(caller: &Caller<'_>, org: &Org, id: &str) -> Result<Value> {
    let row = org.repo.read("ClientApplication", id).await?;
    Ok(shown(caller, org, &[row]).await?.pop().unwrap_or_default())
}

fn put_private(told: &mut Value, private: Option<String>) {
    if let Some(private) = private {
        told["privateKey"] = private.into();
    }
}

pub(in crate::http) async fn delete_client(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::admin(&request).await?;
    Asked::read(&request, &[])?;
    let (org, row) = named(&caller, caller.part("client_id")).await?;
    let reference = format!("ClientApplication/{}", row.id);
    if caller.repo.actor().reference == reference {
        return Err(malformed("nobody removes himself").coded("business-rule").into());
    }
    team::leave(&org, &reference).await?;
    for (member, _) in memberships(&org, std::slice::from_ref(&row)).await?.into_values() {
        org.repo.delete("ProjectMembership", &member.id, None).await?;
    }
    org.repo.delete("ClientApplication", &row.id, None).await?;
    Ok(done())
}
