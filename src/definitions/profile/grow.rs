//! From a StructureDefinition to the tree of a profile.
//!
//! Implements <https://hl7.org/fhir/R4/structuredefinition.html#interpretation> and
//! <https://hl7.org/fhir/R4/elementdefinition.html#id>. Definitions without ids are understood by path, slice name
//! and order.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::element::{overlay, text};
use super::{By, Discriminator, ProfileTree, Rest, Rule, Slicing, Sources, TypeRule, Urls};
use crate::definitions::{Content, Definitions, Node, Structure};
use crate::error::{Error, Result, invalid};

/// Profiles of profiles of profiles end here, and so does a circle.
const DEPTH: usize = 16;
/// Elements within elements, and slices within slices: nothing real is deeper.
const DEEPEST: usize = 32;
const SLICES: usize = 8;

/// The tree of a profile. `sources` finds the definitions that it derives from.
pub fn compile(definitions: &Definitions, profile: &Value, sources: Sources<'_>) -> Result<ProfileTree> {
    let urls = definitions.structures.values().map(|one| (one.url.as_str(), one.name.as_str())).collect();
    Grower { definitions, sources, urls }.tree(profile, DEPTH)
}

struct Grower<'g> {
    definitions: &'g Definitions,
    sources: Sources<'g>,
    urls: Urls<'g>,
}

/// An element's name and slice, as its id has them.
type Segment = (String, Option<String>);

/// Where the tree stands in the type: what children there are.
type Here<'g> = Option<(&'g Structure, &'g Node)>;

impl<'g> Grower<'g> {
    fn tree(&self, profile: &Value, depth: usize) -> Result<ProfileTree> {
        let empty = Map::new();
        let object = profile.as_object().unwrap_or(&empty);
        let (url, of) = (text(object, "url").unwrap_or_default(), text(object, "type").unwrap_or_default());
        let wrong = |what: String| invalid(format!("the profile {url} cannot be used: {what}"));
        if !self.definitions.structures.contains_key(of) {
            return Err(wrong(format!("there is no type '{of}'")));
        }
        let elements = |name: &str| profile.get(name)?.get("element")?.as_array();
        let mut root = Rule { name: of.to_owned(), ..Rule::default() };
        let elements = match (elements("snapshot"), elements("differential")) {
            (Some(complete), _) => complete,
            (None, changes) => {
                let base = text(object, "baseDefinition").unwrap_or_default();
                if !self.urls.contains_key(base.split('|').next().unwrap_or(base)) {
                    if depth == 0 {
                        return Err(wrong("it derives from itself".to_owned()));
                    }
                    let source = (self.sources)(base);
                    let source = source.ok_or_else(|| wrong(format!("its base {base} is not known here")))?;
                    root = self.tree(&source, depth - 1)?.root;
                }
                changes.map_or(&[][..], |list| list)
            }
        };
        let mut slices: HashMap<String, String> = HashMap::new();
        for element in elements.iter().filter_map(Value::as_object) {
            self.lay(&mut root, element, of, &mut slices)
                .map_err(|error| wrong(error.issues.iter().map(|issue| issue.text.as_str()).collect()))?;
        }
        let version = text(object, "version").map_or_else(String::new, |version| format!("|{version}"));
        Ok(ProfileTree { url: format!("{url}{version}"), of: of.to_owned(), root })
    }

    fn lay(
        &self,
        root: &mut Rule,
        element: &Map<String, Value>,
        of: &str,
        slices: &mut HashMap<String, String>,
    ) -> Result<()> {
        let segments = segments(element, slices);
        let Some(((first, _), rest)) = segments.split_first() else {
            return Err(invalid("an element has no path"));
        };
        let slices_of = |slice: &Option<String>| slice.as_ref().map_or(0, |slice| slice.matches('/').count());
        if rest.len() > DEEPEST || rest.iter().any(|(_, slice)| slices_of(slice) > SLICES) {
            return Err(invalid("an element is nested too deep"));
        }
        if first != of {
            return Err(invalid(format!("the element {first} is not of {of}")));
        }
        let structure = self.definitions.structures.get(of).map(AsRef::as_ref);
        let here = structure.map(|structure| (structure, structure.root()));
        let (rule, _) = rest.iter().try_fold((root, here), |(rule, here), segment| {
            let missing = || -> Error {
                invalid(format!("there is no element {}", text(element, "path").unwrap_or_default()))
            };
            self.descend(rule, here, segment).ok_or_else(missing)
        })?;
        // How often the type itself occurs is nobody's business.
        let is_root = rest.is_empty();
        overlay(rule, self.definitions, element, of)?;
        if is_root {
            (rule.min, rule.max, rule.types) = (0, None, None);
        }
        Ok(())
    }

    /// The rule of a child, made if need be.
    fn descend<'r>(
        &self,
        rule: &'r mut Rule,
        here: Here<'g>,
        segment: &Segment,
    ) -> Option<(&'r mut Rule, Here<'g>)> {
        let (written, slice) = segment;
        let mut name = written.trim_end_matches("[x]");
        let mut slice = slice.clone();
        let mut only = None;
        let mut below = None;
        if let Some((structure, node)) = here {
            if node.element(name).is_none() {
                // `valueQuantity` stands for that slice of `value[x]`.
                let property = node.property(name).filter(|property| !property.shadow)?;
                let element = &node.elements[property.element];
                only = Some(element.types[property.option].code.clone());
                slice = slice.or_else(|| Some(name.to_owned()));
                name = &element.name;
            }
            let element = node.element(name)?;
            let by_slice = element.types.iter().find(|one| slice.as_deref() == Some(one.property.as_str()));
            let option = match (by_slice, &only) {
                (Some(option), _) => Some(option),
                (None, Some(code)) => element.types.iter().find(|one| one.code == *code),
                (None, None) => element.types.first().filter(|_| element.types.len() == 1),
            };
            below = option.and_then(|option| match option.content {
                Content::Primitive(_, id) | Content::Complex(id) => {
                    let structure = self.definitions.structure(id);
                    Some((structure, structure.root()))
                }
                Content::Node(id) => Some((structure, structure.node(id))),
                Content::Resource => None,
            });
        }
        let place = rule.children.iter().position(|child| child.name == name).unwrap_or_else(|| {
            rule.children.push(Rule { name: name.to_owned(), ..Rule::default() });
            rule.children.len() - 1
        });
        let mut rule = &mut rule.children[place];
        if only.is_some() && rule.slicing.is_none() {
            rule.slicing = Some(by_type());
        }
        if let Some(slice) = slice {
            rule = sliced(rule, &slice);
            if let (Some(code), None) = (only, &rule.types) {
                rule.types = Some(vec![TypeRule { code, ..TypeRule::default() }]);
            }
        }
        Some((rule, below))
    }
}

/// The slice of a rule; `a/b` is the slice b of the slice a.
fn sliced<'r>(rule: &'r mut Rule, slice: &str) -> &'r mut Rule {
    let outer = slice.rsplit_once('/').map(|(outer, _)| outer);
    let rule = match outer {
        Some(outer) => sliced(rule, outer),
        None => rule,
    };
    let place = rule.slices.iter().position(|one| one.slice.as_deref() == Some(slice)).unwrap_or_else(|| {
        let (name, slice) = (rule.name.clone(), Some(slice.to_owned()));
        rule.slices.push(Rule { name, slice, ..Rule::default() });
        rule.slices.len() - 1
    });
    &mut rule.slices[place]
}

fn by_type() -> Slicing {
    let discriminators = vec![Discriminator { by: By::Type, steps: Vec::new() }];
    Slicing { discriminators, ordered: false, rest: Rest::Allowed }
}

/// The names and slices on the way to an element: from its id, or from its path and the slices before it.
fn segments(element: &Map<String, Value>, slices: &mut HashMap<String, String>) -> Vec<Segment> {
    let path = text(element, "path").unwrap_or_default();
    let own = text(element, "sliceName");
    let split = |one: &str| match one.split_once(':') {
        Some((name, slice)) => (name.to_owned(), Some(slice.to_owned())),
        None => (one.to_owned(), None),
    };
    let mut found: Vec<Segment> = match text(element, "id").filter(|id| id.contains(':')) {
        Some(id) => id.split('.').map(split).collect(),
        None => {
            let mut above = String::new();
            let names = path.split('.');
            names
                .map(|name| {
                    above.push('.');
                    above.push_str(name);
                    (name.to_owned(), slices.get(&above).cloned())
                })
                .collect()
        }
    };
    if let Some(last) = found.last_mut() {
        match own {
            Some(own) if last.1.is_none() || !text(element, "id").is_some_and(|id| id.contains(':')) => {
                last.1 = Some(own.to_owned());
            }
            None if !text(element, "id").is_some_and(|id| id.contains(':')) => last.1 = None,
            _ => {}
        }
    }
    let place = format!(".{path}");
    // A new slice, or the element itself: what was said of the slice before is over.
    slices.retain(|other, _| *other != place && !other.starts_with(&format!("{place}.")));
    if let Some(own) = own {
        slices.insert(place, own.to_owned());
    }
    found
}
