//! What a query says that it wants, counted before anything is read. What only the data tell is bounded
//! while it runs.

use crate::graphql::fault::Fault;
use crate::graphql::limit;
use crate::graphql::plan::{FieldId, Plan};
use crate::graphql::schema::Source;

#[derive(Default)]
struct Cost {
    reads: usize,
    searches: usize,
}

pub(super) fn check(plan: &Plan) -> Option<Fault> {
    let mut cost = Cost::default();
    // Fields, and how many objects they are asked of for all that the query says.
    let mut waiting: Vec<(FieldId, usize)> = plan.root.iter().map(|id| (*id, 1)).collect();
    while let Some((id, times)) = waiting.pop() {
        let field = &plan.fields[id];
        let each = match &field.source {
            Source::Read(_) | Source::Follow => {
                cost.reads = cost.reads.saturating_add(times);
                1
            }
            Source::List(_) | Source::Connection(_) => {
                cost.searches = cost.searches.saturating_add(times);
                field.search.as_ref().and_then(|search| search.count).unwrap_or(1)
            }
            _ => field.select.count.unwrap_or(1).min(1),
        };
        let times = times.saturating_mul(each);
        waiting.extend(field.children.iter().map(|child| (*child, times)));
    }
    let text = if cost.searches > limit::SEARCHES {
        format!("this query asks for {} searches; no more than {} are made", cost.searches, limit::SEARCHES)
    } else if cost.reads > limit::READS {
        format!("this query may follow {} references; no more than {} are", cost.reads, limit::READS)
    } else {
        return None;
    };
    Some(Fault::new("too-costly", text))
}
