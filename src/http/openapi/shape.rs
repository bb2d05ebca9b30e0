//! A short notation for the JSON of routes that no definition describes, and its JSON Schema.
//!
//! `{email: email, remember?: boolean, memberships?: [ProjectMembership], kind: 'a'|'b', more?: string|null}`: a text where
//! no type is named, `?` for what may be left out, a capital for a schema of the document, `*` for any other name.

use serde_json::{Map, Value, json};

use crate::definitions;

/// The schema that a text of the notation stands for; any JSON for one that cannot be read, which a test finds.
pub(in crate::http) fn shape(text: &str) -> Value {
    read(text).unwrap_or(Value::Bool(true))
}

fn read(text: &str) -> Option<Value> {
    let mut reader = Reader(text);
    let schema = reader.any()?;
    reader.0.trim().is_empty().then_some(schema)
}

struct Reader<'t>(&'t str);

impl<'t> Reader<'t> {
    fn eat(&mut self, sign: char) -> bool {
        match self.0.trim_start().strip_prefix(sign) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    fn word(&mut self) -> &'t str {
        let text = self.0.trim_start();
        let end =
            text.find(|char: char| !char.is_alphanumeric() && !"_-.:/$#@".contains(char) || char == ':');
        let (word, rest) = text.split_at(end.unwrap_or(text.len()));
        self.0 = rest;
        word
    }

    /// One of several, or one.
    fn any(&mut self) -> Option<Value> {
        let mut all = vec![self.one()?];
        while self.eat('|') {
            all.push(self.one()?);
        }
        if all.len() == 1 {
            return all.pop();
        }
        let words: Option<Vec<&Value>> = all.iter().map(|one| one.get("const")).collect();
        Some(match words {
            Some(words) => json!({ "type": "string", "enum": words }),
            None => json!({ "anyOf": all }),
        })
    }

    fn one(&mut self) -> Option<Value> {
        if self.eat('[') {
            let items = self.any()?;
            return self.eat(']').then(|| json!({ "type": "array", "items": items }));
        }
        if self.eat('{') {
            return self.object();
        }
        if self.eat('\'') {
            let (word, rest) = self.0.split_once('\'')?;
            self.0 = rest;
            return Some(json!({ "const": word }));
        }
        Some(match self.word() {
            "any" => json!({}),
            "datetime" => json!({ "type": "string", "format": "date-time" }),
            "uri" => json!({ "type": "string", "format": "uri" }),
            "email" => json!({ "type": "string", "format": "email" }),
            name @ ("string" | "boolean" | "integer" | "number" | "object" | "null") => {
                json!({ "type": name })
            }
            name if name.starts_with(char::is_uppercase) => definitions::schema(name),
            _ => return None,
        })
    }

    fn object(&mut self) -> Option<Value> {
        let (mut properties, mut required) = (Map::new(), Vec::new());
        let mut schema = json!({ "type": "object" });
        while !self.eat('}') {
            if self.eat('*') {
                schema["additionalProperties"] = if self.eat(':') { self.any()? } else { Value::Bool(true) };
            } else {
                let name = self.word();
                if name.is_empty() {
                    return None;
                }
                if !self.eat('?') {
                    required.push(name);
                }
                let value = if self.eat(':') { self.any()? } else { json!({ "type": "string" }) };
                properties.insert(name.to_owned(), value);
            }
            // Behind the last one there is no comma.
            if !self.eat(',') && !self.0.trim_start().starts_with('}') {
                return None;
            }
        }
        schema["properties"] = Value::Object(properties);
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        Some(schema)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::read;

    #[test]
    fn a_notation_is_a_schema() {
        assert_eq!(
            read("{email: email, tags?: [string|null], kind?: 'a'|'b', user: User, *: boolean}"),
            Some(json!({
                "type": "object",
                "additionalProperties": {"type": "boolean"},
                "properties": {
                    "email": {"type": "string", "format": "email"},
                    "tags": {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
                    "kind": {"type": "string", "enum": ["a", "b"]},
                    "user": {"$ref": "#/components/schemas/User"}
                },
                "required": ["email", "user"]
            }))
        );
        assert_eq!(read("[string]").expect("a list")["type"], "array");
    }

    #[test]
    fn what_is_no_notation_is_none() {
        for text in ["", "{email", "{email: strin}", "[string", "string string", "{a b}", "{: string}"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
