//! Which System type stands behind each FHIR primitive.
//! Clause: <https://hl7.org/fhir/R4/fhirpath.html#types>.

/// The System type that a FHIR primitive converts to of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Primitive {
    Boolean,
    Integer,
    Decimal,
    String,
    Date,
    DateTime,
    Time,
}

impl Primitive {
    /// The FHIR primitives by name.
    pub(super) const NAMES: &[&str] = &[
        "base64Binary",
        "boolean",
        "canonical",
        "code",
        "date",
        "dateTime",
        "decimal",
        "id",
        "instant",
        "integer",
        "integer64",
        "markdown",
        "oid",
        "positiveInt",
        "string",
        "time",
        "unsignedInt",
        "uri",
        "url",
        "uuid",
        "xhtml",
    ];

    /// The kind of value a type name stands for; `None` when it is not a primitive.
    pub(super) fn of(type_name: &str) -> Option<Self> {
        Some(match type_name {
            "boolean" | "System.Boolean" => Self::Boolean,
            "integer" | "positiveInt" | "unsignedInt" | "integer64" | "System.Integer" => Self::Integer,
            "decimal" | "System.Decimal" => Self::Decimal,
            "string" | "uri" | "url" | "canonical" | "base64Binary" | "code" | "oid" | "id" | "markdown"
            | "uuid" | "xhtml" | "System.String" => Self::String,
            "date" | "System.Date" => Self::Date,
            "dateTime" | "instant" | "System.DateTime" => Self::DateTime,
            "time" | "System.Time" => Self::Time,
            _ => return None,
        })
    }

    /// The primitive another one specialises, as R4 derives them.
    pub(super) fn base(type_name: &str) -> Option<&'static str> {
        Some(match type_name {
            "code" | "id" | "markdown" => "string",
            "url" | "canonical" | "oid" | "uuid" => "uri",
            "positiveInt" | "unsignedInt" => "integer",
            name if !name.starts_with("System.") && Self::of(name).is_some() => "Element",
            _ => return None,
        })
    }
}
