//! `PUT` and `DELETE /org/{org_id}`: an organization is renamed, or put to sleep; its records stay.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::super::answer::one;
use super::super::asked::{Asked, Sent, wrong};
use super::super::caller::Caller;
use super::super::place::Org;
use super::super::record::{body, extend};
use super::read::whole;
use crate::error::{Error, Kind, Result, busy, forbidden};
use crate::http::reply::Failure;

const REGIONS: [&str; 3] = ["US", "EU", "AP"];
/// Begun anew, this often, where others change the same organization.
const ATTEMPTS: usize = 12;

pub(in crate::http) async fn update_org(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let caller = Caller::admin(&request).await?;
    let asked = Asked::read(&request, &[])?;
    let sent = Sent::read(&request, payload, &["name", "region"]).await?;
    let org = caller.org(caller.part("org_id")).await?;
    let name = sent.text("name")?;
    if name.is_some_and(|name| !(2..=64).contains(&name.chars().count())) {
        return Err(wrong("name", "this has 2 to 64 characters").into());
    }
    let region = sent.text("region")?;
    if region.is_some_and(|region| !REGIONS.contains(&region)) {
        return Err(wrong("region", "this is US, EU or AP").into());
    }
    let change = |project: &mut Value| {
        if let Some(name) = name {
            project["name"] = name.into();
        }
        if let Some(region) = region {
            extend(project, "region", vec![json!({ "valueCode": region })]);
        }
        Ok(())
    };
    write(&caller, &org, change).await?;
    Ok(one(&asked, whole(&caller, &org).await?))
}

/// Writes the record of an organization. `change` may be asked again, where others were faster.
pub(super) async fn write(
    caller: &Caller<'_>,
    org: &Org,
    change: impl Fn(&mut Value) -> Result<()>,
) -> Result<()> {
    if org.below {
        let act = caller.act("set-project");
        return caller
            .identity()
            .change_organization::<Error>(&caller.repo, &org.id, act, change)
            .await
            .map(drop);
    }
    for _ in 0..ATTEMPTS {
        let row = caller.repo.read("Project", &org.id).await?;
        let mut project = body(&row)?;
        change(&mut project)?;
        match caller.repo.update("Project", &org.id, project, Some(row.version)).await {
            Ok(_) => return Ok(()),
            Err(error) if error.kind == Kind::Precondition => {}
            Err(error) => return Err(error),
        }
    }
    Err(busy("this organization is changed by many at once; try again"))
}

pub(in crate::http) async fn delete_org(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::admin(&request).await?;
    let asked = Asked::read(&request, &["suppressEmail"])?;
    asked.flag("suppressEmail")?;
    let org = caller.org(caller.part("org_id")).await?;
    if !org.below {
        let text = "an organization is not deleted by those who act in it, but from the one above it";
        return Err(forbidden(text).into());
    }
    write(&caller, &org, |project: &mut Value| {
        project["active"] = false.into();
        Ok(())
    })
    .await?;
    let told = "the organization sleeps: nobody signs in to it any more";
    Ok(one(&asked, json!({ "message": told, "org_id": org.number })))
}
