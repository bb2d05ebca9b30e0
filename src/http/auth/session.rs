//! The end of a session: `POST /auth/revoke`, of one's own or, for an admin, of a user of his project.

use actix_web::{HttpRequest, HttpResponse, web};

use super::asked::Asked;
use crate::http::reply::Failure;

pub(in crate::http) async fn revoke(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let (repo, asked) = Asked::of_caller(&request, payload).await?;
    asked.state.identity.end_as(repo.actor(), asked.needed("loginId")?).await?;
    Ok(asked.done())
}
