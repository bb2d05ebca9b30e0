//! Whether an expression comes to the same on the same input whenever and wherever it is evaluated.
//! Clause: <https://hl7.org/fhirpath/N1/#current-date-and-time-functions>, <https://hl7.org/fhirpath/N1/#environment-variables>.

use super::expression::Expression;
use super::tree::Tree;

/// Functions whose answer is not in their input.
const UNSTEADY: [&str; 5] = ["now", "today", "timeOfDay", "memberOf", "conformsTo"];
const VARIABLES: [&str; 6] = ["context", "resource", "rootResource", "sct", "loinc", "ucum"];

impl Expression {
    /// What in it depends on more than its input, as it is written.
    pub fn depends_on(&self) -> Option<String> {
        of(&self.tree)
    }
}

fn of(tree: &Tree) -> Option<String> {
    match tree {
        Tree::Empty
        | Tree::Literal(_)
        | Tree::Pattern { .. }
        | Tree::Type(_)
        | Tree::This
        | Tree::Index
        | Tree::Total => None,
        Tree::Variable(name) => {
            let known =
                VARIABLES.contains(&name.as_str()) || name.starts_with("vs-") || name.starts_with("ext-");
            (!known).then(|| format!("%{name}"))
        }
        Tree::Path { start, .. } => start.as_deref().and_then(of),
        Tree::Call { function, .. } if UNSTEADY.contains(&function.name) => {
            Some(format!("{}()", function.name))
        }
        Tree::Call { input, arguments, .. } => of(input).or_else(|| arguments.iter().find_map(of)),
        Tree::Item { of: list, index } => of(list).or_else(|| of(index)),
        Tree::Negative(inner) | Tree::Positive(inner) => of(inner),
        Tree::Binary { left, right, .. } => of(left).or_else(|| of(right)),
        Tree::Union(parts) => parts.iter().find_map(of),
        Tree::Is { operand, .. } | Tree::As { operand, .. } => of(operand),
    }
}
