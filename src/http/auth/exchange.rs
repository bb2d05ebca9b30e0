//! A token of an outside party becomes tokens of ours, as Medplum's clients ask for it: `/auth/exchange`. In the terms of
//! OAuth the token endpoint does the same (<https://www.rfc-editor.org/rfc/rfc8693>).

use actix_web::{HttpRequest, HttpResponse, web};

use super::asked::Asked;
use crate::error::malformed;
use crate::http::oauth::answer;
use crate::http::reply::Failure;
use crate::identity::external::{Foreign, Token};
use crate::identity::{Bucket, Proof};

pub(in crate::http) async fn exchange(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let asked = Asked::read(&request, payload, Bucket::Login).await?;
    let token = asked.needed("externalAccessToken")?;
    let id = asked.needed("clientId")?;
    let proof = asked.text("clientSecret")?.map_or(Proof::Nothing, Proof::Post);
    let identity = &asked.state.identity;
    let proved = identity.prove(Some(id), proof).await.map_err(|error| {
        malformed("there is no such client, or it did not prove that it is the one")
            .coded("login")
            .at("clientId")
            .because(error)
    })?;
    let given = Foreign {
        token,
        kind: Token::Access,
        client: &proved.client,
        proven: proved.proven,
        membership: asked.text("membership")?,
    };
    let tokens = identity.exchange(&given, asked.sign_in()?).await?;
    Ok(answer(&tokens, &asked.state.public_url))
}
