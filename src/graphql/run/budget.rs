//! What a query has spent while it ran: what the data made of it could not be counted beforehand.

use crate::graphql::limit;

#[derive(Default)]
pub(super) struct Budget {
    values: usize,
    bytes: usize,
    loaded: usize,
    reads: usize,
    searches: usize,
    evaluations: usize,
    /// What there was too much of.
    pub over: Option<String>,
}

impl Budget {
    /// A value of the answer; false where there are too many.
    pub fn value(&mut self, bytes: usize) -> bool {
        self.values += 1;
        self.bytes += bytes;
        self.within(self.values <= limit::VALUES && self.bytes <= limit::BYTES, || {
            "the answer is too large: ask for less, or page by page".to_owned()
        })
    }

    pub fn loaded(&mut self, bytes: usize) -> bool {
        self.loaded += bytes;
        self.within(self.loaded <= limit::LOADED, || {
            "this looks into too much: ask for less, or page by page".to_owned()
        })
    }

    pub fn read(&mut self) -> bool {
        self.reads += 1;
        self.within(self.reads <= limit::READS, || {
            format!("no more than {} resources are read for one query", limit::READS)
        })
    }

    pub fn search(&mut self) -> bool {
        self.searches += 1;
        self.within(self.searches <= limit::SEARCHES, || {
            format!("no more than {} searches are made for one query", limit::SEARCHES)
        })
    }

    pub fn evaluation(&mut self) -> bool {
        self.evaluations += 1;
        self.within(self.evaluations <= limit::EVALUATIONS, || {
            format!("no more than {} expressions are evaluated for one query", limit::EVALUATIONS)
        })
    }

    pub fn is_over(&self) -> bool {
        self.over.is_some()
    }

    fn within(&mut self, is_within: bool, text: impl FnOnce() -> String) -> bool {
        if !is_within && self.over.is_none() {
            self.over = Some(text());
        }
        self.over.is_none()
    }
}
