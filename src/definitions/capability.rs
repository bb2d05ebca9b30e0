//! The statement of what this server can do, derived from the definitions alone.
//!
//! Implements <https://hl7.org/fhir/R4/capabilitystatement.html> and
//! <https://hl7.org/fhir/smart-app-launch/STU2/conformance.html> for the security part.

use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};

use super::{Definitions, Operation, Param, ResourceType, operations};

const INTERACTIONS: [&str; 9] = [
    "read",
    "vread",
    "update",
    "patch",
    "delete",
    "history-instance",
    "history-type",
    "create",
    "search-type",
];

const SYSTEM: [&str; 4] = ["transaction", "batch", "history-system", "search-system"];

/// Says where tokens are had (<https://hl7.org/fhir/smart-app-launch/1.0.0/conformance/index.html>).
const OAUTH: &str = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris";
/// Says where subscribers bind to a websocket (<https://hl7.org/fhir/R4/subscription.html#websockets>).
const WEBSOCKET: &str = "http://hl7.org/fhir/StructureDefinition/capabilitystatement-websocket";

/// What the configuration decides of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Choices {
    /// A conditional delete may delete more than one.
    pub delete_many: bool,
}

/// The CapabilityStatement, as seen under `public_url` (the FHIR base, without a slash at its end).
pub fn capability_statement(definitions: &Definitions, public_url: &str, choices: Choices) -> Value {
    let served = definitions.resources.values().filter(|resource| resource.served);
    json!({
        "resourceType": "CapabilityStatement",
        "name": "Roster",
        "title": "Roster",
        "status": "active",
        "date": Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true),
        "kind": "instance",
        "software": { "name": "Roster", "version": env!("CARGO_PKG_VERSION") },
        "implementation": { "description": "Roster, the user directory of healthcare software", "url": public_url },
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "patchFormat": ["application/json-patch+json", "application/fhir+json"],
        "rest": [{
            "extension": [{ "url": WEBSOCKET, "valueUri": websocket(public_url) }],
            "mode": "server",
            "security": {
                "extension": [{ "url": OAUTH, "extension": oauth(public_url) }],
                "cors": true,
                "service": [{
                    "coding": [{
                        "system": "http://terminology.hl7.org/CodeSystem/restful-security-service",
                        "code": "SMART-on-FHIR",
                        "display": "SMART-on-FHIR"
                    }],
                    "text": "OAuth 2.0 with the profile of SMART App Launch"
                }]
            },
            "interaction": SYSTEM.map(|code| json!({ "code": code })),
            "operation": declared(|one| one.system),
            "resource": served.map(|one| resource(one, choices)).collect::<Vec<_>>()
        }]
    })
}

/// The endpoints beside the FHIR base, as the older form of SMART has them.
fn oauth(public_url: &str) -> Value {
    let issuer = public_url.strip_suffix("/fhir/R4").unwrap_or(public_url);
    let all = ["authorize", "token", "introspect", "revoke"];
    all.map(|name| json!({ "url": name, "valueUri": format!("{issuer}/oauth2/{name}") }))
        .into_iter()
        .collect()
}

/// Beside the FHIR base, with the scheme of websockets.
fn websocket(public_url: &str) -> String {
    let base = public_url.strip_suffix("/fhir/R4").unwrap_or(public_url);
    // `https` becomes `wss`.
    format!("{}/websocket", base.replacen("http", "ws", 1))
}

fn resource(resource: &ResourceType, choices: Choices) -> Value {
    let mut statement = json!({
        "type": resource.name,
        "profile": resource.url,
        "interaction": INTERACTIONS.map(|code| json!({ "code": code })),
        "versioning": "versioned",
        "readHistory": true,
        "updateCreate": true,
        "conditionalCreate": true,
        "conditionalRead": "full-support",
        "conditionalUpdate": true,
        "conditionalDelete": if choices.delete_many { "multiple" } else { "single" },
    });
    // An empty array is not valid JSON of FHIR.
    if !resource.params.is_empty() {
        let offered = resource.params.values().filter(|param| param.is_offered());
        statement["searchParam"] = offered.map(|param| search_param(param)).collect();
    }
    statement["operation"] = declared(|one| one.is_of(&resource.name));
    statement
}

/// The operations that are offered somewhere.
fn declared(there: impl Fn(&Operation) -> bool) -> Value {
    let offered = operations().iter().filter(|one| there(one));
    offered.map(|one| json!({ "name": one.code, "definition": one.url })).collect()
}

fn search_param(param: &Param) -> Value {
    let mut statement = json!({ "name": param.code, "definition": param.url, "type": param.kind.code() });
    if !param.description.is_empty() {
        statement["documentation"] = Value::from(param.description.as_str());
    }
    statement
}
