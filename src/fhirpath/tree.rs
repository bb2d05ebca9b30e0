//! What an expression is parsed to.
//! Clause: <https://hl7.org/fhirpath/N1/#grammar>.

use super::function::Function;
use super::item::Item;
use super::operator::Operator;
use super::type_name::TypeName;
use regex::Regex;

/// One node of a parsed expression.
#[derive(Debug, Clone)]
pub(super) enum Tree {
    /// `{}`
    Empty,
    Literal(Item<'static>),
    /// A pattern that was known, and so compiled, before any input was seen.
    Pattern {
        text: String,
        regex: Regex,
    },
    /// The argument of `is()`, `as()` and `ofType()`.
    Type(TypeName),
    /// `$this`, and the unwritten input of a leading name.
    This,
    /// `$index`
    Index,
    /// `$total`
    Total,
    /// `%name`
    Variable(String),
    /// Names joined by dots; without a start, the first may be the type of the input.
    Path {
        start: Option<Box<Tree>>,
        steps: Vec<Step>,
    },
    Call {
        function: &'static Function,
        input: Box<Tree>,
        arguments: Vec<Tree>,
    },
    /// `left[index]`
    Item {
        of: Box<Tree>,
        index: Box<Tree>,
    },
    /// `-operand`
    Negative(Box<Tree>),
    /// `+operand`
    Positive(Box<Tree>),
    Binary {
        operator: Operator,
        left: Box<Tree>,
        right: Box<Tree>,
    },
    /// `a | b | c`, kept flat because search expressions join dozens.
    Union(Vec<Tree>),
    Is {
        operand: Box<Tree>,
        wanted: TypeName,
    },
    As {
        operand: Box<Tree>,
        wanted: TypeName,
    },
}

/// One name of a path.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) name: String,
    /// The sibling that holds a primitive's extensions: `_name`.
    pub(super) extra: String,
    /// Capitalised, so that at the start of a path it may be a type.
    pub(super) capital: bool,
}

impl Step {
    pub(super) fn new(name: String) -> Self {
        Self {
            extra: format!("_{name}"),
            capital: name.starts_with(|letter: char| letter.is_uppercase()),
            name,
        }
    }
}
