//! Sign-in of people, as a client sees it.

mod factor;
mod guess;
mod key;
mod login;
mod mail;
mod me;
mod own;
mod passkey;
mod password;
pub mod person;
mod refresh;
mod register;
mod session;

pub use mail::folder as mail_folder;
