//! `GET /auth/password_policy`: what is asked of a password. There are no rules of composition and no renewal
//! (<https://pages.nist.gov/800-63-4/sp800-63b.html#password>), so of those nothing is told.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::super::answer::one;
use super::super::asked::Asked;
use crate::http::extract;
use crate::http::reply::Failure;

/// The same for everybody, whoever asks and for whom.
pub(in crate::http) async fn password_policy(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, &["provider_guid", "user_guid"])?;
    let demands = extract::state(&request).identity.demands();
    let mut policy = json!({ "length": demands.shortest, "max_length": demands.longest });
    if demands.failures > 0 {
        policy["lockout"] = demands.failures.into();
    }
    Ok(one(&asked, policy))
}
