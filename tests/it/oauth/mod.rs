//! Tokens, and the keys they are checked with.

mod jwks;
mod token;
