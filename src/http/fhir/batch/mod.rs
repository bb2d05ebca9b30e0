//! Batch and transaction (<https://hl7.org/fhir/R4/http.html#transaction>): POST of a Bundle to the base.
//!
//! The entries of a batch are requests like any other and go through the same routes; those of a transaction
//! that write are done by `repo` as one.

mod dispatch;
mod entry;
mod reply;
mod transaction;

use std::rc::Rc;

use actix_web::{HttpRequest, HttpResponse, web};
use tokio::sync::Semaphore;

pub(in crate::http) use dispatch::Inner;
pub(in crate::http) use reply::{Answer, Responses};

use crate::error::Result;
use crate::http::reply::{Failure, fhir, ok};
use crate::http::{extract, negotiate};
use dispatch::Sender;
use entry::Asked;

/// Entries of a batch under way at once.
const ABREAST: usize = 16;

pub(in crate::http) async fn batch(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let form = negotiate::form(&request)?;
    let repo = extract::caller(&request).await?;
    extract::no_parameters(&request)?;
    let bundle = extract::resource(&request, payload, "Bundle").await?;
    let (kind, entries) = entry::read(&repo, bundle)?;
    let sender = Sender::of(&request).await?;
    let responses = match kind.as_str() {
        "transaction" => transaction::run(&request, &repo, entries, sender).await?,
        _ => each(entries, sender).await,
    };
    Ok(fhir(&request, form, ok(), responses.finish(&kind)))
}

/// Every entry for itself. Those of one verb have no order among themselves; deletes come first, then
/// creates, then updates, then reads, as they do in a transaction.
async fn each(entries: Vec<Result<Asked>>, sender: Sender) -> Responses {
    let mut answers: Vec<Option<Answer>> = entries.iter().map(|_| None).collect();
    let mut waves: [Vec<(usize, Asked)>; 4] = Default::default();
    for (place, entry) in entries.into_iter().enumerate() {
        match entry {
            Ok(asked) => waves[asked.rank()].push((place, asked)),
            Err(error) => answers[place] = Some(Answer::refused(error)),
        }
    }
    for wave in waves {
        let abreast = Rc::new(Semaphore::new(ABREAST));
        let mut under_way = Vec::with_capacity(wave.len());
        for (place, asked) in wave {
            let (sender, abreast) = (sender.clone(), Rc::clone(&abreast));
            under_way.push((
                place,
                actix_web::rt::spawn(async move {
                    // The semaphore is never closed.
                    let _turn = abreast.acquire().await;
                    sender.send(&asked).await
                }),
            ));
        }
        for (place, task) in under_way {
            answers[place] =
                Some(task.await.unwrap_or_else(|cause| Answer::refused(crate::error::fault(cause))));
        }
    }
    Responses(answers.into_iter().flatten().collect())
}
