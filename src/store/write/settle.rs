//! What a write to a SearchParameter does to searches, in the transaction of the write and alone in it
//! (<https://hl7.org/fhir/R4/searchparameter.html>).

use diesel::prelude::*;

use super::super::connect::AnyConnection;
use super::super::parameter::{Definition, Redefinition, State};
use super::super::schema::search_parameter::{self, dsl};
use super::apply::Failure;
use super::gate;
use super::{Change, Refusal};
use crate::error::{Error, conflict};

/// Parameters of one project, or of all projects: each costs something with every write.
const MOST: i64 = 64;

pub(super) fn settle(
    connection: &mut AnyConnection,
    change: &Change,
    redefinition: &Redefinition,
) -> Result<(), Failure> {
    let before: Vec<(i32, String, String, String)> = dsl::search_parameter
        .filter(dsl::project.eq(change.project).and(dsl::id.eq(&change.id)))
        .select((dsl::number, dsl::state, dsl::definition, dsl::kinds))
        .load(connection)?;
    let (mut stands, mut changed) = (false, false);
    for (number, state, definition, kinds) in before {
        let state = State::of(&state);
        let same = |wanted: &Definition| definition == wanted.text && kinds == joined(&wanted.kinds);
        match (state, redefinition) {
            (State::Indexing | State::Active, Redefinition::Define(wanted)) if same(wanted) => stands = true,
            (State::Indexing | State::Active, _) => {
                put(connection, number, State::Retiring)?;
                changed = true;
            }
            (State::Failing, _) => {
                put(connection, number, State::Removing)?;
                changed = true;
            }
            (State::Failed, _) => {
                diesel::delete(dsl::search_parameter.find(number)).execute(connection)?;
                changed = true;
            }
            (State::Retiring | State::Removing, _) => {}
        }
    }
    if let Redefinition::Define(wanted) = redefinition
        && !stands
    {
        if let Some(error) = refused(connection, change.project, wanted)? {
            return Err(Failure::Refused(Refusal::Failed(error)));
        }
        diesel::insert_into(dsl::search_parameter)
            .values((
                dsl::project.eq(change.project),
                dsl::id.eq(&change.id),
                dsl::code.eq(&wanted.code),
                dsl::kinds.eq(joined(&wanted.kinds)),
                dsl::definition.eq(&wanted.text),
                dsl::state.eq(State::Indexing.word()),
            ))
            .execute(connection)?;
        changed = true;
    }
    if changed {
        gate::turn(connection)?;
    }
    Ok(())
}

fn put(connection: &mut AnyConnection, number: i32, state: State) -> QueryResult<()> {
    diesel::update(dsl::search_parameter.find(number))
        .set(search_parameter::state.eq(state.word()))
        .execute(connection)
        .map(drop)
}

/// Why there cannot be such a parameter besides those that there are.
fn refused(connection: &mut AnyConnection, project: i32, wanted: &Definition) -> QueryResult<Option<Error>> {
    let living = || dsl::state.eq_any([State::Indexing.word(), State::Active.word()]);
    let namesakes: Vec<(i32, String)> = dsl::search_parameter
        .filter(living().and(dsl::code.eq(&wanted.code)))
        .select((dsl::project, dsl::kinds))
        .load(connection)?;
    let own = wanted.kinds.iter().map(ToString::to_string).collect::<Vec<_>>();
    let clash = namesakes.iter().any(|(other, kinds)| {
        let both = *other == project || *other == 0 || project == 0;
        both && kinds.split(',').any(|kind| own.iter().any(|own| own == kind))
    });
    if clash {
        let text =
            format!("another search parameter is called `{}` on a type that this one is for", wanted.code);
        return Ok(Some(conflict(text).coded("duplicate").at("SearchParameter.code")));
    }
    let count: i64 = dsl::search_parameter
        .filter(living().and(dsl::project.eq(project)))
        .count()
        .get_result(connection)?;
    Ok((count >= MOST).then(|| {
        conflict(format!(
            "there are {MOST} search parameters here already, and each costs something with every write"
        ))
        .coded("too-costly")
    }))
}

fn joined(kinds: &[i32]) -> String {
    kinds.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}
