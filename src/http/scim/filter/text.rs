//! How texts are compared: without case where the schema says so.

use std::cmp::Ordering;

use super::Op;

/// A text as it is compared.
pub(in super::super) fn plain(text: &str, case_exact: bool) -> String {
    if case_exact { text.to_owned() } else { text.to_lowercase() }
}

/// `left op right` of two texts that are compared as they are.
pub(super) fn compare(left: &str, op: Op, right: &str) -> bool {
    match op {
        Op::Equal => left == right,
        Op::NotEqual => left != right,
        Op::Contains => left.contains(right),
        Op::StartsWith => left.starts_with(right),
        Op::EndsWith => left.ends_with(right),
        _ => in_order(left.cmp(right), op),
    }
}

/// Whether what is so ordered meets a comparison of order.
pub(super) fn in_order(order: Ordering, op: Op) -> bool {
    match op {
        Op::Greater => order == Ordering::Greater,
        Op::GreaterOrEqual => order != Ordering::Less,
        Op::Less => order == Ordering::Less,
        Op::LessOrEqual => order != Ordering::Greater,
        _ => false,
    }
}
