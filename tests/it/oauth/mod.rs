//! Tokens, and the keys they are checked with.

mod forged;
mod jwks;
mod token;
