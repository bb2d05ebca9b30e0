//! Slices: which one a value is in, and what that asks of it.
//!
//! Implements <https://hl7.org/fhir/R4/profiling.html#slicing>.

use super::element::target_type;
use super::place::Place;
use super::{Fit, Known};
use crate::definitions::{By, Discriminator, Rest, Rule, Slicing, Step};

/// What takes the values that no other slice takes.
const DEFAULT: &str = "@default";

impl<'a> Fit<'a> {
    /// Puts each value into its slice, and judges the slices.
    pub(super) fn slices(&mut self, rule: &Rule, found: &[Place<'a>]) {
        let implied = implied(rule);
        let slicing = rule.slicing.as_ref().unwrap_or(&implied);
        let mut members: Vec<Vec<Place<'a>>> = rule.slices.iter().map(|_| Vec::new()).collect();
        let (mut last, mut rest_seen) = (0, false);
        for one in found {
            let mut taken = None;
            for (number, slice) in rule.slices.iter().enumerate() {
                if slice.slice.as_deref() != Some(DEFAULT) && self.belongs(slicing, slice, one) {
                    taken = Some(number);
                    break;
                }
            }
            let default = rule.slices.iter().position(|slice| slice.slice.as_deref() == Some(DEFAULT));
            match taken.or(default) {
                None if slicing.rest == Rest::Refused => self.at(one, &rule.name, |fit| {
                    fit.error("structure", |url| {
                        format!("it is in none of the slices, and {url} allows no other")
                    });
                }),
                None => rest_seen = true,
                Some(number) => {
                    if rest_seen && slicing.rest == Rest::AtEnd {
                        self.at(one, &rule.name, |fit| {
                            fit.error("structure", |url| {
                                format!("what is in no slice comes after what is in one ({url})")
                            });
                        });
                    }
                    if slicing.ordered && number < last {
                        self.at(one, &rule.name, |fit| {
                            fit.error("structure", |url| {
                                format!("its slice comes earlier, by the order of {url}")
                            });
                        });
                    }
                    last = last.max(number);
                    members[number].push(*one);
                }
            }
        }
        for (slice, members) in rule.slices.iter().zip(&members) {
            self.count(slice, members.len(), slice.slice.as_deref());
            for one in members {
                self.at(one, &rule.name, |fit| fit.item(slice, one));
            }
            if !slice.slices.is_empty() {
                self.slices(slice, members);
            }
        }
    }

    fn belongs(&mut self, slicing: &Slicing, slice: &Rule, place: &Place<'a>) -> bool {
        if slicing.discriminators.is_empty() {
            return self.would_fit(|fit| fit.item(slice, place));
        }
        slicing.discriminators.iter().all(|one| self.tells(one, slice, place))
    }

    /// Whether a discriminator says that a value is in this slice.
    fn tells(&mut self, by: &Discriminator, slice: &Rule, place: &Place<'a>) -> bool {
        if !self.spend() {
            return false;
        }
        let values = self.follow(&by.steps, vec![*place]);
        let resolved = by.steps.last() == Some(&Step::Resolve);
        let told = self.rule_at(slice, &by.steps, &mut |fit, rule| match by.by {
            By::Value => values.iter().any(|one| fit.is_marked_by(rule, one)),
            By::Exists => match (rule.max, rule.min) {
                (Some(0), _) => values.is_empty(),
                (_, 1..) => !values.is_empty(),
                _ => false,
            },
            By::Type | By::Profile if resolved => values.iter().any(|one| fit.points_by(rule, one)),
            By::Type => {
                values.iter().any(|one| rule.types.iter().flatten().any(|kind| fit.is_a(one, &kind.code)))
            }
            By::Profile => {
                let urls: Vec<&String> =
                    rule.types.iter().flatten().flat_map(|kind| &kind.profiles).collect();
                !urls.is_empty() && values.iter().any(|one| fit.would_fit(|fit| fit.any_profile(&urls, one)))
            }
        });
        // The url of an extension is that of its profile, whether anybody knows that or not.
        told || (by.by == By::Value && by.steps == [Step::Child("url".to_owned())] && {
            let mut urls = slice.types.iter().flatten().flat_map(|kind| &kind.profiles);
            urls.any(|url| place.text("url") == url.split('|').next())
        })
    }

    /// Whether a value has what tells this rule from others.
    fn is_marked_by(&mut self, rule: &Rule, place: &Place<'a>) -> bool {
        if rule.is_marked() {
            return self.would_fit(|fit| fit.marks(rule, place));
        }
        !rule.children.is_empty() && self.would_fit(|fit| fit.children(rule, place))
    }

    /// Whether a reference points where the rule says.
    fn points_by(&self, rule: &Rule, place: &Place<'a>) -> bool {
        let Some(name) = target_type(place) else { return false };
        let mut targets = rule.types.iter().flatten().flat_map(|kind| &kind.targets);
        targets.any(|url| self.target_type_of(url).is_some_and(|of| of == name))
    }

    /// The values at the end of a path.
    fn follow(&self, steps: &[Step], start: Vec<Place<'a>>) -> Vec<Place<'a>> {
        let mut here = start;
        for step in steps {
            here = match step {
                Step::Child(name) => {
                    here.iter().flat_map(|one| one.children(self.definitions, name)).collect()
                }
                Step::Extension(url) => {
                    let all = here.iter().flat_map(|one| one.children(self.definitions, "extension"));
                    all.filter(|one| one.text("url") == Some(url)).collect()
                }
                Step::OfType(code) => here.into_iter().filter(|one| self.is_a(one, code)).collect(),
                Step::Resolve => here,
            };
        }
        here
    }

    /// Whether `then` agrees to a rule at the end of a path, be it in a slice on the way or in the profile of a
    /// type.
    fn rule_at(
        &mut self,
        rule: &Rule,
        steps: &[Step],
        then: &mut dyn FnMut(&mut Self, &Rule) -> bool,
    ) -> bool {
        let Some((step, rest)) = steps.split_first() else { return then(self, rule) };
        if !self.spend() {
            return false;
        }
        let next: Vec<&Rule> = match step {
            Step::Child(name) => rule
                .child(name)
                .into_iter()
                .flat_map(|child| std::iter::once(child).chain(&child.slices))
                .collect(),
            Step::Extension(url) => {
                let slices = rule.child("extension").into_iter().flat_map(|all| &all.slices);
                slices.filter(|slice| is_extension(slice, url)).collect()
            }
            Step::OfType(code) => {
                let is_of = |slice: &&Rule| slice.types.iter().flatten().any(|kind| kind.code == *code);
                rule.slices.iter().filter(is_of).chain(std::iter::once(rule)).collect()
            }
            Step::Resolve => vec![rule],
        };
        if next.into_iter().any(|next| self.rule_at(next, rest, then)) {
            return true;
        }
        let profile = rule.types.iter().flatten().flat_map(|kind| &kind.profiles).next();
        let Some(Known::Tree(tree)) = profile.map(|url| self.profiles.profile(url)) else { return false };
        let goes_on = match step {
            Step::Child(name) => tree.root.child(name).is_some(),
            Step::Extension(_) => tree.root.child("extension").is_some(),
            Step::OfType(_) | Step::Resolve => false,
        };
        goes_on && self.rule_at(&tree.root, steps, then)
    }
}

/// Whether a slice of extensions is that of this url.
fn is_extension(slice: &Rule, url: &str) -> bool {
    let fixed = slice.child("url").and_then(|rule| rule.fixed.as_ref()?.as_str());
    let mut profiles = slice.types.iter().flatten().flat_map(|kind| &kind.profiles);
    fixed == Some(url) || profiles.any(|profile| profile == url)
}

/// How slices are told apart where the profile does not say: extensions by their url, choices by their type.
fn implied(rule: &Rule) -> Slicing {
    let discriminators = match rule.name.as_str() {
        "extension" | "modifierExtension" => {
            vec![Discriminator { by: By::Value, steps: vec![Step::Child("url".to_owned())] }]
        }
        _ if rule.slices.iter().all(|slice| slice.types.is_some()) => {
            vec![Discriminator { by: By::Type, steps: Vec::new() }]
        }
        _ => Vec::new(),
    };
    Slicing { discriminators, ordered: false, rest: Rest::Allowed }
}
