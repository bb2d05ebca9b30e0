//! From a filter to clauses of a search. Every comparison becomes one that an index answers, or is refused: texts under
//! a parameter of their own, all else as a term `path|value` under `scim-item`.

use std::sync::Arc;

use serde_json::Value;

use super::super::path::{Path, Place};
use super::super::refusal::{Refusal, Result, bad};
use super::super::schema::{Attribute, Kind, Resource};
use super::holds::truth;
use super::{Filter, Op};
use crate::definitions::{Param, ResourceType};
use crate::error::fault;
use crate::repo::Repo;
use crate::search::{Bound, Clause, End, Key, Op as Order, Other, Test, fold, moment, qualifier};

/// Longer terms have no beginning in the index.
const LONGEST_START: usize = 100;

pub(in super::super) struct Compiler<'a> {
    pub(super) kind: &'static Resource,
    repo: &'a Repo,
}

impl<'a> Compiler<'a> {
    pub fn new(kind: &'static Resource, repo: &'a Repo) -> Self {
        Self { kind, repo }
    }

    pub fn clause(&self, filter: &Filter) -> Result<Clause> {
        Ok(match filter {
            Filter::All(all) => Clause::All(all.iter().map(|one| self.clause(one)).collect::<Result<_>>()?),
            Filter::Any(any) => Clause::Any(any.iter().map(|one| self.clause(one)).collect::<Result<_>>()?),
            Filter::Not(inner) => not(self.clause(inner)?),
            Filter::Present(path) => self.present(self.place(path)?)?,
            Filter::Compare(path, op, value) => self.compare(self.place(path)?, *op, value)?,
            Filter::Within(path, inner) => self.within(self.place(path)?, inner)?,
        })
    }

    /// What a result is sorted by, in the terms of a search.
    pub fn sort(&self, by: &str) -> Result<&'static str> {
        let none = || bad("invalidValue", format!("nothing is sorted by '{by}'"));
        let place = Path::read(by).and_then(|path| path.find(self.kind)).ok_or_else(none)?;
        let code = match place.dotted().as_str() {
            // Ids grow with time.
            "id" | "meta.created" => "_id",
            "meta.lastModified" => "_lastUpdated",
            "externalId" if self.kind.name == "User" => "external-id",
            "emails.value" => "email",
            "active" => "active",
            _ => {
                let attribute = place.compared().ok_or_else(none)?;
                attribute.text.as_deref().ok_or_else(none)?
            }
        };
        Ok(code)
    }

    fn place(&self, path: &Path) -> Result<Place> {
        path.find(self.kind).ok_or_else(|| {
            let sub = path.sub.as_ref().map(|sub| format!(".{sub}")).unwrap_or_default();
            bad("invalidFilter", format!("a {} has no attribute {}{sub}", self.kind.name, path.name))
        })
    }

    pub(super) fn compare(&self, place: Place, op: Op, value: &Value) -> Result<Clause> {
        if op == Op::NotEqual {
            return Ok(not(self.compare(place, Op::Equal, value)?));
        }
        if value.is_null() {
            return match op {
                Op::Equal => Ok(not(self.present(place)?)),
                _ => Err(bad("invalidFilter", "null is only equal or not")),
            };
        }
        let path = place.dotted();
        let no_value = || bad("invalidFilter", format!("{path} has parts; name one of them"));
        let attribute = place.compared().ok_or_else(no_value)?;
        if attribute.kind == Kind::Boolean {
            return self.truth(place, op, value);
        }
        let Some(text) = value.as_str() else {
            return Err(bad("invalidFilter", format!("{path} is compared with a text in double quotes")));
        };
        match (path.as_str(), self.kind.name) {
            ("id", _) => {
                self.whole(&path, op, || Ok(Clause::Id { any: vec![text.to_owned()], negated: false }))
            }
            ("schemas", _) => self.whole(&path, op, || match self.kind.schema(text) {
                Some(schema) if schema.id == self.kind.core.id => Ok(anybody()),
                Some(_) => Err(bad("invalidFilter", "ask for an attribute of the extension instead")),
                None => Ok(nobody()),
            }),
            ("meta.resourceType", _) => self.whole(&path, op, || {
                Ok(if text.eq_ignore_ascii_case(self.kind.name) { anybody() } else { nobody() })
            }),
            ("meta.lastModified", _) => self.moment("_lastUpdated", op, text),
            ("meta.created", "User") => self.moment("created", op, text),
            ("externalId", "User") => self.whole(&path, op, || self.index("external-id", exact(text)?)),
            ("externalId", _) => self.whole(&path, op, || {
                self.index("identifier", Test::term(text, qualifier(super::super::group::EXTERNAL_ID)))
            }),
            ("userName", _) if op == Op::Equal => self.index("user-name", exact(&text.to_lowercase())?),
            ("emails.value", _) => {
                let test = match op {
                    Op::Equal => exact(&text.to_lowercase())?,
                    op => self.worded(op, text)?,
                };
                let own = Clause::All(vec![
                    self.index("email", test.clone())?,
                    not(self.index("scim-email", Test::term("emails.hidden|true", 0))?),
                ]);
                Ok(Clause::Any(vec![own, self.index("email-address", test)?]))
            }
            ("groups.value" | "groups.display" | "groups.type", _) => self.grouped(&path, op, text),
            ("members.value" | "members.type", _) => self.joined(&path, op, text),
            _ if attribute.kind == Kind::Binary || path.ends_with('f') && path.contains('$') => {
                Err(refused(&path))
            }
            _ => self.text_or_term(place, attribute, op, text),
        }
    }

    fn text_or_term(&self, place: Place, attribute: &Attribute, op: Op, text: &str) -> Result<Clause> {
        let path = place.dotted();
        let kept_as_term = self.kind.name == "User" && attribute.element.is_none() && path != "userName";
        match (&attribute.text, op) {
            (Some(_), Op::Equal | Op::StartsWith) if kept_as_term => self.term(&path, op, text),
            (Some(code), _) => self.index(code, self.worded(op, text)?),
            (None, Op::Equal | Op::StartsWith) if self.has_terms(&path) => self.term(&path, op, text),
            _ => Err(refused(&path)),
        }
    }

    /// Whether the attribute is indexed at all.
    fn has_terms(&self, path: &str) -> bool {
        self.kind.name == "User"
            && !path.starts_with("meta.")
            && !matches!(path, "password" | "x509Certificates.value")
    }

    /// A text as string parameters compare it: without case and accents.
    fn worded(&self, op: Op, text: &str) -> Result<Test> {
        let folded = folded(text)?;
        let order = |op| Test::Order { op, than: folded.clone() };
        Ok(match op {
            Op::Equal | Op::NotEqual => Test::Whole(folded),
            Op::Contains => Test::Contains(folded),
            Op::StartsWith => Test::Prefix(folded),
            Op::EndsWith => Test::Suffix(folded),
            Op::Greater => order(Order::Greater),
            Op::GreaterOrEqual => order(Order::GreaterOrEqual),
            Op::Less => order(Order::Less),
            Op::LessOrEqual => order(Order::LessOrEqual),
        })
    }

    /// What is compared as a whole or not at all.
    fn whole(&self, path: &str, op: Op, clause: impl FnOnce() -> Result<Clause>) -> Result<Clause> {
        match op {
            Op::Equal => clause(),
            _ => Err(bad("invalidFilter", format!("{path} is compared by eq, ne and pr only"))),
        }
    }

    /// `path|value` among the terms.
    pub(super) fn term(&self, path: &str, op: Op, text: &str) -> Result<Clause> {
        let term = format!("{path}|{}", text.to_lowercase());
        match op {
            Op::Equal => self.index(terms_of(path), Test::term(&term, 0)),
            Op::StartsWith => self.begins(term),
            _ => Err(refused(path)),
        }
    }

    pub(super) fn begins(&self, start: String) -> Result<Clause> {
        if start.chars().count() > LONGEST_START {
            return Err(bad("invalidFilter", "no such long beginning can be searched for"));
        }
        self.index(terms_of(&start), Test::TermPrefix { value: start.clone(), qualifier: Some(0) })
    }

    fn truth(&self, place: Place, op: Op, value: &Value) -> Result<Clause> {
        let path = place.dotted();
        let truth = truth(value).filter(|_| op == Op::Equal);
        let truth = truth.ok_or_else(|| bad("invalidFilter", format!("{path} is eq or ne true or false")))?;
        if path == "active" {
            return Ok(if truth { self.active()? } else { not(self.active()?) });
        }
        if path == "emails.primary" {
            // The address of who was not made over SCIM is his primary one.
            return self.term("emails.primary", Op::Equal, if truth { "true" } else { "false" });
        }
        self.term(&path, Op::Equal, if truth { "true" } else { "false" })
    }

    /// Neither he himself is put to sleep, nor all of his memberships.
    fn active(&self) -> Result<Clause> {
        let asleep = |kind| Ok::<_, Refusal>(index_of(self.param(kind, "active")?, Test::term("false", 0)));
        let awake = self.referred("ProjectMembership", "user", vec![not(asleep("ProjectMembership")?)])?;
        let member =
            self.referred("ProjectMembership", "user", vec![self.exists_in("ProjectMembership", "user")?])?;
        Ok(Clause::All(vec![not(asleep("User")?), Clause::Any(vec![awake, not(member)])]))
    }

    fn moment(&self, code: &str, op: Op, text: &str) -> Result<Clause> {
        let wrong = || bad("invalidFilter", "a time looks like 2011-05-13T04:42:34Z");
        let (low, high) = moment(text).ok_or_else(wrong)?;
        let bound = |end, op, than| Bound { end, op, than };
        let bounds = match op {
            Op::Equal => {
                vec![bound(End::Low, Order::GreaterOrEqual, low), bound(End::High, Order::LessOrEqual, high)]
            }
            Op::Greater => vec![bound(End::Low, Order::Greater, high)],
            Op::GreaterOrEqual => vec![bound(End::Low, Order::GreaterOrEqual, low)],
            Op::Less => vec![bound(End::Low, Order::Less, low)],
            Op::LessOrEqual => vec![bound(End::High, Order::LessOrEqual, high)],
            _ => return Err(bad("invalidFilter", "a time has no text in it")),
        };
        self.index(code, Test::Range(bounds))
    }

    /// Users by the groups that they are in.
    fn grouped(&self, path: &str, op: Op, text: &str) -> Result<Clause> {
        let of_group = match path {
            "groups.value" => {
                self.whole(path, op, || Ok(Clause::Id { any: vec![text.to_owned()], negated: false }))?
            }
            "groups.display" => index_of(self.param("Group", "name")?, self.worded(op, text)?),
            _ => self.whole(path, op, || match text.eq_ignore_ascii_case("direct") {
                true => self.exists_in("Group", "type"),
                false => Ok(nobody()),
            })?,
        };
        let person = index_of(self.param("Group", "type")?, Test::term("person", 0));
        self.referred("Group", "member", vec![person, of_group])
    }

    /// Groups by their members.
    fn joined(&self, path: &str, op: Op, text: &str) -> Result<Clause> {
        let either = |value: Option<String>, kinds: &[&str]| -> Result<Clause> {
            let tests = kinds
                .iter()
                .map(|kind| Test::Term { value: value.clone(), qualifier: Some(qualifier(kind)) });
            let param = self.param(self.kind.name, "member")?;
            Ok(Clause::Index { key: Key::of(&param), param, any: tests.collect(), negated: false })
        };
        self.whole(path, op, || match path {
            "members.type" => match ["User", "Group"].iter().find(|kind| kind.eq_ignore_ascii_case(text)) {
                Some(kind) => either(None, &[kind]),
                None => Ok(nobody()),
            },
            _ => either(Some(text.to_owned()), &["User", "Group"]),
        })
    }

    fn present(&self, place: Place) -> Result<Clause> {
        let path = place.dotted();
        let some = |code: &str| self.exists_in(self.kind.name, code);
        Ok(match (path.as_str(), self.kind.name) {
            ("id" | "userName" | "active" | "schemas", _) => anybody(),
            (meta, _) if meta == "meta" || meta.starts_with("meta.") => anybody(),
            ("password", _) => return Err(refused(&path)),
            ("externalId", "User") => some("external-id")?,
            ("externalId", _) => {
                let system = Some(qualifier(super::super::group::EXTERNAL_ID));
                self.index("identifier", Test::Term { value: None, qualifier: system })?
            }
            ("displayName", "Group") => some("name")?,
            ("members.value" | "members.type", _) => {
                let any = ["User", "Group"]
                    .map(|kind| Test::Term { value: None, qualifier: Some(qualifier(kind)) });
                let param = self.param("Group", "member")?;
                Clause::Index { key: Key::of(&param), param, any: any.into(), negated: false }
            }
            ("emails.value", _) => {
                let hidden = self.index("scim-email", Test::term("emails.hidden|true", 0))?;
                Clause::Any(vec![Clause::All(vec![some("email")?, not(hidden)]), some("email-address")?])
            }
            ("groups.value" | "groups.display" | "groups.type", _) => {
                let person = index_of(self.param("Group", "type")?, Test::term("person", 0));
                self.referred("Group", "member", vec![person])?
            }
            _ if place.attribute.kind == Kind::Complex
                && place.sub.is_none()
                && !place.attribute.multi_valued =>
            {
                let all = place.attribute.sub_attributes.iter();
                let parts = all.filter(|sub| sub.name != "$ref" && !sub.is_read_only());
                Clause::Any(
                    parts
                        .map(|sub| self.present(Place { sub: Some(sub), ..place }))
                        .collect::<Result<_>>()?,
                )
            }
            ("addresses", _) => self.begins("addresses.".to_owned())?,
            _ => match place.compared() {
                Some(Attribute { element: Some(_), text: Some(code), .. }) => some(code)?,
                Some(attribute) if attribute.name != "$ref" && self.kind.name == "User" => {
                    self.begins(format!("{path}|"))?
                }
                _ => return Err(refused(&path)),
            },
        })
    }

    pub(super) fn index(&self, code: &str, test: Test) -> Result<Clause> {
        Ok(index_of(self.param(self.kind.name, code)?, test))
    }

    /// The resource has a value under a parameter.
    fn exists_in(&self, kind: &str, code: &str) -> Result<Clause> {
        let param = self.param(kind, code)?;
        Ok(Clause::Missing { key: Key::of(&param), param, missing: false })
    }

    /// Something of this type refers to the user, and meets the conditions.
    fn referred(&self, kind: &str, code: &str, clauses: Vec<Clause>) -> Result<Clause> {
        let by = Other::new(kind, clauses);
        Ok(Clause::Referred { by, key: Key::of(&*self.param(kind, code)?), qualifier: qualifier("User") })
    }

    fn param(&self, kind: &str, code: &str) -> Result<Arc<Param>> {
        let found: Option<&Arc<ResourceType>> = self.repo.definitions().resources.get(kind);
        let param = found.and_then(|kind| kind.params.get(code));
        Ok(Arc::clone(param.ok_or_else(|| fault(format!("{kind} has no search parameter {code}")))?))
    }
}

/// The parameter that has the terms of a path.
fn terms_of(path: &str) -> &'static str {
    match path {
        _ if path.starts_with("emails") => "scim-email",
        _ if path.starts_with("phoneNumbers") => "scim-phone",
        _ => "scim-item",
    }
}

fn index_of(param: Arc<Param>, test: Test) -> Clause {
    Clause::Index { key: Key::of(&param), param, any: vec![test], negated: false }
}

pub(super) fn not(clause: Clause) -> Clause {
    Clause::Not(Box::new(clause))
}

fn anybody() -> Clause {
    Clause::All(Vec::new())
}

pub(super) fn nobody() -> Clause {
    Clause::Any(Vec::new())
}

pub(super) fn refused(path: &str) -> Refusal {
    bad("invalidFilter", format!("this cannot be asked of {path}: no index answers it"))
}

fn folded(text: &str) -> Result<String> {
    let folded = fold::fold(text);
    match folded.is_empty() || fold::cut(&folded).1 || fold::cut(text).1 {
        true => {
            Err(bad("invalidFilter", format!("a text in a filter has 1 to {} characters", fold::LONGEST)))
        }
        false => Ok(folded),
    }
}

/// Just this text, as it is indexed.
fn exact(text: &str) -> Result<Test> {
    let folded = folded(text)?;
    let exact = if text == folded { String::new() } else { text.to_owned() };
    Ok(Test::Exact { folded, exact })
}
