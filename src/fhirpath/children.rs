//! All children of a node, whatever they are called.
//! Clause: <https://hl7.org/fhirpath/N1/#children-collection>.

use super::error::EvalError;
use super::evaluate::Evaluator;
use super::item::{Item, Items};
use super::node::{Node, resource_type};
use super::walk::spread;

impl<'a> Evaluator<'a, '_> {
    /// All children of a node, in the order of the JSON.
    pub(super) fn all_children(&self, node: &Node<'a>, found: &mut Items<'a>) -> Result<(), EvalError> {
        let Some(object) = node.object() else {
            return Ok(());
        };
        for (key, value) in object {
            let (name, plain) = match key.strip_prefix('_') {
                Some(name) if object.contains_key(name) => continue,
                Some(name) => (name, None),
                None => (key.as_str(), Some(value)),
            };
            if name == "resourceType" && resource_type(node.value).is_some() {
                continue;
            }
            let extra = self.extra_of(object, name);
            let shape = node.kind.filter(|kind| kind.has_shape());
            let kind = match shape.map(|kind| self.types.property(kind, name)) {
                Some(Some(kind)) => kind,
                _ if name == "extension" => self.types.get("Extension"),
                _ => None,
            };
            for child in spread(self.types, plain, extra, kind) {
                self.spend(1)?;
                found.push(Item::Node(child));
            }
        }
        Ok(())
    }
}
