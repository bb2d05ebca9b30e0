//! The parameters that shape a result rather than choose what is in it.
//!
//! <https://hl7.org/fhir/R4/search.html#return>: order, page size, total, summary, elements.

use super::Reading;
use crate::error::{Issue, Result};
use crate::search::link::CURSOR;
use crate::search::shape::quoted;
use crate::search::{SORT_KEYS, Sort, SortKey, Summary, Total};

const MOST_ELEMENTS: usize = 200;

pub(super) fn is_control(code: &str) -> bool {
    matches!(
        code,
        "_contained"
            | "_containedType"
            | "_count"
            | "_elements"
            | "_format"
            | "_pretty"
            | "_sort"
            | "_summary"
            | "_total"
    ) || code == CURSOR
}

impl<'a> Reading<'a> {
    pub(super) fn control(
        &mut self,
        code: &'a str,
        modifier: Option<&str>,
        value: &'a str,
    ) -> Result<(), Issue> {
        if let Some(modifier) = modifier {
            let text = format!("`{code}` takes no modifier {}", quoted(modifier));
            return Err(Issue::error("not-supported", text));
        }
        if self.controls.contains(&code) {
            return Err(Issue::error("value", format!("`{code}` is given twice")));
        }
        self.controls.push(code);
        match code {
            "_sort" => return self.sort(value),
            "_count" => return self.count(value),
            "_contained" => self.contained(value)?,
            "_containedType" => self.contained_type(value)?,
            "_total" => self.query.total = total(value)?,
            "_summary" => self.summary(value)?,
            "_elements" => self.query.elements = elements(value)?,
            // The place of the page is told by the link it came from, not by the query.
            CURSOR => {
                self.cursor = Some(value);
                return Ok(());
            }
            // `_format` and `_pretty` are for whoever writes the answer.
            _ => {}
        }
        self.used(code, value);
        Ok(())
    }

    fn sort(&mut self, value: &str) -> Result<(), Issue> {
        let mut used = Vec::new();
        for rule in value.split(',') {
            let (code, descending) = match rule.strip_prefix('-') {
                Some(code) => (code, true),
                None => (rule, false),
            };
            let by = match self.kind.find(code)? {
                _ if code == "_id" => SortKey::Id,
                Some(param) if param.sorts() => SortKey::Param(param.clone()),
                Some(_) => {
                    let text = format!("`{code}` has no one value that could be sorted by");
                    return Err(Issue::error("not-supported", text));
                }
                None => {
                    let text = format!("{} cannot be sorted by {}", self.kind.name, quoted(code));
                    self.unknown("_sort", text)?;
                    continue;
                }
            };
            if used.iter().any(|other: &&str| other.trim_start_matches('-') == code) {
                return Err(Issue::error("value", format!("`{code}` is in the order twice")));
            }
            used.push(rule);
            self.query.sort.push(Sort { by, descending });
        }
        if used.len() > SORT_KEYS {
            return Err(Issue::error(
                "too-costly",
                format!("no more than {SORT_KEYS} sort keys can be given"),
            ));
        }
        if !used.is_empty() {
            self.used("_sort", used.join(","));
        }
        Ok(())
    }

    /// The self link tells the page size that was really used.
    fn count(&mut self, value: &str) -> Result<(), Issue> {
        if !value.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Issue::error(
                "value",
                format!("{} is no page size: give a whole number", quoted(value)),
            ));
        }
        // Only digits: what does not fit is too large a page, not another kind of text.
        let asked = value.parse().unwrap_or(usize::MAX);
        let count = self.language.options.max_count.min(asked);
        self.query.count = count;
        if count == 0 {
            self.query.summary = Summary::Count;
        }
        self.used("_count", count.to_string());
        Ok(())
    }

    fn summary(&mut self, value: &str) -> Result<(), Issue> {
        let summary = match value {
            "true" => Summary::True,
            "false" => Summary::False,
            "count" => Summary::Count,
            "text" => Summary::Text,
            "data" => Summary::Data,
            _ => {
                let text = "`_summary` takes `true`, `false`, `text`, `data` or `count`";
                return Err(Issue::error("value", text));
            }
        };
        // A page of size 0 has no entries, whatever they would look like.
        if self.query.summary != Summary::Count {
            self.query.summary = summary;
        }
        Ok(())
    }
}

fn total(value: &str) -> Result<Total, Issue> {
    match value {
        "none" => Ok(Total::None),
        "estimate" => Ok(Total::Estimate),
        "accurate" => Ok(Total::Accurate),
        _ => Err(Issue::error("value", "`_total` takes `none`, `estimate` or `accurate`")),
    }
}

fn elements(value: &str) -> Result<Vec<String>, Issue> {
    let names: Vec<&str> = value.split(',').collect();
    if names.len() > MOST_ELEMENTS {
        return Err(Issue::error(
            "too-costly",
            format!("no more than {MOST_ELEMENTS} elements can be asked"),
        ));
    }
    let is_name = |name: &str| {
        name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.len() <= 64
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    match names.iter().find(|name| !is_name(name)) {
        Some(name) => {
            Err(Issue::error("value", format!("{} is no name of a top-level element", quoted(name))))
        }
        None => Ok(names.into_iter().map(str::to_owned).collect()),
    }
}
