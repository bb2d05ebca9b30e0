//! One error for the whole server, made without knowing HTTP.
//!
//! A kind says what sort of failure it is, the issues say what and where, in the terms of
//! OperationOutcome (<https://hl7.org/fhir/R4/operationoutcome.html>). `http::reply` gives a kind its
//! status. Errors are made by the lower-case functions below, so that call sites read as prose:
//! `return Err(conflict("this e-mail is taken").at("User.email"))`.

use std::fmt;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What sort of failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request cannot be understood: syntax, unknown parameter, bad value in a query.
    Malformed,
    /// The request is understood, but the resource breaks its definition.
    Invalid,
    /// Nobody, or nobody we know, is asking.
    Unauthenticated,
    Forbidden,
    NotFound,
    /// It was here once.
    Deleted,
    /// Another record, or another writer, stands in the way.
    Conflict,
    /// A condition that the caller set does not hold.
    Precondition,
    TooLarge,
    /// Known to the standard, not offered here.
    Unsupported,
    /// Try again later.
    Busy,
    /// Tried too often; `Error::limit` says when to try again.
    Limited,
    /// Our fault; the cause is logged, never shown.
    Fault,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    Error,
    Warning,
    Information,
}

impl Severity {
    pub fn code(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Information => "information",
        }
    }
}

/// One finding, as OperationOutcome.issue has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    pub severity: Severity,
    /// A code of <http://hl7.org/fhir/issue-type>.
    pub code: &'static str,
    /// Plain words for `details.text`.
    pub text: String,
    /// FHIRPath of the element, or the name of the parameter or header.
    pub expression: Option<String>,
}

impl Issue {
    pub fn error(code: &'static str, text: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, text: text.into(), expression: None }
    }

    pub fn warning(code: &'static str, text: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, text) }
    }

    pub fn at(mut self, expression: impl Into<String>) -> Self {
        self.expression = Some(expression.into());
        self
    }
}

/// How much of a limit is left (<https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    pub name: &'static str,
    pub remaining: u32,
    /// Seconds until there is more.
    pub seconds: u64,
}

#[derive(Debug)]
pub struct Error {
    pub kind: Kind,
    /// Never empty.
    pub issues: Vec<Issue>,
    /// Version and time of what stands in the way, where a version is the reason.
    pub version: Option<(i64, i64)>,
    /// The limit that was met, where that is the reason.
    pub limit: Option<Box<Limit>>,
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    pub fn new(kind: Kind, issues: Vec<Issue>) -> Self {
        Self { kind, issues, version: None, limit: None, cause: None }
    }

    fn one(kind: Kind, code: &'static str, text: impl Into<String>) -> Self {
        Self::new(kind, vec![Issue::error(code, text)])
    }

    /// Says where, on the last issue.
    pub fn at(mut self, expression: impl Into<String>) -> Self {
        if let Some(issue) = self.issues.last_mut() {
            issue.expression = Some(expression.into());
        }
        self
    }

    /// Replaces the issue code by a narrower one.
    pub fn coded(mut self, code: &'static str) -> Self {
        if let Some(issue) = self.issues.last_mut() {
            issue.code = code;
        }
        self
    }

    /// Names the version, and its time in milliseconds since 1970.
    pub fn of_version(mut self, version: i64, updated: i64) -> Self {
        self.version = Some((version, updated));
        self
    }

    /// Keeps the cause for the log.
    pub fn because(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    pub fn cause(&self) -> Option<&(dyn std::error::Error + Send + Sync)> {
        self.cause.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, issue) in self.issues.iter().enumerate() {
            if i > 0 {
                f.write_str("; ")?;
            }
            f.write_str(&issue.text)?;
            if let Some(place) = &issue.expression {
                write!(f, " ({place})")?;
            }
        }
        if let Some(cause) = &self.cause {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

pub fn malformed(text: impl Into<String>) -> Error {
    Error::one(Kind::Malformed, "structure", text)
}

pub fn invalid(text: impl Into<String>) -> Error {
    Error::one(Kind::Invalid, "invalid", text)
}

pub fn unauthenticated(text: impl Into<String>) -> Error {
    Error::one(Kind::Unauthenticated, "login", text)
}

pub fn forbidden(text: impl Into<String>) -> Error {
    Error::one(Kind::Forbidden, "forbidden", text)
}

pub fn not_found(text: impl Into<String>) -> Error {
    Error::one(Kind::NotFound, "not-found", text)
}

pub fn deleted(text: impl Into<String>) -> Error {
    Error::one(Kind::Deleted, "deleted", text)
}

pub fn conflict(text: impl Into<String>) -> Error {
    Error::one(Kind::Conflict, "conflict", text)
}

pub fn precondition(text: impl Into<String>) -> Error {
    Error::one(Kind::Precondition, "conflict", text)
}

pub fn too_large(text: impl Into<String>) -> Error {
    Error::one(Kind::TooLarge, "too-long", text)
}

pub fn unsupported(text: impl Into<String>) -> Error {
    Error::one(Kind::Unsupported, "not-supported", text)
}

pub fn busy(text: impl Into<String>) -> Error {
    Error::one(Kind::Busy, "transient", text)
}

/// Too much of something; the time after which there is more is in the limit.
pub fn limited(text: impl Into<String>, limit: Limit) -> Error {
    Error { limit: Some(Box::new(limit)), ..Error::one(Kind::Limited, "throttled", text) }
}

/// `cause` goes to the log; the caller learns only that we failed.
pub fn fault(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::one(Kind::Fault, "exception", "the server failed to do this; the log has the cause").because(cause)
}
