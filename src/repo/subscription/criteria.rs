//! The criteria of a subscription (<https://hl7.org/fhir/R4/subscription-definitions.html#Subscription.criteria>):
//! a search for one type, put to each new version by itself.

use super::topic::{self, Topic};
use super::{Channel, SUBSCRIPTION, Subscription};
use crate::error::{Error, Issue, Kind, Result, forbidden, invalid};
use crate::repo::Repo;
use crate::repo::conditional::Criteria;
use crate::repo::policy::Interaction;
use crate::search::{Alone, Clause, Entry, Query, matches};
use crate::store::{Segment, Store};

const PLACE: &str = "Subscription.criteria";
const LONGEST: usize = 8192;
/// What is said in a dialect is said in it.
const JSON: &str = "application/json";

/// What a subscriber hears of.
#[derive(Debug, Clone)]
pub enum Heard {
    /// New versions that meet a search.
    Search(Box<Watch>),
    /// What a dialect tells of: numbers of the types in the project itself, and in its child projects.
    Topic { topic: &'static Topic, own: Vec<i32>, below: Vec<i32> },
}

/// A search, put to each new version of its type.
#[derive(Debug, Clone)]
pub struct Watch {
    /// The type, and its number in the store.
    pub kind: String,
    pub number: i32,
    /// What a version tells by itself.
    own: Vec<Clause>,
    /// What other resources have a say in: asked of the store, as it is at that moment.
    linked: Option<Query>,
}

impl Watch {
    /// Whether it has to know what a version can be found by.
    pub fn reads_entries(&self) -> bool {
        !self.own.is_empty()
    }

    /// Whether a version of a resource in this project meets the criteria.
    pub fn is_met(&self, store: &Store, project: i32, id: &str, entries: &[Entry]) -> Result<bool> {
        if !matches(&self.own, id, entries, &Alone) {
            return Ok(false);
        }
        let Some(mut query) = self.linked.clone() else { return Ok(true) };
        query.clauses.push(Clause::Id { any: vec![id.to_owned()], negated: false });
        let page = store.search(self.number, &[Segment { project, only: None }], &query)?;
        Ok(!page.hits.is_empty())
    }
}

/// Whether the entries of one resource say all that there is to it.
fn is_own(clause: &Clause) -> bool {
    clause.others().is_empty()
}

impl Repo {
    /// What a subscription hears of, if the actor may ask for it.
    pub fn hear(&self, subscription: &Subscription) -> Result<Heard> {
        let topic = Topic::of(&subscription.criteria);
        topic::prove(topic, &subscription.events)?;
        let Some(topic) = topic else {
            return Ok(Heard::Search(Box::new(self.watch(&subscription.criteria)?)));
        };
        if !matches!(&subscription.channel, Channel::Hook(hook) if hook.payload.as_deref() == Some(JSON)) {
            let text = format!("a dialect is spoken to a rest-hook, with the payload {JSON}");
            return Err(invalid(text).coded("not-supported").at("Subscription.channel"));
        }
        if !self.actor().administers() {
            return Err(forbidden("only an admin of the project is told of all that happens in it").at(PLACE));
        }
        let numbers = |names: &[&str]| -> Result<Vec<i32>> {
            names
                .iter()
                .map(|kind| {
                    self.may(Interaction::Search, kind).map_err(|error| error.at(PLACE))?;
                    self.sees_all_of(kind).map_err(|error| error.at(PLACE))?;
                    self.engine.kind(kind)
                })
                .collect()
        };
        let own = numbers(&topic.own_for(&subscription.events))?;
        Ok(Heard::Topic { topic, own, below: numbers(topic.below)? })
    }

    /// The criteria as a question, if the actor may ask it.
    fn watch(&self, criteria: &str) -> Result<Watch> {
        if criteria.len() > LONGEST {
            return Err(invalid("these criteria are too long").coded("too-long").at(PLACE));
        }
        let (kind, query) = criteria.split_once('?').unwrap_or((criteria, ""));
        let resource = match self.definitions.resources.get(kind).filter(|resource| resource.served) {
            Some(resource) => resource,
            None => {
                let text =
                    "criteria are a search for a type that is served here, such as `Patient?active=true`";
                return Err(invalid(text).coded("not-supported").at(PLACE));
            }
        };
        if kind == SUBSCRIPTION {
            let text = "subscriptions change by being delivered; none can be about them";
            return Err(invalid(text).coded("not-supported").at(PLACE));
        }
        self.may(Interaction::Search, kind).map_err(|error| error.at(PLACE))?;
        // Whoever is told of changes is told of all, and of the whole of each.
        self.sees_all_of(kind).map_err(|error| error.at(PLACE))?;
        let (number, kind) = (self.engine.kind(&resource.name)?, resource.name.clone());
        let (mut own, mut linked) = (Vec::new(), None);
        if !query.is_empty() {
            let criteria = Criteria::parse(query, PLACE).map_err(within)?;
            let mut query = self.query(&kind, &criteria, 1).map_err(within)?;
            (own, query.clauses) = std::mem::take(&mut query.clauses).into_iter().partition(is_own);
            linked = Some(query).filter(|query| !query.clauses.is_empty());
            for clause in linked.iter().flat_map(|query| &query.clauses) {
                for kind in clause.others() {
                    self.may(Interaction::Search, kind).map_err(|error| error.at(PLACE))?;
                    self.sees_all_of(kind).map_err(|error| error.at(PLACE))?;
                }
            }
        }
        Ok(Watch { kind, number, own, linked })
    }
}

/// The issues of a search, as issues of the element that holds it.
fn within(error: Error) -> Error {
    if error.kind != Kind::Malformed {
        return error;
    }
    let here = |issue: Issue| match issue.expression.as_deref() {
        None | Some(PLACE) => issue.at(PLACE),
        Some(parameter) => {
            let text = format!("{parameter}: {}", issue.text);
            Issue { text, ..issue }.at(PLACE)
        }
    };
    let issues = error.issues.iter().cloned().map(here).collect();
    Error::new(Kind::Invalid, issues)
}
