//! Tokens for a device that looks whether somebody has allowed it (<https://www.rfc-editor.org/rfc/rfc8628#section-3.4>).

use actix_web::{HttpRequest, HttpResponse};

use super::super::client::client;
use super::super::form::Form;
use super::super::refusal::{Refusal, refuse};
use super::person;
use crate::http::extract;
use crate::identity::{DEVICE, Polled};

pub(super) async fn give(request: &HttpRequest, form: &Form) -> Result<HttpResponse, Refusal> {
    let client = client(request, form).await?.client;
    if !client.grants(DEVICE) {
        return Err(refuse("unauthorized_client", "this client is not meant for this grant"));
    }
    let state = extract::state(request);
    let polled = state.identity.poll_device(&client, form.need("device_code")?).await?;
    if let Some((code, text)) = polled.refusal() {
        return Err(refuse(code, text));
    }
    match polled {
        Polled::Given(tokens) => Ok(person::answer(&tokens, &state.public_url)),
        _ => Err(refuse("authorization_pending", "nobody has allowed it yet")),
    }
}
