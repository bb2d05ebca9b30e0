//! Tokens and how they are had: clients, codes, launches, and the keys they are checked with.

mod assertion;
mod code;
mod defence;
mod device;
mod discovery;
mod federation;
mod forged;
mod jwks;
mod keys;
mod launch;
mod open;
mod register;
mod rotation;
mod scope;
mod signer;
mod token;
pub mod visitor;
