//! Carrying out a plan, level by level: what is there is walked, what must be read or searched is wanted, and
//! all that is wanted is fetched together before the walk goes on
//! (<https://spec.graphql.org/October2021/#sec-Execution>).

mod answer;
mod budget;
mod fetch;
mod follow;
mod held;
mod page;
mod path_expression;
mod reference;
mod render;
mod walk;

use std::sync::Arc;

use super::fault::Fault;
use super::plan::Plan;
use super::{Refusal, Response};
use crate::error::{Kind, Result};
use crate::repo::Repo;
use crate::store::Row;
use walk::Walk;

pub(super) async fn run(
    repo: &Repo,
    plan: Arc<Plan>,
    row: Option<Arc<Row>>,
) -> Result<Result<Response, Refusal>> {
    let store = Arc::clone(&repo.engine().store);
    let mut walk = Walk::new(repo.clone(), plan);
    walk = store.offload(move |_| Ok(walk.start(row))).await?;
    loop {
        if let Some(refusal) = walk.refusal.take() {
            return Ok(Err(refusal));
        }
        let wants = std::mem::take(&mut walk.wants);
        if wants.is_empty() {
            break;
        }
        if let Some(refusal) = walk.afford(&wants) {
            return Ok(Err(refusal));
        }
        let answers = fetch::all(repo, wants).await;
        walk = store.offload(move |_| Ok(walk.go_on(answers))).await?;
    }
    let (data, faults) = store.offload(move |_| Ok(render::render(walk))).await?;
    Ok(match data {
        Some(data) => Ok(Response { data, faults }),
        None => Err(too_costly("the answer has too many keys")),
    })
}

fn too_costly(text: impl Into<String>) -> Refusal {
    Refusal { kind: Kind::Malformed, faults: vec![Fault::new("too-costly", text)] }
}

type Rendered = (Option<String>, Vec<Fault>);
