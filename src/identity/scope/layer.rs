//! Scopes as a layer of the policy of whoever holds the token: it takes away what they do not name.

use super::{Access, Context, Permission, Scopes};
use crate::repo::policy::{Interaction, Interactions, Layer, Rule, Source};

/// The interactions behind each letter.
const MEANT: [(char, &[Interaction]); 5] = [
    ('c', &[Interaction::Create]),
    ('r', &[Interaction::Read, Interaction::Vread, Interaction::History]),
    ('u', &[Interaction::Update]),
    ('d', &[Interaction::Delete]),
    ('s', &[Interaction::Search]),
];

/// The layer of a token's scopes; nothing where they give no access to resources, and so take none away. `patient` is
/// the one of the launch, as `Patient/…`: without one, scopes of `patient/` allow nothing.
pub(in crate::identity) fn layer(scopes: &Scopes, patient: Option<&str>) -> Option<Layer> {
    // Everything of everybody: that is no layer at all.
    let is_all = |one: &Permission| {
        one.context != Context::Patient
            && one.kind == "*"
            && one.access == Access::ALL
            && one.criteria.is_none()
    };
    if scopes.permissions.is_empty() || scopes.permissions.iter().any(is_all) {
        return None;
    }
    let patient = patient.and_then(|patient| patient.split_once('/'));
    let mut rules = Vec::new();
    for permission in &scopes.permissions {
        let compartment = match (permission.context, patient) {
            (Context::Patient, None) => continue,
            (Context::Patient, Some((kind, id))) => Some((kind.to_owned(), id.to_owned())),
            _ => None,
        };
        rules.push(Rule {
            compartment,
            criteria: permission.criteria.clone(),
            interactions: interactions(permission.access),
            ..Rule::of(permission.kind.clone())
        });
    }
    Some(Layer { source: Source::Scopes, rules })
}

fn interactions(access: Access) -> Interactions {
    let meant = MEANT.iter().filter(|(letter, _)| access.has(*letter)).flat_map(|(_, meant)| meant.iter());
    meant.fold(Interactions::NONE, |all, one| all.with(*one))
}
