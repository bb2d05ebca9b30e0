//! What bounds an actor besides his rank: AccessPolicies, scopes, networks (`fhir/structure/AccessPolicy`).
//!
//! A policy is a list of layers, and access is only where every layer allows it. A layer is a list of rules, and
//! allows what any of them allows. For each type the rules become grants (`rights`), whose criteria are clauses:
//! `fence` adds them to every question that goes to the store, `judge` puts them to a single resource, `sight` takes
//! out what is hidden and `write` puts it back.

mod fence;
mod field;
mod interaction;
mod judge;
mod law;
mod may;
mod network;
mod own;
mod rights;
mod rule;
mod sight;
mod variable;
mod write;

use std::net::IpAddr;

pub use interaction::{Interaction, Interactions};
pub use may::ADMINISTRATION;
pub(super) use may::RECORDS;
pub use network::Networks;
pub use rule::Rule;
pub(super) use sight::{GUEST_PARAMS, Sight};
pub use variable::Variables;

use crate::search::digest_of;

/// What bounds one actor; it is made for him alone.
#[derive(Debug, Default)]
pub struct Policy {
    layers: Vec<Layer>,
    networks: Networks,
    compiled: rights::Shelf,
}

/// Rules, of which any may allow.
#[derive(Debug, Clone)]
pub struct Layer {
    pub source: Source,
    pub rules: Vec<Rule>,
}

/// Where a layer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The access policies of a membership, which give. Their `*` never means the types of administration, and for an
    /// admin they bound all other types only.
    Grants,
    /// The scopes of a token, which take away; their `*` means every type, and they bound everybody.
    Scopes,
}

impl Policy {
    pub fn new(layers: Vec<Layer>, networks: Networks) -> Self {
        Self { layers, networks, compiled: rights::Shelf::default() }
    }

    /// The same with one more layer; of nothing, that layer alone.
    pub fn narrowed(policy: Option<&Self>, layer: Layer) -> Self {
        let mut layers = policy.map(|policy| policy.layers.clone()).unwrap_or_default();
        layers.push(layer);
        Self::new(layers, policy.map(|policy| policy.networks.clone()).unwrap_or_default())
    }

    /// Whether its holder may come from this address.
    pub fn admits(&self, address: Option<IpAddr>) -> bool {
        self.networks.admits(address)
    }

    /// Whether scopes leave less than its holder has by himself.
    pub fn takes_away(&self) -> bool {
        self.layers.iter().any(|layer| layer.source == Source::Scopes)
    }

    /// Another number for each other policy.
    pub fn digest(&self) -> i64 {
        digest_of(&format!("{:?}", self.layers))
    }

    /// Whether it gives anything to somebody who is no admin.
    fn gives(&self) -> bool {
        self.layers.iter().any(|layer| layer.source == Source::Grants)
    }
}
