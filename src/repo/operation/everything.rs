//! `$everything` of a patient, or of all (<https://hl7.org/fhir/R4/patient-operation-everything.html>): the patient,
//! his compartment, and what that refers to.

use std::sync::Arc;

use crate::definitions::{ParamKind, ResourceType};
use crate::error::{Result, malformed};
use crate::repo::reading::Sought;
use crate::repo::{Found, Repo};
use crate::search::{self, Clause, Include, link};
use crate::store::Row;

/// The type whose compartment it is.
const PATIENT: &str = "Patient";

/// The parameters that say when the care was, the first that a type has.
const CARE: [&str; 19] = [
    "date",
    "period",
    "onset-date",
    "authored",
    "authoredon",
    "authored-on",
    "effective",
    "effective-time",
    "performed",
    "occurrence",
    "issued",
    "started",
    "sent",
    "created",
    "start-date",
    "recorded-date",
    "recorded",
    "whenhandedover",
    "datetime",
];

/// What is asked for.
#[derive(Debug, Default)]
pub struct Everything {
    /// Care from this date on, until this date; what has no such date is there either way.
    pub start: Option<String>,
    pub end: Option<String>,
    pub since: Option<String>,
    pub types: Vec<String>,
    pub count: Option<u64>,
    /// From the link of an earlier page.
    pub cursor: Option<String>,
}

/// A page of it.
pub struct Record {
    /// On the first page.
    pub patient: Option<Arc<Row>>,
    pub found: Found,
    /// Of the page after this one.
    pub next: Option<String>,
}

impl Repo {
    /// All of one patient, or of every patient that the actor sees.
    pub async fn everything(&self, id: Option<&str>, asked: &Everything) -> Result<Record> {
        let patient = match id {
            Some(id) => Some(self.read(PATIENT, id).await?),
            None => None,
        };
        // Whom it is about goes first, and is not sought.
        let first = patient.filter(|row| asked.cursor.is_none() && is_wanted(row, asked));
        let room = self.engine.limits.max_count as u64;
        let mut count = asked.count.unwrap_or(room).min(room);
        if first.is_some() && count > 1 {
            count -= 1;
        }
        let mut parameters = vec![("_count".to_owned(), count.to_string())];
        let mut add = |name: &str, value: String| parameters.push((name.to_owned(), value));
        asked.since.iter().for_each(|since| add("_lastUpdated", format!("ge{since}")));
        asked.cursor.iter().for_each(|cursor| add(link::CURSOR, cursor.clone()));
        let compartment = (PATIENT, id.unwrap_or_default());
        let mut kinds = self.searched(Some(compartment))?;
        for kind in &asked.types {
            self.knows(kind).map_err(|_| {
                malformed(format!("there is no type '{kind}' here")).coded("not-supported").at("_type")
            })?;
        }
        // The others may go along.
        kinds.retain(|kind| asked.types.is_empty() || asked.types.contains(kind));
        let options = self.options(false, Some(compartment));
        let mut queries = search::parse_all(&self.definitions, &kinds, &parameters, &options)?;
        let plain = self.options(false, None);
        let mut includes = self.references(PATIENT)?;
        for query in &mut queries {
            let kind = self.resource_type(&query.resource)?;
            let of_care = care(kind, asked);
            query.clauses.extend(search::parse(&self.definitions, &kind.name, &of_care, &plain)?.clauses);
            includes.extend(self.references(&kind.name)?);
            if let (PATIENT, Some(id)) = (kind.name.as_str(), id) {
                query.clauses.push(Clause::Id { any: vec![id.to_owned()], negated: true });
            }
        }
        if queries.is_empty() {
            return Err(malformed("there is no type left to be told of").coded("not-supported").at("_type"));
        }
        let mut found = self.answer(queries).await?;
        let (repo, sources) = (self.clone(), first.iter().chain(&found.rows).cloned().collect::<Vec<_>>());
        found.included = self.engine.store.offload(move |_| repo.along(&includes, &sources)).await?;
        let store = &self.engine.store;
        let is_asked = |row: &Arc<Row>| {
            asked.types.is_empty()
                || store.kind_name(row.kind).is_some_and(|kind| asked.types.iter().any(|one| one == kind))
        };
        found.included.retain(|row| is_asked(row) && Some(row.id.as_str()) != id);
        let by = Some("$everything");
        let sought = match id {
            Some(id) => Sought { within: Some((PATIENT, id)), by, kind: None },
            None => Sought { kind: Some(PATIENT), by, within: None },
        };
        self.note_search(sought, &parameters, &found).await?;
        let next = found.next.as_deref().and_then(cursor_of);
        Ok(Record { patient: first, found, next })
    }

    /// All that a type may refer to.
    fn references(&self, kind: &str) -> Result<Vec<Include>> {
        let all = [("_include".to_owned(), "*".to_owned())];
        Ok(search::parse(&self.definitions, kind, &all, &self.options(false, None))?.includes)
    }
}

fn cursor_of(query: &str) -> Option<String> {
    let all = search::parameters::parse(query).ok()?;
    all.into_iter().find(|(name, _)| name == link::CURSOR).map(|(_, value)| value)
}

/// Whether the patient himself is among what is asked for.
fn is_wanted(row: &Row, asked: &Everything) -> bool {
    let of_type = asked.types.is_empty() || asked.types.iter().any(|kind| kind == PATIENT);
    let since = asked.since.as_deref().and_then(search::moment);
    of_type && since.is_none_or(|(since, _)| row.updated >= since)
}

/// The conditions on the dates of a type.
fn care(kind: &ResourceType, asked: &Everything) -> Vec<(String, String)> {
    let is_date = |code: &&&str| kind.params.get(**code).is_some_and(|param| param.kind == ParamKind::Date);
    let Some(code) = CARE.iter().find(is_date) else { return Vec::new() };
    let bound =
        |sign: &str, date: &Option<String>| Some(((*code).to_owned(), format!("{sign}{}", date.as_ref()?)));
    [bound("ge", &asked.start), bound("le", &asked.end)].into_iter().flatten().collect()
}
