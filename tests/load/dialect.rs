//! The same people in other dialects: found by what names them, and listed at both ends of the list. A page at the end
//! shall cost what one at the start does.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::client::{Connection, encoded, json, request};
use crate::script::Request;
use crate::workload::World;

/// Entries of a page.
const PAGE: u64 = 50;
/// Entries of a page on the way to the end.
const STRIDE: u64 = 100;
/// Different people who are asked for.
const VARIETY: usize = 1_000;

/// A list of users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    Scim,
    ScimByCursor,
    WorkOs,
    Truto,
    Axway,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Start,
    End,
    /// One user, by what names him.
    Named,
}

/// The requests, or how the server says that it does not offer this.
pub async fn prepare(
    world: &World,
    connection: &mut Connection,
    list: List,
    part: Part,
) -> Result<std::result::Result<Vec<Request>, String>> {
    let paths = match part {
        Part::Start => vec![list.page(world, &[])],
        Part::Named => {
            let step = (world.sample.len() / VARIETY).max(1);
            world.sample.iter().step_by(step).map(|user| list.named(world, &user.email)).collect()
        }
        Part::End => vec![list.end(world, connection).await?],
    };
    let wanted = if part == Part::Named { 1 } else { PAGE.min(world.users) as usize };
    let mut requests = Vec::with_capacity(paths.len());
    for path in paths {
        let bytes = request("GET", &path, &world.token, "", "");
        let (status, _, body) = connection.call(&bytes).await?;
        if matches!(status, 404 | 405 | 501) {
            return Ok(Err(format!("the server answers {status}")));
        }
        let answer = json(&body)?;
        let found = list.entries(&answer);
        ensure!(status == 200 && found == wanted, "{path}: {status}, {found} entries instead of {wanted}");
        requests.push(Request { bytes, status, length: Some(body.len()) });
    }
    Ok(Ok(requests))
}

impl List {
    fn place(self, world: &World) -> String {
        let project = &world.project;
        match self {
            Self::Scim | Self::ScimByCursor => "/scim/v2/Users?".to_owned(),
            Self::WorkOs => "/user_management/users?".to_owned(),
            Self::Truto => format!("/unified/user-directory/users?integrated_account_id={project}&"),
            Self::Axway => "/api/v1/user?".to_owned(),
        }
    }

    fn page(self, world: &World, more: &[(&str, &str)]) -> String {
        self.sized(world, PAGE, more)
    }

    fn sized(self, world: &World, size: u64, more: &[(&str, &str)]) -> String {
        let size = match self {
            Self::Scim => format!("count={size}"),
            Self::ScimByCursor if more.is_empty() => format!("cursor&count={size}"),
            Self::ScimByCursor => format!("count={size}"),
            Self::WorkOs | Self::Truto | Self::Axway => format!("limit={size}"),
        };
        let mut path = format!("{}{size}", self.place(world));
        for (name, value) in more {
            path.push_str(&format!("&{name}={}", encoded(value)));
        }
        path
    }

    fn named(self, world: &World, email: &str) -> String {
        let place = self.place(world);
        let email = match self {
            Self::Scim | Self::ScimByCursor => {
                return format!("{place}filter={}", encoded(&format!("userName eq \"{email}\"")));
            }
            _ => encoded(email),
        };
        let parameter = if self == Self::Truto { encoded("emails[email]") } else { "email".to_owned() };
        format!("{place}{parameter}={email}")
    }

    /// The last page: by its number, or by going there.
    async fn end(self, world: &World, connection: &mut Connection) -> Result<String> {
        let users = world.users;
        match self {
            Self::Scim => {
                let start = (users + 1).saturating_sub(PAGE).max(1).to_string();
                return Ok(self.page(world, &[("startIndex", &start)]));
            }
            Self::Axway => return Ok(self.page(world, &[("page", &users.div_ceil(PAGE).to_string())])),
            _ => {}
        }
        let (mut next, mut seen) = (self.sized(world, STRIDE, &[]), 0);
        loop {
            let bytes = request("GET", &next, &world.token, "", "");
            let (status, _, body) = connection.call(&bytes).await?;
            let answer = json(&body)?;
            ensure!(status == 200, "{next}: {status} {answer}");
            seen += self.entries(&answer) as u64;
            let (name, cursor) = match self {
                Self::WorkOs => ("after", &answer["list_metadata"]["after"]),
                Self::Truto => ("next_cursor", &answer["next_cursor"]),
                _ => ("cursor", &answer["nextCursor"]),
            };
            let cursor = cursor.as_str().context("the list ends before its end")?;
            if seen + STRIDE >= users {
                return Ok(self.page(world, &[(name, cursor)]));
            }
            next = self.sized(world, STRIDE, &[(name, cursor)]);
        }
    }

    fn entries(self, answer: &Value) -> usize {
        let list = match self {
            Self::Scim | Self::ScimByCursor => &answer["Resources"],
            Self::WorkOs => &answer["data"],
            Self::Truto | Self::Axway => &answer["result"],
        };
        list.as_array().map_or(0, Vec::len)
    }
}
