//! Lists: pages between ids, newest first unless asked otherwise.

use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use super::asked::Parameters;
use super::id;
use super::refusal::{Refusal, unprocessable};
use crate::error::Kind;
use crate::repo::{Beside, Found, Repo};
use crate::store::Row;

/// Which page is wanted.
#[derive(Debug)]
pub(super) struct Paging {
    pub limit: usize,
    pub descending: bool,
    /// `normal`: newest first, with `after` for what is newer.
    pub turned: bool,
    /// Id of ours, and whether the page before it is wanted.
    pub beside: Option<(String, bool)>,
}

impl Paging {
    /// `word` is that of the ids of what is listed.
    pub fn read(asked: &mut Parameters, word: &str) -> Self {
        let limit = match asked.text("limit").map(|text| text.parse::<usize>()) {
            None => 10,
            Some(Ok(limit)) if (1..=100).contains(&limit) => limit,
            Some(_) => {
                asked.fault("limit", "out_of_range", "limit is a number from 1 to 100.");
                10
            }
        };
        let order = asked.text("order");
        if !matches!(order.as_deref(), None | Some("asc" | "desc" | "normal")) {
            asked.fault("order", "invalid_value", "order is asc, desc or normal.");
        }
        let turned = order.as_deref() == Some("normal");
        let mut beside = None;
        let (before, after) = (asked.text("before"), asked.text("after"));
        if before.is_some() && after.is_some() {
            asked.fault("before", "invalid_value", "A page is before something or after it.");
        }
        for (name, given, before) in [("before", before, !turned), ("after", after, turned)] {
            let Some(given) = given else { continue };
            match id::read(word, &given) {
                Some(id) => beside = Some((id, before)),
                None => asked.fault(name, "invalid_value", &format!("{name} is the id of an object.")),
            }
        }
        Self { limit, descending: order.as_deref() != Some("asc"), turned, beside }
    }

    /// The page of a type that these clauses find, in the order of ids or of the ids under `by`.
    pub async fn fetch(
        &self,
        repo: &Repo,
        kind: &str,
        mut clauses: Vec<(String, String)>,
        by: &str,
    ) -> Result<Found, Refusal> {
        self.stands(repo, if by == "_id" { kind } else { "User" }).await?;
        let sort = if self.descending { format!("-{by}") } else { by.to_owned() };
        clauses.extend([("_sort".to_owned(), sort), ("_count".to_owned(), self.limit.to_string())]);
        let beside = self.beside.as_ref().map(|(id, before)| Beside { id, before: *before });
        Ok(repo.search_beside(kind, &clauses, beside).await?)
    }

    /// What a page is beside need not be there any more. But only a resource can have an id that is no UUID: what else is
    /// written so is no place in any order.
    async fn stands(&self, repo: &Repo, kind: &str) -> Result<(), Refusal> {
        let Some((id, before)) = self.beside.as_ref().filter(|(id, _)| Uuid::parse_str(id).is_err()) else {
            return Ok(());
        };
        match repo.read(kind, id).await {
            Ok(_) => Ok(()),
            Err(error) if error.kind == Kind::Deleted => Ok(()),
            Err(error) if error.kind == Kind::NotFound => {
                let name = if *before == self.turned { "after" } else { "before" };
                let text = format!("{name} is the id of an object.");
                Err(unprocessable(vec![(name.to_owned(), "invalid_value", text)]))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The page of what is all at hand, in the order of ids, and whether there is more before and after it.
    pub fn cut(&self, mut rows: Vec<Arc<Row>>) -> (Vec<Arc<Row>>, (bool, bool)) {
        rows.sort_by(|one, other| one.id.cmp(&other.id));
        if self.descending {
            rows.reverse();
        }
        let count = rows.len();
        let (from, to) = match &self.beside {
            None => (0, count.min(self.limit)),
            Some((id, before)) => {
                let ahead = |row: &Arc<Row>| if self.descending { row.id > *id } else { row.id < *id };
                let place = rows.iter().take_while(|row| ahead(row)).count();
                let next = place + usize::from(rows.get(place).is_some_and(|row| row.id == *id));
                match before {
                    true => (place.saturating_sub(self.limit), place),
                    false => (next, count.min(next + self.limit)),
                }
            }
        };
        (rows.drain(from..to).collect(), (from > 0, to < count))
    }

    /// The page with its ends: whether there is more before and after it.
    pub fn envelope(&self, data: Vec<Value>, (before, after): (bool, bool)) -> Value {
        let end = |one: Option<&Value>, more: bool| {
            one.filter(|_| more).and_then(|one| one.get("id")).cloned().unwrap_or(Value::Null)
        };
        let (mut before, mut after) = (end(data.first(), before), end(data.last(), after));
        if self.turned {
            std::mem::swap(&mut before, &mut after);
        }
        json!({ "object": "list", "data": data, "list_metadata": { "before": before, "after": after } })
    }
}

/// Whether there is more before and after what was found.
pub(super) fn ends(found: &Found) -> (bool, bool) {
    (found.previous.is_some(), found.next.is_some())
}

/// A list that is all there is.
pub(super) fn whole(data: Vec<Value>) -> Value {
    json!({ "object": "list", "data": data, "list_metadata": { "before": null, "after": null } })
}
