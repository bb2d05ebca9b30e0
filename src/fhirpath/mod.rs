//! FHIRPath: an expression language over JSON, for search parameters, invariants and policies.
//! Clause: <https://hl7.org/fhirpath/N1/>, with R4's additions <https://hl7.org/fhir/R4/fhirpath.html>.
//!
//! [`Types`] says what elements there are, [`Expression::compile`] parses once, and
//! [`Expression::evaluate`] walks the JSON. The room knows nothing else of the house.

mod check;
mod children;
mod context;
mod error;
mod evaluate;
mod expression;
mod function;
mod item;
mod lexer;
mod moment;
mod moment_text;
mod node;
mod number;
mod operator;
mod parser;
mod primitive;
mod quantity;
mod steady;
mod term;
mod tree;
mod type_name;
mod types;
mod unit;
mod unit_table;
mod variable;
mod walk;

pub use context::{Context, Judge};
pub use error::{CheckError, CompileError, EvalError};
pub use expression::Expression;
pub use item::{Item, Items};
pub use moment::{Moment, MomentKind, Precision};
pub use node::Node;
pub use quantity::Quantity;
pub use types::Types;
