//! Where the walk leaves what was read: references, reads and searches
//! (<https://hl7.org/fhir/R4/graphql.html#references>, <https://hl7.org/fhir/R4/graphql.html#searching>).

use std::sync::Arc;

use serde_json::Value;

use super::held::{Ask, Held, Item, Out, Want};
use super::path_expression::Element;
use super::reference::Reference;
use super::walk::{At, Walk, kind};
use crate::graphql::fault::{Fault, Path};
use crate::graphql::plan::{Field, Group};

impl Walk {
    pub(super) fn follow(&mut self, field: &Field, group: &Group, at: &At<'_>, path: &Path) -> Held {
        let text = at.value.get("reference").and_then(Value::as_str).unwrap_or_default();
        let repo = Arc::clone(&self.repo);
        let is_wanted =
            |kind: &str| field.follow.only.as_ref().is_none_or(|only| only.iter().any(|one| **one == *kind));
        match Reference::of(text, &repo.engine().base_url) {
            Reference::Contained(id) => {
                let all = at.root.get("contained").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                let found = all.iter().find(|one| one.get("id").and_then(Value::as_str) == Some(id));
                let found = if id.is_empty() { Some(at.root) } else { found };
                let found = found.and_then(|value| Some((value, kind(value)?)));
                match found {
                    Some((value, kind)) if is_wanted(&kind) => {
                        let inner = At { value, kind: Some(kind), resource: value, root: at.root };
                        let suffix = self.suffix(Element { value, index: 0 }, field, &inner, path);
                        let out = Out::Object(self.object(&group.children, &inner, path));
                        Held::One(Item { suffix, out })
                    }
                    Some(_) => Held::Absent,
                    None => self.unresolved(text, field, path),
                }
            }
            Reference::Local { kind, .. } if !is_wanted(kind) => Held::Absent,
            Reference::Local { kind, id, version } => {
                let version = version.map(str::to_owned);
                self.want(
                    group,
                    path.clone(),
                    Ask::Read { kind: kind.to_owned(), id: id.to_owned(), version },
                )
            }
            Reference::Elsewhere => self.unresolved(text, field, path),
        }
    }

    fn unresolved(&mut self, text: &str, field: &Field, path: &Path) -> Held {
        if !field.follow.optional {
            let short: String = text.chars().take(200).collect();
            let text = format!("the reference '{short}' leads to nothing that can be read here");
            self.tell(Fault::new("not-found", text).located(field.at).within(path));
        }
        Held::Absent
    }

    pub(super) fn search(
        &mut self,
        kind: &str,
        field: &Field,
        group: &Group,
        at: &At<'_>,
        path: Path,
    ) -> Held {
        let mut parameters =
            field.search.as_ref().map(|search| search.parameters.clone()).unwrap_or_default();
        if let Some(code) = field.search.as_ref().and_then(|search| search.reference.as_ref()) {
            // Nothing can refer to what is only a part of another resource.
            let id = at.value.get("id").and_then(Value::as_str).filter(|_| !at.is_contained());
            let (Some(id), Some(around)) = (id, &at.kind) else { return Held::Many(Vec::new()) };
            parameters.push((code.clone(), format!("{around}/{id}")));
        }
        let total = group.children.iter().any(|child| self.plan.fields[*child].name == "count");
        self.want(group, path, Ask::Search { kind: kind.to_owned(), parameters, total })
    }

    pub(super) fn want(&mut self, group: &Group, path: Path, ask: Ask) -> Held {
        let slot = self.slots.len();
        self.slots.push(Held::Absent);
        self.wants.push(Want { slot, field: group.field, children: Arc::clone(&group.children), path, ask });
        Held::Pending(slot)
    }
}
