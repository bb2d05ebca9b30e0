//! FHIRPath while a query runs: which elements are shown, and what `@slice` calls them
//! (<https://hl7.org/fhir/R4/graphql.html#list>). Evaluations are counted, and each has so many steps.

use std::fmt::Write;
use std::sync::Arc;

use serde_json::Value;

use super::walk::{At, Walk};
use crate::fhirpath::{Context, Expression, Item, Types};
use crate::graphql::fault::{Fault, Path};
use crate::graphql::limit;
use crate::graphql::plan::{Field, Select};

/// An element of a list.
#[derive(Clone, Copy)]
pub(super) struct Element<'v> {
    pub value: &'v Value,
    pub index: usize,
}

impl Walk {
    /// The elements of a list that are asked for.
    pub(super) fn selected<'v>(
        &mut self,
        field: &Field,
        list: &'v [Value],
        at: &At<'v>,
        path: &Path,
    ) -> Vec<Element<'v>> {
        let Select { properties, path: expression, offset, count } = &field.select;
        let most = if field.arrange.first { 1 } else { usize::MAX };
        let most = count.unwrap_or(usize::MAX).min(most);
        let mut found = Vec::new();
        let mut before = 0;
        for (index, value) in list.iter().enumerate() {
            if found.len() >= most {
                break;
            }
            let element = Element { value, index };
            let is_like =
                |(name, wanted): &(String, Value)| value.get(name).is_some_and(|own| is_same(own, wanted));
            if !properties.iter().all(is_like) {
                continue;
            }
            if let Some(expression) = expression
                && !self.holds(expression, element, field, at, path)
            {
                continue;
            }
            if before < *offset {
                before += 1;
            } else {
                found.push(element);
            }
        }
        found
    }

    /// Whether an expression is true of an element.
    pub(super) fn holds(
        &mut self,
        expression: &Arc<Expression>,
        element: Element<'_>,
        field: &Field,
        at: &At<'_>,
        path: &Path,
    ) -> bool {
        if !self.budget.evaluation() {
            return false;
        }
        let repo = Arc::clone(&self.repo);
        let types = &repo.definitions().types;
        let context = context(types, at, element.index);
        match expression.evaluate_bool(&context, item(types, element.value, field)) {
            Ok(truth) => truth == Some(true),
            Err(error) => {
                self.tell(cannot(&error, field, path));
                false
            }
        }
    }

    /// What `@slice` appends to the name of an element; nothing where its expression comes to nothing.
    pub(super) fn suffix(
        &mut self,
        element: Element<'_>,
        field: &Field,
        at: &At<'_>,
        path: &Path,
    ) -> Option<String> {
        let expression = field.arrange.slice.as_ref()?;
        if !self.budget.evaluation() {
            return None;
        }
        let repo = Arc::clone(&self.repo);
        let types = &repo.definitions().types;
        let context = context(types, at, element.index);
        match expression.evaluate_on(&context, item(types, element.value, field)) {
            Ok(items) => {
                let mut text = String::new();
                for (place, item) in items.iter().enumerate() {
                    let comma = if place == 0 { "" } else { "," };
                    // A string takes all that is written.
                    let _ = write!(text, "{comma}{item}");
                }
                self.budget.value(text.len());
                (!text.is_empty()).then_some(text)
            }
            Err(error) => {
                self.tell(cannot(&error, field, path));
                None
            }
        }
    }
}

fn context<'a>(types: &'a Types, at: &At<'a>, index: usize) -> Context<'a> {
    Context::new(types).resource(at.resource).root_resource(at.root).steps(limit::STEPS).index(index)
}

fn item<'a>(types: &'a Types, value: &'a Value, field: &Field) -> Item<'a> {
    if field.resources {
        return Item::resource(types, value);
    }
    Item::element(types, value, None, &field.type_path)
}

fn cannot(error: &crate::fhirpath::EvalError, field: &Field, path: &Path) -> Fault {
    let text = format!("an expression on `{}` cannot be evaluated: {error}", field.name);
    Fault::new("processing", text).located(field.at).within(path)
}

/// Numbers by their value, and text as it is.
fn is_same(own: &Value, wanted: &Value) -> bool {
    match (own, wanted) {
        (Value::Number(own), Value::Number(wanted)) => own == wanted || own.as_f64() == wanted.as_f64(),
        (Value::String(own), Value::Number(wanted)) => *own == wanted.to_string(),
        (own, wanted) => own == wanted,
    }
}
