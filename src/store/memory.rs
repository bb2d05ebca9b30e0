//! What a question came to, by heart, until something is written that could change it: to count matches costs as many
//! steps as there are matches, and every page of a list that tells its total would pay for them.
//!
//! Exact where this process is the only writer. An answer bears the number of the last commit before it was asked for, and
//! holds as long as what it is about has seen no later one. On PostgreSQL, where other nodes write, nothing is kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// Bytes of questions and answers.
const ROOM: u64 = 4 << 20;
/// What shares a slot is forgotten together.
const SLOTS: usize = 4_096;

/// A project and a type.
pub(super) type Place = (i32, i32);

#[derive(Clone)]
struct Answer {
    /// The last commit before it.
    asked: u64,
    numbers: Arc<[i64]>,
}

#[derive(Clone)]
struct Weight;

impl Weighter<String, Answer> for Weight {
    fn weight(&self, question: &String, answer: &Answer) -> u64 {
        (question.len() + 8 * answer.numbers.len() + 128) as u64
    }
}

pub(super) struct Memory {
    answers: Option<Cache<String, Answer, Weight>>,
    commits: AtomicU64,
    /// The last commit to what has its slot here.
    last: Vec<AtomicU64>,
}

impl Memory {
    pub fn new(alone: bool) -> Self {
        let answers = alone.then(|| Cache::with_weighter((ROOM / 512) as usize, ROOM, Weight));
        let slots = if alone { SLOTS } else { 0 };
        Self { answers, commits: AtomicU64::new(0), last: (0..slots).map(|_| AtomicU64::new(0)).collect() }
    }

    pub fn keeps(&self) -> bool {
        self.answers.is_some()
    }

    /// The answer to a question that hangs on these places, from memory or from `ask`.
    pub fn recall<E>(
        &self,
        question: impl FnOnce() -> String,
        about: &[Place],
        ask: impl FnOnce() -> Result<Vec<i64>, E>,
    ) -> Result<Arc<[i64]>, E> {
        let Some(answers) = &self.answers else { return Ok(ask()?.into()) };
        let question = question();
        if let Some(answer) = answers.get(&question)
            && about.iter().all(|place| self.slot(*place).load(Ordering::Acquire) <= answer.asked)
        {
            return Ok(answer.numbers);
        }
        let asked = self.commits.load(Ordering::Acquire);
        let numbers: Arc<[i64]> = ask()?.into();
        answers.insert(question, Answer { asked, numbers: Arc::clone(&numbers) });
        Ok(numbers)
    }

    /// To be called after a commit, before anyone is told of it.
    pub fn written(&self, places: impl Iterator<Item = Place>) {
        if self.keeps() {
            let commit = self.commits.fetch_add(1, Ordering::AcqRel) + 1;
            for place in places {
                self.slot(place).fetch_max(commit, Ordering::AcqRel);
            }
        }
    }

    /// Anything may have been written.
    pub fn forget(&self) {
        let commit = self.commits.fetch_add(1, Ordering::AcqRel) + 1;
        for slot in &self.last {
            slot.fetch_max(commit, Ordering::AcqRel);
        }
    }

    fn slot(&self, (project, kind): Place) -> &AtomicU64 {
        let mixed = project.cast_unsigned().wrapping_mul(0x9E37_79B1) ^ kind.cast_unsigned();
        &self.last[mixed as usize % SLOTS]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place = (1, 7);
    const OTHER: Place = (1, 8);

    fn told(memory: &Memory, now: i64) -> i64 {
        let asked = memory.recall(|| "how many".to_owned(), &[HERE], || Ok::<_, ()>(vec![now]));
        asked.map(|numbers| numbers[0]).unwrap_or_default()
    }

    #[test]
    fn an_answer_holds_until_what_it_is_about_is_written() {
        let memory = Memory::new(true);
        assert_eq!(told(&memory, 1), 1);
        assert_eq!(told(&memory, 2), 1, "nothing was written");
        memory.written([OTHER].into_iter());
        assert_eq!(told(&memory, 3), 1, "it is about something else");
        memory.written([OTHER, HERE].into_iter());
        assert_eq!(told(&memory, 4), 4);
        assert_eq!(told(&memory, 5), 4);
        memory.forget();
        assert_eq!(told(&memory, 6), 6);
    }

    #[test]
    fn what_is_written_while_somebody_asks_is_not_missed() {
        let memory = Memory::new(true);
        let late = || {
            memory.written([HERE].into_iter());
            Ok::<_, ()>(vec![1])
        };
        assert_eq!(memory.recall(|| "how many".to_owned(), &[HERE], late).map(|numbers| numbers[0]), Ok(1));
        assert_eq!(told(&memory, 2), 2);
    }

    #[test]
    fn where_others_write_everything_is_asked() {
        let memory = Memory::new(false);
        assert_eq!(told(&memory, 1), 1);
        assert_eq!(told(&memory, 2), 2);
        memory.forget();
        memory.written([HERE].into_iter());
    }
}
