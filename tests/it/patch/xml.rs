//! Resources out of their XML form, as far as the published cases need it
//! (<https://hl7.org/fhir/R4/xml.html>).

use roster::definitions::{Content, Definitions, Node, Structure};
use roxmltree::Node as Xml;
use serde_json::{Map, Value};

pub fn resource(definitions: &Definitions, xml: Xml) -> Value {
    let name = xml.tag_name().name();
    let structure = definitions.resource_structure(name).expect("a type of resource");
    let mut object = Map::from_iter([("resourceType".to_owned(), Value::from(name))]);
    object.extend(members(definitions, structure, structure.root(), xml));
    Value::Object(object)
}

fn members(definitions: &Definitions, structure: &Structure, node: &Node, xml: Xml) -> Map<String, Value> {
    let mut object = Map::new();
    for attribute in xml.attributes().filter(|attribute| attribute.name() != "value") {
        object.insert(attribute.name().to_owned(), Value::from(attribute.value()));
    }
    for child in xml.children().filter(Xml::is_element) {
        let name = child.tag_name().name();
        let property = node.property(name).unwrap_or_else(|| panic!("{}.{name}", node.path));
        let element = &node.elements[property.element];
        let option = &element.types[property.option];
        let (value, shadow) = match option.content {
            Content::Primitive(primitive, id) => {
                let structure = definitions.structure(id);
                let beside = members_of_primitive(definitions, structure, child);
                (
                    primitive_value(primitive.name(), child),
                    (!beside.is_empty()).then_some(Value::Object(beside)),
                )
            }
            Content::Complex(id) => {
                let structure = definitions.structure(id);
                (Some(Value::Object(members(definitions, structure, structure.root(), child))), None)
            }
            Content::Node(id) => {
                (Some(Value::Object(members(definitions, structure, structure.node(id), child))), None)
            }
            Content::Resource => {
                (child.first_element_child().map(|inner| resource(definitions, inner)), None)
            }
        };
        for (name, value) in [(&option.property, value), (&option.shadow, shadow)] {
            let Some(value) = value else { continue };
            if element.repeats() {
                let list = object.entry(name.clone()).or_insert_with(|| Value::Array(Vec::new()));
                list.as_array_mut().expect("a list").push(value);
            } else {
                object.insert(name.clone(), value);
            }
        }
    }
    object
}

fn members_of_primitive(definitions: &Definitions, structure: &Structure, xml: Xml) -> Map<String, Value> {
    if xml.tag_name().name() == "div" {
        return Map::new();
    }
    members(definitions, structure, structure.root(), xml)
}

fn primitive_value(kind: &str, xml: Xml) -> Option<Value> {
    if kind == "xhtml" {
        return Some(Value::from(&xml.document().input_text()[xml.range()]));
    }
    let text = xml.attribute("value")?;
    Some(match kind {
        "boolean" => Value::Bool(text == "true"),
        "integer" | "positiveInt" | "unsignedInt" | "decimal" => {
            serde_json::from_str(text).expect("a number")
        }
        _ => Value::from(text),
    })
}
