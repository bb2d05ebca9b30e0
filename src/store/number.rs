//! Numbers of resources and projects, for protocols whose ids are numbers. Each is given once and never to another: a
//! resource keeps its number through all its versions, a project for ever.

use diesel::prelude::*;

use super::Store;
use super::schema::{project, resource};
use crate::error::Result;

impl Store {
    /// The id of the resource of a type that has a number, in one project.
    pub fn id_of(&self, home: i32, kind: i32, number: i64) -> Result<Option<String>> {
        self.with(|connection| {
            resource::table
                .filter(resource::project.eq(home).and(resource::rid.eq(number)).and(resource::kind.eq(kind)))
                .select(resource::id)
                .first::<String>(connection)
                .optional()
        })
    }

    /// The id of the project that has a number.
    pub fn id_of_project(&self, number: i32) -> Result<Option<String>> {
        self.with(|connection| {
            project::table.find(number).select(project::id).first::<String>(connection).optional()
        })
    }
}
