//! The variables that an expression reads with a percent sign.
//! Clause: <https://hl7.org/fhirpath/N1/#environment-variables>, <https://hl7.org/fhir/R4/fhirpath.html#variables>.

use super::error::EvalError;
use super::evaluate::{Evaluator, Outcome};
use super::item::Item;

impl<'a> Evaluator<'a, '_> {
    pub(super) fn variable(&self, name: &str) -> Outcome<'a> {
        let own = self.context.variables.iter().find(|(own, _)| *own == name);
        if let Some((_, items)) = own {
            return Ok(items.clone());
        }
        let item = match name {
            "context" => self.root.clone(),
            "resource" => self.resource().clone(),
            "rootResource" => self.root_resource().clone(),
            "sct" => Item::text("http://snomed.info/sct"),
            "loinc" => Item::text("http://loinc.org"),
            "ucum" => Item::text("http://unitsofmeasure.org"),
            _ => {
                if let Some(set) = name.strip_prefix("vs-") {
                    Item::text(format!("http://hl7.org/fhir/ValueSet/{set}"))
                } else if let Some(extension) = name.strip_prefix("ext-") {
                    Item::text(format!("http://hl7.org/fhir/StructureDefinition/{extension}"))
                } else {
                    return Err(EvalError::invalid(format!("there is no variable `%{name}`")));
                }
            }
        };
        Ok(vec![item])
    }

    fn resource(&self) -> &Item<'a> {
        self.context.resource.as_ref().unwrap_or(&self.root)
    }

    pub(super) fn root_resource(&self) -> &Item<'a> {
        match &self.context.root_resource {
            Some(resource) => resource,
            None => self.resource(),
        }
    }
}
