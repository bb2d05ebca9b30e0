//! Where the walk goes on: what was fetched is put where it was wanted.

use std::collections::HashSet;
use std::sync::Arc;

use super::fetch::Answer;
use super::held::{Ask, Held, Want};
use super::too_costly;
use super::walk::Walk;
use crate::error::{Error, Kind, Result};
use crate::graphql::Refusal;
use crate::graphql::fault;
use crate::resource;

impl Walk {
    pub fn go_on(mut self, answers: Vec<Answer>) -> Self {
        for answer in answers {
            match answer {
                Answer::Read(body, wants) => self.read(body, wants),
                Answer::Search(found, want) => {
                    let held = match found {
                        Ok(found) => self.found(&found, &want),
                        Err(error) => self.failed(&error, &want),
                    };
                    self.slots[want.slot] = held;
                }
            }
        }
        self.settle()
    }

    /// Counts what is about to be fetched; a resource counts once however many refer to it.
    pub fn afford(&mut self, wants: &[Want]) -> Option<Refusal> {
        let mut seen = HashSet::new();
        for want in wants {
            match &want.ask {
                Ask::Read { .. } if !seen.insert(&want.ask) => true,
                Ask::Read { .. } => self.budget.read(),
                Ask::Search { .. } => self.budget.search(),
            };
        }
        self.budget.over.take().map(too_costly)
    }

    fn read(&mut self, body: Result<Arc<str>>, wants: Vec<Want>) {
        let value = body.and_then(|body| {
            self.budget.loaded(body.len());
            resource::parse(body.as_bytes())
        });
        for want in wants {
            self.slots[want.slot] = match &value {
                Ok(value) => Held::One(self.whole(value, 0, want.field, &want.children, &want.path)),
                Err(error) => self.failed(error, &want),
            };
        }
    }

    /// What was not to be had: an error of its field, or of everything.
    fn failed(&mut self, error: &Error, want: &Want) -> Held {
        let field = &self.plan.fields[want.field];
        let is_hidden = matches!(error.kind, Kind::NotFound | Kind::Deleted | Kind::Forbidden);
        let faults = fault::of(error);
        if matches!(error.kind, Kind::Fault | Kind::Busy) {
            self.refusal.get_or_insert(Refusal { kind: error.kind, faults });
        } else if !(is_hidden && field.follow.optional) {
            let at = field.at;
            faults.into_iter().for_each(|fault| self.tell(fault.located(at).within(&want.path)));
        }
        Held::Absent
    }
}
