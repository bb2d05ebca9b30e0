//! The schemas of SCIM (<https://www.rfc-editor.org/rfc/rfc7643#section-7>), one file each. Beside what is published a
//! file says where a value is kept: `element` names the element of the FHIR resource, `text` the search parameter that
//! has the value as text. What has no element is kept in an extension.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value, json};

pub(super) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(super) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
pub(super) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// What kind of value an attribute has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Kind {
    #[default]
    String,
    Boolean,
    Integer,
    Reference,
    Binary,
    Complex,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Mutability {
    #[default]
    ReadWrite,
    ReadOnly,
    WriteOnly,
    Immutable,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Attribute {
    pub name: String,
    #[serde(default, rename = "type")]
    pub kind: Kind,
    #[serde(default)]
    pub multi_valued: bool,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub case_exact: bool,
    #[serde(default)]
    pub mutability: Mutability,
    #[serde(default)]
    pub sub_attributes: Vec<Attribute>,
    pub element: Option<String>,
    pub text: Option<String>,
}

#[derive(Debug)]
pub(super) struct Schema {
    pub id: String,
    pub attributes: Vec<Attribute>,
    /// As `/Schemas` shows it, without its meta.
    pub published: Value,
}

/// A type of resource: its schema, and those that extend it.
#[derive(Debug)]
pub(super) struct Resource {
    pub name: &'static str,
    pub endpoint: &'static str,
    pub description: &'static str,
    pub core: Schema,
    pub extensions: Vec<Schema>,
    /// Those of every resource (<https://www.rfc-editor.org/rfc/rfc7643#section-3.1>).
    pub shared: Vec<Attribute>,
}

static ALL: LazyLock<[Resource; 2]> = LazyLock::new(|| {
    [
        Resource {
            name: "User",
            endpoint: "/Users",
            description: "A person in the user database of the project",
            core: read(include_str!("user.json")),
            extensions: vec![read(include_str!("enterprise_user.json"))],
            shared: shared(),
        },
        Resource {
            name: "Group",
            endpoint: "/Groups",
            description: "A group of users",
            core: read(include_str!("group.json")),
            extensions: Vec::new(),
            shared: shared(),
        },
    ]
});

/// What describes the service itself.
static META: LazyLock<[Schema; 3]> = LazyLock::new(|| {
    [
        read(include_str!("service_provider_config.json")),
        read(include_str!("resource_type.json")),
        read(include_str!("schema.json")),
    ]
});

pub(super) fn user() -> &'static Resource {
    &ALL[0]
}

pub(super) fn group() -> &'static Resource {
    &ALL[1]
}

pub(super) fn resources() -> &'static [Resource] {
    &*ALL
}

/// Every schema that `/Schemas` has.
pub(super) fn schemas() -> impl Iterator<Item = &'static Schema> {
    ALL.iter().flat_map(|kind| std::iter::once(&kind.core).chain(&kind.extensions)).chain(META.iter())
}

fn shared() -> Vec<Attribute> {
    let attribute = |name: &str, kind, mutability, subs| Attribute {
        name: name.to_owned(),
        kind,
        multi_valued: name == "schemas",
        required: false,
        case_exact: name != "meta",
        mutability,
        sub_attributes: subs,
        element: None,
        text: None,
    };
    let text = |name: &str| attribute(name, Kind::String, Mutability::ReadOnly, Vec::new());
    let meta = ["resourceType", "created", "lastModified", "location", "version"].map(text).into();
    vec![
        text("schemas"),
        text("id"),
        attribute("externalId", Kind::String, Mutability::ReadWrite, Vec::new()),
        attribute("meta", Kind::Complex, Mutability::ReadOnly, meta),
    ]
}

impl Attribute {
    pub fn sub(&self, name: &str) -> Option<&Attribute> {
        self.sub_attributes.iter().find(|sub| sub.name.eq_ignore_ascii_case(name))
    }

    pub fn is_read_only(&self) -> bool {
        self.mutability == Mutability::ReadOnly
    }
}

impl Schema {
    pub fn find(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
    }
}

impl Resource {
    /// The schema of a URN, in whatever case.
    pub fn schema(&self, urn: &str) -> Option<&Schema> {
        std::iter::once(&self.core).chain(&self.extensions).find(|schema| schema.id.eq_ignore_ascii_case(urn))
    }

    pub fn extension(&self, urn: &str) -> Option<&Schema> {
        self.extensions.iter().find(|schema| schema.id.eq_ignore_ascii_case(urn))
    }

    /// An attribute of the core schema, or one of those that all resources have.
    pub fn find(&self, name: &str) -> Option<&Attribute> {
        let shared = || self.shared.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name));
        self.core.find(name).or_else(shared)
    }
}

/// A schema as its file says it. The files are part of the program.
fn read(text: &str) -> Schema {
    let file: Value = serde_json::from_str(text).expect("a schema is JSON");
    let attributes = Vec::deserialize(&file["attributes"]).expect("a schema has attributes");
    let mut published = file.clone();
    if let Some(list) = published["attributes"].as_array_mut() {
        list.iter_mut().filter_map(Value::as_object_mut).for_each(complete);
    }
    published["schemas"] = json!(["urn:ietf:params:scim:schemas:core:2.0:Schema"]);
    Schema { id: file["id"].as_str().unwrap_or_default().to_owned(), attributes, published }
}

/// An attribute with all its characteristics, and without what concerns nobody else.
fn complete(attribute: &mut Map<String, Value>) {
    attribute.shift_remove("element");
    attribute.shift_remove("text");
    let kind = attribute.get("type").and_then(Value::as_str).unwrap_or("string").to_owned();
    let defaults = [
        ("type", json!(kind)),
        ("multiValued", json!(false)),
        ("required", json!(false)),
        ("mutability", json!("readWrite")),
        ("returned", json!("default")),
    ];
    for (name, value) in defaults {
        attribute.entry(name).or_insert(value);
    }
    if !matches!(kind.as_str(), "boolean" | "complex" | "integer") {
        attribute.entry("caseExact").or_insert(json!(kind == "reference"));
        attribute.entry("uniqueness").or_insert(json!("none"));
    }
    if let Some(Value::Array(subs)) = attribute.get_mut("subAttributes") {
        subs.iter_mut().filter_map(Value::as_object_mut).for_each(complete);
    }
}

#[cfg(test)]
mod tests {
    use super::{ENTERPRISE, GROUP, USER, group, schemas, user};

    #[test]
    fn every_file_is_a_schema() {
        assert_eq!(schemas().count(), 6);
        assert_eq!(user().core.id, USER);
        assert_eq!(user().extensions[0].id, ENTERPRISE);
        assert_eq!(group().core.id, GROUP);
    }
}
