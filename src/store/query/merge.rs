//! Several segments, one order.

use super::Hit;
use super::key::Order;

/// The first `limit` of all hits in the direction of reading; each list is in that order already.
pub(super) fn merge(mut found: Vec<Vec<Hit>>, order: &Order, backwards: bool, limit: usize) -> Vec<Hit> {
    if found.len() == 1 {
        return found.pop().unwrap_or_default();
    }
    let mut hits: Vec<Hit> = found.into_iter().flatten().collect();
    hits.sort_by(|a, b| if backwards { order.compare(b, a) } else { order.compare(a, b) });
    hits.truncate(limit);
    hits
}
