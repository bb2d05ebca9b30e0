//! Reading one resource by its id, as fast as the database allows.
//!
//! On SQLite the caller's own thread asks. On PostgreSQL the round trip is what costs, so that waiting
//! reads are gathered: a few threads, each with a connection, turn all that queue up into one statement.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use diesel::prelude::*;
use tokio::sync::oneshot;

use super::connect::{AnyConnection, Pool, checkout};
use super::row::{Columns, Row};
use super::schema::resource;
use super::{Store, failed};
use crate::error::{Result, busy, fault};

impl Store {
    /// The current version of a resource, deleted or not, on the calling thread.
    pub fn get(&self, project: i32, kind: i32, id: &str) -> Result<Option<Arc<Row>>> {
        self.cache
            .read(&(project, kind, id), || self.with(|connection| select(connection, project, kind, id)))
    }

    /// The same, without holding up the calling thread where a network lies between.
    pub async fn fetch(&self, project: i32, kind: i32, id: &str) -> Result<Option<Arc<Row>>> {
        match &self.coalescer {
            None => self.get(project, kind, id),
            Some(coalescer) => Ok(coalescer.get(project, kind, id).await?.map(Arc::new)),
        }
    }

    /// The resources of this id in any project, deleted or not. For those whom no project bounds.
    pub fn everywhere(&self, kind: i32, id: &str) -> Result<Vec<Row>> {
        let projects = self.projects()?;
        self.rows(|connection| {
            resource::table
                .filter(
                    resource::project.eq_any(projects).and(resource::kind.eq(kind)).and(resource::id.eq(id)),
                )
                .load::<Columns>(connection)
        })
    }
}

fn select(connection: &mut AnyConnection, project: i32, kind: i32, id: &str) -> QueryResult<Option<Row>> {
    let row = resource::table
        .filter(resource::project.eq(project).and(resource::kind.eq(kind)).and(resource::id.eq(id)))
        .first::<Columns>(connection)
        .optional()?;
    row.map(|columns| Row::of(columns, connection)).transpose()
}

/// One read that waits.
struct Wanted {
    project: i32,
    kind: i32,
    id: String,
    reply: oneshot::Sender<Result<Option<Row>>>,
}

/// Threads that answer reads together.
pub(super) struct Coalescer {
    queue: Sender<Wanted>,
}

/// More threads than cores to wait on only make batches smaller.
const THREADS: usize = 4;
const BATCH: usize = 64;

impl Coalescer {
    pub fn start(pool: &Pool) -> Result<Self> {
        let (queue, waiting) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        for i in 0..THREADS {
            let (pool, waiting) = (pool.clone(), Arc::clone(&waiting));
            std::thread::Builder::new()
                .name(format!("point-reads-{i}"))
                .spawn(move || serve(&pool, &waiting))
                .map_err(fault)?;
        }
        Ok(Self { queue })
    }

    async fn get(&self, project: i32, kind: i32, id: &str) -> Result<Option<Row>> {
        let (reply, answer) = oneshot::channel();
        let wanted = Wanted { project, kind, id: id.to_owned(), reply };
        self.queue.send(wanted).map_err(|_| busy("the server is stopping"))?;
        answer.await.map_err(|_| busy("the server is stopping"))?
    }
}

fn serve(pool: &Pool, waiting: &Mutex<Receiver<Wanted>>) {
    loop {
        let mut batch = Vec::new();
        {
            let waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
            match waiting.recv() {
                Ok(first) => batch.push(first),
                Err(_) => return,
            }
            batch.extend(waiting.try_iter().take(BATCH - 1));
        }
        let mut groups: HashMap<(i32, i32), Vec<Wanted>> = HashMap::new();
        for wanted in batch {
            groups.entry((wanted.project, wanted.kind)).or_default().push(wanted);
        }
        for ((project, kind), group) in groups {
            answer(pool, project, kind, group);
        }
    }
}

fn answer(pool: &Pool, project: i32, kind: i32, group: Vec<Wanted>) {
    let ids: Vec<&str> = group.iter().map(|wanted| wanted.id.as_str()).collect();
    let found = checkout(pool).and_then(|mut connection| {
        let loaded = resource::table
            .filter(resource::project.eq(project).and(resource::kind.eq(kind)).and(resource::id.eq_any(ids)))
            .load::<Columns>(&mut *connection)
            .map_err(failed)?;
        let named = |columns: Columns| Ok((columns.3.clone(), Row::of(columns, &mut connection)?));
        loaded.into_iter().map(named).collect::<QueryResult<HashMap<String, Row>>>().map_err(failed)
    });
    match found {
        Ok(rows) => {
            for wanted in group {
                // A caller who went away needs no answer.
                let _ = wanted.reply.send(Ok(rows.get(&wanted.id).cloned()));
            }
        }
        Err(error) => {
            tracing::error!(%error, "a batch of reads failed");
            for wanted in group {
                let _ = wanted.reply.send(Err(busy("the database does not answer; try again")));
            }
        }
    }
}
