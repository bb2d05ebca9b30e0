//! A mail as it goes over the wire (<https://www.rfc-editor.org/rfc/rfc5322>).

use lettre::Address;
use lettre::address::AddressError;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};

use super::template::{Text, Values};
use crate::error::{Result, fault, malformed};

pub(super) fn write(from: Mailbox, to: &str, text: &Text, values: &Values) -> Result<Message> {
    let address: Address = to.parse().map_err(|error: AddressError| {
        malformed("mail cannot be sent to this address").coded("value").at("email").because(error)
    })?;
    let text = text.fill(values, true);
    Message::builder()
        .from(from)
        .to(Mailbox::new(None, address))
        .subject(text.subject)
        .date_now()
        .message_id(None)
        .header(ContentType::TEXT_PLAIN)
        .body(text.body)
        .map_err(fault)
}
