//! Second factors: the authenticator app that a user has, and challenges to show a code of it. A user has one, so that its
//! id is his own in other words.

mod challenge;
mod enroll;

use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

pub(in crate::http) use challenge::{create as challenge, verify};
pub(in crate::http) use enroll::{enroll, enroll_of};

use super::asked::Parameters;
use super::caller::Caller;
use super::list::Paging;
use super::refusal::{Refusal, missing};
use super::{id, moment, part, user};
use crate::http::reply;
use crate::identity::Identity;
use crate::identity::application::App;
use crate::store::Row;

/// A factor; its secret is nowhere in it.
fn render(row: &Row, app: &App, name: &str, issuer: &str) -> Value {
    let since = moment::text(app.since.unwrap_or(row.updated));
    json!({
        "object": "authentication_factor",
        "id": id::show(id::FACTOR, &row.id),
        "type": "totp",
        "user_id": id::show(id::USER, &row.id),
        "totp": { "issuer": issuer, "user": name },
        "created_at": since,
        "updated_at": since,
    })
}

/// The factors of a user that are asked for when he signs in.
pub(super) async fn of(identity: &Identity, row: &Row) -> Result<Vec<Value>, Refusal> {
    let app = identity.app(&row.id).await?.filter(|app| app.proved);
    Ok(app.map(|_| json!({ "id": id::show(id::FACTOR, &row.id), "type": "totp" })).into_iter().collect())
}

fn name_of(row: &Row) -> Result<String, Refusal> {
    let body = crate::resource::parse(row.body.as_bytes())?;
    Ok(body.get("email").and_then(Value::as_str).unwrap_or(&row.id).to_owned())
}

/// The factor in the address: the user whose it is, and the app.
async fn addressed(
    request: &HttpRequest,
    caller: &Caller<'_>,
) -> Result<(std::sync::Arc<Row>, App), Refusal> {
    let given = part(request, "factor");
    let unknown = || missing("authentication_factor", &given);
    let id = id::read(id::FACTOR, &given).ok_or_else(unknown)?;
    let row = user::named(&caller.repo, &id).await.map_err(|_| unknown())?;
    let app = caller.identity().app(&row.id).await?.ok_or_else(unknown)?;
    Ok((row, app))
}

pub(in crate::http) async fn list(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::of(&request).await?;
    let mut asked = Parameters::read(&request)?;
    let paging = Paging::read(&mut asked, id::FACTOR);
    asked.finish()?;
    let row = user::addressed(&request, &caller.repo).await?;
    let issuer = caller.identity().issuer_name();
    let mut data = Vec::new();
    if let Some(app) = caller.identity().app(&row.id).await?
        && paging.beside.is_none()
    {
        data.push(render(&row, &app, &name_of(&row)?, &issuer));
    }
    Ok(reply::ok().json(paging.envelope(data, (false, false))))
}

pub(in crate::http) async fn read(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::bare(&request).await?;
    let (row, app) = addressed(&request, &caller).await?;
    let issuer = caller.identity().issuer_name();
    Ok(reply::ok().json(render(&row, &app, &name_of(&row)?, &issuer)))
}

pub(in crate::http) async fn delete(request: HttpRequest) -> Result<HttpResponse, Refusal> {
    let caller = Caller::bare(&request).await?;
    let (row, _) = addressed(&request, &caller).await?;
    caller.identity().drop_app(&caller.repo, &row.id, caller.act("reset-factor")).await?;
    Ok(reply::no_content().finish())
}
