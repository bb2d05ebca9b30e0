//! The value of an operation: a datatype, a resource, or named parts for what has no type of its own
//! (<https://hl7.org/fhir/R4/fhirpatch.html>, "anonymous types").

use serde_json::{Map, Value};

use crate::definitions::{Content, Definitions, Element, Node, Structure};
use crate::error::{Error, Result, invalid, malformed};

#[derive(Debug, Clone)]
pub(super) enum Given {
    /// The type as it ends the name (`Quantity` of `valueQuantity`), the value, and its `_value`.
    Typed {
        suffix: String,
        value: Option<Value>,
        shadow: Option<Value>,
    },
    Resource(Value),
    Parts(Vec<(String, Given)>),
}

/// Parts within parts.
const DEEPEST: usize = 16;

impl Given {
    pub fn of(part: &Value) -> Result<Self> {
        Self::within(part, 0)
    }

    fn within(part: &Value, depth: usize) -> Result<Self> {
        let wrong = |text: &str| -> Error { malformed(text).coded("structure") };
        let object = part.as_object().ok_or_else(|| wrong("a part is an object"))?;
        if depth > DEEPEST {
            return Err(wrong("the parts are too deep"));
        }
        if let Some(resource) = object.get("resource") {
            return Ok(Self::Resource(resource.clone()));
        }
        let typed = |start: &str| {
            let mut found = object.iter().filter_map(|(name, value)| {
                Some((name.strip_prefix(start).filter(|suffix| !suffix.is_empty())?, value))
            });
            (found.next(), found.next().is_some())
        };
        let ((value, more), (shadow, more_shadows)) = (typed("value"), typed("_value"));
        let differ = value.zip(shadow).is_some_and(|((one, _), (other, _))| one != other);
        if more || more_shadows || differ {
            return Err(wrong("a part has one value"));
        }
        match (value, shadow, object.get("part")) {
            (None, None, Some(Value::Array(list))) => {
                let parts = list.iter().map(|part| {
                    let name = part.get("name").and_then(Value::as_str);
                    let name = name.ok_or_else(|| wrong("a part has no name"))?;
                    Ok((name.to_owned(), Self::within(part, depth + 1)?))
                });
                Ok(Self::Parts(parts.collect::<Result<_>>()?))
            }
            (value, shadow, None) if value.is_some() || shadow.is_some() => {
                let suffix = value.or(shadow).map(|(suffix, _)| suffix).unwrap_or_default().to_owned();
                let text = |found: Option<(&str, &Value)>| found.map(|(_, value)| value.clone());
                Ok(Self::Typed { suffix, value: text(value), shadow: text(shadow) })
            }
            _ => Err(wrong("a value is a datatype, a resource or parts")),
        }
    }

    /// The property of `element` that it fills, and the JSON of the property and of its shadow.
    pub fn fitted(
        &self,
        definitions: &Definitions,
        structure: &Structure,
        element: &Element,
    ) -> Result<Fitted> {
        let unfit = |text: String| -> Error { invalid(text).coded("structure") };
        match self {
            Self::Typed { suffix, value, shadow } => {
                let option = match element.choice {
                    true => element
                        .types
                        .iter()
                        .find(|option| option.property.strip_prefix(&element.name) == Some(suffix.as_str())),
                    false => element.types.first(),
                };
                let option = option
                    .ok_or_else(|| unfit(format!("{} cannot be of the type {suffix}", element.path)))?;
                Ok(Fitted {
                    property: option.property.clone(),
                    shadow_property: option.shadow.clone(),
                    value: value.clone(),
                    shadow: shadow.clone(),
                })
            }
            Self::Resource(resource) => {
                let option = element.types.first().filter(|option| option.content == Content::Resource);
                let option = option.ok_or_else(|| unfit(format!("{} takes no resource", element.path)))?;
                Ok(Fitted {
                    property: option.property.clone(),
                    shadow_property: option.shadow.clone(),
                    value: Some(resource.clone()),
                    shadow: None,
                })
            }
            Self::Parts(parts) => {
                let option = element.types.first().filter(|_| !element.choice);
                let option =
                    option.ok_or_else(|| unfit(format!("{} is of several types; name one", element.path)))?;
                let (structure, node) = match option.content {
                    Content::Node(id) => (structure, structure.node(id)),
                    Content::Complex(id) => {
                        let structure = definitions.structure(id);
                        (structure, structure.root())
                    }
                    _ => return Err(unfit(format!("{} has no parts", element.path))),
                };
                Ok(Fitted {
                    property: option.property.clone(),
                    shadow_property: option.shadow.clone(),
                    value: Some(Value::Object(object(definitions, structure, node, parts)?)),
                    shadow: None,
                })
            }
        }
    }
}

/// A value in the form that its element has in JSON.
pub(super) struct Fitted {
    pub property: String,
    pub shadow_property: String,
    pub value: Option<Value>,
    pub shadow: Option<Value>,
}

fn object(
    definitions: &Definitions,
    structure: &Structure,
    node: &Node,
    parts: &[(String, Given)],
) -> Result<Map<String, Value>> {
    let mut object = Map::new();
    for (name, given) in parts {
        let element = node
            .element(name)
            .ok_or_else(|| invalid(format!("{} has no element '{name}'", node.path)).coded("structure"))?;
        let fitted = given.fitted(definitions, structure, element)?;
        put(&mut object, element, fitted)?;
    }
    Ok(object)
}

/// Puts a value where its element is not there yet, or at the end of its list.
pub(super) fn put(object: &mut Map<String, Value>, element: &Element, fitted: Fitted) -> Result<()> {
    if element.repeats() {
        let length = [&fitted.property, &fitted.shadow_property]
            .iter()
            .filter_map(|name| object.get(*name)?.as_array().map(Vec::len))
            .max()
            .unwrap_or(0);
        append(object, fitted.property, fitted.value, length)?;
        return append(object, fitted.shadow_property, fitted.shadow, length);
    }
    let taken = element
        .types
        .iter()
        .any(|option| object.contains_key(&option.property) || object.contains_key(&option.shadow));
    if taken {
        return Err(invalid(format!("there is a {} already; replace it", element.path)).coded("processing"));
    }
    object.extend(fitted.value.map(|value| (fitted.property, value)));
    object.extend(fitted.shadow.map(|shadow| (fitted.shadow_property, shadow)));
    Ok(())
}

/// At the end of a list whose values and shadows stand side by side.
fn append(object: &mut Map<String, Value>, name: String, value: Option<Value>, length: usize) -> Result<()> {
    if value.is_none() && !object.contains_key(&name) {
        return Ok(());
    }
    let list = object.entry(name.as_str()).or_insert_with(|| Value::Array(Vec::new()));
    let list = list.as_array_mut().ok_or_else(|| invalid(format!("{name} is no list")).coded("structure"))?;
    list.resize(length, Value::Null);
    list.push(value.unwrap_or_default());
    Ok(())
}
