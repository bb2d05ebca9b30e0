//! Users: a User of the project's own database and his membership of the project, as one resource.

mod read;
mod store;
mod write;

pub(super) use read::{Person, all, people, shown};
pub(super) use store::{create, delete, find, patch, replace};

/// What User has no element for, by the names of SCIM (`fhir/extension/scim-user.json`).
const EXTENSION: &str = "https://roster.dev/fhir/StructureDefinition/scim-user";
/// What is said of an e-mail, a number or a picture besides (`fhir/extension/scim-item.json`).
const ITEM: &str = "https://roster.dev/fhir/StructureDefinition/scim-item";
/// Contact points that are telephone numbers.
const NUMBERS: [&str; 3] = ["phone", "fax", "pager"];
/// Uses of contact points that SCIM has as types.
const USES: [&str; 3] = ["work", "home", "mobile"];
