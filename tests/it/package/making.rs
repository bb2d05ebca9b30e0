//! Packages made up by tests: a gzip-compressed tar of JSON files.

use std::fs::File;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

/// Writes a package with this manifest and these resources to a file.
pub fn write(file: &Path, manifest: &Value, resources: &[Value]) {
    let mut archive =
        tar::Builder::new(GzEncoder::new(File::create(file).expect("a file"), Compression::fast()));
    let mut add = |name: String, content: String| {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, name, content.as_bytes()).expect("room");
    };
    add("package/package.json".to_owned(), manifest.to_string());
    add("package/.index.json".to_owned(), "{\"files\": []}".to_owned());
    for (place, resource) in resources.iter().enumerate() {
        let kind = resource["resourceType"].as_str().unwrap_or("nothing");
        add(format!("package/{kind}-{place}.json"), resource.to_string());
    }
    add("package/example/Patient-1.json".to_owned(), "no JSON at all".to_owned());
    archive.into_inner().and_then(GzEncoder::finish).expect("room");
}

pub fn manifest() -> Value {
    json!({"name": "example.clinic", "version": "1.2.3", "fhirVersions": ["4.0.1"]})
}

/// A type named Ward, with a name.
pub fn ward() -> Value {
    json!({"resourceType": "StructureDefinition", "url": "https://example.com/fhir/StructureDefinition/Ward",
        "name": "Ward", "type": "Ward", "kind": "resource", "abstract": false, "derivation": "specialization",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/DomainResource",
        "differential": {"element": [
            {"path": "Ward"},
            {"path": "Ward.name", "min": 1, "max": "1", "type": [{"code": "string"}]}]}})
}

/// A search parameter on a type.
pub fn param(base: &str, code: &str, expression: &str) -> Value {
    json!({"resourceType": "SearchParameter", "url": format!("https://example.com/fhir/SearchParameter/{base}-{code}"),
        "name": code, "status": "active", "code": code, "base": [base], "type": "string", "expression": expression})
}
