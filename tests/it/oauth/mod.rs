//! Tokens, and the keys they are checked with.

mod assertion;
mod forged;
mod jwks;
mod rotation;
mod scope;
mod signer;
mod token;
