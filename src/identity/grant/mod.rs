//! What a token is given for, one file a grant (<https://www.rfc-editor.org/rfc/rfc6749#section-4>).

mod client_credentials;
mod device_code;
mod introspect;
mod token_exchange;

use crate::error::{Error, malformed};
pub use device_code::{Codes, Device, GRANT as DEVICE, Polled};
pub use token_exchange::Narrowed;

/// A refusal in a word of <https://www.rfc-editor.org/rfc/rfc6749#section-5.2>.
pub(super) fn refuse(code: &'static str, text: &str) -> Error {
    malformed(text).coded(code)
}
