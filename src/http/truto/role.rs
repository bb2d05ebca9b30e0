//! Roles: the AccessPolicies of the project. One that is made here allows nothing until somebody says what.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use super::collection::{Ask, Collection};
use super::{answer, body, caller, done, found, id, moment, parsed, put, text};
use crate::error::{Error, Kind, Result, malformed};
use crate::http::reply::{Failure, created};
use crate::repo::Repo;
use crate::store::Row;

pub(super) const ROLES: Collection = Collection {
    kind: "AccessPolicy",
    filters: &[("name", Ask::Is("name:exact")), ("updated_at", Ask::Moment("_lastUpdated"))],
    sorts: &[("name", "name"), ("updated_at", "_lastUpdated"), ("id", "_id")],
    order: "_id",
};
const WRITTEN: [&str; 2] = ["name", "description"];

pub(in crate::http) async fn roles(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let (repo, asked) = caller(&request).await?;
    let page = ROLES.page(&repo, &asked).await?;
    let made = repo.created(&page.rows).await?;
    let views = page.rows.iter().zip(made).map(|(row, made)| view(&repo, row, made));
    let views = views.collect::<Result<_>>()?;
    answer::many(&request, &repo, &asked, &page, views)
}

pub(in crate::http) async fn role(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let (repo, asked) = caller(&request).await?;
    asked.of_one()?;
    let row = found(&repo, ROLES.kind, id(&request)).await?;
    let view = seen(&repo, &row).await?;
    answer::one(&request, &repo, &asked, &row, view)
}

pub(in crate::http) async fn create_role(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let (repo, asked) = caller(&request).await?;
    asked.of_one()?;
    let given = body(&request, payload, &WRITTEN).await?;
    let mut policy = json!({ "resourceType": ROLES.kind });
    set(&mut policy, &given)?;
    if policy.get("name").is_none() {
        return Err(malformed("a role has a name").coded("required").at("name").into());
    }
    let row = repo.create(ROLES.kind, policy).await?.row;
    let view = seen(&repo, &row).await?;
    let place = format!("/unified/user-directory/roles/{}", row.id);
    answer::one_as(&request, &repo, &asked, &row, view, created(&place))
}

pub(in crate::http) async fn update_role(
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Failure> {
    let (repo, asked) = caller(&request).await?;
    asked.of_one()?;
    let given = body(&request, payload, &WRITTEN).await?;
    for _ in 0..super::user::ATTEMPTS {
        let old = found(&repo, ROLES.kind, id(&request)).await?;
        let mut policy = parsed(&old)?;
        set(&mut policy, &given)?;
        match repo.update(ROLES.kind, &old.id, policy, Some(old.version)).await {
            Ok(written) => {
                let view = seen(&repo, &written.row).await?;
                return answer::one(&request, &repo, &asked, &written.row, view);
            }
            Err(error) if error.kind == Kind::Precondition => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(super::user::crowded("role").into())
}

pub(in crate::http) async fn delete_role(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let (repo, asked) = caller(&request).await?;
    asked.of_one()?;
    let row = found(&repo, ROLES.kind, id(&request)).await?;
    repo.delete(ROLES.kind, &row.id, None).await?;
    Ok(done())
}

/// What is given takes the place of what was; null takes it away.
fn set(policy: &mut Value, given: &Map<String, Value>) -> Result<(), Error> {
    for (name, value) in given {
        match value {
            Value::String(text) if !text.trim().is_empty() => policy[name] = Value::from(text.as_str()),
            Value::Null if name != "name" => {
                policy.as_object_mut().map(|policy| policy.shift_remove(name));
            }
            _ => return Err(malformed("this is a text that is not empty").coded("value").at(name)),
        }
    }
    Ok(())
}

async fn seen(repo: &Repo, row: &std::sync::Arc<Row>) -> Result<Value> {
    let made = repo.created(std::slice::from_ref(row)).await?;
    view(repo, row, made.first().copied().unwrap_or(row.updated))
}

pub(super) fn view(repo: &Repo, row: &Row, made: i64) -> Result<Value> {
    let body = parsed(row)?;
    let mut role = json!({ "id": row.id });
    put(&mut role, "name", text(&body, "name").or_else(|| text(&body, "slug")));
    put(&mut role, "description", text(&body, "description"));
    role["organization"] = Value::from(repo.actor().project_id.as_str());
    role["created_at"] = moment(made);
    role["updated_at"] = moment(row.updated);
    Ok(role)
}
