//! `now`, `today`, `timeOfDay`: the same throughout an evaluation.
//! Clause: <https://hl7.org/fhirpath/N1/#current-date-and-time-functions>.

use super::super::evaluate::Outcome;
use super::super::item::{Item, Items};
use super::call::Call;

pub(super) fn now<'a>(call: &Call<'a, '_>, _: Items<'a>) -> Outcome<'a> {
    Ok(vec![Item::Moment(call.evaluator.now())])
}

pub(super) fn today<'a>(call: &Call<'a, '_>, _: Items<'a>) -> Outcome<'a> {
    Ok(vec![Item::Moment(call.evaluator.now().date_part())])
}

pub(super) fn time_of_day<'a>(call: &Call<'a, '_>, _: Items<'a>) -> Outcome<'a> {
    Ok(vec![Item::Moment(call.evaluator.now().time_part())])
}
