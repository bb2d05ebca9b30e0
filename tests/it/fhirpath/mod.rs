//! The expression language, alone (<https://hl7.org/fhirpath/N1/>).

mod language;
mod package;
mod vectors;
