//! What can go wrong: once when an expression is compiled, and again each time it is evaluated.
//! Clause: <https://hl7.org/fhirpath/N1/#singleton-evaluation-of-collections> names the errors an evaluation may end in.

use std::fmt;

/// Why a text is not an expression this engine can run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompileError {
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where, as a byte offset into the text.
    pub position: usize,
}

impl CompileError {
    pub(super) fn new(message: impl Into<String>, position: usize) -> Self {
        Self { message: message.into(), position }
    }
}

impl fmt::Display for CompileError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} (at offset {})", self.message, self.position)
    }
}

impl std::error::Error for CompileError {}

/// Why an evaluation came to no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EvalError {
    /// The steps granted by the context ran out.
    OutOfSteps,
    /// The expression asks for something its input does not allow.
    Invalid(String),
}

impl EvalError {
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::Invalid(message.into())
    }
}

impl fmt::Display for EvalError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfSteps => out.write_str("the expression takes more steps than it is granted"),
            Self::Invalid(message) => out.write_str(message),
        }
    }
}

impl std::error::Error for EvalError {}

/// Why an expression cannot mean anything on a given type, found without any data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckError {
    /// What is wrong, in one sentence.
    pub message: String,
}

impl CheckError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

impl fmt::Display for CheckError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for CheckError {}
