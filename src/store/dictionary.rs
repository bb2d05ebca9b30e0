//! Small numbers for types, parameters and projects.
//!
//! Types and the parameters that came with the definitions are numbered once, when a database first meets
//! them; projects, and parameters that are defined at run time, as they come. None is ever renumbered, so all
//! are kept in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use arc_swap::ArcSwap;
use diesel::prelude::*;
use diesel::sql_types::Integer;

use super::connect::AnyConnection;
use super::schema;
use super::statement::Statement;
use super::{Store, failed};
use crate::definitions::{Definitions, Param};
use crate::error::{Result, fault};
use crate::search::{Facet, Key};

pub(super) struct Dictionary {
    kinds: HashMap<String, i32>,
    names: HashMap<i32, String>,
    /// By slot, then facet.
    params: Vec<Numbers>,
    /// The same for parameters that were defined at run time, whose slots come after.
    later: ArcSwap<Vec<Numbers>>,
    /// The slots of these, by type and name.
    slots: Mutex<HashMap<(i32, String), usize>>,
    /// Slot of the `_lastUpdated` parameter of each type: every living resource has one row under it.
    alive: HashMap<i32, i32>,
    /// Where a project says whose child it is.
    parent: Option<Key>,
    projects: RwLock<Projects>,
}

/// The numbers of a parameter, by facet.
type Numbers = [i32; Facet::ALL.len()];

#[derive(Default)]
struct Projects {
    numbers: HashMap<String, i32>,
    ids: HashMap<i32, String>,
}

impl Dictionary {
    pub fn load(connection: &mut AnyConnection, definitions: &Definitions) -> Result<Self> {
        number_kinds(connection, definitions).map_err(failed)?;
        let kinds: HashMap<String, i32> = schema::kind::table
            .select((schema::kind::name, schema::kind::number))
            .load(connection)
            .map_err(failed)?
            .into_iter()
            .collect();
        // In one go, since each statement by itself waits for the disk.
        connection
            .transaction(|connection| number_params(connection, definitions, &kinds))
            .map_err(failed)?;
        let numbers: HashMap<(i32, String), i32> = schema::param::table
            .select((schema::param::kind, schema::param::code, schema::param::number))
            .load::<(i32, String, i32)>(connection)
            .map_err(failed)?
            .into_iter()
            .map(|(kind, code, number)| ((kind, code), number))
            .collect();
        let mut params = Vec::new();
        let mut alive = HashMap::new();
        let mut parent = None;
        for param in params_of(definitions) {
            let kind = *kinds.get(&param.resource).ok_or_else(|| fault("a type has no number"))?;
            if params.len() <= param.slot {
                params.resize(param.slot + 1, [0; Facet::ALL.len()]);
            }
            for facet in Facet::ALL {
                let number = numbers.get(&(kind, key(&param.code, facet)));
                params[param.slot][facet as usize] =
                    *number.ok_or_else(|| fault("a parameter has no number"))?;
            }
            if param.code == "parent" && param.resource == "Project" {
                parent = Some(Key::of(param));
            }
            if param.code == "_lastUpdated" {
                alive.insert(kind, params[param.slot][Facet::Value as usize]);
            }
        }
        let names = kinds.iter().map(|(name, number)| (*number, name.clone())).collect();
        let (later, slots) = (ArcSwap::default(), Mutex::default());
        Ok(Self { kinds, names, params, later, slots, alive, parent, projects: RwLock::default() })
    }

    pub fn kind(&self, name: &str) -> Option<i32> {
        self.kinds.get(name).copied()
    }

    pub fn kind_name(&self, number: i32) -> Option<&str> {
        self.names.get(&number).map(String::as_str)
    }

    /// The number under which a key is indexed.
    pub fn param(&self, key: Key) -> i32 {
        match self.params.get(key.slot) {
            Some(numbers) => numbers[key.facet as usize],
            None => {
                let later = self.later.load();
                later.get(key.slot - self.params.len()).map_or(0, |numbers| numbers[key.facet as usize])
            }
        }
    }

    /// The slot of a parameter that was defined at run time, under a name that no other ever has.
    fn slot(&self, connection: &mut AnyConnection, kind: i32, name: &str) -> QueryResult<usize> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get(&(kind, name.to_owned())) {
            return Ok(*slot);
        }
        let codes = Facet::ALL.map(|facet| key(name, facet));
        insert_params(connection, &codes.clone().map(|code| (kind, code)))?;
        let mut numbers = [0; Facet::ALL.len()];
        for (place, code) in codes.iter().enumerate() {
            numbers[place] = schema::param::table
                .filter(schema::param::kind.eq(kind).and(schema::param::code.eq(code)))
                .select(schema::param::number)
                .first(connection)?;
        }
        let mut later = Vec::clone(&self.later.load());
        later.push(numbers);
        let slot = self.params.len() + later.len() - 1;
        self.later.store(Arc::new(later));
        slots.insert((kind, name.to_owned()), slot);
        Ok(slot)
    }

    /// Where a project says whose child it is.
    pub fn parent(&self) -> Option<Key> {
        self.parent
    }

    /// The parameter under which every living resource of a type has exactly one range row.
    pub fn alive(&self, kind: i32) -> Option<i32> {
        self.alive.get(&kind).copied()
    }
}

fn params_of(definitions: &Definitions) -> impl Iterator<Item = &Param> {
    definitions.resources.values().flat_map(|resource| resource.params.values().map(|param| &**param))
}

fn key(code: &str, facet: Facet) -> String {
    match facet {
        Facet::Value => code.to_owned(),
        Facet::Text => format!("{code}:text"),
        Facet::Identifier => format!("{code}:identifier"),
        Facet::OfType => format!("{code}:of-type"),
    }
}

/// Rows of one INSERT: few enough for the limit on binds of either database.
const CHUNK: usize = 200;

fn number_kinds(connection: &mut AnyConnection, definitions: &Definitions) -> QueryResult<()> {
    let known: Vec<String> = schema::kind::table.select(schema::kind::name).load(connection)?;
    let new: Vec<&String> = definitions.resources.keys().filter(|name| !known.contains(name)).collect();
    for chunk in new.chunks(CHUNK) {
        let mut insert = Statement::<Integer>::new("INSERT INTO kind (name) VALUES ");
        for (i, name) in chunk.iter().enumerate() {
            insert.sql(if i > 0 { ", (" } else { "(" }).bind(name.as_str()).sql(")");
        }
        insert.sql(" ON CONFLICT DO NOTHING").forget();
        insert.execute(connection)?;
    }
    Ok(())
}

fn number_params(
    connection: &mut AnyConnection,
    definitions: &Definitions,
    kinds: &HashMap<String, i32>,
) -> QueryResult<()> {
    let known: std::collections::HashSet<(i32, String)> = schema::param::table
        .select((schema::param::kind, schema::param::code))
        .load(connection)?
        .into_iter()
        .collect();
    let new: Vec<(i32, String)> = params_of(definitions)
        .flat_map(|param| Facet::ALL.map(|facet| (kinds[&param.resource], key(&param.code, facet))))
        .filter(|pair| !known.contains(pair))
        .collect();
    insert_params(connection, &new)
}

fn insert_params(connection: &mut AnyConnection, params: &[(i32, String)]) -> QueryResult<()> {
    for chunk in params.chunks(CHUNK) {
        let mut insert = Statement::<Integer>::new("INSERT INTO param (kind, code) VALUES ");
        for (i, (kind, code)) in chunk.iter().enumerate() {
            insert.sql(if i > 0 { ", (" } else { "(" }).bind(*kind).sql(", ").bind(code.as_str()).sql(")");
        }
        insert.sql(" ON CONFLICT DO NOTHING").forget();
        insert.execute(connection)?;
    }
    Ok(())
}

impl Store {
    /// The slot of a parameter of a type that was defined at run time.
    pub fn slot(&self, kind: i32, name: &str) -> Result<usize> {
        self.with(|connection| self.dictionary.slot(connection, kind, name))
    }

    /// All numbers of a parameter that was defined at run time.
    pub fn numbers(&self, name: &str) -> Result<Vec<i32>> {
        let codes = Facet::ALL.map(|facet| key(name, facet));
        self.with(|connection| {
            schema::param::table
                .filter(schema::param::code.eq_any(codes))
                .select(schema::param::number)
                .load(connection)
        })
    }

    /// The number of a project, if the database has met it.
    pub fn project_number(&self, id: &str) -> Result<Option<i32>> {
        let projects = &self.dictionary.projects;
        if let Some(number) = projects.read().unwrap_or_else(PoisonError::into_inner).numbers.get(id) {
            return Ok(Some(*number));
        }
        let number = self.with(|connection| {
            schema::project::table
                .filter(schema::project::id.eq(id))
                .select(schema::project::number)
                .first::<i32>(connection)
                .optional()
        })?;
        if let Some(number) = number {
            self.remember(id, number);
        }
        Ok(number)
    }

    /// The id of a project by its number; empty for the server itself.
    pub fn project_id(&self, number: i32) -> Result<String> {
        let projects = &self.dictionary.projects;
        if let Some(id) = projects.read().unwrap_or_else(PoisonError::into_inner).ids.get(&number) {
            return Ok(id.clone());
        }
        let id = self.with(|connection| {
            schema::project::table
                .filter(schema::project::number.eq(number))
                .select(schema::project::id)
                .first::<String>(connection)
        })?;
        self.remember(&id, number);
        Ok(id)
    }

    /// Gives a project its number. A number whose project was never created does no harm.
    pub fn number_project(&self, id: &str) -> Result<i32> {
        self.with(|connection| {
            let mut insert = Statement::<Integer>::new("INSERT INTO project (id) VALUES (");
            insert.bind(id).sql(") ON CONFLICT DO NOTHING");
            insert.execute(connection)
        })?;
        self.project_number(id)?.ok_or_else(|| fault("a project has no number"))
    }

    /// The numbers of all projects, the server's own first.
    pub fn projects(&self) -> Result<Vec<i32>> {
        self.with(|connection| {
            schema::project::table
                .select(schema::project::number)
                .order(schema::project::number)
                .load(connection)
        })
    }

    fn remember(&self, id: &str, number: i32) {
        let mut projects = self.dictionary.projects.write().unwrap_or_else(PoisonError::into_inner);
        projects.numbers.insert(id.to_owned(), number);
        projects.ids.insert(number, id.to_owned());
    }
}
