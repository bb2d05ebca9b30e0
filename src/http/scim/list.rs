//! Lists: GET of a type, and `.search` (<https://www.rfc-editor.org/rfc/rfc7644#section-3.4.2>); pages by number, and by
//! cursor (<https://www.rfc-editor.org/rfc/rfc9865>).

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::super::parameters;
use super::accept::says_what_it_is;
use super::answer::{self, LIST};
use super::filter::{self, Compiler, Filter};
use super::path::Path;
use super::refusal::{Result, bad};
use super::schema::{Resource, resources};
use super::shape::Wanted;
use super::{Caller, DEFAULT_PAGE, MAX_PAGE, body, caller, group, user};
use crate::repo::Found;
use crate::search::digest_of;

const MESSAGE: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// What is asked of a list.
#[derive(Debug, Default)]
pub(super) struct Asked {
    attributes: Vec<String>,
    excluded: Vec<String>,
    filter: Option<String>,
    sort_by: Option<String>,
    descending: bool,
    /// How many matches come before the page.
    skip: Option<usize>,
    count: Option<usize>,
    cursor: Option<String>,
}

impl Asked {
    /// From the query of an address.
    pub fn of_query(request: &HttpRequest) -> Result<Self> {
        let mut asked = Self::default();
        for (name, value) in parameters::parse(request.query_string())? {
            asked.take(&name, &Value::String(value))?;
        }
        asked.checked()
    }

    /// From the message of a `.search`.
    fn of_message(message: &Value) -> Result<Self> {
        let Some(message) = message.as_object() else {
            return Err(bad("invalidSyntax", "a search is a JSON object"));
        };
        says_what_it_is(message, MESSAGE)?;
        let mut asked = Self::default();
        for (name, value) in message.iter().filter(|(name, value)| *name != "schemas" && !value.is_null()) {
            asked.take(name, value)?;
        }
        asked.checked()
    }

    fn take(&mut self, name: &str, value: &Value) -> Result<()> {
        let wrong = || bad("invalidValue", format!("`{name}` has no such value"));
        let text = || value.as_str().map(str::to_owned).ok_or_else(wrong);
        let number = || -> Result<usize> {
            let number =
                value.as_i64().or_else(|| value.as_str()?.trim().parse::<i64>().ok()).ok_or_else(wrong)?;
            Ok(usize::try_from(number.max(0)).unwrap_or(usize::MAX))
        };
        let names = || -> Result<Vec<String>> {
            let list = match value {
                Value::Array(list) => list.iter().map(|one| one.as_str().map(str::to_owned)).collect(),
                Value::String(text) => Some(text.split(',').map(str::to_owned).collect()),
                _ => None,
            };
            let list: Vec<String> = list.ok_or_else(wrong)?;
            Ok(list.into_iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect())
        };
        match name {
            "attributes" => self.attributes = names()?,
            "excludedAttributes" => self.excluded = names()?,
            "filter" => self.filter = Some(text()?),
            "sortBy" => self.sort_by = Some(text()?).filter(|by| !by.is_empty()),
            "sortOrder" => {
                self.descending = match text()?.to_ascii_lowercase().as_str() {
                    "ascending" => false,
                    "descending" => true,
                    _ => return Err(wrong()),
                }
            }
            "startIndex" => self.skip = Some(number()?.max(1) - 1),
            "count" => self.count = Some(number()?),
            "cursor" => self.cursor = Some(text()?),
            // A flag of Entra ID, for what is done here anyway.
            "aadOptscim062020" => {}
            _ => return Err(bad("invalidValue", format!("the parameter '{name}' is not known here"))),
        }
        Ok(())
    }

    /// Where there is one resource only: how much of it is wanted.
    pub fn shape_only(self, kind: &'static Resource) -> Result<Wanted> {
        let about_lists = self.filter.is_some()
            || self.sort_by.is_some()
            || self.skip.is_some()
            || self.count.is_some()
            || self.cursor.is_some();
        if about_lists {
            return Err(bad("invalidValue", "one resource is not filtered, sorted or paged"));
        }
        Wanted::new(kind, &self.attributes, &self.excluded)
    }

    fn checked(self) -> Result<Self> {
        if self.cursor.is_some() && self.skip.is_some() {
            return Err(bad("invalidCursor", "a page begins at a cursor or at an index, not at both"));
        }
        Ok(self)
    }

    fn count(&self) -> usize {
        self.count.unwrap_or(DEFAULT_PAGE).min(MAX_PAGE)
    }
}

pub(in crate::http) async fn users(request: HttpRequest) -> Result<HttpResponse> {
    of_type(&request, super::schema::user()).await
}

pub(in crate::http) async fn groups(request: HttpRequest) -> Result<HttpResponse> {
    of_type(&request, super::schema::group()).await
}

pub(in crate::http) async fn search_users(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse> {
    by_message(&request, payload, super::schema::user()).await
}

pub(in crate::http) async fn search_groups(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse> {
    by_message(&request, payload, super::schema::group()).await
}

async fn of_type(request: &HttpRequest, kind: &'static Resource) -> Result<HttpResponse> {
    let caller = caller(request).await?;
    let asked = Asked::of_query(request)?;
    answer::show(request, &page(&caller, kind, &asked).await?)
}

async fn by_message(
    request: &HttpRequest,
    payload: web::Payload,
    kind: &'static Resource,
) -> Result<HttpResponse> {
    let caller = caller(request).await?;
    let asked = Asked::of_message(&body(request, payload).await?)?;
    answer::show(request, &page(&caller, kind, &asked).await?)
}

/// A search over users and groups: first the ones, then the others.
pub(in crate::http) async fn search_all(request: HttpRequest, payload: web::Payload) -> Result<HttpResponse> {
    let caller = caller(&request).await?;
    let asked = Asked::of_message(&body(&request, payload).await?)?;
    if asked.cursor.is_some() {
        return Err(bad("invalidCursor", "a search over all types is paged by index"));
    }
    if asked.sort_by.is_some() {
        return Err(bad("invalidValue", "users and groups have no order in common; search one type"));
    }
    let filter = asked.filter.as_deref().map(filter::read).transpose()?;
    let (mut skip, mut left) = (asked.skip.unwrap_or(0), asked.count());
    let (mut total, mut shown) = (0, Vec::new());
    for kind in resources() {
        // What has no such attribute does not meet a condition on it.
        if let Some(filter) = &filter
            && !speaks_of(filter, kind)
        {
            continue;
        }
        let found = find(&caller, kind, &asked, filter.as_ref(), skip, left).await?;
        let own = usize::try_from(found.total.unwrap_or_default()).unwrap_or_default();
        let some = render(&caller, kind, &asked, found).await?;
        (total, skip, left) = (total + own, skip.saturating_sub(own), left - some.len().min(left));
        shown.extend(some);
    }
    if let Some(filter) = filter.filter(|filter| !resources().iter().any(|kind| speaks_of(filter, kind))) {
        // No type has all of what is named: it is said what is wrong.
        Compiler::new(&resources()[0], &caller.repo).clause(&filter)?;
    }
    answer::show(
        &request,
        &json!({
            "schemas": [LIST], "totalResults": total, "itemsPerPage": shown.len(),
            "startIndex": asked.skip.unwrap_or(0) + 1, "Resources": shown,
        }),
    )
}

/// Whether a type has all that a filter names.
fn speaks_of(filter: &Filter, kind: &'static Resource) -> bool {
    let has = |path: &Path| path.find(kind).is_some();
    match filter {
        Filter::All(all) | Filter::Any(all) => all.iter().all(|one| speaks_of(one, kind)),
        Filter::Not(inner) => speaks_of(inner, kind),
        Filter::Present(path) | Filter::Compare(path, ..) | Filter::Within(path, _) => has(path),
    }
}

/// A page of a type.
async fn page(caller: &Caller, kind: &'static Resource, asked: &Asked) -> Result<Value> {
    let filter = asked.filter.as_deref().map(filter::read).transpose()?;
    let count = asked.count();
    let Some(cursor) = &asked.cursor else {
        let skip = asked.skip.unwrap_or(0);
        let found = find(caller, kind, asked, filter.as_ref(), skip, count).await?;
        let total = found.total.unwrap_or_default();
        let shown = render(caller, kind, asked, found).await?;
        return Ok(json!({
            "schemas": [LIST], "totalResults": total, "itemsPerPage": shown.len(), "startIndex": skip + 1,
            "Resources": shown,
        }));
    };
    let (narrowed, mut parameters) = question(caller, kind, asked, filter.as_ref())?;
    let mark = format!("{:x}", digest_of(&format!("{} {:?} {parameters:?}", kind.name, asked.filter)));
    let own = |found: &Option<String>| -> Result<Option<String>> {
        let Some(link) = found else { return Ok(None) };
        let found = parameters::parse(link)?.into_iter().find(|(name, _)| name == "_cursor");
        Ok(found.map(|(_, cursor)| format!("{mark}.{cursor}")))
    };
    parameters.push(("_count".to_owned(), count.to_string()));
    parameters.push(("_total".to_owned(), "accurate".to_owned()));
    if !cursor.is_empty() {
        let foreign =
            || bad("invalidCursor", "this cursor belongs to another list; start again with an empty one");
        let (made_for, cursor) = cursor.split_once('.').ok_or_else(foreign)?;
        if made_for != mark {
            return Err(foreign());
        }
        parameters.push(("_cursor".to_owned(), cursor.to_owned()));
    }
    let found = narrowed.search(kind.name, &parameters, false).await.map_err(|error| {
        let of_cursor = error.issues.iter().any(|issue| issue.expression.as_deref() == Some("_cursor"));
        match of_cursor {
            true => bad("invalidCursor", "this cursor cannot be read; start again with an empty one"),
            false => error.into(),
        }
    })?;
    let (next, previous, total) = (own(&found.next)?, own(&found.previous)?, found.total.unwrap_or_default());
    let shown = render(caller, kind, asked, found).await?;
    let mut list =
        json!({ "schemas": [LIST], "totalResults": total, "itemsPerPage": shown.len(), "Resources": shown });
    for (name, cursor) in [("nextCursor", next), ("previousCursor", previous)] {
        if let Some(cursor) = cursor {
            list[name] = Value::from(cursor);
        }
    }
    Ok(list)
}

/// The question as the door takes it.
fn question(
    caller: &Caller,
    kind: &'static Resource,
    asked: &Asked,
    filter: Option<&Filter>,
) -> Result<(crate::repo::Repo, Vec<(String, String)>)> {
    let compiler = Compiler::new(kind, &caller.repo);
    let clauses = filter.map(|filter| compiler.clause(filter)).transpose()?.into_iter().collect();
    let text = asked.filter.as_deref().unwrap_or_default();
    let mut parameters = Vec::new();
    if kind.name == "Group" {
        parameters.extend(
            [("type", "person"), ("actual", "true")].map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
    }
    if let Some(by) = &asked.sort_by {
        let direction = if asked.descending { "-" } else { "" };
        parameters.push(("_sort".to_owned(), format!("{direction}{}", compiler.sort(by)?)));
    }
    Ok((caller.repo.narrowed(kind.name, clauses, text), parameters))
}

async fn find(
    caller: &Caller,
    kind: &'static Resource,
    asked: &Asked,
    filter: Option<&Filter>,
    skip: usize,
    count: usize,
) -> Result<Found> {
    let (narrowed, parameters) = question(caller, kind, asked, filter)?;
    Ok(narrowed.search_at(kind.name, &parameters, skip, count).await?)
}

/// What was found, with as much of each as is asked for.
async fn render(caller: &Caller, kind: &'static Resource, asked: &Asked, found: Found) -> Result<Vec<Value>> {
    let wanted = Wanted::new(kind, &asked.attributes, &asked.excluded)?;
    let shown = match kind.name {
        "User" => {
            let people = user::people(&caller.repo, found.rows).await?;
            user::shown(&caller.repo, &people, &caller.base, &wanted).await?
        }
        _ => group::shown(&group::teams(&caller.repo, found.rows).await?, &caller.base, &wanted),
    };
    Ok(shown.into_iter().map(|resource| wanted.shape(resource)).collect())
}
