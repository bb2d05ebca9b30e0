//! `PUT /auth/terms`: whoever is signed in accepts the terms and conditions, now.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::super::answer::one;
use super::super::asked::Asked;
use super::super::caller::Caller;
use super::super::record::{extend, moment};
use super::super::user::view::shown;
use crate::http::reply::Failure;

pub(in crate::http) async fn accept_terms(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let caller = Caller::of(&request).await?;
    let asked = Asked::read(&request, &["grant"])?;
    let now = moment(chrono::Utc::now().timestamp_millis());
    let change = |user: &mut Value| {
        extend(user, "terms-accepted", vec![json!({ "valueDateTime": now })]);
        Ok(())
    };
    let row = caller
        .identity()
        .change_own(&caller.repo, caller.act("accept-terms"), &caller.origin(), change)
        .await?;
    Ok(one(&asked, shown(&caller, &row).await?))
}
