//! Resources that tests create.

use serde_json::{Value, json};

pub fn user(email: &str) -> Value {
    json!({"resourceType": "User", "email": email, "firstName": "Ada", "lastName": "Lovelace"})
}

pub fn patient(family: &str, given: &str) -> Value {
    json!({"resourceType": "Patient", "name": [{"family": family, "given": [given]}]})
}

pub fn organization(name: &str) -> Value {
    json!({"resourceType": "Organization", "name": name})
}

/// The resource with further elements, or others.
pub fn with(mut resource: Value, elements: Value) -> Value {
    let Value::Object(elements) = elements else { panic!("elements are an object") };
    resource.as_object_mut().expect("a resource").extend(elements);
    resource
}

/// What somebody wrote, of a resource as it was stored: without what the server adds.
pub fn written(stored: &Value) -> Value {
    let mut resource = stored.clone();
    let object = resource.as_object_mut().expect("a resource");
    object.shift_remove("id");
    if let Some(Value::Object(meta)) = object.get_mut("meta") {
        for added in ["versionId", "lastUpdated", "project", "author"] {
            meta.shift_remove(added);
        }
        if meta.is_empty() {
            object.shift_remove("meta");
        }
    }
    resource
}
