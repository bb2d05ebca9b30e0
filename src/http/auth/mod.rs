//! Sign-in as Medplum's clients do it: JSON in, JSON or an OperationOutcome out. A file a subject.

mod asked;
mod client_info;
mod describe;
mod exchange;
mod factor;
mod login;
mod me;
mod passkey;
mod password;
mod register;
mod session;

pub(super) use asked::sign_in;
pub(super) use client_info::{client_info, method};
pub(super) use describe::describe;
pub(super) use exchange::exchange;
pub(super) use factor::{disable, enroll, enroll_at_login, mail_factor, mail_own, recovery, status, verify};
pub(super) use login::{login, mail_code, narrow, profile, step, with_code};
pub(super) use me::me;
pub(super) use passkey::{
    begin_passkey, delete_passkey, finish_passkey, list_passkeys, passkey_login, passkey_options,
};
pub(super) use password::{change, reset, set, verify_email};
pub(super) use register::{new_patient, new_project, new_user};
pub(super) use session::revoke;
