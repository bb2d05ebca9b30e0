//! `memberOf` and `conformsTo`, which someone else has to answer.
//! Clause: <https://hl7.org/fhir/R4/fhirpath.html#functions>.

use super::super::context::Judge;
use super::super::error::EvalError;
use super::super::evaluate::Outcome;
use super::super::item::Items;
use super::call::{Call, boolean, nothing};

pub(super) fn member_of<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    judged(call, input, call.evaluator.context.member_of)
}

pub(super) fn conforms_to<'a>(call: &Call<'a, '_>, input: Items<'a>) -> Outcome<'a> {
    judged(call, input, call.evaluator.context.conforms_to)
}

fn judged<'a>(call: &Call<'a, '_>, input: Items<'a>, judge: Option<Judge<'_>>) -> Outcome<'a> {
    let name = call.function.name;
    let judge =
        judge.ok_or_else(|| EvalError::invalid(format!("`{name}` cannot be answered in this place")))?;
    let (Some(item), Some(url)) = (call.one(&input)?, call.string(0)?) else {
        return nothing();
    };
    let answer = judge(item, &url);
    boolean(answer.ok_or_else(|| EvalError::invalid(format!("`{name}`: unknown `{url}`")))?)
}
