//! Second factors: one-time codes of an app, codes on paper, codes by mail, passkeys.

pub(super) mod mail_code;
pub(super) mod passkey;
pub(super) mod recovery;
mod seal;
pub(super) mod totp;

pub(super) use seal::Seal;
