//! Pages between ids: of those who remember no cursor, but the resource that they saw last.

use super::Repo;
use super::policy::Interaction;
use super::search::Found;
use crate::error::Result;
use crate::search::{self, Cursor, SortKey};

/// Where a page begins, or ends.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'i> {
    /// Id of a resource that is on neither page; it need not be there any more.
    pub id: &'i str,
    /// The page before it rather than after it.
    pub before: bool,
}

impl Repo {
    /// A page in the order of ids (`_sort` of the parameters is `_id` or `-_id`), from a place on.
    pub async fn search_beside(
        &self,
        kind: &str,
        parameters: &[(String, String)],
        from: Option<Beside<'_>>,
    ) -> Result<Found> {
        self.may(Interaction::Search, kind)?;
        self.look().await?;
        let mut query = search::parse(&self.definitions, kind, parameters, &self.options(false, None))?;
        if let Some(Beside { id, before }) = from {
            let descending =
                query.sort.first().is_some_and(|sort| matches!(sort.by, SortKey::Id) && sort.descending);
            // No number is beyond these: the resource itself is left out in either direction.
            let row = if descending == before { i64::MAX } else { 0 };
            query.cursor = Some(Cursor { keys: vec![None], row, id: id.to_owned(), backwards: before });
        }
        self.answer(vec![query]).await
    }
}
