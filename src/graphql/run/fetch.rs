//! All that a level of a query wants, together: each resource is read once however many refer to it, and
//! several reads are under way at once, so that a database across a network answers them in one round trip.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::task::JoinSet;

use super::held::{Ask, Want};
use crate::error::{Result, fault};
use crate::graphql::limit;
use crate::repo::{Found, Repo};

pub(super) enum Answer {
    /// The text of a resource, for all who wait for it.
    Read(Result<Arc<str>>, Vec<Want>),
    Search(Result<Box<Found>>, Want),
}

enum Fetched {
    Read(Result<Arc<str>>),
    Search(Result<Box<Found>>),
}

/// In the order of the wants, so that the same query tells its errors in the same order.
pub(super) async fn all(repo: &Repo, wants: Vec<Want>) -> Vec<Answer> {
    let mut places: HashMap<Ask, usize> = HashMap::new();
    let mut waiting: Vec<(Ask, Vec<Want>)> = Vec::new();
    for want in wants {
        let own = waiting.len();
        let place = match &want.ask {
            Ask::Read { .. } => *places.entry(want.ask.clone()).or_insert(own),
            Ask::Search { .. } => own,
        };
        if place == own {
            waiting.push((want.ask.clone(), Vec::new()));
        }
        waiting[place].1.push(want);
    }
    let (reads, searches): (Vec<_>, Vec<_>) = waiting
        .iter()
        .enumerate()
        .map(|(place, (ask, _))| (place, ask.clone()))
        .partition(|(_, ask)| matches!(ask, Ask::Read { .. }));
    let mut fetched: HashMap<usize, Fetched> = HashMap::new();
    fetched.extend(abreast(repo, reads, limit::READS_ABREAST).await);
    fetched.extend(abreast(repo, searches, limit::SEARCHES_ABREAST).await);
    let mut answers = Vec::new();
    for (place, (_, mut wants)) in waiting.into_iter().enumerate() {
        match fetched.remove(&place) {
            Some(Fetched::Read(body)) => answers.push(Answer::Read(body, wants)),
            Some(Fetched::Search(found)) => {
                answers.extend(wants.pop().map(|want| Answer::Search(found, want)))
            }
            None => answers.push(Answer::Read(Err(fault("a read was broken off")), wants)),
        }
    }
    answers
}

async fn abreast(repo: &Repo, asks: Vec<(usize, Ask)>, most: usize) -> Vec<(usize, Fetched)> {
    let mut fetched = Vec::with_capacity(asks.len());
    let mut asks = asks.into_iter();
    // Dropped with the request, should its client go away.
    let mut under_way = JoinSet::new();
    loop {
        while under_way.len() < most
            && let Some((place, ask)) = asks.next()
        {
            let repo = repo.clone();
            under_way.spawn(async move { (place, fetch(&repo, ask).await) });
        }
        match under_way.join_next().await {
            // What panicked is missed by whoever waits for it.
            Some(one) => fetched.extend(one.ok()),
            None => return fetched,
        }
    }
}

async fn fetch(repo: &Repo, ask: Ask) -> Fetched {
    match ask {
        Ask::Read { kind, id, version: None } => {
            Fetched::Read(repo.read(&kind, &id).await.map(|row| Arc::clone(&row.body)))
        }
        Ask::Read { kind, id, version: Some(version) } => {
            Fetched::Read(repo.vread(&kind, &id, &version).await.map(|version| version.body))
        }
        // What is not known is refused, whatever the server's own choice: the query was checked so.
        Ask::Search { kind, mut parameters, total } => {
            if total {
                parameters.push(("_total".to_owned(), "accurate".to_owned()));
            }
            Fetched::Search(repo.search(&kind, &parameters, false).await.map(Box::new))
        }
    }
}
