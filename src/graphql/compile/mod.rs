//! From a syntax tree to a plan, or to every reason why there is none
//! (<https://spec.graphql.org/October2021/#sec-Validation>).

mod argument;
mod cost;
mod directive;
mod field;
mod merge;
mod search;
mod selection;

use std::collections::{HashMap, HashSet};

use async_graphql_parser::types::{
    DocumentOperations, ExecutableDocument, FragmentDefinition, OperationDefinition, OperationType,
};
use async_graphql_parser::{Pos, Positioned};
use async_graphql_value::Name;

use super::fault::Fault;
use super::limit;
use super::plan::Plan;
use super::schema::{Schema, Scope};
use super::variables::{self, Bound, Variables, short};
use super::{Request, document};
use crate::search::Options;

/// What is compiled is one operation; of the others nothing is looked at but their names.
pub(super) fn compile(
    schema: &Schema<'_>,
    document: &ExecutableDocument,
    request: &Request,
    options: &Options<'_>,
) -> Result<Plan, Vec<Fault>> {
    let operation = chosen(document, request.operation.as_deref()).map_err(|fault| vec![fault])?;
    let mut faults = variables::undeclared(&request.variables, &document.operations);
    let variables = variables::bind(&operation.node, &request.variables, &mut faults);
    let mut compiler = Compiler {
        schema,
        fragments: &document.fragments,
        options,
        variables,
        used: Used::default(),
        open: Vec::new(),
        expanded: 0,
        introspected: 0,
        plan: Plan::default(),
        faults,
    };
    compiler.operation(operation, matches!(document.operations, DocumentOperations::Single(_)));
    let Compiler { plan, mut faults, .. } = compiler;
    if faults.is_empty() {
        faults.extend(cost::check(&plan));
    }
    faults.sort_by(|one, other| one.locations.cmp(&other.locations));
    faults.truncate(limit::FAULTS);
    if faults.is_empty() { Ok(plan) } else { Err(faults) }
}

fn chosen<'d>(
    document: &'d ExecutableDocument,
    name: Option<&str>,
) -> Result<&'d Positioned<OperationDefinition>, Fault> {
    let operation = match (&document.operations, name) {
        (DocumentOperations::Single(only), None) => only,
        (DocumentOperations::Multiple(all), Some(name)) if all.contains_key(name) => &all[name],
        (DocumentOperations::Multiple(all), None) if all.len() == 1 => {
            all.values().next().ok_or_else(|| Fault::new("required", "there is no operation"))?
        }
        (_, Some(name)) => {
            return Err(Fault::new("value", format!("there is no operation '{}'", short(name))));
        }
        (_, None) => {
            return Err(Fault::new("required", "there are several operations: name one in `operationName`"));
        }
    };
    match operation.node.ty {
        OperationType::Query => Ok(operation),
        OperationType::Mutation => {
            Err(Fault::new("not-supported", "mutations are not offered here: write by REST")
                .located(operation.pos))
        }
        OperationType::Subscription => {
            Err(Fault::new("not-supported", "subscriptions are not offered here").located(operation.pos))
        }
    }
}

struct Compiler<'c> {
    schema: &'c Schema<'c>,
    fragments: &'c HashMap<Name, Positioned<FragmentDefinition>>,
    options: &'c Options<'c>,
    variables: Variables,
    used: Used,
    /// The fragments that are being put in place.
    open: Vec<String>,
    /// Fields and fragments so far.
    expanded: usize,
    /// Values of the schema that were shown.
    introspected: usize,
    plan: Plan,
    faults: Vec<Fault>,
}

/// Names that were come across.
#[derive(Default)]
struct Used {
    variables: HashSet<String>,
    fragments: HashSet<String>,
}

/// Where fields are asked for.
#[derive(Clone)]
struct Asked {
    scope: Scope,
    depth: usize,
    /// Nothing around it is skipped.
    kept: bool,
}

impl Compiler<'_> {
    fn operation(&mut self, operation: &Positioned<OperationDefinition>, alone: bool) {
        for directive in &operation.node.directives {
            let text = format!("@{} is not for operations", directive.node.name.node);
            self.fault("not-supported", text, directive.pos);
        }
        let asked = Asked { scope: self.schema.root.clone(), depth: 0, kept: true };
        let mut root = Vec::new();
        self.selection(&operation.node.selection_set.node, &asked, &mut root);
        if !self.faults.is_empty() {
            return;
        }
        self.plan.root = root.into();
        self.faults.extend(merge::check(&self.plan));
        let unused: Vec<_> =
            self.variables.keys().filter(|name| !self.used.variables.contains(*name)).collect();
        let text = |name: &String| format!("${name} is never used");
        self.faults
            .extend(unused.into_iter().map(|name| Fault::new("value", text(name)).located(operation.pos)));
        for (name, fragment) in self.fragments {
            if alone && !self.used.fragments.contains(name.as_str()) {
                let text = format!("the fragment {name} is never used");
                self.faults.push(Fault::new("value", text).located(fragment.pos));
            }
        }
    }

    fn fault(&mut self, code: &'static str, text: impl Into<String>, at: Pos) {
        self.faults.push(Fault::new(code, text).located(at));
    }

    /// Counts one more field or fragment; false where no more is looked at.
    fn enter(&mut self, depth: usize, at: Pos) -> bool {
        if self.expanded > limit::FIELDS || self.faults.len() > limit::FAULTS {
            return false;
        }
        self.expanded += 1;
        if self.expanded > limit::FIELDS {
            let text = format!("a query has no more than {} fields, its fragments in place", limit::FIELDS);
            self.fault("too-costly", text, at);
            return false;
        }
        if depth >= limit::DEPTH {
            self.faults.push(document::too_deep().located(at));
            return false;
        }
        true
    }

    fn variable(&mut self, name: &str, at: Pos) -> Bound {
        self.used.variables.insert(name.to_owned());
        let bound = self.variables.get(name).cloned();
        bound.unwrap_or_else(|| {
            self.fault("value", format!("${name} is not declared by the operation"), at);
            Bound::Unknown
        })
    }
}
