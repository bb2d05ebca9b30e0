//! `DELETE /user/{user_id}`: a user of the project's own pool goes, and his memberships, sessions and places in teams with
//! him.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::super::answer::one;
use super::super::asked::Asked;
use super::super::caller::Caller;
use super::super::team;
use crate::error::malformed;
use crate::http::reply::Failure;

pub(in crate::http) async fn remove_user(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::admin(&request).await?;
    let asked = Asked::read(&request, &["suppressEmail"])?;
    let row = caller.user(caller.part("user_id")).await?;
    if caller.person() == Some(row.id.as_str()) {
        return Err(malformed("nobody removes himself").coded("business-rule").into());
    }
    caller.identity().remove_user(&caller.repo, &row.id, caller.act("delete")).await?;
    team::leave(&caller.home(), &format!("User/{}", row.id)).await?;
    Ok(one(&asked, json!({ "guid": row.id, "user_id": row.rid })))
}
