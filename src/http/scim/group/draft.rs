//! A Group in the making. Members are found by their id, so that a thousand changes of a large group cost a thousand
//! look-ups; those who are new are looked for once, all together.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::{Value, json};

use super::super::accept::{Object, attribute};
use super::super::filter::{Filter, Op};
use super::super::patch::{Operation, Target, Verb};
use super::super::path::Place;
use super::super::refusal::{Result, bad};
use super::super::schema::{Attribute, group};
use super::read::{lists_persons, member_of, named};
use super::{EXTERNAL_ID, MEMBERS};
use crate::resource::{self, Roll, Turnover, bare};
use crate::store::Row;

pub(super) struct Draft<'r> {
    /// Without its members.
    body: Value,
    /// The members until now, where nothing is said of them but who they are.
    roll: Option<Roll<'r>>,
    /// Places on the roll.
    gone: BTreeSet<usize>,
    /// Those who are not on the roll; null where one was taken out.
    members: Vec<Value>,
    places: HashMap<String, usize>,
    /// Those whose kind is to be looked up, and what was said of it.
    fresh: HashMap<String, Option<&'static str>>,
}

/// What becomes of the Group.
pub(super) enum Next<'r> {
    Turnover(Box<(Roll<'r>, Turnover)>),
    Whole(Value),
}

impl<'r> Draft<'r> {
    /// From the Group until now; none where it is none of listed persons.
    pub fn of(row: &'r Row) -> Result<Option<Self>> {
        let draft = match Roll::of(&row.body) {
            Some(roll) => {
                let draft = Self::new(roll.frame.clone());
                Self { roll: Some(roll), ..draft }
            }
            None => Self::new(resource::parse(row.body.as_bytes())?),
        };
        Ok(lists_persons(&draft.body).then_some(draft))
    }

    /// From a Group that is not stored so, or an empty one.
    pub fn new(mut body: Value) -> Self {
        let members = match body.as_object_mut().and_then(|body| body.shift_remove("member")) {
            Some(Value::Array(members)) => members,
            _ => Vec::new(),
        };
        let ids = members.iter().enumerate();
        let places = ids.filter_map(|(place, member)| Some((named(member)?.1.to_owned(), place))).collect();
        Self { body, roll: None, gone: BTreeSet::new(), members, places, fresh: HashMap::new() }
    }

    /// What a POST or PUT says: all of it.
    pub fn replace(&mut self, scim: &Object) -> Result<()> {
        self.name(scim.get("displayName"));
        self.external(scim.get("externalId"));
        self.only(scim.get("members"))
    }

    pub fn apply(&mut self, operations: &[Operation], base: &str) -> Result<()> {
        for Operation { verb, target, value } in operations {
            let Target::Place { place, filter } = target else { continue };
            let given = value.as_ref().filter(|_| *verb != Verb::Remove);
            let read = |attribute: &'static Attribute| match given {
                Some(value) => self::attribute(attribute, value),
                None => Ok(None),
            };
            match place.attribute.name.as_str() {
                "displayName" => match read(place.attribute)? {
                    None => return Err(bad("mutability", "displayName must be there")),
                    name => self.name(name.as_ref()),
                },
                "externalId" => self.external(read(place.attribute)?.as_ref()),
                _ => self.change(*place, filter.as_ref(), *verb, value.as_ref(), base)?,
            }
        }
        Ok(())
    }

    fn change(
        &mut self,
        place: Place,
        filter: Option<&Filter>,
        verb: Verb,
        value: Option<&Value>,
        base: &str,
    ) -> Result<()> {
        if place.sub.is_some() {
            return Err(bad("mutability", "a member is added or removed, not changed"));
        }
        match (verb, filter) {
            (Verb::Add, None) => self.add(value),
            (Verb::Replace, None) => {
                let new = value.map(|value| attribute(place.attribute, value)).transpose()?.flatten();
                self.only(new.as_ref())
            }
            (Verb::Remove, None) => match value.filter(|value| !value.is_null()) {
                None => self.only(None),
                // Entra ID names those who go by a list.
                Some(value) => {
                    for id in ids(value)? {
                        self.remove(&id);
                    }
                    Ok(())
                }
            },
            (Verb::Remove, Some(filter)) => {
                if let Filter::Compare(path, Op::Equal, Value::String(id)) = filter
                    && path.name.eq_ignore_ascii_case("value")
                    && path.sub.is_none()
                    && path.urn.is_none()
                {
                    self.remove(id);
                    return Ok(());
                }
                for member in self.all() {
                    if let Some(shown) = member_of(&member, base)
                        && filter
                            .picks(member_list()?, &shown)
                            .map_err(|refusal| refusal.worded("invalidPath"))?
                    {
                        self.remove(shown["value"].as_str().unwrap_or_default());
                    }
                }
                Ok(())
            }
            // A member that is there already stays what it is.
            (_, Some(filter)) => match filter {
                Filter::Compare(path, Op::Equal, Value::String(id))
                    if path.name.eq_ignore_ascii_case("value") =>
                {
                    self.add(Some(&json!([{ "value": id }])))
                }
                _ => Err(bad("mutability", "a member is added or removed, not changed")),
            },
        }
    }

    fn name(&mut self, name: Option<&Value>) {
        if let Some(name) = name {
            self.body["name"] = name.clone();
        }
    }

    fn external(&mut self, id: Option<&Value>) {
        let Some(body) = self.body.as_object_mut() else { return };
        let mut all = match body.shift_remove("identifier") {
            Some(Value::Array(all)) => all,
            _ => Vec::new(),
        };
        all.retain(|one| one["system"] != EXTERNAL_ID);
        all.extend(id.map(|id| json!({ "system": EXTERNAL_ID, "value": id })));
        if !all.is_empty() {
            body.insert("identifier".to_owned(), Value::Array(all));
        }
    }

    /// These and no others; what SCIM has no name for stays.
    fn only(&mut self, members: Option<&Value>) -> Result<()> {
        let kept: HashSet<String> = match members {
            Some(members) => ids(members)?.into_iter().collect(),
            None => HashSet::new(),
        };
        let all = self.all();
        let ids = all.iter().filter_map(|member| Some(named(member)?.1));
        for id in ids.filter(|id| !kept.contains(*id)) {
            self.remove(id);
        }
        self.add(members)
    }

    fn add(&mut self, members: Option<&Value>) -> Result<()> {
        let Some(Value::Array(members)) =
            members.map(|value| attribute(member_list()?, value)).transpose()?.flatten()
        else {
            return Ok(());
        };
        for member in &members {
            let id = id(member)?;
            let said = member.get("type").and_then(Value::as_str);
            let kind = match said {
                None => None,
                Some(said) => match MEMBERS.into_iter().find(|kind| kind.eq_ignore_ascii_case(said)) {
                    None => return Err(bad("invalidValue", "a member is a User or a Group")),
                    kind => kind,
                },
            };
            if self.on_the_roll(&id).is_some() || self.places.contains_key(&id) {
                continue;
            }
            let mut entity = json!({ "reference": id });
            if let Some(display) = member.get("display") {
                entity["display"] = display.clone();
            }
            self.places.insert(id.clone(), self.members.len());
            self.members.push(json!({ "entity": entity }));
            self.fresh.insert(id, kind);
        }
        Ok(())
    }

    fn remove(&mut self, id: &str) {
        if let Some(place) = self.on_the_roll(id) {
            self.gone.insert(place);
        } else if let Some(place) = self.places.remove(id) {
            self.members[place] = Value::Null;
            self.fresh.remove(id);
        }
    }

    /// Where somebody stands who is a member of SCIM's and has not gone.
    fn on_the_roll(&self, id: &str) -> Option<usize> {
        let roll = self.roll.as_ref()?;
        let place = roll.place(id).filter(|place| !self.gone.contains(place))?;
        let (kind, _) = roll.references[place].split_once('/')?;
        MEMBERS.contains(&kind).then_some(place)
    }

    /// Who is in it by now.
    fn all(&self) -> Vec<Value> {
        let on_it = self.roll.iter().flat_map(|roll| roll.kept(&self.gone)).map(bare);
        on_it.chain(self.members.iter().filter(|member| !member.is_null()).cloned()).collect()
    }

    /// Those who are to be looked for.
    pub fn fresh(&self) -> Vec<&str> {
        self.fresh.keys().map(String::as_str).collect()
    }

    /// What becomes of the Group, now that it is known what the new members are.
    pub fn finish(mut self, kinds: &HashMap<String, &'static str>) -> Result<Next<'r>> {
        for (id, said) in &self.fresh {
            let kind = kinds.get(id).filter(|kind| said.is_none_or(|said| said == **kind));
            let Some(kind) = kind else {
                let what = said.unwrap_or("member");
                return Err(bad("invalidValue", format!("there is no such {what} as '{id}'")));
            };
            if let Some(place) = self.places.get(id) {
                self.members[*place]["entity"]["reference"] = Value::from(format!("{kind}/{id}"));
            }
        }
        match (self.bare(), self.roll.take()) {
            (Some(come), Some(roll)) => {
                let turnover = Turnover { frame: self.body, gone: self.gone, come };
                Ok(Next::Turnover(Box::new((roll, turnover))))
            }
            (_, roll) => {
                self.roll = roll;
                let members = self.all();
                if !members.is_empty() {
                    self.body["member"] = Value::Array(members);
                }
                Ok(Next::Whole(self.body))
            }
        }
    }

    /// Who comes to the roll, if no more is said of them than who they are, and none of them has just left it.
    fn bare(&self) -> Option<Vec<String>> {
        let roll = self.roll.as_ref()?;
        let come = self.members.iter().filter(|member| !member.is_null()).map(|member| {
            let entity = member.get("entity")?.as_object().filter(|entity| entity.len() == 1)?;
            let reference = entity.get("reference")?.as_str()?;
            let id = reference.split_once('/')?.1;
            roll.place(id).is_none().then(|| reference.to_owned())
        });
        come.collect()
    }
}

fn member_list() -> Result<&'static Attribute> {
    group().find("members").ok_or_else(|| bad("invalidPath", "a group has members"))
}

/// The ids in a list of members.
fn ids(value: &Value) -> Result<Vec<String>> {
    match attribute(member_list()?, value)? {
        Some(Value::Array(members)) => members.iter().map(id).collect(),
        _ => Ok(Vec::new()),
    }
}

/// The id of a member: its value, or the end of its place.
fn id(member: &Value) -> Result<String> {
    let text = |name: &str| member.get(name).and_then(Value::as_str);
    let id = text("value").or_else(|| text("$ref").and_then(|place| place.rsplit('/').next()));
    id.map(str::to_owned)
        .ok_or_else(|| bad("invalidValue", "a member has a value: the id of a user or a group"))
}
