//! A User as Truto's unified user. What is not known is left out.

use std::sync::Arc;

use serde_json::{Value, json};

use super::around::{Around, is_active};
use super::taken::{EXTENSION, KIND};
use crate::error::Result;
use crate::http::truto::{list, moment, parsed, policies, put, text};
use crate::identity::Identity;
use crate::repo::Repo;
use crate::store::Row;

/// The views of the users of a page, in their order.
pub(in crate::http::truto) async fn all(
    identity: &Identity,
    repo: &Repo,
    rows: &[Arc<Row>],
) -> Result<Vec<Value>> {
    let around = Around::of(repo, rows).await?;
    let made = repo.created(rows).await?;
    let mut users =
        rows.iter().zip(made).map(|(row, made)| one(row, &around, made)).collect::<Result<Vec<Value>>>()?;
    // Sessions are the admin's to see.
    if repo.actor().administers() {
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        let sign_ins = identity.sign_ins(repo, &ids).await?;
        for (user, row) in users.iter_mut().zip(rows) {
            put(user, "last_login_at", sign_ins.get(&row.id).map(|sign_ins| moment(sign_ins.last.at)));
        }
    }
    Ok(users)
}

fn one(row: &Row, around: &Around, made: i64) -> Result<Value> {
    let body = parsed(row)?;
    let membership = around.memberships.get(&row.id);
    let mut user = json!({ "id": row.id });
    put(&mut user, "first_name", text(&body, "firstName"));
    put(&mut user, "last_name", text(&body, "lastName"));
    put(&mut user, "title", text(&body, "title"));
    put(&mut user, "name", name(&body));
    let own = membership.and_then(|membership| text(membership, "userName"));
    put(&mut user, "username", own.or_else(|| text(&body, "email")));
    put(&mut user, "external_id", text(&body, "externalId"));
    let first =
        text(&body, "email").map(|email| json!({ "email": email, "type": "work", "is_primary": true }));
    let further = points(&body, "email").map(|point| {
        let mut email = json!({ "email": text(point, "value") });
        put(&mut email, "type", kind(point));
        email["is_primary"] = Value::Bool(false);
        email
    });
    put_list(&mut user, "emails", first.into_iter().chain(further));
    put_list(
        &mut user,
        "phones",
        points(&body, "phone").map(|point| {
            let mut phone = json!({ "number": text(point, "value") });
            put(&mut phone, "extension", extension(point, EXTENSION));
            put(&mut phone, "type", kind(point));
            phone
        }),
    );
    user["status"] = Value::from(status(&body, &row.id, around));
    put_list(
        &mut user,
        "roles",
        membership.map(policies).unwrap_or_default().into_iter().map(|id| {
            let mut role = json!({ "id": id });
            put(&mut role, "name", around.policies.get(id).cloned());
            role["organization"] = around.organization["id"].clone();
            role["workspace"] = around.workspace["id"].clone();
            role
        }),
    );
    if let Some(membership) = membership {
        let admin = membership.get("admin") == Some(&Value::Bool(true));
        user["user_type"] = Value::from(if admin { "admin" } else { "member" });
        user["organizations"] = json!([around.organization]);
        user["workspace"] = around.workspace.clone();
    }
    put_list(&mut user, "groups", around.groups.get(&row.id).into_iter().flatten().cloned());
    put(&mut user, "avatar", body.pointer("/photo/url").cloned());
    put(&mut user, "timezone", text(&body, "timezone"));
    put(&mut user, "languages", body.get("preferredLanguage").cloned());
    put_list(
        &mut user,
        "urls",
        points(&body, "url").map(|point| {
            let mut url = json!({ "url": text(point, "value") });
            put(&mut url, "type", kind(point));
            url
        }),
    );
    put(&mut user, "is_email_verified", body.get("emailVerified").cloned());
    put(&mut user, "is_2fa_enabled", body.get("mfaEnrolled").cloned());
    user["created_at"] = moment(made);
    user["updated_at"] = moment(row.updated);
    Ok(user)
}

fn name(body: &Value) -> Option<String> {
    if let Some(name) = text(body, "displayName") {
        return Some(name.to_owned());
    }
    let names: Vec<&str> = ["firstName", "lastName"].iter().filter_map(|name| text(body, name)).collect();
    (!names.is_empty()).then(|| names.join(" "))
}

/// As the filter for it has it.
fn status(body: &Value, id: &str, around: &Around) -> &'static str {
    let enters = around.memberships.get(id).is_some_and(is_active);
    if body.get("active") == Some(&Value::Bool(false)) || !enters {
        "inactive"
    } else if body.get("emailVerified") != Some(&Value::Bool(true)) && around.invited.contains(id) {
        "invited"
    } else {
        "active"
    }
}

fn points<'v>(body: &'v Value, system: &'v str) -> impl Iterator<Item = &'v Value> {
    list(body, "telecom").iter().filter(move |point| text(point, "system") == Some(system))
}

/// What sort of address it is: a code of FHIR, or a word of the caller's own.
fn kind(point: &Value) -> Option<Value> {
    extension(point, KIND).or_else(|| point.get("use").cloned())
}

fn extension(point: &Value, url: &str) -> Option<Value> {
    let one = list(point, "extension").iter().find(|one| text(one, "url") == Some(url))?;
    one.get("valueString").cloned()
}

fn put_list(object: &mut Value, name: &str, list: impl Iterator<Item = Value>) {
    let list: Vec<Value> = list.collect();
    if !list.is_empty() {
        object[name] = Value::Array(list);
    }
}
