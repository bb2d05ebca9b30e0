//! What an address asks: `include`, `fields[…]`, `sort`, `page[…]` and `filter[q][…]`
//! (<https://jsonapi.org/format/1.0/#fetching>). What is not known is refused.

use std::collections::BTreeMap;

use super::kind::Kind;
use super::{kind, ransack, sieve};
use crate::error::{Error, Issue, Result};

/// Records of a page, where nobody says, and at most.
const SIZE: usize = 10;
const LARGEST: usize = 25;
/// Relations of one path of an include.
const DEEPEST: usize = 3;

#[derive(Debug, Default)]
pub(super) struct Asked {
    /// Paths of relations.
    pub include: Vec<Vec<String>>,
    /// By type: attributes and relations.
    pub fields: BTreeMap<String, Vec<String>>,
    /// Parameters of the search.
    pub search: Vec<(String, String)>,
    /// What no search answers: the filters of parts, and their order with whether it is turned round.
    pub filters: Vec<(String, String)>,
    pub order: Vec<(String, bool)>,
    /// From 1 on.
    pub number: usize,
    pub size: usize,
    /// As given, without the page.
    pub rest: Vec<(String, String)>,
}

impl Asked {
    /// What is asked of a list of a type.
    pub fn of_many(kind: &Kind, parameters: Vec<(String, String)>) -> Result<Self> {
        Self::read(kind, parameters, true)
    }

    /// What is asked of one record.
    pub fn of_one(kind: &Kind, parameters: Vec<(String, String)>) -> Result<Self> {
        Self::read(kind, parameters, false)
    }

    fn read(kind: &Kind, parameters: Vec<(String, String)>, many: bool) -> Result<Self> {
        let mut asked = Self { number: 1, size: SIZE, ..Self::default() };
        let mut issues = Vec::new();
        let mut order = "_id".to_owned();
        let is_part = kind.holder().is_some();
        for (name, value) in parameters {
            let said = match name.as_str() {
                "include" => asked.include(kind, &value),
                "sort" if many => sort(kind, &value).map(|(sorted, rules)| {
                    order = sorted;
                    asked.order = rules;
                }),
                "page[number]" if many => page(&value, usize::MAX >> 8).map(|number| asked.number = number),
                "page[size]" if many => page(&value, LARGEST).map(|size| asked.size = size),
                field if field.starts_with("fields[") && field.ends_with(']') => {
                    asked.field(&field["fields[".len()..field.len() - 1], &value)
                }
                filter if many && filter.starts_with("filter[q][") && filter.ends_with(']') => {
                    let filter = &filter["filter[q][".len()..filter.len() - 1];
                    if is_part {
                        sieve::try_out(kind, filter, &value)
                            .map(|()| asked.filters.push((filter.to_owned(), value.clone())))
                    } else {
                        ransack::compile(kind, filter, &value)
                            .map(|compiled| asked.search.push(("_filter".to_owned(), compiled)))
                    }
                }
                _ => Err("this parameter is not known here".to_owned()),
            };
            if let Err(text) = said {
                issues.push(Issue::error("not-supported", text).at(&name));
            }
            if !name.starts_with("page[") {
                asked.rest.push((name, value));
            }
        }
        if !issues.is_empty() {
            return Err(Error::new(crate::error::Kind::Malformed, issues));
        }
        asked.search.extend(kind.only.map(|(name, value)| (name.to_owned(), value.to_owned())));
        asked.search.push(("_sort".to_owned(), order));
        Ok(asked)
    }

    fn include(&mut self, from: &Kind, value: &str) -> Result<(), String> {
        for path in value.split(',').filter(|path| !path.is_empty()) {
            let steps: Vec<String> = path.split('.').map(str::to_owned).collect();
            if steps.len() > DEEPEST {
                return Err(format!("`{path}` has more than {DEEPEST} relations"));
            }
            let mut at = Some(from);
            for step in &steps {
                let relation = at.and_then(|at| at.relation(step));
                let relation = relation.filter(|relation| !kind::LOGS.contains(&relation.to));
                match relation {
                    Some(relation) => at = kind::of(relation.to),
                    None => return Err(format!("`{path}` leads to nothing that can be included")),
                }
            }
            self.include.push(steps);
        }
        Ok(())
    }

    fn field(&mut self, kind: &str, value: &str) -> Result<(), String> {
        if kind::of(kind).is_none() && !kind::LOGS.contains(&kind) {
            return Err(format!("there is no type `{kind}` here"));
        }
        let fields = value.split(',').map(|field| field.trim().to_owned());
        self.fields.entry(kind.to_owned()).or_default().extend(fields);
        Ok(())
    }

    /// Whether a field of a type is wanted.
    pub fn wants(&self, kind: &str, field: &str) -> bool {
        self.fields.get(kind).is_none_or(|fields| fields.iter().any(|one| one == field))
    }

    pub fn skip(&self) -> usize {
        (self.number - 1).saturating_mul(self.size)
    }
}

/// The order, as a search has it, and as a list of attributes.
fn sort(kind: &Kind, value: &str) -> Result<(String, Vec<(String, bool)>), String> {
    let (mut order, mut rules) = (Vec::new(), Vec::new());
    for rule in value.split(',') {
        let (field, down) = match rule.strip_prefix('-') {
            Some(field) => (field, "-"),
            None => (rule, ""),
        };
        match kind.sorts.iter().find(|(name, _)| *name == field) {
            Some((_, code)) => {
                order.push(format!("{down}{code}"));
                rules.push((field.to_owned(), !down.is_empty()));
            }
            None => {
                let names: Vec<&str> = kind.sorts.iter().map(|(name, _)| *name).collect();
                return Err(format!("there is no order by `{field}`; there are {}", names.join(", ")));
            }
        }
    }
    Ok((order.join(","), rules))
}

fn page(value: &str, most: usize) -> Result<usize, String> {
    match value.parse::<usize>() {
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        _ if most == LARGEST => Err(format!("a page has 1 to {LARGEST} records")),
        _ => Err("pages are counted from 1 on".to_owned()),
    }
}
