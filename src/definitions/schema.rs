//! JSON Schema of every type (<https://json-schema.org/draft/2020-12>), derived from its element tree: for the description
//! of the interface. What only an invariant can say is not in it.

use serde_json::{Map, Value, json};

use super::{Content, Definitions, Element, ElementType, Node, NodeId, Primitive, Structure, StructureKind};

/// Longer lists of codes are left out.
const MOST_CODES: usize = 400;

/// A schema by name for each type, each backbone element (`User.metadata`) and each list of codes (`code.name`).
/// `Resource` is any resource that is served.
pub fn schemas(definitions: &Definitions) -> Map<String, Value> {
    let mut schemas = Schemas { definitions, all: Map::new() };
    let mut names: Vec<&String> = definitions.structures.keys().collect();
    names.sort_unstable();
    let mut resources = Vec::new();
    for name in names {
        let structure = &definitions.structures[name];
        let is_hidden = definitions.resources.get(name).is_some_and(|resource| !resource.served);
        match structure.kind {
            StructureKind::Primitive => schemas.add(name, primitive(structure)),
            StructureKind::Resource if structure.is_abstract || is_hidden => {}
            kind => {
                if kind == StructureKind::Resource {
                    resources.push(name.as_str());
                }
                for place in structure.places() {
                    let node = structure.node(place);
                    let schema = schemas.node(structure, place, node);
                    schemas.add(&node.path, schema);
                }
            }
        }
    }
    schemas.add("Resource", any(&resources));
    schemas.all
}

/// A reference to the schema of this name.
pub fn schema(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn any(resources: &[&str]) -> Value {
    let mapping: Map<String, Value> = resources
        .iter()
        .map(|name| ((*name).to_owned(), json!(format!("#/components/schemas/{name}"))))
        .collect();
    json!({
        "description": "Any resource",
        "oneOf": resources.iter().map(|name| schema(name)).collect::<Vec<_>>(),
        "discriminator": { "propertyName": "resourceType", "mapping": mapping },
    })
}

struct Schemas<'d> {
    definitions: &'d Definitions,
    all: Map<String, Value>,
}

impl Schemas<'_> {
    fn add(&mut self, name: &str, schema: Value) {
        self.all.insert(name.to_owned(), schema);
    }

    fn node(&mut self, structure: &Structure, place: NodeId, node: &Node) -> Value {
        let mut properties = Map::new();
        let (mut required, mut either) = (Vec::new(), Vec::new());
        let is_resource = structure.kind == StructureKind::Resource && place == NodeId::ROOT;
        if is_resource {
            properties.insert("resourceType".into(), json!({ "const": structure.name }));
            required.push("resourceType".to_owned());
        }
        for element in &node.elements {
            let mut options = Vec::new();
            for option in &element.types {
                let value = self.element(structure, element, option);
                properties.insert(option.property.clone(), value);
                options.push(option.property.clone());
                if node.property(&option.shadow).is_some() {
                    properties.insert(option.shadow.clone(), shadow(element));
                    options.push(option.shadow.clone());
                }
            }
            match options.as_slice() {
                _ if element.min == 0 => {}
                [one] => required.push(one.clone()),
                // One of the types, or no value and the reason for that.
                _ => either.push(json!({
                    "anyOf": options.iter().map(|name| json!({ "required": [name] })).collect::<Vec<_>>()
                })),
            }
        }
        let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
        if place == NodeId::ROOT && !structure.description.is_empty() {
            schema["description"] = json!(structure.description);
        }
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        if !either.is_empty() {
            schema["allOf"] = json!(either);
        }
        schema
    }

    fn element(&mut self, structure: &Structure, element: &Element, option: &ElementType) -> Value {
        let mut value = match option.content {
            Content::Primitive(..) => match self.codes(element) {
                Some(codes) => schema(&codes),
                None => schema(&option.code),
            },
            Content::Complex(id) => schema(&self.definitions.structure(id).name),
            Content::Node(id) => schema(&structure.node(id).path),
            Content::Resource => schema("Resource"),
        };
        if element.repeats() {
            if matches!(option.content, Content::Primitive(..)) {
                value = json!({ "anyOf": [value, { "type": "null" }] });
            }
            value = list(element, value);
        }
        let marks = [("writeOnly", element.write_only), ("readOnly", element.read_only)];
        for (mark, _) in marks.into_iter().filter(|(_, set)| *set) {
            value[mark] = json!(true);
        }
        if !element.short.is_empty() {
            value["description"] = json!(element.short);
        }
        value
    }

    /// The list of codes that an element is bound to, where it can be written down.
    fn codes(&mut self, element: &Element) -> Option<String> {
        let set = element.binding.as_ref()?;
        let mut codes: Vec<&str> = set.all()?.into_iter().map(|(_, code)| code).collect();
        codes.sort_unstable();
        codes.dedup();
        if codes.is_empty() || codes.len() > MOST_CODES {
            return None;
        }
        let name = format!("code.{}", set.url.rsplit('/').next().unwrap_or(&set.name));
        self.all.insert(name.clone(), json!({ "type": "string", "enum": codes }));
        Some(name)
    }
}

fn list(element: &Element, items: Value) -> Value {
    let mut list = json!({ "type": "array", "items": items, "minItems": 1 });
    if element.max != u32::MAX {
        list["maxItems"] = json!(element.max);
    }
    list
}

/// The id and the extensions of a primitive value.
fn shadow(element: &Element) -> Value {
    match element.repeats() {
        true => list(element, json!({ "anyOf": [schema("Element"), { "type": "null" }] })),
        false => schema("Element"),
    }
}

fn primitive(structure: &Structure) -> Value {
    use Primitive as P;
    let text = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    let whole = |least: i64| json!({ "type": "integer", "minimum": least, "maximum": i32::MAX });
    let date = "[0-9]{4}(-[0-9]{2}(-[0-9]{2}";
    let moment = r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})";
    let mut schema = match structure.primitive {
        Some(P::Boolean) => json!({ "type": "boolean" }),
        Some(P::Decimal) => json!({ "type": "number" }),
        Some(P::Integer) => whole(i32::MIN.into()),
        Some(P::UnsignedInt) => whole(0),
        Some(P::PositiveInt) => whole(1),
        Some(P::Id) => text(r"^[A-Za-z0-9\-.]{1,64}$"),
        Some(P::Date) => text(&format!("^{date})?)?$")),
        Some(P::DateTime) => text(&format!("^{date}({moment})?)?)?$")),
        Some(P::Instant) => text(&format!("^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{moment}$")),
        Some(P::Time) => text(r"^[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?$"),
        Some(P::Oid) => text(r"^urn:oid:[0-2](\.(0|[1-9][0-9]*))+$"),
        Some(P::Uuid) => text(r"^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
        Some(P::Code) => text(r"^[^\s]+( [^\s]+)*$"),
        Some(P::Uri | P::Url | P::Canonical) => text(r"^[^\s]+$"),
        Some(P::Base64Binary) => json!({ "type": "string", "minLength": 1, "contentEncoding": "base64" }),
        Some(P::String | P::Markdown | P::Xhtml) | None => json!({ "type": "string", "minLength": 1 }),
    };
    if !structure.description.is_empty() {
        schema["description"] = json!(structure.description);
    }
    schema
}
