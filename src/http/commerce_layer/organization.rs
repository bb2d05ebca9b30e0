//! The organization is the project of the token. Here it is named, and given away by its owner.

use actix_web::{HttpRequest, HttpResponse, web};

use super::asked::Asked;
use super::document::Document;
use super::kind::ORGANIZATIONS;
use super::sent::{Sent, media};
use super::{ATTEMPTS, asked, audit, caller, id, read, told};
use crate::error::{Kind, busy, invalid, malformed};
use crate::http::extract;
use crate::http::record::{parsed, text};
use crate::http::reply::{Failure, accepted, ok};
use crate::repo::audit::Act;
use crate::resource;

pub(in crate::http) async fn update_organization(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    let asked = Asked::of_one(&ORGANIZATIONS, asked(&request)?)?;
    let sent = Sent::read(&request, payload, &ORGANIZATIONS, Some(id(&request)), (&["name"], &[])).await?;
    if sent.attributes.contains_key("name") {
        sent.needed("name")?;
    }
    for _ in 0..ATTEMPTS {
        let row = read::read(&repo, &ORGANIZATIONS, id(&request)).await?;
        let mut project = parsed(&row)?;
        sent.write_record(&mut project, &[("name", "name")]);
        match repo.update("Project", &row.id, project, Some(row.version)).await {
            Ok(written) => {
                let document = Document::new(&repo, &asked, &extract::state(&request).public_url);
                return Ok(told(&request, ok(), &document.one(&ORGANIZATIONS, Some(&written.row)).await?));
            }
            Err(error) if error.kind == Kind::Precondition => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(busy("this organization is changed by many at once; try again").into())
}

/// Gives the organization to another of its members.
pub(in crate::http) async fn transfer_organization(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let repo = caller(&request).await?;
    extract::no_parameters(&request)?;
    media(&request)?;
    let body = resource::parse(&extract::bytes(&request, payload).await?)?;
    // The client sends the record itself, others a document around it.
    let given = body.get("data").unwrap_or(&body);
    let row = read::read(&repo, &ORGANIZATIONS, id(&request)).await?;
    let names = |name: &str, value: &str| given.get(name).is_none_or(|given| given == value);
    if !names("type", ORGANIZATIONS.name) || !names("id", &row.id) {
        return Err(malformed("this is not the record of the address").coded("value").at("/data/id").into());
    }
    let attribute = given.get("attributes").and_then(|attributes| text(attributes, "new_owner_email"));
    let Some(email) = attribute.or_else(|| text(given, "new_owner_email")) else {
        return Err(invalid("can't be blank").coded("required").at("/new_owner_email").into());
    };
    let audit = audit(&request, "transfer-ownership", Act::Update);
    extract::state(&request).identity.transfer(&repo, email, audit).await?;
    Ok(accepted(None).finish())
}
