//! Rules on elements: how many, of which type, with which value, under which conditions.
//!
//! Implements <https://hl7.org/fhir/R4/elementdefinition.html#interpretation>.

use serde_json::Value;

use super::place::Place;
use super::value::{fits, is_bound, shown};
use super::{DEPTH, Fit, Known};
use crate::definitions::{Role, Rule, TypeRule};
use crate::error::Severity;
use crate::fhirpath::Item;
use crate::resource::validate::reference::named_type;

impl<'a> Fit<'a> {
    /// All that a rule says of the children of a value.
    pub(super) fn children(&mut self, rule: &Rule, place: &Place<'a>) {
        for child in &rule.children {
            if !self.spend() {
                return;
            }
            let found = place.children(self.definitions, &child.name);
            self.count(child, found.len(), child.slice.as_deref());
            for one in &found {
                self.at(one, &child.name, |fit| fit.item(child, one));
            }
            if !child.slices.is_empty() {
                self.slices(child, &found);
            }
        }
    }

    /// Whether there are as many as there must be, at the element or in a slice of it.
    pub(super) fn count(&mut self, rule: &Rule, count: usize, slice: Option<&str>) {
        let what = || slice.map_or_else(|| rule.name.clone(), |slice| format!("the slice '{slice}'"));
        let (least, most) = (rule.min as usize, rule.max.map(|max| max as usize));
        let too_few = count < least;
        if !too_few && most.is_none_or(|most| count <= most) {
            return;
        }
        self.path.push(rule.name.clone());
        match most {
            _ if too_few && least == 1 => {
                self.error("required", |url| format!("{} is missing, which {url} asks for", what()));
            }
            _ if too_few => self.error("required", |url| {
                format!("{} must be there {least} times at least, not {count} ({url})", what())
            }),
            Some(0) => self.error("structure", |url| format!("{} may not be here ({url})", what())),
            _ => self.error("structure", |url| {
                format!("{} may be there {} times, not {count} ({url})", what(), most.unwrap_or(0))
            }),
        }
        self.path.pop();
    }

    /// Does `work` at a value.
    pub(super) fn at(&mut self, place: &Place<'a>, name: &str, work: impl FnOnce(&mut Self)) {
        self.path.push(place.index.map_or_else(|| name.to_owned(), |index| format!("{name}[{index}]")));
        work(self);
        self.path.pop();
    }

    /// All that a rule says of one value.
    pub(super) fn item(&mut self, rule: &Rule, place: &Place<'a>) {
        if !self.spend() {
            return;
        }
        if let Some(types) = &rule.types {
            self.types(types, place);
        }
        self.marks(rule, place);
        if let (Some(most), Some(Value::String(text))) = (rule.max_length, place.value)
            && text.chars().count() > most
        {
            self.error("too-long", |url| format!("it may have {most} characters ({url})"));
        }
        self.within(rule, place);
    }

    /// The conditions on a value, and its children.
    pub(super) fn within(&mut self, rule: &Rule, place: &Place<'a>) {
        static NOTHING: Value = Value::Null;
        for constraint in &rule.invariants {
            self.look();
            if !self.spend() {
                return;
            }
            let definitions = self.definitions;
            let value = place.value.unwrap_or(&NOTHING);
            let item = Item::element(&definitions.types, value, place.shadow, place.type_name);
            let member_of = |item: &Item<'_>, url: &str| {
                let set = definitions.value_sets.get(url.split('|').next().unwrap_or(url))?;
                Some(set.contains_code(item.as_str()?))
            };
            let context = self.context.clone().member_of(&member_of);
            let human = |why: &str| format!("{} ({}){why}", constraint.rule.human, constraint.rule.key);
            let (severity, code, text) = match constraint.rule.expression.evaluate_bool(&context, item) {
                Ok(Some(true) | None) => continue,
                Ok(Some(false)) if constraint.advice => (Severity::Warning, "invariant", human("")),
                Ok(Some(false)) => (Severity::Error, "invariant", human("")),
                Err(e) => (Severity::Warning, "processing", human(&format!(": cannot be evaluated: {e}"))),
            };
            self.issue(severity, code, || text);
        }
        self.children(rule, place);
    }

    /// The value that it must have, or look like, or be one of.
    pub(super) fn marks(&mut self, rule: &Rule, place: &Place<'a>) {
        let Some(value) = place.value else {
            if rule.fixed.is_some() || rule.pattern.is_some() {
                self.error("value", |url| format!("it has no value, and {url} asks for one"));
            }
            return;
        };
        if let Some(fixed) = rule.fixed.as_ref().filter(|fixed| *fixed != value) {
            self.error("value", |url| format!("it must be {} ({url})", shown(fixed)));
        }
        if let Some(pattern) = rule.pattern.as_ref().filter(|pattern| !fits(pattern, value)) {
            self.error("value", |url| format!("it must have all of {} ({url})", shown(pattern)));
        }
        let Some(binding) = &rule.binding else { return };
        match &binding.set {
            Some(set) if is_bound(set, place) => {}
            Some(_) => self.error("code-invalid", |url| format!("it is not in {} ({url})", binding.url)),
            None => {
                let text =
                    || format!("the value set {} is not known here: its codes are not judged", binding.url);
                self.issue(Severity::Warning, "incomplete", text);
            }
        }
    }

    fn types(&mut self, types: &[TypeRule], place: &Place<'a>) {
        let mut left: Vec<&TypeRule> = types.iter().filter(|one| self.is_a(place, &one.code)).collect();
        if left.is_empty() {
            let list: Vec<&str> = types.iter().map(|one| one.code.as_str()).collect();
            let code = place.code;
            return self.error("structure", |url| {
                format!("it is of type {code}, and may be of {} ({url})", list.join(", "))
            });
        }
        // Several of one type differ in their profiles: any will do.
        match left.as_slice() {
            [one] => self.of_type(one, place),
            _ => {
                left.retain(|one| self.would_fit(|fit| fit.of_type(one, place)));
                if left.is_empty() {
                    self.error("structure", |url| format!("it is of none of the types that {url} allows"));
                }
            }
        }
    }

    fn of_type(&mut self, one: &TypeRule, place: &Place<'a>) {
        if place.structure.role == Role::Reference && !one.targets.is_empty() {
            self.targets(&one.targets, place);
        }
        // The definition of a type itself is no further condition.
        let core = |url: &&String| self.definitions.structures.values().all(|one| one.url != **url);
        let profiles: Vec<&String> = one.profiles.iter().filter(core).collect();
        self.any_profile(&profiles, place);
    }

    /// Whether a value conforms to one of these profiles.
    pub(super) fn any_profile(&mut self, urls: &[&String], place: &Place<'a>) {
        if urls.is_empty() {
            return;
        }
        if self.depth == DEPTH {
            return self.error("too-costly", |url| format!("profiles are nested too deep ({url})"));
        }
        let mut trees = Vec::new();
        for url in urls {
            match self.profiles.profile(url) {
                Known::Tree(tree) => trees.push(tree),
                Known::Unusable(text) => return self.issue(Severity::Warning, "processing", || text),
                // It may conform to what nobody knows.
                Known::Unknown => {
                    let text = format!("the profile {url} is not known here, and was not judged");
                    return self.issue(Severity::Warning, "not-found", || text);
                }
            }
        }
        self.depth += 1;
        let outer = self.url.clone();
        let fitting =
            trees.len() == 1 || trees.iter().any(|tree| self.would_fit(|fit| fit.within(&tree.root, place)));
        match trees.as_slice() {
            [tree] => {
                self.url.clone_from(&tree.url);
                self.within(&tree.root, place);
            }
            _ if !fitting => self.error("structure", |url| {
                let list: Vec<&str> = trees.iter().map(|tree| tree.url.as_str()).collect();
                format!("it conforms to none of {} ({url})", list.join(", "))
            }),
            _ => {}
        }
        self.url = outer;
        self.depth -= 1;
    }

    fn targets(&mut self, targets: &[String], place: &Place<'a>) {
        let Some(name) = target_type(place) else { return };
        let mut allowed = Vec::new();
        for target in targets {
            match self.target_type_of(target) {
                // Of a profile that nobody knows, the type is not known either.
                None => return,
                Some(of) if of == "Resource" || of == name || self.derives(name, &of) => return,
                Some(of) => allowed.push(of),
            }
        }
        self.error("value", |url| format!("it may point to {}, not to {name} ({url})", allowed.join(", ")));
    }

    /// The type that a target profile is of.
    pub(super) fn target_type_of(&self, url: &str) -> Option<String> {
        let plain = url.split('|').next().unwrap_or(url);
        let core = self.definitions.structures.values().find(|one| one.url == plain);
        match (core, plain.strip_prefix("http://hl7.org/fhir/StructureDefinition/")) {
            (Some(structure), _) => return Some(structure.name.clone()),
            (None, Some(name)) if name.starts_with(|c: char| c.is_ascii_uppercase()) => {
                return Some(name.to_owned());
            }
            _ => {}
        }
        match self.profiles.profile(url) {
            Known::Tree(tree) => Some(tree.of.clone()),
            _ => None,
        }
    }

    /// Whether a value is of a type; of resources, also of one that theirs derives from. A `valueCode` is no
    /// `valueString`, though a code is a string.
    pub(super) fn is_a(&self, place: &Place<'_>, code: &str) -> bool {
        let own = |system: &str| match system.strip_prefix("http://hl7.org/fhirpath/System.") {
            // What the definitions call an element's id, a url or a value.
            Some(_) => place.value.is_none_or(|value| !value.is_object()),
            None => false,
        };
        let is_resource = place.structure.is_concrete_resource();
        place.code == code || own(code) || (is_resource && self.derives(place.code, code))
    }

    fn derives(&self, name: &str, ancestor: &str) -> bool {
        let find = |name: &str| self.definitions.structures.get(name).and_then(|one| one.base.as_deref());
        std::iter::successors(find(name), |base| find(base)).take(16).any(|base| base == ancestor)
    }
}

/// The type that a reference points to, as far as it says.
pub(super) fn target_type<'a>(place: &Place<'a>) -> Option<&'a str> {
    place.text("reference").and_then(named_type).or_else(|| {
        let stated = place.text("type")?;
        Some(stated.rsplit('/').next().unwrap_or(stated))
    })
}
