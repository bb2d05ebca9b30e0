//! Failures in a row, and how long they make one wait: a second, then twice as long with each.

use quick_cache::sync::Cache;

const CAPACITY: usize = 100_000;
/// Milliseconds after which failures are forgotten.
const FORGOTTEN: i64 = 24 * 3_600_000;

pub(super) struct Failures {
    known: Cache<String, (u32, i64)>,
    /// Failures that cost nothing; 0 = none ever does.
    free: u32,
    /// Failures after which there is no more trying; 0 = there always is.
    most: u32,
    /// Seconds.
    longest: u64,
}

impl Failures {
    pub fn new(free: u32, most: u32, longest: u64) -> Self {
        Self { known: Cache::new(CAPACITY), free, most, longest }
    }

    /// Seconds to wait.
    pub fn wait(&self, key: &str, now: i64) -> u64 {
        let Some((count, last)) = self.known.get(key) else { return 0 };
        let since = now - last;
        if self.free == 0 || since > FORGOTTEN {
            return 0;
        }
        if self.most > 0 && count >= self.most {
            return u64::try_from((FORGOTTEN - since) / 1000).unwrap_or(0).max(1);
        }
        let Some(over) = count.checked_sub(self.free) else { return 0 };
        let seconds = 1_u64.checked_shl(over).unwrap_or(u64::MAX).min(self.longest);
        let left = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1000) - since;
        u64::try_from((left + 999).max(0) / 1000).unwrap_or(0)
    }

    /// What was kept from before.
    pub fn recall(&self, key: &str, count: u32, last: i64) {
        if self.known.get(key).is_none_or(|(_, known)| known < last) {
            self.known.insert(key.to_owned(), (count, last));
        }
    }

    /// One more; gives how many there are.
    pub fn failed(&self, key: &str, now: i64) -> u32 {
        let before =
            self.known.get(key).filter(|(_, last)| now - last <= FORGOTTEN).map_or(0, |(count, _)| count);
        let count = before.saturating_add(1);
        self.known.insert(key.to_owned(), (count, now));
        count
    }

    /// Forgets failures that are as old as this.
    pub fn forgive_before(&self, key: &str, moment: i64) {
        if self.known.get(key).is_some_and(|(_, last)| last <= moment) {
            self.known.remove(key);
        }
    }

    pub fn forgive(&self, key: &str) {
        self.known.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::Failures;

    #[test]
    fn each_failure_over_the_free_ones_doubles_the_wait_up_to_the_longest() {
        let failures = Failures::new(3, 8, 10);
        let waits: Vec<u64> = (0..8)
            .map(|_| {
                failures.failed("a", 1000);
                failures.wait("a", 1000)
            })
            .collect();
        assert_eq!(waits[..7], [0, 0, 1, 2, 4, 8, 10]);
        assert!(waits[7] > 3600, "the hard cap");
        assert_eq!(failures.wait("b", 1000), 0);
        failures.forgive("a");
        assert_eq!(failures.wait("a", 1000), 0);
    }

    #[test]
    fn nothing_waits_where_the_limit_is_off() {
        let failures = Failures::new(0, 0, 10);
        for _ in 0..50 {
            failures.failed("a", 0);
        }
        assert_eq!(failures.wait("a", 0), 0);
    }
}
