//! Checks an expression against types, without any data.
//! Clause: <https://hl7.org/fhirpath/N1/#type-safety-and-strict-evaluation>.
//!
//! It follows what each part may yield. Where that cannot be told it stays silent: everything it
//! reports is a mistake, but not every mistake is reported.

use super::error::CheckError;
use super::expression::Expression;
use super::function::{Function, Takes};
use super::operator::Operator;
use super::tree::{Step, Tree};
use super::types::{Type, Types};

/// What a part of an expression may yield.
#[derive(Clone)]
struct Shape<'t> {
    kind: Kind<'t>,
    /// The items have an order to speak of.
    ordered: bool,
}

#[derive(Clone)]
enum Kind<'t> {
    Unknown,
    System(&'static str),
    Fhir(Vec<&'t Type>),
}

impl Shape<'_> {
    fn unknown() -> Self {
        Self { kind: Kind::Unknown, ordered: true }
    }

    fn system(name: &'static str) -> Self {
        Self { kind: Kind::System(name), ordered: true }
    }
}

impl Expression {
    /// Whether every element the expression names exists on a root of that type, nothing is picked
    /// by its place out of what has no order, and conditions are boolean.
    pub fn check(&self, types: &Types, root_type: &str) -> Result<(), CheckError> {
        let Some(root) = types.get(root_type) else {
            return Ok(());
        };
        let shape = Shape { kind: Kind::Fhir(vec![root]), ordered: true };
        Checker { types }.tree(&self.tree, &shape).map(|_| ())
    }
}

struct Checker<'t> {
    types: &'t Types,
}

impl<'t> Checker<'t> {
    fn tree(&self, tree: &Tree, this: &Shape<'t>) -> Result<Shape<'t>, CheckError> {
        Ok(match tree {
            Tree::This => this.clone(),
            Tree::Literal(item) => match item.system_name() {
                Some(name) => Shape::system(name),
                None => Shape::unknown(),
            },
            Tree::Pattern { .. } => Shape::system("String"),
            Tree::Index => Shape::system("Integer"),
            Tree::Empty | Tree::Type(_) | Tree::Total | Tree::Variable(_) => Shape::unknown(),
            Tree::Path { start, steps } => {
                let from = match start {
                    Some(start) => self.tree(start, this)?,
                    None => this.clone(),
                };
                self.path(from, steps, start.is_none())?
            }
            Tree::Call { function, input, arguments } => {
                let input = self.tree(input, this)?;
                self.call(function, input, arguments, this)?
            }
            Tree::Item { of, index } => {
                self.tree(index, this)?;
                let of = self.tree(of, this)?;
                ordered(&of, "an index")?;
                of
            }
            Tree::Negative(inner) | Tree::Positive(inner) => self.tree(inner, this)?,
            Tree::Binary { operator, left, right } => {
                self.tree(left, this)?;
                self.tree(right, this)?;
                result(*operator)
            }
            Tree::Union(parts) => {
                for part in parts {
                    self.tree(part, this)?;
                }
                Shape { ..Shape::unknown() }
            }
            Tree::Is { operand, .. } => {
                self.tree(operand, this)?;
                Shape::system("Boolean")
            }
            Tree::As { operand, wanted } => {
                let operand = self.tree(operand, this)?;
                self.cast(operand, &wanted.name)
            }
        })
    }

    fn cast(&self, shape: Shape<'t>, name: &str) -> Shape<'t> {
        let kind = match self.types.get(name) {
            Some(kind) => Kind::Fhir(vec![kind]),
            None => Kind::Unknown,
        };
        Shape { kind, ..shape }
    }

    fn path(&self, mut shape: Shape<'t>, steps: &[Step], leading: bool) -> Result<Shape<'t>, CheckError> {
        for (place, step) in steps.iter().enumerate() {
            let Kind::Fhir(kinds) = &shape.kind else {
                return Ok(Shape { kind: Kind::Unknown, ..shape });
            };
            let named = |kind: &&Type| self.types.descends(kind, &step.name);
            if leading && place == 0 && step.capital && kinds.iter().any(named) {
                continue;
            }
            let mut found = Vec::new();
            let mut open = false;
            for kind in kinds {
                // An instance of these has elements of its own that nothing here tells of.
                if kind.is_any_resource() || !kind.has_shape() {
                    open |= kind.primitive.is_none() || step.name == "value";
                }
                if let Some(element) = self.types.find(kind, &step.name) {
                    found.extend(element.options.iter().filter_map(|(_, index)| self.types.at(*index)));
                }
            }
            if open {
                return Ok(Shape { kind: Kind::Unknown, ordered: shape.ordered });
            }
            if found.is_empty() {
                let names: Vec<&str> = kinds.iter().map(|kind| kind.name.as_str()).collect();
                let message = format!("{} has no element `{}`", names.join(" or "), step.name);
                return Err(CheckError::new(message));
            }
            shape = Shape { kind: Kind::Fhir(found), ordered: shape.ordered };
        }
        Ok(shape)
    }

    fn call(
        &self,
        function: &Function,
        input: Shape<'t>,
        arguments: &[Tree],
        this: &Shape<'t>,
    ) -> Result<Shape<'t>, CheckError> {
        if matches!(function.name, "first" | "last" | "tail" | "skip" | "take") {
            ordered(&input, function.name)?;
        }
        let each = Shape { ..input.clone() };
        // Each round of a repeat may meet other types than the first.
        let scope = match function.takes {
            Takes::Each if function.name == "repeat" => &Shape::unknown(),
            Takes::Each => &each,
            _ => this,
        };
        let mut shapes = Vec::with_capacity(arguments.len());
        for argument in arguments {
            shapes.push(self.tree(argument, scope)?);
        }
        Ok(match (function.name, shapes.first(), arguments) {
            ("iif", Some(condition), _) => {
                boolean(condition)?;
                Shape::unknown()
            }
            ("as" | "ofType", _, [Tree::Type(wanted)]) => self.cast(input, &wanted.name),
            ("where" | "distinct" | "trace" | "tail" | "skip" | "take" | "exclude" | "intersect", _, _) => {
                input
            }
            ("first" | "last" | "single", _, _) => Shape { ..input },
            ("select", Some(selected), _) => Shape { ..selected.clone() },
            ("children" | "descendants", _, _) => Shape { kind: Kind::Unknown, ordered: false },
            ("extension", _, _) => Shape { ..self.cast(input, "Extension") },
            (
                "exists" | "empty" | "all" | "not" | "is" | "startsWith" | "endsWith" | "matches"
                | "contains" | "hasValue" | "isDistinct" | "allTrue",
                _,
                _,
            ) => Shape::system("Boolean"),
            ("count" | "length" | "indexOf", _, _) => Shape::system("Integer"),
            ("toString" | "substring" | "upper" | "lower" | "replace", _, _) => Shape::system("String"),
            _ => Shape::unknown(),
        })
    }
}

fn ordered(shape: &Shape<'_>, what: &str) -> Result<(), CheckError> {
    if shape.ordered {
        return Ok(());
    }
    Err(CheckError::new(format!("{what} needs an order, which children do not have")))
}

fn boolean(shape: &Shape<'_>) -> Result<(), CheckError> {
    match &shape.kind {
        Kind::System(name) if *name != "Boolean" => {
            Err(CheckError::new(format!("a condition is a Boolean, not a {name}")))
        }
        _ => Ok(()),
    }
}

fn result<'t>(operator: Operator) -> Shape<'t> {
    match operator {
        Operator::Plus
        | Operator::Minus
        | Operator::Times
        | Operator::Over
        | Operator::Div
        | Operator::Mod => Shape::unknown(),
        Operator::Concatenate => Shape::system("String"),
        _ => Shape::system("Boolean"),
    }
}
