//! The elements that the path of a search parameter leads to, where it is nothing but names and dots: what is
//! known of them before any resource is seen (<https://hl7.org/fhir/R4/searchparameter.html>).

use std::sync::Arc;

use super::super::{Content, Element, Structure};

/// The elements of a union of plain paths; nothing where one of them is more than that.
pub(super) fn elements<'t>(
    table: &'t [Arc<Structure>],
    resource: &str,
    expression: &str,
) -> Option<Vec<&'t Element>> {
    let own =
        |path: &&str| path.split('.').next().is_some_and(|root| root == resource || !is_type(table, root));
    let paths = expression.split('|').map(str::trim);
    paths.filter(own).map(|path| element(table, resource, path)).collect()
}

fn is_type(table: &[Arc<Structure>], name: &str) -> bool {
    table.iter().any(|structure| structure.name == name)
}

fn element<'t>(table: &'t [Arc<Structure>], resource: &str, path: &str) -> Option<&'t Element> {
    let mut names = path.split('.');
    if names.next() != Some(resource) {
        return None;
    }
    let mut structure = table.iter().find(|structure| structure.name == resource)?;
    let mut node = structure.root();
    let mut found = None;
    let mut names = names.peekable();
    while let Some(name) = names.next() {
        let element = node.element(name)?;
        found = Some(element);
        if names.peek().is_some() {
            let [only] = element.types.as_slice() else { return None };
            match only.content {
                Content::Node(id) => node = structure.node(id),
                Content::Complex(id) => {
                    structure = &table[id.0];
                    node = structure.root();
                }
                Content::Primitive(..) | Content::Resource => return None,
            }
        }
    }
    found
}
