//! Sign-in of people, as a client sees it.

mod alike;
mod factor;
mod guess;
mod imported;
mod key;
mod login;
mod mail;
mod me;
mod nodes;
mod own;
mod passkey;
mod password;
pub mod person;
mod queue;
mod refresh;
mod register;
mod session;

pub use mail::folder as mail_folder;
