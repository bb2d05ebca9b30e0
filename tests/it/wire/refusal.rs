//! Every refusal with its OperationOutcome (<https://hl7.org/fhir/R4/operationoutcome.html>).
